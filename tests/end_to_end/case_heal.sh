# A fault that changes somebody's server is refused without --destructive; what undoes it is on disk
# before it is done, so that the server is put right also after SIGKILL; and no secret is in the file.
. tests/end_to_end/lib.sh

export REDISCLI_AUTH=hunter2
redis_start --requirepass hunter2
export REDIS_PLACE="redis://:hunter2@127.0.0.1:$REDIS_PORT/0"
export XDG_STATE_HOME="$WORK/state"
scenario faulty <<'YAML'
name: Faulty
broker: {adapter: redis, uri: "${REDIS_PLACE}"}
producers: [{name: shop, stream: orders, for: 20s, rate: 100/s}]
consumers: [{name: billing, stream: orders}]
faults:
  - when: {at: 50ms}
    do: {broker: default, out_of_memory: 1}
  - when: {at: 50ms}
    do: {broker: default, deny: xack}
YAML
setting() {
    redis config get "$1" | tail -n 1
}
may_ack() {
    redis acl getuser default | grep -q -- '-xack' && return 1
    return 0
}
broken() {
    [ "$(setting maxmemory)" = 1 ] && ! may_ack
}
redis config set maxmemory 64mb >/dev/null

expect 2 run "$WORK/faulty.yaml"
says "$ERR" "changes a server that this run did not start"
says "$ERR" "--destructive"
[ "$(setting maxmemory)" = 67108864 ] || fail "the server was changed all the same"

# Healed by the run itself: nothing stays on disk.
"$BINARY" run "$WORK/faulty.yaml" --destructive --set producers.0.for=300ms --out "$WORK/own" >"$OUT" 2>"$ERR" || [ $? != 2 ] || fail "it did not run"
says "$OUT" "out_of_memory 1 default"
[ "$(setting maxmemory)" = 67108864 ] || fail "the run did not put maxmemory back"
may_ack || fail "the run did not allow xack again"
[ ! -e "$WORK/own/undo.json" ] || fail "an undo was left after healing"

# Killed outright.
start run "$WORK/faulty.yaml" --destructive --out "$WORK/out"
wait_for 10 broken
kill -KILL "$BACKGROUND_PID"
finish 137
broken || fail "the fault is gone by itself"
says "$WORK/out/undo.json" '"maxmemory"'
says_not "$WORK/out/undo.json" hunter2
expect 2 run "$WORK/faulty.yaml" --destructive --out "$WORK/out"
says "$ERR" "gauntlet heal"
(unset REDIS_PLACE && expect 3 heal "$WORK/out") || exit 1
says "$ERR" "REDIS_PLACE"
[ -e "$WORK/out/undo.json" ] || fail "what was not healed is forgotten"
expect 0 heal "$WORK/out"
says "$OUT" "healed  out_of_memory of broker default"
[ "$(setting maxmemory)" = 67108864 ] || fail "maxmemory was not put back: $(setting maxmemory)"
may_ack || fail "xack is still denied"
[ ! -e "$WORK/out/undo.json" ] || fail "the undo was left after healing"
expect 2 heal "$WORK/out"
says "$ERR" "nothing to heal"

# Without --out it is in the state folder, and heal finds it there; a literal password is asked for.
start run "$WORK/faulty.yaml" --destructive --uri "$REDIS_PLACE"
wait_for 10 broken
kill -KILL "$BACKGROUND_PID"
finish 137
! grep -rq hunter2 "$WORK/state" || fail "a password is on disk"
expect 3 heal
says "$ERR" "say --uri"
expect 0 heal --uri "$REDIS_PLACE"
[ "$(setting maxmemory)" = 67108864 ] || fail "maxmemory was not put back: $(setting maxmemory)"
may_ack || fail "xack is still denied"
[ -z "$(find "$WORK/state" -name undo.json)" ] || fail "the undo was left after healing"
