# Clauses about lost connections, on every kind of Redis broker; none of them is left undecided.
. tests/end_to_end/lib.sh

redis_start
clauses='--clause ACK-10 --clause BLK-10 --clause CON-07 --clause CON-08 --clause CON-09 --clause CON-10
    --clause CON-11 --clause CON-13 --clause DLQ-16 --clause DLQ-20 --clause DLV-07 --clause DLV-08
    --clause DLV-09 --clause DLV-10 --clause DLV-12 --clause ORD-08'
# shellcheck disable=SC2086
for adapter in redis redis_pubsub redis_channels; do
    expect 0 conform "$adapter" --uri "$REDIS_URI" --seed 7 --quiet $clauses
    says_not "$OUT" "Not run"
    says_not "$OUT" "INCONCLUSIVE"
done

# Nothing is sent again: the lost connection shows.
expect 1 conform redis --uri "$REDIS_URI" --seed 7 --quiet --set retry=none --clause CON-08
says "$OUT" "links of every session: drop_request, at get_next"

# A fault that never comes about proves nothing.
cat >"$WORK/idle.yaml" <<YAML
family: OWN
clauses:
  - clause: OWN-01
    level: R
    says: Nothing is acknowledged here.
    needs: []
    world: [link]
    steps:
      - link: {op: ack, drop: reply}
      - ping: {expect: true}
YAML
expect 3 conform redis --uri "$REDIS_URI" --seed 7 --quiet --clauses "$WORK/idle.yaml"
says "$OUT" "never came about"
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis keys '*')"
