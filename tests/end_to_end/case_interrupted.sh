# Ctrl-C ends a run cleanly with a partial result, and leaves no key.
. tests/end_to_end/lib.sh

redis_start
scenario long <<YAML
name: Long
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, for: 60s, rate: 2000/s}]
consumers: [{name: billing, stream: orders, group: billing, members: 2}]
expect: [no lost]
YAML
for signal in INT TERM; do
    start run "$WORK/long.yaml" --out "$WORK/out"
    wait_for 10 find_stream orders
    wait_for 10 eval '[ "$(redis xlen "$STREAM")" -gt 500 ]'
    kill -"$signal" "$BACKGROUND_PID"
    begin=$SECONDS
    finish 3
    [ $((SECONDS - begin)) -le 10 ] || fail "it took $((SECONDS - begin)) s to end"
    has "$WORK/out/result.json" partial true
    has "$WORK/out/result.json" verdict inconclusive
    has "$WORK/out/result.json" stop_reason interrupted
    has_some "$WORK/out/result.json" messages.accepted
    grep -q '<error type="inconclusive"' "$WORK/out/junit.xml" || fail "junit.xml has no error"
    says "$OUT" "partial: interrupted"
    [ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis --scan | head)"
done
