# A long run trims what every group has settled, and stops before it fills the broker.
. tests/end_to_end/lib.sh

redis_start --maxmemory 64mb

load() {
    scenario "$1" <<YAML
broker: {adapter: redis, uri: "$REDIS_URI"}
$2
producers: [{name: shop, stream: orders, rate: 20k/s, for: 5s, payload: 1KiB}]
consumers: [{name: billing, stream: orders}]
expect: [no lost, no duplicates]
YAML
}

# 100,000 messages of a KiB are more than the server may hold.
load trimmed "retain: 5000"
expect 0 run "$WORK/trimmed.yaml" --out "$WORK/out"
says "$OUT" "messages that every group had settled were trimmed"
[ "$(value "$WORK/out/result.json" messages.accepted)" != 0 ] || fail "nothing was accepted"

load full ""
expect 3 run "$WORK/full.yaml" --out "$WORK/out"
says "$OUT" "stopped sending: broker default uses"
has "$WORK/out/result.json" stop_reason "the broker's memory was at its limit"
has "$WORK/out/result.json" messages.refused 0
says_not "$OUT" "OOM"
