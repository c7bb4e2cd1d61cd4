# Lists with a position per group: four consumers of one group neither duplicate nor skip.
. tests/end_to_end/lib.sh

redis_start
scenario queue <<YAML
name: Queuing
broker: {adapter: redis_pubsub, uri: $REDIS_URI}
streams: [jobs]
producers:
  - {name: shop, stream: jobs, members: 2, count: 20000, rate: unlimited}
consumers:
  - {name: work, stream: jobs, group: workers, members: 4, batch: 50}
expect: [no lost, no duplicates, no phantom, no corrupted]
YAML
expect 0 run "$WORK/queue.yaml" --out "$WORK/out"
has "$WORK/out/result.json" messages.accepted 20000
has "$WORK/out/result.json" anomalies.lost.observed 0
has "$WORK/out/result.json" anomalies.duplicates.observed 0
says "$OUT" SIMPLE_QUEUING
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis --scan | head)"
