# A clause that fails: exit code, the file it leaves, the command that runs it alone, the baseline.
. tests/end_to_end/lib.sh

cat >"$WORK/mine.yaml" <<'YAML'
family: SHOP
clauses:
  - clause: SHOP-01
    says: An order is delivered.
    needs: [CONSUMER_GROUPS]
    steps:
      - publish: {stream: orders, message: {n: 1}, as: m}
      - get_next: {stream: orders, group: g, expect: $m}
  - clause: SHOP-02
    says: An order can be acknowledged twice.
    needs: [ACK_NACK]
    steps:
      - publish: {stream: orders, message: {n: 1}, as: m}
      - get_next: {stream: orders, group: g, expect: $m}
      - ack: {stream: orders, group: g, id: $m, expect: true}
      - ack: {stream: orders, group: g, id: $m, expect: true}
  - clause: SHOP-03
    says: A cut is survived.
    world: [link]
    steps: [{ping: {expect: true}}]
YAML

expect 1 conform inline --clauses "$WORK/mine.yaml" --seed 7 --out "$WORK/out"
says "$OUT" "ACK_NACK is not kept: SHOP-02: An order can be acknowledged twice."
says "$OUT" "alone: gauntlet conform inline --clauses $WORK/mine.yaml --clause SHOP-02 --seed 7"
grep -q '<failure type="fail"' "$WORK/out/junit.xml" || fail "junit.xml has no failure"
grep -q '<skipped type="not_run"' "$WORK/out/junit.xml" || fail "junit.xml has no typed skip"

# The file it left, and the command it names, fail the same way.
expect 1 conform inline --clauses "$WORK/out/failure-SHOP-02.yaml" --seed 7
expect 1 conform inline --clauses "$WORK/mine.yaml" --clause SHOP-02 --seed 7 --trace
says "$OUT" "SHOP-02  "
expect 0 conform inline --clauses "$WORK/mine.yaml" --clause 'SHOP-01' --clause '*-03'
expect 3 conform inline --clauses "$WORK/mine.yaml" --clause 'SHOP-01' --clause '*-03' --strict

expect 0 conform inline --clauses "$WORK/mine.yaml" --baseline "$WORK/out/conformance.json"
says "$OUT" "it does not count"

expect 2 conform inline --clauses "$WORK/mine.yaml" --clause SHOP-04
says "$ERR" "there is no clause 'SHOP-04': did you mean 'SHOP-01'?"
expect 2 conform inlin
says "$ERR" "did you mean 'inline'?"
expect 2 conform inline --set declare=ALL
expect 2 conform inline --clauses "$WORK/mine.yaml" --baseline "$WORK/nowhere.json"
sed 's/get_next/get_nxet/' "$WORK/mine.yaml" >"$WORK/wrong.yaml"
expect 2 conform inline --clauses "$WORK/wrong.yaml"
says "$ERR" "wrong.yaml:8:19: clause SHOP-01: 'get_nxet' is no step"
