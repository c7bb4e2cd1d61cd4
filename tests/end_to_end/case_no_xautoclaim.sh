# A server without XAUTOCLAIM (Redis before 6.2): XPENDING and XCLAIM do its work.
. tests/end_to_end/lib.sh

redis_start
redis acl setuser default -xautoclaim >/dev/null
scenario nacks <<YAML
name: Nacks
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 1000, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, members: 2, nack: 2%}]
expect: [no lost, no stranded, duplicates only with cause]
YAML
expect 0 run "$WORK/nacks.yaml" --out "$WORK/out"
has "$WORK/out/result.json" messages.accepted 1000
has_some "$WORK/out/result.json" anomalies.duplicates.caused
