#!/bin/sh
# run.sh: the benchmarks of performance, each beside its reference, as ratios.
#
#   tests/bench/run.sh [BINARY [PROGRAMS]] [B1 B2 ...]     all of them unless some are named
#
#   PROGRAMS    a folder with the ceiling programs; without it they are built here
#   BENCH="B1"  the same as naming them
#   ROUNDS=5    times that each is measured, in turn with its reference
#   B7=full     100 M messages where memory is measured, not 20 M
#
# Starts a redis-server of its own on a free loopback port, and stops it at the end.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
binary=$top/build/release/gauntlet
case ${1:-B} in
    B | B[0-9]*) ;;
    *) binary=$1; shift ;;
esac
programs=''
if [ -d "${1:-}" ]; then
    programs=$(cd "$1" && pwd)
    shift
fi
# shellcheck disable=SC2086 # words on purpose
[ $# -gt 0 ] || set -- ${BENCH:-}

fail() {
    echo "run.sh: $1" >&2
    exit 3
}

for program in python3 redis-server redis-benchmark "${CC:-cc}"; do
    command -v "$program" >/dev/null || fail "$program is missing: make demo installs it"
done
[ -x "$binary" ] || fail "no program at $binary: run 'make' first"

work=$(mktemp -d)
server=''
bench=''
clean() {
    # The server last: the bench may be talking to it.
    for process in $bench $server; do
        kill "$process" 2>/dev/null && wait "$process" 2>/dev/null || :
    done
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 130' INT TERM

if [ -z "$programs" ]; then
    programs=$work
    for program in publish end_to_end inline; do
        "${CC:-cc}" -std=c17 -D_GNU_SOURCE -O2 -I"$top/tests" -o "$work/ceiling_$program" \
            "$here/ceiling_$program.c"
    done
fi

# With two cores or more the server has one to itself: its numbers move less.
on_server=''
on_client=''
if command -v taskset >/dev/null && taskset -c 1 true 2>/dev/null; then
    on_server='taskset -c 1'
    on_client='taskset -c 0'
fi

answers() {
    python3 -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1)
s.sendall(b"PING\r\n")
sys.exit(s.recv(99) != b"+PONG\r\n")' "$1" 2>/dev/null
}

# Another program may take the port before the server does: then the next one is tried.
for _ in 1 2 3 4 5; do
    port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # shellcheck disable=SC2086 # words on purpose
    $on_server redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no \
        --dir "$work" >"$work/server.log" 2>&1 &
    server=$!
    tries=0
    while kill -0 "$server" 2>/dev/null && ! answers "$port" && [ "$tries" -lt 50 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    answers "$port" && kill -0 "$server" 2>/dev/null && break
    kill "$server" 2>/dev/null || :
    server=''
done
[ -n "$server" ] || fail "redis-server does not start: $(cat "$work/server.log")"

PYTHONDONTWRITEBYTECODE=1 BENCH_ON_CLIENT=$on_client BENCH_SERVER=$server \
    BENCH_PROGRAMS=$programs \
    python3 "$here/bench.py" "$binary" "$work" "$port" "$@" &
bench=$!
# In the background, so that a signal ends the wait and not only the bench.
code=0
wait "$bench" || code=$?
bench=''
exit "$code"
