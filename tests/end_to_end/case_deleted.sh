# One entry deleted by hand is exactly one message lost.
. tests/end_to_end/lib.sh

redis_start
scenario slow <<YAML
name: Slow
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 1000, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, batch: 5, prefetch: 5, work: 2ms}]
expect: [no lost]
YAML
start run "$WORK/slow.yaml" --out "$WORK/out"
wait_for 10 find_stream orders
wait_for 10 eval '[ "$(redis xlen "$STREAM")" = 1000 ]'
last=$(redis xrevrange "$STREAM" + - count 1 | head -n 1)
[ "$(redis xdel "$STREAM" "$last")" = 1 ] || fail "nothing was deleted"
finish 1
has "$WORK/out/result.json" anomalies.lost.observed 1
says "$OUT" "lost  shop-1#999 on orders, group billing"
