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
expect 0 compare "$WORK/turns/quickstart" "$WORK/turns/other"
says "$OUT" "base: 4 runs"
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
