# A workload file of the OpenMessaging Benchmark runs as it is.
. tests/end_to_end/lib.sh

redis_start
cat >"$WORK/workload.yaml" <<'YAML'
name: 1 topic / 16 partitions / 100b
topics: 1
partitionsPerTopic: 16
messageSize: 100
payloadFile: "payload/payload-100b.data"
subscriptionsPerTopic: 1
consumerPerSubscription: 2
producersPerTopic: 2
producerRate: 2000
consumerBacklogSizeGB: 0
testDurationMinutes: 1
YAML
expect 2 run --omb "$WORK/workload.yaml"
says "$ERR" "--omb needs --adapter"
expect 0 run --omb "$WORK/workload.yaml" --adapter redis --uri "$REDIS_URI" \
    --set producers.0.for=2s --set warm_up=500ms --out "$WORK/out"
says "$OUT" "1 topic / 16 partitions / 100b"
says "$OUT" "Not honoured: partitionsPerTopic"
has "$WORK/out/result.json" messages.accepted 4000
