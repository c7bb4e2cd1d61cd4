# Entries cut away under the readers are lost, and shown with their histories.
. tests/end_to_end/lib.sh

redis_start
scenario slow <<YAML
name: Slow
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 2000, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, batch: 5, prefetch: 5, work: 2ms}]
expect: [no lost]
YAML
start run "$WORK/slow.yaml" --out "$WORK/out"
wait_for 10 find_stream orders
wait_for 10 eval '[ "$(redis xlen "$STREAM")" = 2000 ]'
redis xtrim "$STREAM" maxlen 100 >/dev/null
finish 1
has "$WORK/out/result.json" verdict fail
has_some "$WORK/out/result.json" anomalies.lost.disallowed
has "$WORK/out/result.json" anomalies.phantom.observed 0
says "$OUT" "FAIL  no lost"
grep -q 'lost  shop-1#[0-9]* on orders, group billing' "$OUT" || fail "no witness is shown"
grep -q 'shop-1 *sent' "$OUT" || fail "the witness has no history"
