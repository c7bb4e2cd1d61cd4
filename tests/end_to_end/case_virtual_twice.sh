# In virtual time, equal seeds give equal bytes; other seeds do not.
. tests/end_to_end/lib.sh

quickstart 50000
for name in one two; do
    expect 0 run "$WORK/quickstart.yaml" --time virtual --seed 7 --out "$WORK/$name" --quiet
done
expect 0 run "$WORK/quickstart.yaml" --time virtual --seed 8 --out "$WORK/other" --quiet
cmp "$WORK/one/result.json" "$WORK/two/result.json" || fail "equal seeds, other results"
cmp "$WORK/one/junit.xml" "$WORK/two/junit.xml" || fail "equal seeds, other junit.xml"
! cmp -s "$WORK/one/result.json" "$WORK/other/result.json" || fail "the seed changes nothing"
has "$WORK/one/result.json" time virtual
has "$WORK/one/result.json" environment '{}'
