# Each fault of a broker by what its server then answers to a stranger, and that it is healed.
. tests/end_to_end/lib.sh

command -v redis-server >/dev/null && command -v redis-cli >/dev/null ||
    skip "redis-server and redis-cli are needed"
export TMPDIR="$WORK/tmp"
mkdir "$TMPDIR"
scenario broken <<'YAML'
name: Broken
broker: {adapter: redis, spawn: {command: redis-server, config: {appendonly: yes}}}
producers: [{name: shop, stream: orders, for: 60s, rate: 400/s}]
consumers: [{name: billing, stream: orders}]
YAML
# The server of the run, or its replica.
ask() {
    local folder=$1
    shift
    redis-cli -p "$(sed -n 's/^port //p' "$TMPDIR"/gauntlet-$folder-??????/data/redis.conf)" "$@" 2>&1
}
stream() {
    ask default --scan --pattern 'gauntlet:*:orders' | head -n 1
}
# answers EXPECTED COMMAND...: what the server says begins so.
answers() {
    local expected=$1
    shift
    case $(ask default "$@") in "$expected"*) return 0 ;; esac
    return 1
}
# during FAULT: starts a run with it, on until the run ends.
during() {
    start run "$WORK/broken.yaml" --set "faults=[{when: {at: 700ms}, do: {broker: default, $1}}]"
}
over() {
    kill -INT "$BACKGROUND_PID"
    wait "$BACKGROUND_PID"
    BACKGROUND_PID=
    says "$OUT" "$1 "
    says_not "$OUT" "could not be"
    [ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"
}

during 'disk_full: true'
wait_for 10 answers "MISCONF" xadd stranger '*' f v
answers "" xread count 1 streams "$(stream)" 0 || fail "reads fail too"
over disk_full

during 'loading: 500us'
wait_for 10 answers "LOADING" get stranger
over loading

during 'pause: true'
wait_for 10 eval 'grep -q "^State:.T" /proc/*/status 2>/dev/null; ! timeout 0.3 redis-cli -p \
    "$(sed -n "s/^port //p" "$TMPDIR"/gauntlet-default-??????/data/redis.conf)" ping >/dev/null 2>&1'
over pause

during 'kill: {restart: false}'
wait_for 10 answers "Could not connect" ping
over kill

during 'flush: true'
wait_for 10 eval 'ask default --scan --pattern "gauntlet:*:orders" | grep -q .'
wait_for 10 answers "NOGROUP" xreadgroup group nobody me count 1 streams "$(stream)" '>'
over flush

# A failover loses what the replica had not heard of, though it was accepted.
scenario failover <<'YAML'
name: Failover
broker: {adapter: redis, spawn: {command: redis-server, replica: true}}
producers: [{name: shop, stream: orders, count: 2000, rate: 1000/s}]
faults:
  - {name: cut, when: {at: 500ms, for: 700ms}, do: {broker: default, cut_replica: true}}
  - when: {at: 1s}
    do: {broker: default, promote: true}
YAML
start run "$WORK/failover.yaml" --out "$WORK/out"
wait_for 10 eval 'ask default-replica role 2>/dev/null | grep -q slave'
wait_for 10 eval 'ask default-replica role 2>/dev/null | grep -q master'
wait "$BACKGROUND_PID"
BACKGROUND_PID=
says "$OUT" "promote default"
says_not "$OUT" "could not be"
# How many were accepted, and how many of them are still there.
read_counts() {
    accepted=$(value "$WORK/out/result.json" messages.accepted)
    stored=$(sed -nE 's/(.* )?([0-9,]+) stored.*/\2/p' "$OUT" | tr -d ,)
    [ "${accepted:-0}" -gt 1000 ] || fail "only $accepted were accepted"
}
read_counts
[ "$stored" -lt "$((accepted - 200))" ] || fail "$stored of $accepted are stored: nothing was lost"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"

# The same behind a link that swallows everything, by what the promoted server answers.
scenario swallowed <<'YAML'
name: Swallowed
broker: {adapter: redis, spawn: {command: redis-server, replica: true}}
producers: [{name: shop, stream: orders, count: 3000, rate: 500/s}]
faults:
  - {name: swallowed, when: {at: 700ms, for: 2s}, do: {link: default.replication, blackhole: true}}
  - when: {at: 2s}
    do: {broker: default, promote: true}
YAML
# serves NUMBER: the message of this number is in the stream.  holds: it was, at the last look.
holds() {
    grep -qE "\"[0-9a-f]{8}-[0-9a-f]{4}-$(printf %010x "$1")-" "$WORK/entries"
}
serves() {
    ask default --raw xrange "$(stream)" - + >"$WORK/entries"
    holds "$1"
}
start run "$WORK/swallowed.yaml" --out "$WORK/out"
wait_for 10 serves 1500 # the promoted server has it
holds 150 || fail "the replica has no message from before its link was cut"
! holds 700 || fail "the promoted server knows what its link had swallowed"
wait "$BACKGROUND_PID"
BACKGROUND_PID=
says "$OUT" "met replication of default: the connection"
says_not "$OUT" "could not be"
says_not "$OUT" "never happened"
read_counts
[ "$stored" -lt "$((accepted - 450))" ] || fail "$stored of $accepted are stored: nothing was lost"
[ "$stored" -gt "$((accepted - 850))" ] || fail "$stored of $accepted are stored: all was lost"
[ -z "$(ls -A "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"

# Lost power takes what was not synced: up to a second of it, and nothing when every write is.
scenario power <<'YAML'
name: Power
broker: {adapter: redis, spawn: {command: redis-server, config: {appendonly: yes, appendfsync: everysec}}}
producers: [{name: shop, stream: orders, count: 2000, rate: 1000/s}]
faults:
  - when: {at: 1500ms}
    do: {broker: default, power_loss: true}
YAML
for policy in everysec always; do
    "$BINARY" run "$WORK/power.yaml" --set broker.spawn.config.appendfsync=$policy \
        --out "$WORK/out" >"$OUT" 2>"$ERR"
    says "$OUT" "power_loss default"
    says_not "$OUT" "could not be"
    read_counts
    case $policy in
    everysec) [ "$stored" -lt "$((accepted - 20))" ] || fail "$stored of $accepted: nothing was lost" ;;
    always) [ "$stored" -ge "$accepted" ] || fail "$stored of $accepted: what was synced is lost" ;;
    esac
done
