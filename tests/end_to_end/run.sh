#!/bin/bash
# run.sh BINARY [CASE...]: every end-to-end case, several at a time.  Cases that need a redis-server
# start one of their own.  Without redis-server they are skipped; with CI=true that is a failure.
# Also when it was started by sh.
[ -n "${BASH_VERSION:-}" ] || exec bash "$0" "$@"
set -u

[ $# -ge 1 ] || { echo "usage: $0 BINARY [CASE...]" >&2; exit 2; }
BINARY=$(realpath "$1")
ROOT=$(realpath "$(dirname "$0")/../..")
shift
[ -x "$BINARY" ] || { echo "$0: '$BINARY' is no program" >&2; exit 2; }
export BINARY ROOT
# A case that runs make is no part of the make that runs us.
unset MAKEFLAGS MFLAGS MAKELEVEL
cd "$ROOT" || exit 2

LOGS=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-e2e.XXXXXX")
trap 'rm -rf "$LOGS"' EXIT
trap 'exit 1' INT TERM HUP

run_case() {
    local name=$1 begin=$EPOCHREALTIME code=0
    timeout --kill-after=10 "${CASE_SECONDS:-150}" bash "tests/end_to_end/case_$name.sh" \
        >"$LOGS/$name.log" 2>&1 </dev/null || code=$?
    case $code in
    0) code=ok ;;
    77) code=skipped ;;
    124 | 137) code=FAILED; echo "failed: it took too long" >>"$LOGS/$name.log" ;;
    *) code=FAILED ;;
    esac
    [ "$code" = skipped ] && [ "${CI:-}" = true ] && code=FAILED
    echo "$code" >"$LOGS/$name.code"
    printf '  %-8s %-28s %5.1f s\n' "$code" "$name" \
        "$(awk "BEGIN { print ${EPOCHREALTIME/,/.} - ${begin/,/.} }")"
    [ "$code" = ok ] || sed 's/^/           /' "$LOGS/$name.log"
}
export -f run_case
export LOGS

if [ $# -eq 0 ]; then
    set -- $(ls tests/end_to_end/case_*.sh | sed 's|.*/case_||; s|\.sh$||')
fi
# Half of a case is waiting: twice as many as there are cores.
printf '%s\n' "$@" | xargs -P "${JOBS:-$(($(nproc) * 2))}" -I{} bash -c 'run_case {}'

count() {
    cat "$LOGS"/*.code | grep -cx "$1"
}
passed=$(count ok) failed=$(count FAILED) skipped=$(count skipped)
if [ "$skipped" -gt 0 ]; then
    echo "WARNING: $skipped cases were SKIPPED because redis-server is not installed."
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ $((passed + skipped)) -eq $# ]
