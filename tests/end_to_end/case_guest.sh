# A guest on someone's server: twice beside foreign keys, which do not change; nothing is left.
. tests/end_to_end/lib.sh

redis_start
redis set mine 1 >/dev/null
redis set passing 2 px 3600000 >/dev/null
redis rpush list a b c >/dev/null
redis hset hash f v g w >/dev/null
redis xadd orders '*' data '{"not": "ours"}' >/dev/null
redis xgroup create orders billing 0 >/dev/null
redis xreadgroup group billing somebody count 1 streams orders '>' >/dev/null
redis xadd gauntlet:deadbeef:orders '*' data '{"of": "another run"}' >/dev/null
redis set position:orders:billing 3 >/dev/null
redis sadd orders:__partitions__ a >/dev/null
keys=$(redis --scan | sort)
before=$(redis_digest $keys)
for adapter in redis redis redis_pubsub redis_pubsub; do
    scenario guest <<YAML
name: A guest
broker: {adapter: $adapter, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 500, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, members: 2}]
expect: [no lost, no phantom]
YAML
    expect 0 run "$WORK/guest.yaml"
    [ "$(redis --scan | sort)" = "$keys" ] || fail "$adapter: other keys: $(redis --scan | sort)"
done
[ "$(redis_digest $keys)" = "$before" ] || fail "a foreign key has changed"
