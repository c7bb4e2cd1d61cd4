#!/bin/bash
# find_max_check.sh: is the rate that `rate: max` finds the one that runs at a fixed rate show?
#
#   tests/find_max_check.sh [REPETITIONS [RUNS [BINARY]]]
#
# Starts a redis-server of its own.  Each repetition runs scenarios/load/find-max.yaml, and then the
# same scenario at 0.85 to 1.15 of the rate that was found, RUNS times each, in turn.  A fixed-rate run
# holds when it reached its rate and kept the goal of the search.  What the runs show is the rate where
# half of them hold; the ratio of the rate that was found to it is to lie between 0.85 and 1.15.
# QUIETLY is a command to put in front of a search, and of the runs at fixed rates after it, such as
# one that waits for an idle machine; each takes about a minute and a half.
set -u
cd "$(dirname "$0")/.." || exit 2
SELF=tests/find_max_check.sh

# run_fixed FOLDER FOUND RUNS BINARY FACTOR...: the rates in turn.
run_fixed() {
    local folder=$1 found=$2 runs=$3 binary=$4 run factor
    shift 4
    for run in $(seq "$runs"); do
        for factor in "$@"; do
            "$binary" run scenarios/load/find-max.yaml --quiet --out "$folder/$factor/$run" \
                --set "producers.0.rate=$(python3 -c "print(round($found * $factor))")/s" \
                --set producers.0.while=null --set 'expect=[no lost, deliver.p99 < 20ms]' >/dev/null
        done
    done
}
# run_search FOLDER BINARY: leaves the seconds that it took in FOLDER.seconds.
run_search() {
    local began=$EPOCHREALTIME
    "$2" run scenarios/load/find-max.yaml --quiet --out "$1" >"$1.log"
    awk "BEGIN { printf \"%.0f\", ${EPOCHREALTIME/,/.} - ${began/,/.} }" >"$1.seconds"
}

case ${1:-} in
run_fixed | run_search)
    "$@"
    exit
    ;;
esac

REPETITIONS=${1:-1} RUNS=${2:-5} BINARY=${3:-build/release/gauntlet}
FACTORS="0.85 0.95 1 1.05 1.15"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-find-max.XXXXXX")
PORT=$((20000 + RANDOM % 12000))
export REDIS_URI=redis://127.0.0.1:$PORT/0

setpriv --pdeathsig KILL redis-server --port "$PORT" --bind 127.0.0.1 --save '' --appendonly no \
    --dir "$WORK" >"$WORK/redis.log" 2>&1 &
SERVER=$!
trap 'kill "$SERVER" 2>/dev/null; rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM
for tick in $(seq 100); do
    redis-cli -p "$PORT" ping >/dev/null 2>&1 && break
    sleep 0.1
done
kill -0 "$SERVER" || exit 1

# found_in FILE: the highest rate of a result.
found_in() {
    python3 -c 'import json, sys; print(round(json.load(open(sys.argv[1]))["rates"]["max_per_second"]))' "$1"
}

worst=0
for repetition in $(seq "$REPETITIONS"); do
    rm -rf "$WORK/found" "$WORK/fixed"
    ${QUIETLY:-} "$SELF" run_search "$WORK/found" "$BINARY"
    [ -s "$WORK/found/result.json" ] || exit 1
    found=$(found_in "$WORK/found/result.json")
    ${QUIETLY:-} "$SELF" run_fixed "$WORK/fixed" "$found" "$RUNS" "$BINARY" $FACTORS
    python3 tests/find_max_table.py "$WORK" "$found" "$(cat "$WORK/found.seconds")" $FACTORS || worst=1
done
exit $worst
