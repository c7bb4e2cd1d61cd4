# A folder of scenarios: a folder for each, one junit.xml, one exit code, the worst.
. tests/end_to_end/lib.sh

mkdir -p "$WORK/all/sub"
body='broker: {adapter: inline}
streams: [orders]
producers: [{name: shop, stream: orders, count: 50, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]'
printf 'name: Good\n%s\nexpect: [no lost]\n' "$body" >"$WORK/all/same.yaml"
printf 'name: <Also> "good" & odd\n%s\nexpect: [no lost]\n' "$body" >"$WORK/all/sub/same.yaml"
expect 0 run "$WORK/all" --out "$WORK/out" --time virtual
[ -s "$WORK/out/same/result.json" ] || fail "the first has no folder"
[ -s "$WORK/out/same-2/result.json" ] || fail "the second has no folder of its own"
[ "$(find "$WORK/out" -name junit.xml)" = "$WORK/out/junit.xml" ] || fail "not one junit.xml"
[ "$(grep -c '<testsuite ' "$WORK/out/junit.xml")" = 2 ] || fail "not two suites"
says "$WORK/out/junit.xml" 'name="&lt;Also&gt; &quot;good&quot; &amp; odd"'
says "$OUT" "2 scenarios: 2 passed, 0 failed, 0 inconclusive"

printf 'name: Bad\n%s\nexpect: [accepted == 51]\n' "$body" >"$WORK/all/bad.yaml"
expect 1 run "$WORK/all" --out "$WORK/out" --time virtual
grep -q '<testsuites name="gauntlet" tests="[6-9]" failures="2" errors="0"' "$WORK/out/junit.xml" ||
    fail "junit.xml does not count two failures: the scenario and its expectation"
says "$OUT" "3 scenarios: 2 passed, 1 failed, 0 inconclusive"

# One that cannot run does not keep the others from running.
printf 'name: Unreachable\n%s\n' "${body/adapter: inline/adapter: redis, uri: redis:\/\/127.0.0.1:1}" \
    >"$WORK/all/away.yaml"
rm "$WORK/all/bad.yaml"
expect 3 run "$WORK/all" --out "$WORK/out"
says "$OUT" "3 scenarios: 2 passed, 0 failed, 1 inconclusive"
says "$WORK/out/junit.xml" '<error type="inconclusive" message="could not run: '
