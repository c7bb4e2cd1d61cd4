# Proxies of real sockets: between the built-in adapters and Redis, and before an adapter that dials
# by itself, which is given the proxy's address.
. tests/end_to_end/lib.sh

redis_start
cat >"$WORK/proxied.yaml" <<YAML
broker: {adapter: redis, uri: "$REDIS_URI", proxy: tcp, redelivery_time: 300ms}
seed: 3
producers: [{name: shop, stream: orders, count: 2000, rate: 4000/s}]
consumers: [{name: billing, stream: orders, members: 2, batch: 20}]
faults:
  - {when: {at: 100ms}, do: {link: billing, cut: rst}}
  - {when: {at: 200ms, for: 100ms}, do: {link: billing-1, refuse: true}}
  - {when: {op: read, edge: reply, message: "shop-1#700"}, do: {link: billing, cut: rst}}
expect: [no lost, duplicates only with cause]
YAML
expect 0 run "$WORK/proxied.yaml"
says "$OUT" "reply of XREADGROUP"
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis keys '*')"

# Without a fault nothing changes but the way.
grep -v -e '^faults' -e 'when:' "$WORK/proxied.yaml" >"$WORK/plain.yaml"
expect 0 run "$WORK/plain.yaml"

expect 2 run "$WORK/plain.yaml" --set broker.proxy=udp
says "$ERR" "'udp' is no kind of proxy: say none, inside or tcp"

# An adapter that dials by itself.
command -v python3 >/dev/null || skip "python3 is needed for the rest"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/adapters/python
cat >"$WORK/own.yaml" <<YAML
broker: {adapter: "exec:python3 $ROOT/tests/python/dials.py", uri: "$REDIS_URI"}
seed: 3
producers: [{name: shop, stream: orders, count: 50, in_flight: 1, batch: 1}]
consumers: [{name: billing, stream: orders, batch: 1}]
faults:
  - {when: {op: publish, edge: reply, times: 2}, do: {link: shop, cut: rst}}
expect: [no corrupted, no phantom]
YAML
expect 0 run "$WORK/own.yaml"
says "$OUT" "met default: reply of RPUSH"

# It does not dial what it was given.
sed "s|address = None|address = '$REDIS_URI'|" "$ROOT/tests/python/dials.py" >"$WORK/deaf.py"
sed "s|$ROOT/tests/python/dials.py|$WORK/deaf.py|" "$WORK/own.yaml" >"$WORK/deaf.yaml"
expect 3 run "$WORK/deaf.yaml"
says "$OUT" "the adapter did not dial the address it was given"
