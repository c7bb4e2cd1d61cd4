# lib.sh: what the end-to-end cases share.  Sourced by each case; BINARY and ROOT come from run.sh.
set -u

: "${BINARY:?run the cases through run.sh}" "${ROOT:?run the cases through run.sh}"
WORK=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-e2e.XXXXXX")
OUT=$WORK/stdout
ERR=$WORK/stderr
REDIS_PID=
BACKGROUND_PID=

clean_up() {
    [ -n "$BACKGROUND_PID" ] && kill -KILL "$BACKGROUND_PID" 2>/dev/null
    redis_stop
    rm -rf "$WORK"
}
trap clean_up EXIT
trap 'exit 1' INT TERM HUP

fail() {
    echo "failed: $*"
    for file in "$OUT" "$ERR"; do
        [ -s "$file" ] && { echo "--- ${file##*/}"; tail -n 60 "$file"; }
    done
    exit 1
}

skip() {
    echo "$*"
    exit 77
}

# --- A redis-server of our own --------------------------------------------------------------------

# Dies with this shell, even when that is killed outright.
as_child() {
    if setpriv --pdeathsig KILL true 2>/dev/null; then
        exec setpriv --pdeathsig KILL "$@"
    fi
    exec "$@"
}

# Is it ours that answers on the port, and not somebody else's?
redis_is_up() {
    redis info server 2>/dev/null | tr -d '\r' | grep -qx "process_id:$REDIS_PID"
}

# redis_start [OPTION...]: sets REDIS_PORT, REDIS_PID and REDIS_URI.  With a password, export
# REDISCLI_AUTH first.
redis_start() {
    command -v redis-server >/dev/null && command -v redis-cli >/dev/null ||
        skip "redis-server and redis-cli are needed"
    local try tick
    for try in 1 2 3 4 5 6 7 8 9 10; do
        REDIS_PORT=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
        as_child redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no \
            --dir "$WORK" --daemonize no "$@" >"$WORK/redis.log" 2>&1 &
        REDIS_PID=$!
        for tick in $(seq 100); do
            kill -0 "$REDIS_PID" 2>/dev/null || break # the port was taken
            if redis_is_up; then
                REDIS_URI=redis://127.0.0.1:$REDIS_PORT/0
                return 0
            fi
            sleep 0.05
        done
        redis_stop
    done
    cat "$WORK/redis.log"
    fail "no redis-server came up"
}

redis_stop() {
    [ -n "$REDIS_PID" ] || return 0
    kill -KILL "$REDIS_PID" 2>/dev/null
    wait "$REDIS_PID" 2>/dev/null
    REDIS_PID=
}

redis() {
    redis-cli -p "$REDIS_PORT" "$@"
}

# Everything that a key holds, in one line.
redis_digest() {
    local key
    for key in "$@"; do
        echo "$key $(redis dump "$key" | md5sum) $(redis pexpiretime "$key")"
    done
}

# --- Running --------------------------------------------------------------------------------------

# demand CODE CODES COMMAND: CODES may be several, separated by blanks.
demand() {
    case " $2 " in
    *" $1 "*) ;;
    *) fail "gauntlet $3 ended with $1 instead of $2" ;;
    esac
}

# expect CODES ARGUMENT...: runs gauntlet, keeps what it says, and demands its exit code.
expect() {
    local codes=$1 code=0
    shift
    "$BINARY" "$@" >"$OUT" 2>"$ERR" </dev/null || code=$?
    demand "$code" "$codes" "$*"
}

# keeps COUNT ADAPTER ARGUMENT...: conform passes, and at least so many required clauses did.  A machine
# that is too busy for a clause about time is borne for a few of them, when that is the reason given.
keeps() {
    local count=$1 code=0 passed left
    shift
    "$BINARY" conform "$@" --out "$WORK/kept" >"$OUT" 2>"$ERR" </dev/null || code=$?
    demand "$code" "0 3" "conform $*"
    awk -F'"' '
        /^   "level": / { level = $4 }
        /^   "verdict": / { verdict = $4 }
        /^   "reason": / && level == "R" { print verdict "\t" $4 }' "$WORK/kept/conformance.json" >"$WORK/kept/required"
    left=$(grep -v '^pass\|^not run\|^not applicable' "$WORK/kept/required" |
        grep -v '^inconclusive.this machine was too busy for its times')
    [ -z "$left" ] || fail "conform $* leaves more than times undecided: $left"
    [ "$(grep -c '^inconclusive' "$WORK/kept/required")" -le 5 ] || fail "too much was undecided"
    passed=$(grep -c '^pass' "$WORK/kept/required")
    [ "$passed" -ge "$count" ] || fail "only $passed of $count required clauses passed"
    rm -rf "$WORK/kept"
}

# start ARGUMENT...: the same in the background; finish CODE waits for it.
start() {
    "$BINARY" "$@" >"$OUT" 2>"$ERR" </dev/null &
    BACKGROUND_PID=$!
}

finish() {
    local code=0
    wait "$BACKGROUND_PID" || code=$?
    BACKGROUND_PID=
    demand "$code" "$*" "in the background"
}

# says FILE TEXT / says_not FILE TEXT: fixed strings.
says() {
    grep -qF -e "$2" "$1" || fail "${1##*/} does not say: $2"
}

says_not() {
    ! grep -qF -e "$2" "$1" || fail "${1##*/} says: $2"
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local tick seconds=$1
    shift
    for tick in $(seq $((seconds * 50))); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.02
    done
    fail "waited $seconds s in vain for: $*"
}

# value FILE a.b.c: a value of result.json, which has one key a line, indented by one space a level.
value() {
    awk -v path="$2" '
        /^ +"[^"]*": / {
            match($0, /^ +/)
            depth = RLENGTH
            match($0, /^ +"[^"]*": /)
            key = substr($0, depth + 2, RLENGTH - depth - 4)
            stack[depth] = key
            full = stack[1]
            for (i = 2; i <= depth; i++) full = full "." stack[i]
            if (full == path) {
                text = substr($0, RLENGTH + 1)
                sub(/,$/, "", text)
                gsub(/^"|"$/, "", text)
                print text
                exit
            }
        }' "$1"
}

# has RESULT PATH VALUE: demands a value of result.json.
has() {
    local found
    found=$(value "$1" "$2")
    [ "$found" = "$3" ] || fail "$2 is '$found' instead of '$3'"
}

has_some() {
    local found
    found=$(value "$1" "$2")
    [ "${found:-0}" -gt 0 ] 2>/dev/null || fail "$2 is '$found', not over 0"
}

# The one stream of the run under way, once it is there.
find_stream() {
    STREAM=$(redis --scan --pattern 'gauntlet:*' | grep ":$1\$" | head -n 1)
    [ -n "$STREAM" ]
}

# quickstart COUNT: the quickstart with so many messages, as $WORK/quickstart.yaml.
quickstart() {
    sed "s/1_000_000/$1/g" "$ROOT/scenarios/quickstart.yaml" >"$WORK/quickstart.yaml"
}

# A scenario on standard input, kept as $WORK/NAME.yaml.
scenario() {
    cat >"$WORK/$1.yaml"
}
