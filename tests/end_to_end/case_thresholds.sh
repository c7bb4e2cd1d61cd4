# Thresholds: one that fails, a generator that is the bottleneck, and a rate that cannot be reached,
# each with its exit code and one sentence; the broker's own words from before and after.
. tests/end_to_end/lib.sh

redis_start

load() {
    scenario "$1" <<YAML
broker: {adapter: redis, uri: "$REDIS_URI"}
producers: [{name: shop, stream: orders, $2}]
consumers: [{name: billing, stream: orders}]
expect: [no lost, "$3"]
YAML
}

load fails "rate: 2000/s, for: 1s" "publish.p(99) < 1us"
expect 1 run "$WORK/fails.yaml" --out "$WORK/out"
says "$OUT" "publish.p(99) < 1us: it was"
grep -q '"health_before": {' "$WORK/out/result.json" || fail "no INFO from before"
grep -q '"program": "redis-server"' "$WORK/out/result.json" || fail "no process of the broker"

load ends "rate: 2000/s, for: 60s" "publish.p(99) < 1us"
sed -i 's/"publish.*us"/{expect: "publish.p(99) < 1us", abort: true}/' "$WORK/ends.yaml"
expect 1 run "$WORK/ends.yaml"
says "$OUT" "and that ended the run"

load unreachable "rate: 100k/s, for: 200ms, in_flight: 1" "publish.p(99) < 1h"
expect 3 run "$WORK/unreachable.yaml"
says "$OUT" "missed the rate asked for"

# More messages than a thread of ours can make.
scenario slow <<YAML
broker: 'null'
producers: [{name: shop, stream: orders, rate: 90M/s, for: 100ms}]
expect: [accepted == 9000000, publish.p(99) < 1h]
YAML
expect 3 run "$WORK/slow.yaml" --workers 1
says "$OUT" "it may have been the bottleneck, not the broker"

# What asks for correctness alone keeps its verdict, and says so.
sed -i 's/, publish.*h\]/]/' "$WORK/slow.yaml"
expect 0 run "$WORK/slow.yaml" --workers 1
says "$OUT" "rates and latencies of this run say nothing"
