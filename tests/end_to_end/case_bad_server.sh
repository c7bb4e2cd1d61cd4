# Servers that cannot be used: one clear message, exit code 3, never the password.
. tests/end_to_end/lib.sh

scenario small <<'YAML'
name: Small
broker: {adapter: redis, uri: redis://127.0.0.1:1/0}
streams: [orders]
producers: [{name: shop, stream: orders, count: 10, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]
YAML
could_not() { # MESSAGE URI
    local begin=$SECONDS
    expect "${CODE:-3}" run "$WORK/small.yaml" --uri "$2"
    grep -qiE "$1" "$ERR" || fail "does not say '$1' for $2"
    [ "$(wc -l <"$ERR")" = 1 ] && [ ! -s "$OUT" ] || fail "not one message for $2"
    [ $((SECONDS - begin)) -le 15 ] || fail "took $((SECONDS - begin)) s for $2"
    ! grep -q s3cret "$OUT" "$ERR" || fail "the password was shown for $2"
}
could_not 'refused' redis://127.0.0.1:1/0
could_not 'refused' redis://bob:s3cret@127.0.0.1:1/0
could_not 'no such (file|socket)' "unix://$WORK/nowhere.sock"
CODE='2 3' could_not 'TLS is not supported yet' rediss://:s3cret@127.0.0.1:6379/0

export REDISCLI_AUTH=right
redis_start --requirepass right
could_not 'NOAUTH|authentication|password' "$REDIS_URI"
could_not 'WRONGPASS|password' "redis://:s3cret@127.0.0.1:$REDIS_PORT/0"
could_not 'WRONGPASS|password' "redis://bob:s3cret@127.0.0.1:$REDIS_PORT/0"
expect 0 run "$WORK/small.yaml" --uri "redis://:right@127.0.0.1:$REDIS_PORT/0"
