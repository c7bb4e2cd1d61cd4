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
