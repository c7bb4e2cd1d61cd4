# --quiet prints nothing but the summary; otherwise plain lines come where there is no terminal.
. tests/end_to_end/lib.sh

scenario steady <<'YAML'
name: Steady
broker: {adapter: inline}
streams: [orders]
producers: [{name: shop, stream: orders, for: 7s, rate: 500/s}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]
YAML
expect 0 run "$WORK/steady.yaml" --quiet
[ ! -s "$ERR" ] || fail "standard error with --quiet"
says_not "$OUT" "--out DIR"
expect 0 run "$WORK/steady.yaml"
grep -qE 'sent [0-9,]+.* delivered [0-9,]+.* settled [0-9,]+.*/s.* backlog ' "$ERR" ||
    fail "no line while running"
! grep -q $'\033' "$ERR" || fail "a live line without a terminal"
says "$OUT" "No files were written: --out DIR"
if command -v script >/dev/null; then
    TERM=xterm script -qec "'$BINARY' run '$WORK/steady.yaml'" /dev/null >"$WORK/terminal" </dev/null
    grep -q $'\033\[J' "$WORK/terminal" || fail "no live block on a terminal"
    grep -qE 'sent .*/s  accepted .*/s  delivered .*/s  acked .*/s' "$WORK/terminal" ||
        fail "no rates in the live block"
    grep -qE 'backlog .* publish p50 .* p99 .* deliver p50 .* p99 ' "$WORK/terminal" || fail "no latencies on a terminal"
    grep -q $'\033\[32mPASS' "$WORK/terminal" || fail "no colour on a terminal"
    NO_COLOR=1 TERM=xterm script -qec "'$BINARY' run '$WORK/steady.yaml'" /dev/null \
        >"$WORK/terminal" </dev/null
    ! grep -q $'\033\[32mPASS' "$WORK/terminal" || fail "colour in spite of NO_COLOR"
fi
