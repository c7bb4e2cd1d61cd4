#!/bin/bash
# conform_steady.sh [BINARY]: are verdicts of conformance steady?  Each adapter is run twice in a row,
# then ten times while other processes keep every core busy; every clause must have the same verdict in
# all of them.  Takes some minutes, so it is no part of make check.  Needs redis-server, and for
# ADAPTERS=build/release/plugins/nats_jetstream.so nats-server.
set -u
cd "$(dirname "$0")/.." || exit 2
binary=${1:-build/release/gauntlet}
rounds=${ROUNDS:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-steady.XXXXXX")
burners=()

stop_burning() {
    for pid in "${burners[@]}"; do kill "$pid" 2>/dev/null; done
    burners=()
}
trap 'stop_burning; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

burn() {
    for _ in $(seq $(($(nproc) * 2))); do
        (while :; do :; done) &
        burners+=($!)
    done
}

# verdicts ADAPTER RUN: "ACK-01 pass" and so on, into a file.
verdicts() {
    local spawn=() name=${1##*/}
    case $name in
    redis*) spawn=(--spawn redis-server) ;;
    nats*) spawn=(--spawn 'nats-server -js -p {port} -sd {dir}') ;;
    esac
    "$binary" conform "$1" "${spawn[@]}" --out "$work/out" --quiet >"$work/summary" 2>&1
    python3 -c '
import json, sys
for clause in json.load(open(sys.argv[1]))["clauses"]:
    print(clause["id"], clause["verdict"])' "$work/out/conformance.json" >"$work/$name.$2" || {
        cat "$work/summary"
        return 1
    }
}

failed=0
for adapter in ${ADAPTERS:-inline redis redis_pubsub redis_channels}; do
    name=${adapter##*/}
    verdicts "$adapter" 1 && verdicts "$adapter" 2 || exit 2
    burn
    for run in $(seq 3 $((rounds + 2))); do verdicts "$adapter" "$run" || exit 2; done
    stop_burning
    for run in $(seq 2 $((rounds + 2))); do
        if ! diff "$work/$name.1" "$work/$name.$run" >"$work/diff"; then
            echo "$name: run $run differs from the first:"
            grep '^[<>]' "$work/diff"
            failed=1
        fi
    done
    echo "$name: $((rounds + 2)) runs, $(wc -l <"$work/$name.1") clauses"
done
exit $failed
