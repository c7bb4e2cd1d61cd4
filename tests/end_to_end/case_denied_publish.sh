# A server that denies what everything depends on: said with the command, never a hang or a pass.
. tests/end_to_end/lib.sh

redis_start
redis acl setuser default -xadd >/dev/null
scenario small <<YAML
name: Small
drain: 2s
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 50, rate: unlimited, timeout: 1s}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost, accepted == 50]
YAML
start run "$WORK/small.yaml"
finish 1 3
grep -qi 'xadd' "$OUT" "$ERR" || fail "XADD is not named"
