# A password in a URI reaches no output, no file and no log, however it is given.
. tests/end_to_end/lib.sh

export REDISCLI_AUTH=s3cr3t-Pa55
redis_start --requirepass "$REDISCLI_AUTH"
secret=redis://:s3cr3t-Pa55@127.0.0.1:$REDIS_PORT/0
body='streams: [orders]
producers: [{name: shop, stream: orders, count: 100, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]'
printf 'name: Literal\nbroker: {adapter: redis, uri: "%s"}\n%s\n' "$secret" "$body" \
    >"$WORK/literal.yaml"
printf 'name: Reference\nbroker: {adapter: redis, uri: "${E2E_URI}"}\n%s\n' "$body" \
    >"$WORK/reference.yaml"
printf 'name: Default\nbroker: {adapter: redis, uri: "${E2E_NONE:-%s}"}\n%s\n' "$secret" "$body" \
    >"$WORK/default.yaml"
printf 'name: None\nbroker: {adapter: redis}\n%s\n' "$body" >"$WORK/none.yaml"

export E2E_URI=$secret
clean() {
    ! grep -rlE 's3cr3t|Pa55' "$OUT" "$ERR" "$WORK/out" || fail "the password is there: $*"
}
for name in literal reference default; do
    expect 0 run "$WORK/$name.yaml" --out "$WORK/out" --debug
    clean "$name"
done
expect 0 run "$WORK/none.yaml" --uri "$secret" --out "$WORK/out" --debug
clean --uri
expect 0 run "$WORK/none.yaml" --set "broker.uri=$secret" --out "$WORK/out" --debug
clean --set
expect 0 run "$WORK/reference.yaml" --out "$WORK/out" --keep
clean keep
grep -q 'E2E_URI' "$WORK/out/result.json" || fail "the reference is gone"
redis_stop
expect 3 run "$WORK/literal.yaml" --out "$WORK/out" --debug
clean "a server that is gone"
