# Two sets of runs side by side: what changed, whether it is more than noise, and rules for CI.
. tests/end_to_end/lib.sh

quickstart 2000
for run in 1 2 3 4; do
    expect 0 run "$WORK/quickstart.yaml" --time virtual --seed $run --out "$WORK/base/$run" --quiet
    expect 0 run "$WORK/quickstart.yaml" --time virtual --seed 1$run --out "$WORK/same/$run" --quiet
    expect 0 run "$WORK/quickstart.yaml" --time virtual --seed 2$run --out "$WORK/slow/$run" \
        --set producers.0.rate=1000/s --quiet
done

expect 0 compare "$WORK/base" "$WORK/same" --fail-if 'throughput -10%'
says "$OUT" "base: 4 runs: 4 passed"
says "$OUT" "ok    throughput -10%"
says_not "$OUT" "cannot tell"
cp "$OUT" "$WORK/first"
expect 0 compare "$WORK/base" "$WORK/same" --fail-if 'throughput -10%'
cmp "$OUT" "$WORK/first" || fail "the same runs compare differently"

expect 1 compare --base "$WORK"/base/* --current "$WORK"/slow/*/result.json \
    --fail-if 'throughput -10%' --out "$WORK/compared"
says "$OUT" "FAIL  throughput -10%"
says "$OUT" "worse"
says "$WORK/compared/compare.html" "Publish latency by percentile"
has "$WORK/compared/compare.json" schema gauntlet-comparison
has "$WORK/compared/compare.json" enough_runs true
expect 1 compare "$WORK/base" "$WORK/slow" --fail-if 'throughput -10%' --quiet
[ "$(wc -l <"$OUT")" = 1 ] || fail "--quiet says more than the rule that does not hold"

# One a side cannot tell, and says so.
expect 0 compare "$WORK/base/1" "$WORK/slow/1"
says "$OUT" "So few runs cannot tell a change from noise"
expect 3 compare "$WORK/base/1" "$WORK/slow/1" --fail-if 'throughput -10%'
says "$OUT" "open  throughput -10%"
expect 0 compare "$WORK/base/1" "$WORK/base/1/result.json" "$WORK/slow/1"
says "$OUT" "$WORK/slow/1: 1 run"

# Repeated runs take turns, and leave what a comparison needs.
cp "$WORK/quickstart.yaml" "$WORK/other.yaml"
expect 0 run "$WORK/quickstart.yaml" "$WORK/other.yaml" --repeat 4 --time virtual --out "$WORK/turns"
says "$OUT" "8 runs: 8 passed"
says "$OUT" "quickstart: 4 runs: 4 passed"
has "$WORK/turns/compare.json" enough_runs true
expect 0 compare "$WORK/turns/quickstart" "$WORK/turns/other"
says "$OUT" "base: 4 runs"

# So do variants of one scenario; --set is for all of them, and comes first.
expect 0 run "$WORK/quickstart.yaml" --repeat 4 --time virtual --out "$WORK/forms" --quiet \
    --set producers.0.rate=500/s --variant 'as it is:' \
    --variant 'quick: producers.0.rate=1000/s, name=Renamed'
says "$OUT" "8 runs: 8 passed"
says "$OUT" "pass          Renamed (quick)"
says "$OUT" "as it is: 4 runs: 4 passed"
grep -Eq '^ +as it is +quick +change' "$OUT" || fail "the columns have no names"
grep -Eq '^  throughput .* better$' "$OUT" || fail "twice the rate is not seen"
has "$WORK/forms/compare.json" enough_runs true
says "$WORK/forms/compare.html" "Renamed (quick)"
for run in 1 2 3 4; do
    [ -s "$WORK/forms/as-it-is/$run/result.json" ] && [ -s "$WORK/forms/quick/$run/result.json" ] ||
        fail "round $run has no folder for each variant"
done
grep -o 'name="[^"]*(quick)"' "$WORK/forms/junit.xml" | grep -q . || fail "junit.xml names no variant"
# Each variant of each scenario with the first one of that scenario.
expect 0 run "$WORK/quickstart.yaml" "$WORK/other.yaml" --time virtual --out "$WORK/grid" --quiet \
    --variant producers.0.rate=500/s --variant producers.0.rate=1000/s --variant producers.0.rate=2000/s
says "$OUT" "6 scenarios: 6 passed"
says "$OUT" "So few runs cannot tell"
for folder in quickstart other; do
    [ -s "$WORK/grid/$folder/producers.0.rate-500-s/result.json" ] || fail "no folder of a variant"
    [ -s "$WORK/grid/$folder/producers.0.rate-1000-s/compare.html" ] &&
        [ -s "$WORK/grid/$folder/producers.0.rate-2000-s/compare.html" ] || fail "not compared"
done
# In real time the command line of a result runs its variant alone, and tells no password.
expect 0 run "$WORK/quickstart.yaml" --adapter inline --out "$WORK/real" --quiet \
    --variant a: --variant 'b: producers.0.count=1000, description=token'
grep -q -- "--set producers.0.count=1000 --set description=token" "$WORK/real/b/result.json" ||
    fail "the command line does not say the variant"
expect 2 run "$WORK/quickstart.yaml" --variant 'a: producers.0.count=1'
says "$ERR" "one variant has nothing to stand beside"
expect 2 run "$WORK/quickstart.yaml" --variant a: --variant 'b: producers.0.cuont=1'
says "$ERR" "--variant producers.0.cuont"
says "$ERR" "did you mean 'count'?"
expect 0 run "$WORK/quickstart.yaml" --repeat 2 --time virtual --out "$WORK/twice" --quiet
[ -s "$WORK/twice/1/report.html" ] && [ -s "$WORK/twice/2/report.html" ] || fail "not run twice"
expect 2 run "$WORK/quickstart.yaml" --repeat 0
says "$ERR" "--repeat is 1 to 1000"

expect 2 compare "$WORK/base"
says "$ERR" "which results?"
expect 2 compare "$WORK/base" "$WORK/same" --base "$WORK/base"
expect 2 compare "$WORK/base" "$WORK/same" --fail-if 'throughput 10'
says "$ERR" "is no rule"
expect 2 compare "$WORK/base" "$WORK/same" --fail-if 'throughputs -10%'
says "$ERR" "did you mean 'throughput'?"
mkdir "$WORK/empty"
expect 2 compare "$WORK/base" "$WORK/empty"
says "$ERR" "there is no result.json in"
echo '{"schema": "gauntlet-result",' >"$WORK/empty/result.json"
expect 2 compare "$WORK/base" "$WORK/empty"
says "$ERR" "$WORK/empty/result.json:"
