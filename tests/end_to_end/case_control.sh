# Somebody's server is driven by commands; what is missing is refused at load, with the key to add.
. tests/end_to_end/lib.sh

redis_start
scenario frozen <<YAML
name: Frozen
broker:
  adapter: redis
  uri: $REDIS_URI
  control: {pause: kill -STOP $REDIS_PID, continue: kill -CONT $REDIS_PID}
producers: [{name: shop, stream: orders, for: 1s, rate: 100/s}]
consumers: [{name: billing, stream: orders}]
faults:
  - when: {at: 200ms, for: 300ms}
    do: {broker: default, pause: true}
expect: [no lost]
YAML
expect 2 run "$WORK/frozen.yaml"
says "$ERR" "--destructive"
expect 0 run "$WORK/frozen.yaml" --destructive --out "$WORK/out"
says "$OUT" "pause default"
[ ! -e "$WORK/out/undo.json" ] || fail "an undo was left after healing"
expect 2 run "$WORK/frozen.yaml" --destructive --set 'broker.control={continue: true}'
says "$ERR" "add 'control: {pause: COMMAND}'"
expect 2 run "$WORK/frozen.yaml" --destructive --set broker.control=null
says "$ERR" "spawn"

# Killed while it is frozen: heal thaws it.
start run "$WORK/frozen.yaml" --destructive --set faults.0.when.for=60s --out "$WORK/killed"
wait_for 10 eval '[ "$(cut -d" " -f3 /proc/$REDIS_PID/stat)" = T ]'
kill -KILL "$BACKGROUND_PID"
finish 137
expect 0 heal "$WORK/killed"
says "$OUT" "healed  pause of broker default"
[ "$(redis ping)" = PONG ] || fail "the server is still frozen"
