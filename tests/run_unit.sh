#!/bin/sh
# run_unit.sh PROGRAM...: run unit tests, several at a time, and sum what they say.  Shows only what
# failed; a program that crashes, hangs or runs fewer tests than it planned has failed.
# WRAP: a command to run each program under.  CI=true: a skipped test is a failure.
set -eu

: "${WRAP:=}" "${JOBS:=2}" "${BUILD:=build/release}"
export WRAP BUILD
# The thread sanitizer gives up on addresses that are too random.
case $BUILD in
*thread*) if setarch -R true 2>/dev/null; then WRAP="setarch -R $WRAP"; fi ;;
esac
TSAN_OPTIONS="halt_on_error=1 second_deadlock_stack=1 ${TSAN_OPTIONS:-}"
UBSAN_OPTIONS="print_stacktrace=1 ${UBSAN_OPTIONS:-}"
export TSAN_OPTIONS UBSAN_OPTIONS

[ $# -gt 0 ] || { echo "run_unit.sh: no programs" >&2; exit 1; }
for program; do rm -f "$program.tap" "$program.code"; done

# shellcheck disable=SC2016
printf '%s\n' "$@" | xargs -P "$JOBS" -I{} sh -c '
    CMOCKA_MESSAGE_OUTPUT=tap timeout -k 10 "${UNIT_TIMEOUT:-300}" $WRAP "$1" >"$1.tap" 2>&1
    echo $? >"$1.code"' sh {}

passed=0 failed=0 skipped=0
for program; do
    tap=$program.tap code=$(cat "$program.code")
    planned=$(sed -n 's/^1\.\.\([0-9]*\)$/\1/p' "$tap" | awk '{ n += $1 } END { print n + 0 }')
    # Older cmocka calls what was skipped "not ok 2 # SKIP name".
    skips=$(grep -acE '^(not )?ok [0-9]+.*# SKIP' "$tap" || true)
    oks=$(grep -aE '^ok [0-9]' "$tap" | grep -avc '# SKIP' || true)
    bad=$(grep -aE '^not ok [0-9]' "$tap" | grep -avc '# SKIP' || true)
    # What did not get its turn, and a bad end after good tests (a leak, a race), count as failures.
    if [ $((oks + bad + skips)) -lt "$planned" ]; then bad=$((planned - oks - skips)); fi
    if [ "$code" != 0 ] && [ "$bad" = 0 ]; then bad=1; fi
    if [ "$planned" = 0 ]; then bad=$((bad > 0 ? bad : 1)); fi
    if [ "${CI:-}" = true ]; then bad=$((bad + skips)); fi
    passed=$((passed + oks)) failed=$((failed + bad)) skipped=$((skipped + skips))
    if [ "$bad" != 0 ] || [ "$skips" != 0 ]; then
        echo "--- $program (exit code $code)"
        grep -av '^ok [0-9]* - [a-z_0-9]*$' "$tap" || true
    fi
done
[ "$skipped" = 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
