# A guest on a shared server: nothing of others is touched and nothing is left; what would reset or
# stop it is not run, unless the run has a server of its own.
. tests/end_to_end/lib.sh

redis_start
redis set foreign treasure >/dev/null
before=$(redis_digest foreign)
expect 0 conform redis --uri "$REDIS_URI" --seed 7 --quiet --clause 'ACK-*' --clause 'SUB-*' \
    --clause 'LSE-*' --clause 'RST-*' --clause HLT-02
says "$OUT" "shared server: "
[ "$(redis_digest foreign)" = "$before" ] || fail "a foreign key was touched"
[ "$(redis dbsize)" = 1 ] || fail "keys were left: $(redis keys '*')"

expect 0 conform redis --uri "$REDIS_URI" --seed 7 --quiet --destructive --clause 'RST-*'
says "$OUT" "2 of 2 required clauses passed"
[ "$(redis_digest foreign)" = "$before" ] || fail "data_reset touched a foreign key"

# A server of the run's own is stopped and started by it, and gone afterwards.
redis_stop
cat >"$WORK/profile.yaml" <<YAML
control:
  start: redis-server --port $REDIS_PORT --bind 127.0.0.1 --save '' --appendonly yes --appendfsync always --dir $WORK
YAML
expect 0 conform redis --uri "$REDIS_URI" --seed 7 --quiet --profile "$WORK/profile.yaml" \
    --clause HLT-02 --clause CON-12 --clause CON-16 --clause 'RST-*'
says "$OUT" "5 of 5 required clauses passed"
! redis ping >/dev/null 2>&1 || fail "the server of the run is still there"

expect 3 conform redis --uri "$REDIS_URI"
says "$ERR" "cannot be reached"

# The same in one word.
expect 0 conform redis --spawn redis-server --seed 7 --quiet \
    --clause HLT-02 --clause CON-12 --clause CON-16 --clause DLV-14 --clause 'RST-*'
says "$OUT" "5 of 5 required clauses passed"
