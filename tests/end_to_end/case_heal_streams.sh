# SIGKILL of a run on somebody's server leaves its private streams there; heal removes them, and
# nothing that is not of that run.
. tests/end_to_end/lib.sh

redis_start
export XDG_STATE_HOME="$WORK/state"
scenario long <<YAML
name: Long
broker: {adapter: redis, uri: $REDIS_URI}
producers: [{name: shop, stream: orders, for: 60s, rate: 500/s}]
consumers: [{name: billing, stream: orders, group: billing, members: 2, nack: 1%}]
YAML
undos() {
    find "$WORK/state" -name undo.json 2>/dev/null
}
redis set mine 1 >/dev/null
redis xadd gauntlet:00000000:orders 1-1 a b >/dev/null # another run's

# A run that ends by itself leaves nothing, on the server or on disk.
expect 0 run "$WORK/long.yaml" --set producers.0.for=200ms
[ "$(redis dbsize)" = 2 ] || fail "keys were left: $(redis keys '*')"
[ -z "$(undos)" ] || fail "an undo was left: $(undos)"

# Killed outright.
start run "$WORK/long.yaml"
pid=$BACKGROUND_PID
orders() {
    redis keys 'gauntlet:*:orders' | grep -v 00000000
}
wait_for 10 orders
"$BINARY" heal >"$WORK/heal.out" 2>"$WORK/heal.err" && fail "what a living run needs was removed"
says "$WORK/heal.err" "still under way"
kill -KILL "$pid"
finish 137
[ -n "$(orders)" ] || fail "there is nothing to heal"
[ "$(undos | wc -l)" = 1 ] || fail "it is not on record what the run left"
says "$(undos)" "$(orders)"
expect 0 heal
says "$OUT" "healed  streams of broker default"
[ "$(redis dbsize)" = 2 ] || fail "keys are left: $(redis keys '*')"
[ "$(redis get mine)" = 1 ] || fail "a key of somebody else is gone"
[ "$(redis xlen gauntlet:00000000:orders)" = 1 ] || fail "another run's stream is gone"
[ -z "$(undos)" ] || fail "the undo was left after healing"

# A file that names what is not of its run is not obeyed.
mkdir -p "$WORK/forged"
cat >"$WORK/forged/undo.json" <<JSON
{"version": 1, "run": "1a2b3c4d", "undos": [{"number": 1, "broker": "default", "adapter": "redis",
 "fault": "streams", "uri": "$REDIS_URI", "undo": {"streams": ["gauntlet:00000000:orders"]}}]}
JSON
expect 3 heal "$WORK/forged"
says "$ERR" "is no stream of run 1a2b3c4d"
[ "$(redis xlen gauntlet:00000000:orders)" = 1 ] || fail "another run's stream is gone"
