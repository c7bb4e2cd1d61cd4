# A server of the run's own: awaited, ended with the run whatever happens, its output kept; nothing of
# it is left, also when gauntlet is killed outright.
. tests/end_to_end/lib.sh

command -v redis-server >/dev/null || skip "redis-server is needed"
export TMPDIR="$WORK/tmp"
mkdir "$TMPDIR"
scenario spawned <<'YAML'
name: Spawned
broker: {adapter: redis, spawn: {command: redis-server, config: {appendonly: yes, maxclients: 500}}}
producers: [{name: shop, stream: orders, count: 2000}]
consumers: [{name: billing, stream: orders}]
expect: [no lost]
YAML
# Where its processes work.
servers() {
    readlink /proc/[0-9]*/cwd 2>/dev/null | grep -F "$TMPDIR/"
}
nothing_left() {
    [ -z "$(servers)" ] && [ -z "$(ls -A "$TMPDIR")" ]
}
expect 0 run "$WORK/spawned.yaml" --out "$WORK/out"
says "$OUT" "PASS  Spawned"
says "$OUT" "default: redis at redis://127.0.0.1:"
says "$WORK/out/broker-default.log" "Ready to accept connections"
nothing_left || fail "left behind: $(servers) $(ls "$TMPDIR")"

# A server that does not come up is said, with what it said.
expect 3 run "$WORK/spawned.yaml" --set broker.spawn.config.maxclients=many
says "$ERR" "the server ended at once"
says "$ERR" "'maxclients many'"
expect 3 run "$WORK/spawned.yaml" --set 'broker.spawn={command: sleep 1000, timeout: 300ms}'
says "$ERR" "the server does not answer"
expect 2 run "$WORK/spawned.yaml" --adapter inline --spawn redis-server
says "$ERR" "there is no server to spawn"
nothing_left || fail "left behind: $(servers) $(ls "$TMPDIR")"

# Its address has the name of the adapter, also of one that is named otherwise; or it is said.
cat >"$WORK/toy.py" <<PYTHON
import sys
sys.path.insert(0, "$ROOT/adapters/python")
from gauntlet_adapter import Adapter, Instance, ValidationError, main
class Toy(Instance):
    def __init__(self, uri, options, number):
        raise ValidationError(f"called with {uri}")
class ToyAdapter(Adapter):
    name, instance_class, capabilities = "toy_broker", Toy, ["PUBLISH"]
    def publish(self, stream, payload):
        return "1"
main(ToyAdapter)
PYTHON
for command in "run $WORK/spawned.yaml --adapter" conform; do
    expect 2 $command "exec:python3 $WORK/toy.py" --spawn "redis-server --port {port} --dir {dir}"
    says "$ERR" "called with toy://127.0.0.1:"
done
expect 0 run "$WORK/spawned.yaml" --spawn "redis-server --port {port} --dir {dir}" --uri 'redis://127.0.0.1:{port}/3'
says "$OUT" "/3, ENTERPRISE"
expect 0 conform redis --clause PUB-01 --spawn "redis-server --port {port} --dir {dir}" --uri 'redis://127.0.0.1:{port}/3'
says "$OUT" "/3: 1 of 1"
expect 2 conform redis --spawn redis-server --uri redis://127.0.0.1:6379/0
says "$ERR" "--uri and --spawn exclude each other"

# Any command, and a scenario that knows nothing of it.
expect 0 run "$WORK/spawned.yaml" --adapter redis_pubsub \
    --spawn "redis-server --port {port} --dir {dir} --save ''"
says "$OUT" "default: redis_pubsub at redis://127.0.0.1:"
nothing_left || fail "left behind: $(servers) $(ls "$TMPDIR")"

# Killed outright.
start run "$WORK/spawned.yaml" --set producers.0.rate=100/s
wait_for 10 eval '[ -n "$(servers)" ]'
[ -n "$(ls -A "$TMPDIR")" ] || fail "the server has no folder"
kill -KILL "$BACKGROUND_PID"
finish 137
wait_for 10 nothing_left || fail "left behind: $(servers) $(ls "$TMPDIR")"
