# With exact names, entries of an earlier run are leftovers, never phantoms.
. tests/end_to_end/lib.sh

redis_start
scenario exact <<YAML
name: Exact names
names: exact
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 100, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost, no phantom]
YAML
expect 0 run "$WORK/exact.yaml"
[ "$(redis dbsize)" = 0 ] || fail "a fresh name was not tidied up: $(redis --scan)"
expect 0 run "$WORK/exact.yaml" --keep
[ "$(redis exists orders)" = 1 ] || fail "the stream has not its exact name"
redis xgroup destroy orders billing >/dev/null # a new group reads the earlier run's entries
expect 0 run "$WORK/exact.yaml" --out "$WORK/out"
has "$WORK/out/result.json" anomalies.leftovers.observed 100
has "$WORK/out/result.json" anomalies.phantom.observed 0
has "$WORK/out/result.json" messages.accepted 100
[ "$(redis exists orders)" = 1 ] || fail "a stream that was there before is gone"
