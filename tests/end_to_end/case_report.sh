# A report is drawn again from its result.json alone, and a result that is none is refused.
. tests/end_to_end/lib.sh

quickstart 2000
expect 0 run "$WORK/quickstart.yaml" --out "$WORK/out" --quiet
mkdir "$WORK/again"
cp "$WORK/out/result.json" "$WORK/again"
expect 0 report "$WORK/again"
says "$OUT" "$WORK/again/report.html"
cmp "$WORK/out/report.html" "$WORK/again/report.html" || fail "the report is another one"
cmp "$WORK/out/summary.txt" "$WORK/again/summary.txt" || fail "the summary is another one"
cmp "$WORK/out/series.csv" "$WORK/again/series.csv" || fail "the series is another one"

expect 0 report "$WORK/out/result.json" --out "$WORK/third" --quiet
[ ! -s "$OUT" ] || fail "--quiet prints"
cmp "$WORK/out/report.html" "$WORK/third/report.html" || fail "the third report is another one"
[ ! -e "$WORK/third/result.json" ] || fail "the result was copied"

# A gnuplot that hangs costs the charts, and nothing else.
printf '#!/bin/sh\nexec sleep 1000\n' >"$WORK/hanging"
chmod +x "$WORK/hanging"
export GAUNTLET_GNUPLOT="$WORK/hanging"
expect 0 run "$WORK/quickstart.yaml" --out "$WORK/hung" --quiet
says "$WORK/hung/report.html" "There are no charts: gnuplot did not answer within 5 s."
pgrep -f "$WORK/hanging" >/dev/null && fail "the hanging gnuplot is left behind"
unset GAUNTLET_GNUPLOT

head -c 3000 "$WORK/out/result.json" >"$WORK/cut.json"
expect 2 report "$WORK/cut.json"
says "$ERR" "cut.json:"
says "$ERR" "not JSON, or cut off"
sed 's/"version": 2/"version": 1/' "$WORK/out/result.json" >"$WORK/old.json"
expect 2 report "$WORK/old.json"
says "$ERR" "a result of version 1: this gauntlet reads version 2"
expect 2 report "$WORK/nowhere.json"
says "$ERR" "No such file"
expect 2 report
says "$ERR" "which result?"
expect 3 report "$WORK/out" --out "$WORK/old.json"
says "$ERR" "Not a directory"
