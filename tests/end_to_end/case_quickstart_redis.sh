# The quickstart against a real server: every message accounted for, nothing left behind.
. tests/end_to_end/lib.sh

quickstart 100000
redis_start
expect 0 run "$WORK/quickstart.yaml" --adapter redis --uri "$REDIS_URI" --out "$WORK/out"
has "$WORK/out/result.json" verdict pass
has "$WORK/out/result.json" messages.attempted 100000
has "$WORK/out/result.json" messages.accepted 100000
has "$WORK/out/result.json" messages.drained true
has "$WORK/out/result.json" anomalies.lost.observed 0
has "$WORK/out/result.json" anomalies.duplicates.disallowed 0
has "$WORK/out/result.json" anomalies.reordered.disallowed 0
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis --scan | head)"
