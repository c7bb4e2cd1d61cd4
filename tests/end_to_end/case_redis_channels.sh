# Native PUBLISH/SUBSCRIBE: what is published while somebody listens arrives.
. tests/end_to_end/lib.sh

redis_start
scenario channels <<YAML
name: Channels
broker: {adapter: redis_channels, uri: $REDIS_URI}
streams: [news]
producers:
  - {name: press, stream: news, count: 2000, rate: 4000/s}
consumers:
  - {name: reader, stream: news, group: readers, ack: none}
expect: [no phantom, no corrupted, delivered == 2000]
YAML
expect 0 run "$WORK/channels.yaml" --out "$WORK/out"
has "$WORK/out/result.json" messages.accepted 2000
says "$OUT" BASIC_PUBSUB
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis --scan | head)"
