# What is built in, with options and their defaults.
. tests/end_to_end/lib.sh

expect 0 adapters
for name in inline redis redis_pubsub redis_channels; do
    grep -q "^$name: " "$OUT" || fail "$name is not listed"
done
[ "$(awk '{ print length }' "$OUT" | sort -n | tail -n 1)" -le 100 ] || fail "too wide"
expect 0 adapters inline
says "$OUT" "ENTERPRISE_STREAMING"
says "$OUT" "max_retries"
says_not "$OUT" "redis_pubsub:"
expect 0 adapters redis_channels
says "$OUT" "BASIC_PUBSUB"
expect 0 adapters redis_pubsub
says "$OUT" "SIMPLE_QUEUING"
says "$OUT" "lists with a position per group, not PUBLISH/SUBSCRIBE, not popping queues"
expect 2 adapters nonsense
