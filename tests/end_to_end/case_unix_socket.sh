# A server behind a unix socket.
. tests/end_to_end/lib.sh

quickstart 1000
redis_start --unixsocket "$WORK/redis.sock"
expect 0 run "$WORK/quickstart.yaml" --adapter redis --uri "unix://$WORK/redis.sock"
[ "$(redis dbsize)" = 0 ] || fail "keys were left"
