# keep leaves the keys, and the command that is printed removes them and nothing else.
. tests/end_to_end/lib.sh

redis_start
redis set mine 1 >/dev/null
for adapter in redis redis_pubsub; do
    scenario keep <<YAML
name: Kept
keep: true
broker: {adapter: $adapter, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 100, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]
YAML
    expect 0 run "$WORK/keep.yaml" --out "$WORK/out"
    [ "$(redis --scan | grep -c gauntlet:)" -gt 0 ] || fail "$adapter: nothing was kept"
    command=$(sed -n '/keys were kept/{n;p}' "$OUT")
    [ -n "$command" ] || fail "no command was printed"
    sh -c "$command" >/dev/null || fail "the command failed: $command"
    [ "$(redis --scan)" = mine ] || fail "$adapter: left after '$command': $(redis --scan)"
done
