# A server that comes back empty has lost what it had accepted: reported as lost or unseen.
. tests/end_to_end/lib.sh

redis_start
scenario killed <<YAML
name: Killed
drain: 4s
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 3000, rate: 1000/s, timeout: 1s}]
consumers: [{name: billing, stream: orders, group: billing, batch: 10, work: 5ms, timeout: 1s}]
expect: [no lost]
YAML
start run "$WORK/killed.yaml" --out "$WORK/out"
wait_for 10 find_stream orders
wait_for 10 eval '[ "$(redis xlen "$STREAM")" -gt 1000 ]'
port=$REDIS_PORT
redis_stop
as_child redis-server --port "$port" --bind 127.0.0.1 --save '' --dir "$WORK" \
    >"$WORK/redis.log" 2>&1 &
REDIS_PID=$!
finish 1 3
lost=$(value "$WORK/out/result.json" anomalies.lost.observed)
unseen=$(value "$WORK/out/result.json" anomalies.unseen.observed)
[ $((lost + unseen)) -gt 0 ] || fail "the loss was not seen"
