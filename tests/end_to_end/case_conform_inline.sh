# The whole suite on the inline broker, as it is and declaring less; every file is there.
. tests/end_to_end/lib.sh

expect 0 conform inline --seed 7 --quiet --out "$WORK/out"
head -n 1 "$OUT" | grep -q '^PASS  inline: ' || fail "the verdict does not come first"
says "$OUT" "declares ENTERPRISE_STREAMING; demonstrates ENTERPRISE_STREAMING"
for file in conformance.json conformance.md junit.xml summary.txt; do
    [ -s "$WORK/out/$file" ] || fail "$file is not there"
done
has "$WORK/out/conformance.json" verdict pass
has "$WORK/out/conformance.json" run.seed 7
[ "$(grep -c '<testcase ' "$WORK/out/junit.xml")" = 213 ] || fail "not a case for each of 213 clauses"

# Its refusals are right, and what stands above is not applicable.
expect 0 conform inline --seed 7 --quiet --set declare=SIMPLE_QUEUING
says "$OUT" "declares SIMPLE_QUEUING; demonstrates SIMPLE_QUEUING"
says "$OUT" "ACK_NACK is not declared: "
says_not "$OUT" "FAIL    NEG"
