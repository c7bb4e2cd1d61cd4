# Dead letters, positions and helpers of a run are its own keys too.
. tests/end_to_end/lib.sh

redis_start
redis set mine 1 >/dev/null
scenario nacks <<YAML
name: Nacks
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 300, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, members: 2, nack: 5%}]
expect: [no lost, duplicates only with cause]
YAML
expect 0 run "$WORK/nacks.yaml" --out "$WORK/out"
[ "$(redis --scan)" = mine ] || fail "other keys: $(redis --scan | sort)"
