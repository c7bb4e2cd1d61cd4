# The server goes away in the middle: the run ends within its deadline, and says so.
. tests/end_to_end/lib.sh

redis_start
scenario killed <<YAML
name: Killed
drain: 3s
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, count: 1000000, rate: 5000/s, timeout: 1s}]
consumers: [{name: billing, stream: orders, group: billing, members: 2, timeout: 1s}]
expect: [no lost]
YAML
start run "$WORK/killed.yaml" --out "$WORK/out"
wait_for 10 find_stream orders
wait_for 10 eval '[ "$(redis xlen "$STREAM")" -gt 500 ]'
redis_stop
begin=$SECONDS
finish 1 3
[ $((SECONDS - begin)) -le 40 ] || fail "it took $((SECONDS - begin)) s to end"
has_some "$WORK/out/result.json" messages.accepted
! grep -q '^PASS' "$OUT" || fail "it passed"
grep -qiE 'refused|reset|lost|closed|unreachable|reached|took nothing|taken nothing' "$OUT" ||
    fail "does not say that the server went away"
