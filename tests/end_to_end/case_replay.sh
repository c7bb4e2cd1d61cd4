# A failed run leaves failure.yaml; replay runs it again, says k of n, and names what is different.
. tests/end_to_end/lib.sh

export REDISCLI_AUTH=s3cr3t-Pa55
redis_start --requirepass "$REDISCLI_AUTH"
secret=redis://:s3cr3t-Pa55@127.0.0.1:$REDIS_PORT/0
echo '{"order": 17}' >"$WORK/order.json"
scenario orders <<YAML
name: Orders
broker: {adapter: redis}
producers: [{name: shop, stream: orders, count: 100, payload: {file: order.json}}]
consumers: [{name: billing, stream: orders}]
expect: [no lost, sent == 100]
YAML

# Nothing is written unasked, and the summary says how to get it.
expect 1 run "$WORK/orders.yaml" --uri "$secret" --set producers.0.count=90
says "$OUT" "and failure.yaml, which 'gauntlet replay' runs again"
[ ! -e failure.yaml ] || fail "a file was written unasked"

expect 1 run "$WORK/orders.yaml" --uri "$secret" --set producers.0.count=90 --out "$WORK/out"
failure=$WORK/out/failure.yaml
says "$OUT" "Again: gauntlet replay $failure"
says "$failure" 'failed: ["sent == 100"]'
says "$failure" 'version: "'"$(redis info server | tr -d '\r' | sed -n 's/^redis_version://p')"'"'
says "$failure" "command: \"gauntlet run $WORK/orders.yaml --uri redis://:***@127.0.0.1"
! grep -rE 's3cr3t|Pa55' "$WORK/out" || fail "the password is there"

# The file stands alone, also elsewhere.
rm "$WORK/order.json" "$WORK/orders.yaml"
mkdir "$WORK/elsewhere" && mv "$failure" "$WORK/elsewhere/f.yaml"
failure=$WORK/elsewhere/f.yaml
expect 2 replay "$failure"
says "$ERR" "keeps no password of broker default: say where it is with --uri"
expect 1 replay "$failure" --uri "$secret" --times 3
says "$OUT" "Replay of Orders, which failed with sent == 100"
says "$OUT" "  3 of 3  failed again: sent == 100: it was 90"
says "$OUT" "failed again: 3 of 3"
says_not "$OUT" "Not as it was then"
expect 1 replay "$failure" --adapter redis_pubsub --uri "$secret" --quiet
[ "$(cat "$OUT")" = "failed again: 1 of 1" ] || fail "not quiet"
expect 1 replay "$failure" --adapter redis_pubsub --uri "$secret"
says "$OUT" "  adapter of broker default: redis then, redis_pubsub now"

# Mended, failing in another way, and undecided are told apart.
expect 0 replay "$failure" --uri "$secret" --times 2 --set producers.0.count=100 --out "$WORK/mended"
says "$OUT" "failed again: 0 of 2"
has "$WORK/mended/result.json" verdict pass
[ ! -e "$WORK/mended/failure.yaml" ] || fail "it did not fail, and left a failure"
expect 1 replay "$failure" --uri "$secret" --set 'expect=[sent == 7]'
says "$OUT" "failed again: 0 of 1; failed in another way: 1"
expect 3 replay "$failure" --uri "$secret" --set 'expect=[redeliver.p99 < 1s]'
says "$OUT" "failed again: 0 of 1; inconclusive: 1"

# Kept in a repository and called known, it is a failure all the same when it is replayed.
{ cat "$failure"; echo 'known: {fails: [sent == 100], because: "see issue 17"}'; } >"$WORK/kept.yaml"
expect 0 run "$WORK/kept.yaml" --uri "$secret"
says "$OUT" "(failed as known)"
expect 1 replay "$WORK/kept.yaml" --uri "$secret"
says "$OUT" "failed again: 1 of 1"

expect 2 replay "$WORK/nowhere.yaml"
expect 2 replay scenarios/quickstart.yaml
says "$ERR" "is no failure file"
expect 2 replay "$failure" --times 0
expect 2 replay
redis_stop
expect 3 replay "$failure" --uri "$secret"

# What conform leaves of a clause is replayed by the same command.
mkdir "$WORK/it's mine"
cat >"$WORK/it's mine/mine.yaml" <<'YAML'
family: SHOP
clauses:
  - clause: SHOP-02
    says: An order can be acknowledged twice.
    needs: [ACK_NACK]
    steps:
      - publish: {stream: orders, message: {n: 1}, as: m}
      - get_next: {stream: orders, group: g, expect: $m}
      - ack: {stream: orders, group: g, id: $m, expect: true}
      - ack: {stream: orders, group: g, id: $m, expect: true}
YAML
expect 1 conform inline --clauses "$WORK/it's mine/mine.yaml" --seed 7 --out "$WORK/conform"
rm -r "$WORK/it's mine"
expect 1 replay "$WORK/conform/failure-SHOP-02.yaml" --times 2
says "$OUT" "failed again: 2 of 2"
