# Standard output that cannot be written is an error, not a pass.
. tests/end_to_end/lib.sh

[ -w /dev/full ] || exit 0
code=0
"$BINARY" --help >/dev/full 2>"$ERR" || code=$?
[ "$code" = 3 ] || fail "ended with $code instead of 3"
says "$ERR" "cannot write to standard output"
