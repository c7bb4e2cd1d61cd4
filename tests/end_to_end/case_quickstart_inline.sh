# The quickstart in real time on the inline broker; every file is there.
. tests/end_to_end/lib.sh

quickstart 20000
expect 0 run "$WORK/quickstart.yaml" --out "$WORK/out"
files="result.json summary.txt series.csv junit.xml report.html latency.hlog"
files="$files publish.hgrm publish_service.hgrm deliver.hgrm"
for file in $files; do
    [ -s "$WORK/out/$file" ] || fail "$file is not there"
done
[ "$(find "$WORK/out" -type f | wc -l)" = "$(echo $files | wc -w)" ] || fail "other files than these"
has "$WORK/out/result.json" verdict pass
has "$WORK/out/result.json" time real
has "$WORK/out/result.json" partial false
has_some "$WORK/out/result.json" messages.accepted
[ -n "$(value "$WORK/out/result.json" rates.publish_per_second)" ] || fail "no rate"
head -n 1 "$OUT" | grep -q '^PASS' || fail "the verdict does not come first"
says "$OUT" "Files: $WORK/out"
! grep -q $'\033' "$OUT" || fail "colour without a terminal"
