# SIGKILL leaves no process behind.
. tests/end_to_end/lib.sh

redis_start
scenario long <<YAML
name: Long
broker: {adapter: redis, uri: $REDIS_URI}
streams: [orders]
producers: [{name: shop, stream: orders, for: 60s, rate: 2000/s}]
consumers: [{name: billing, stream: orders, group: billing}]
YAML
export GAUNTLET_E2E_MARK=$$.$RANDOM
start run "$WORK/long.yaml"
pid=$BACKGROUND_PID
unset_mark=$GAUNTLET_E2E_MARK
export -n GAUNTLET_E2E_MARK
wait_for 10 find_stream orders
marked() {
    local file
    for file in /proc/[0-9]*/environ; do
        tr '\0' '\n' 2>/dev/null <"$file" | grep -qx "GAUNTLET_E2E_MARK=$unset_mark" && echo "$file"
    done 2>/dev/null
}
[ "$(marked)" = "/proc/$pid/environ" ] || fail "the mark is not where it should be: $(marked)"
kill -KILL "$pid"
finish 137
[ -z "$(marked)" ] || fail "processes were left: $(marked)"
wait_for 10 eval '[ "$(redis info clients | tr -d "\r" | sed -n s/^connected_clients://p)" = 1 ]'
