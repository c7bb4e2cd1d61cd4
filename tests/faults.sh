#!/bin/bash
# faults.sh BINARY [SCENARIO...]: every scenario of scenarios/faults/ three times (TIMES), several at
# a time (JOBS).  What a scenario expects is its stated verdict: each run must end with exit code 0,
# and nothing may be left of it afterwards: no process, no folder.  Each starts a server of its own;
# without redis-server nothing is run, and with CI=true that is a failure.
# Also when it was started by sh.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u

[ $# -ge 1 ] || { echo "usage: $0 BINARY [SCENARIO...]" >&2; exit 2; }
BINARY=$(realpath "$1")
ROOT=$(realpath "$(dirname "$0")/..")
shift
cd "$ROOT" || exit 2
TIMES=${TIMES:-3}

if ! command -v redis-server >/dev/null; then
    echo "WARNING: no fault scenario was run because redis-server is not installed."
    [ "${CI:-}" != true ]
    exit
fi
LOGS=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-faults.XXXXXX")
trap 'rm -rf "$LOGS"' EXIT
trap 'exit 1' INT TERM HUP
export BINARY LOGS

run_one() {
    local scenario=$1 time=$2 code=0 begin=$EPOCHREALTIME name left limit=60
    name=$(basename "$scenario" .yaml)
    case $name in sweep-*) limit=600 ;; esac # a hundred runs and more
    export TMPDIR=$LOGS/$name.$time.tmp
    mkdir -p "$TMPDIR"
    timeout --kill-after=10 "${RUN_SECONDS:-$limit}" "$BINARY" run "$scenario" --out "$LOGS/$name.$time" \
        >"$LOGS/$name.$time.log" 2>&1 </dev/null || code=$?
    left=$(ls -A "$TMPDIR")
    if [ "$code" = 0 ] && [ -n "$left" ]; then
        code=left
        echo "left behind: $left" >>"$LOGS/$name.$time.log"
    fi
    echo "$code" >"$LOGS/$name.$time.code"
    printf '  %-8s %-52s %5.1f s\n' "$([ "$code" = 0 ] && echo ok || echo "FAILED $code")" \
        "$name, time $time" "$(awk "BEGIN { print ${EPOCHREALTIME/,/.} - ${begin/,/.} }")"
    [ "$code" = 0 ] || sed 's/^/           /' "$LOGS/$name.$time.log"
}
export -f run_one

[ $# -gt 0 ] || set -- scenarios/faults/*.yaml
# The times of one scenario are not neighbours, so that they meet different company; but what takes
# long begins first.  All of them wait more than they work.
for time in $(seq "$TIMES"); do
    printf '%s\n' "$@" | sed "s/\$/ $time/"
done | awk '/sweep-/ { print; next } { rest = rest $0 "\n" } END { printf "%s", rest }' |
    xargs -P "${JOBS:-$(($(nproc) * 3))}" -L1 bash -c 'run_one "$@"' run

passed=$(cat "$LOGS"/*.code | grep -cx 0)
echo "$passed of $(($# * TIMES)) runs of $# fault scenarios gave their stated verdict"
[ "$passed" -eq $(($# * TIMES)) ]
