# An entry that somebody else wrote is reported as what it is.
. tests/end_to_end/lib.sh

redis_start
scenario slow <<YAML
name: Slow
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 1000, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, batch: 5, prefetch: 5, work: 1ms}]
expect: [no lost, no foreign, no phantom]
YAML
start run "$WORK/slow.yaml" --out "$WORK/out"
wait_for 10 find_stream orders
redis xadd "$STREAM" '*' data '{"somebody": "else"}' >/dev/null
finish 1
foreign=$(value "$WORK/out/result.json" anomalies.foreign.observed)
phantom=$(value "$WORK/out/result.json" anomalies.phantom.observed)
[ $((foreign + phantom)) = 1 ] || fail "foreign $foreign, phantom $phantom instead of one"
has "$WORK/out/result.json" anomalies.lost.observed 0

# Under an exact name somebody else may write: foreign, and allowed.
sed 's/^name: .*/name: Shared\nnames: exact/; s/^expect: .*/expect: [no lost, no phantom]/' \
    "$WORK/slow.yaml" >"$WORK/shared.yaml"
start run "$WORK/shared.yaml" --out "$WORK/out"
wait_for 10 eval '[ "$(redis exists orders)" = 1 ]'
redis xadd orders '*' data '{"somebody": "else"}' >/dev/null
finish 0
has "$WORK/out/result.json" anomalies.foreign.observed 1
has "$WORK/out/result.json" anomalies.phantom.observed 0
