# A run that fails under faults leaves them in failure.yaml by meaning, and fails again ten times out
# of ten on a real server.
. tests/end_to_end/lib.sh

redis_start
scenario crash <<YAML
name: A crash brings back what was in hand
broker: {adapter: redis, uri: $REDIS_URI, redelivery_time: 400ms, reclaim_interval: 50ms}
producers: [{name: shop, stream: orders, count: 600, rate: 4000/s}]
consumers: [{name: billing, stream: orders, members: 2, batch: 20, work: 200us}]
drain: 5s
faults:
  - timeline:
      - {at: 20ms, consumer: billing-2, slow: 500us, for: 50ms}
  - {when: {consumer: billing-1, count: {event: receive, reaches: 150}}, do: {crash: before_ack}}
expect: [no duplicates]
YAML
expect 1 run "$WORK/crash.yaml" --out "$WORK/out"
failure=$WORK/out/failure.yaml
says "$failure" "crash: before_ack"
says "$failure" "slow: 500us"
says_not "$failure" "timeline"
says "$failure" "failed: [duplicates]"
expect 1 replay "$failure" --times 10
says "$OUT" "failed again: 10 of 10"

# A fault that never fires leaves it open.
expect 3 replay "$failure" --set 'faults=[{when: {consumer: billing-1, count: {event: receive, reaches: 100000}}, do: {crash: before_ack}}]'
says "$OUT" "failed again: 0 of 1; inconclusive: 1"
# Without them it never fails.
expect 0 replay "$failure" --set faults=null --times 2
says "$OUT" "failed again: 0 of 2"

# The crash is what it needs; what is not needed goes.
expect 0 shrink "$failure" --for 20s
expect 1 replay "$WORK/out/failure.min.yaml" --times 5 --quiet
says "$WORK/out/failure.min.yaml" "crash: before_ack"
says_not "$WORK/out/failure.min.yaml" "slow: 500us"
[ "$(redis dbsize)" = 0 ] || fail "keys were left behind"

# Chaos is drawn anew for each seed; what failed has what it came to.
scenario chaos <<'YAML'
name: Chaos
broker: {adapter: inline, message_timeout: 1s, redelivery_time: 1s}
producers: [{name: shop, stream: orders, count: 200, rate: 2000/s}]
consumers: [{name: billing, stream: orders, members: 2, batch: 20, work: 200us}]
drain: 10s
expect: [no duplicates]
YAML
expect 1 explore "$WORK/chaos.yaml" --chaos --seed 1 --seeds 1000 --out "$WORK/chaos"
says_not "$WORK/chaos/failure.yaml" chaos:
for file in failure failure.min; do
    expect 1 replay "$WORK/chaos/$file.yaml" --times 10 --quiet
    says "$OUT" "failed again: 10 of 10"
done
expect 2 explore "$WORK/crash.yaml" --chaos
says "$ERR" "--chaos is for a scenario without faults"
