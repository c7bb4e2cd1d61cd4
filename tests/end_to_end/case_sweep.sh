# A sweep on Redis Lists: every request and every reply is cut once, and the table says so.
. tests/end_to_end/lib.sh

command -v redis-server >/dev/null || skip "redis-server is needed"
expect 0 run scenarios/faults/sweep-lists.yaml --out "$WORK/out"
says "$OUT" "Sweep: cut at"
says "$OUT" "EVALSHA"
says "$OUT" "cuts at"
says_not "$OUT" "failed  "
[ "$(grep -c '"cut": "mid_reply"' "$WORK/out/result.json")" -ge 10 ] || fail "too few cuts"
grep -q "^cut [0-9]* of [0-9]*: " "$ERR" || fail "no progress was told"

# Ctrl-C in the midst of it: what was found so far is told, and no server is left.
export TMPDIR="$WORK/tmp"
mkdir -p "$TMPDIR"
start run scenarios/faults/sweep-redis.yaml --out "$WORK/part"
wait_for 60 grep -q "^cut [0-9]* of " "$ERR"
kill -INT "$BACKGROUND_PID"
finish 3
grep -q "interrupted: [0-9]* cuts are not decided" "$OUT" || fail "it does not say how many are left"
says "$OUT" "Sweep: cut at"
says "$WORK/part/result.json" '"partial": true'
[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls -A "$TMPDIR")"
