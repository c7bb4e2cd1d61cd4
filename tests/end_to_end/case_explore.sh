# explore finds the seed that fails, shrinks it, and what it leaves fails again ten times out of ten.
. tests/end_to_end/lib.sh

scenario rare <<'YAML'
name: Rare
broker: inline
streams: [orders, letters]
producers:
  - {name: shop, stream: orders, count: 100, rate: 1000/s, arrival: poisson, payload: {size: 100-400}}
  - {name: desk, stream: letters, count: 50, rate: 1000/s}
consumers:
  - {name: billing, stream: orders, members: 2, batch: 5, nack: 0.01%, work: {exponential: 1ms}}
  - {name: office, stream: letters}
expect: [no lost, no duplicates]
YAML

expect 1 explore "$WORK/rare.yaml" --seeds 10000 --seed 1 --out "$WORK/out"
says "$OUT" " seeds of Rare in "
says "$OUT" "Shrunk from "
says "$OUT" "no duplicates: 1 duplicates"
says "$OUT" "Again: gauntlet replay $WORK/out/failure.min.yaml"
for file in failure failure.min; do
    expect 1 replay "$WORK/out/$file.yaml" --times 10 --quiet
    says "$OUT" "failed again: 10 of 10"
    expect 1 run "$WORK/out/$file.yaml"
done
has "$WORK/out/result.json" time virtual
says_not "$WORK/out/failure.min.yaml" letters
says "$WORK/out/failure.min.yaml" "nack: 0.01%"

# Without --out nothing is written, and the scenario that is left is shown.
expect 1 explore "$WORK/rare.yaml" --seeds 10000 --seed 1
says "$OUT" "nack: 0.01%"
again=$(sed -n 's/^No files were written: --out DIR keeps it.  Again: gauntlet //p' "$OUT")
[ -n "$again" ] || fail "it does not say how to get it"
expect 1 $again
[ "$(ls "$WORK")" = "$(printf '%s\n' out rare.yaml stderr stdout)" ] || fail "a file was written"

expect 0 explore "$WORK/rare.yaml" --seeds 200 --seed 1 --set consumers.0.nack=null
says "$OUT" "none failed"
expect 3 explore "$WORK/rare.yaml" --seeds 20 --set 'expect=[redeliver.p99 < 9s]' \
    --set consumers.0.nack=null
says "$OUT" "could not be decided"

# The scenario that is meant for it, in which everybody misbehaves: nothing may be found.
expect 0 explore scenarios/explore.yaml --seeds 500 --seed 1

# Shrinking a file, and a scenario that was never run; what does not fail is left alone.
expect 0 shrink "$WORK/out/failure.yaml" --quiet
[ "$(cat "$OUT")" = "$WORK/out/failure.min.yaml" ] || fail "not quiet"
expect 0 shrink "$WORK/rare.yaml" --set 'expect=[sent == 7]' --set time=virtual --out "$WORK/min"
expect 1 replay "$WORK/min/rare.min.yaml"
says_not "$WORK/min/rare.min.yaml" billing
expect 3 shrink "$WORK/rare.yaml" --set consumers.0.nack=null
says "$ERR" "did not fail: there is nothing to shrink"
expect 3 shrink "$WORK/out/failure.yaml" --set consumers.0.nack=null
says "$ERR" "did not fail again"

# On a real server: another seed a second, and Ctrl-C.
redis_start
expect 1 explore "$WORK/rare.yaml" --adapter redis --uri "$REDIS_URI" --for 30s --out "$WORK/redis" \
    --set 'expect=[sent == 7]' --set consumers.0.nack=null --set drain=2s
expect 1 replay "$WORK/redis/failure.min.yaml" --times 2 --quiet
says "$OUT" "failed again: 2 of 2"
[ "$(redis dbsize)" = 0 ] || fail "keys were left behind"
start explore "$WORK/rare.yaml" --adapter redis --uri "$REDIS_URI" --set consumers.0.nack=null
sleep 1
kill -INT "$BACKGROUND_PID"
finish 3
says "$OUT" "none failed"
[ "$(redis dbsize)" = 0 ] || fail "keys were left behind"

# The time may be over in the midst of a run: it is stopped, and said so; nothing is left.
begin=$SECONDS
expect 3 explore "$WORK/rare.yaml" --adapter redis --uri "$REDIS_URI" --for 1s --set consumers.0.nack=null \
    --set producers.0.count=null --set producers.0.for=60s --set producers.0.rate=50/s
[ $((SECONDS - begin)) -lt 40 ] || fail "the run under way was not stopped"
says "$OUT" "under way when the time was over: it was stopped and not judged"
[ "$(redis dbsize)" = 0 ] || fail "keys were left behind"

expect 2 explore "$WORK/rare.yaml" --seeds 0
expect 2 explore
expect 2 shrink
