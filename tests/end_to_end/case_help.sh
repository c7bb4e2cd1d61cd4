# Every command explains itself; the man page lists the same options.
. tests/end_to_end/lib.sh

expect 0 --version
grep -qE '^gauntlet [0-9]+\.[0-9]+\.[0-9]+$' "$OUT" || fail "no version"
expect 0 -V
expect 0 --help
for command in run conform replay explore shrink check compare report heal adapters new-adapter serve; do
    says "$OUT" "  $command "
    "$BINARY" $command --help >"$WORK/$command.help" || fail "$command --help"
    "$BINARY" help $command | cmp - "$WORK/$command.help" || fail "help $command differs"
    "$BINARY" $command -h | cmp - "$WORK/$command.help" || fail "$command -h differs"
    grep -q '^Examples:' "$WORK/$command.help" || fail "$command has no examples"
    grep -q '^Usage: gauntlet ' "$WORK/$command.help" || fail "$command has no usage"
    [ "$(awk '{ print length }' "$WORK/$command.help" | sort -n | tail -n 1)" -le 100 ] ||
        fail "$command --help is wider than 100 columns"
done

# "--seed N", one a line, of a command: from --help, and from its part of the man page.
from_help() {
    sed -nE 's/^  (-[a-z], |    )--([a-z-]+)( [A-Z=]+)?( .*|$)/--\2\3/p' "$WORK/$1.help" | sort
}
from_man() {
    sed -n "/^\\.SS gauntlet $1\$/,/^\\.S[SH] /p" harness/cli/gauntlet.1 | grep -A 1 '^\.TP$' |
        grep '^\.B' | sed -E 's/\\-/-/g; s/\\f[BIR]//g; s/^\.BR? //; s/^-[a-z], //' | sort
}
for command in run conform replay explore shrink check compare report heal adapters new-adapter serve; do
    [ -n "$(from_help $command)" ] || fail "no options are found in $command --help"
    diff <(from_help $command) <(from_man $command) ||
        fail "the man page and $command --help differ (left: --help)"
done
