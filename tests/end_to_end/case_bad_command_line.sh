# Wrong command lines: one message that leads out of it, and exit code 2.
. tests/end_to_end/lib.sh

wrong() { # MESSAGE ARGUMENT...
    local message=$1
    shift
    expect 2 "$@"
    says "$ERR" "$message"
    [ "$(wc -l <"$ERR")" = 1 ] || fail "more than one line for: $*"
    [ ! -s "$OUT" ] || fail "standard output for: $*"
}
wrong "gauntlet: unknown command 'rnu': did you mean 'run'?" rnu
wrong "gauntlet: unknown command 'frobnicate': 'gauntlet --help' lists them all" frobnicate x.yaml
wrong "gauntlet: unknown option '--sede': did you mean '--seed'?" run x.yaml --sede 4
wrong "gauntlet: unknown option '-x'" check -x
wrong "gauntlet: --seed: '-1' is not a whole number" run x.yaml --seed -1
wrong "gauntlet: --seed needs a value" run x.yaml --seed
wrong "gauntlet: --time is one of real|virtual, not 'fast'" run x.yaml --time fast
wrong "gauntlet: --quiet takes no value" run x.yaml --quiet=1
wrong "gauntlet: which scenario?" run
wrong "gauntlet: which scenario?" check
wrong "exclude each other" run x.yaml -q -v
wrong "nowhere.yaml" run "$WORK/nowhere.yaml"
wrong "nowhere.yaml" check "$WORK/nowhere.yaml"
mkdir "$WORK/empty"
wrong ".yaml" run "$WORK/empty"
wrong "did you mean 'redis'?" adapters rediss
expect 2
says "$ERR" "Usage: gauntlet COMMAND"
