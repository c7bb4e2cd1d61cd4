#!/bin/sh
# check.sh: everything a change must pass, one stage after another, with the time each took.  Goes on
# after a failure, so that one look shows them all; ends with "N passed, N failed".
set -u
: "${MAKE:=make}"

log=$(mktemp)
trap 'rm -f "$log" "$log.code"' EXIT
trap 'exit 3' INT TERM HUP
passed=0 failed=0 broken=

# stage NAME COUNTS COMMAND...: COUNTS is "tests" when its passes count.
stage() {
    name=$1 counts=$2
    shift 2
    echo "== $name"
    start=$(date +%s)
    { "$@" 2>&1; echo $? >"$log.code"; } | tee "$log"
    code=$(cat "$log.code")
    sums=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$log" | tail -n 1)
    : "${sums:=0 0}"
    good=${sums% *} bad=${sums#* }
    # Believe no stage that is pleased with itself while its numbers say otherwise.
    if [ "$counts" = tests ] && [ "$good" = 0 ]; then
        echo "   no test passed"
        code=1
    fi
    if [ "$counts" = tests ]; then passed=$((passed + good)); fi
    if [ "$code" != 0 ] || [ "$bad" != 0 ]; then
        broken="$broken $name"
        failed=$((failed + (bad > 0 ? bad : 1)))
    fi
    echo "   $name: $(($(date +%s) - start)) s"
}

stage packages - tests/install_packages.sh build check
stage build - $MAKE all
stage unit tests $MAKE unit
stage end-to-end tests $MAKE end-to-end
stage faults - $MAKE check-faults
stage lint - $MAKE lint
stage address,undefined - $MAKE SAN=address,undefined unit
stage thread - $MAKE SAN=thread unit

[ -z "$broken" ] || echo "failed:$broken"
echo "$passed passed, $failed failed"
[ -z "$broken" ]
