# A command that the server denies costs only what depends on it, and is named.
. tests/end_to_end/lib.sh

redis_start
redis acl setuser default -info >/dev/null
scenario small <<YAML
name: Small
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 500, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]
YAML
expect 0 run "$WORK/small.yaml" --out "$WORK/out"
has "$WORK/out/result.json" messages.accepted 500
grep -qi "refused info: NOPERM" "$OUT" || fail "INFO is not named in the summary"
grep -qi 'NOPERM.*info' "$WORK/out/result.json" || fail "INFO is not named in the result"
