# A second Ctrl-C ends the process at once.
. tests/end_to_end/lib.sh

scenario long <<'YAML'
name: Long
drain: 60s
broker: {adapter: inline}
streams: [orders]
producers: [{name: shop, stream: orders, for: 60s, rate: 2000/s}]
consumers: [{name: billing, stream: orders, group: billing, work: 1s}]
expect: [no lost]
YAML
start run "$WORK/long.yaml"
sleep 0.5
kill -INT "$BACKGROUND_PID"
sleep 0.1
kill -INT "$BACKGROUND_PID" 2>/dev/null
begin=$EPOCHREALTIME
finish 3
awk "BEGIN { exit ${EPOCHREALTIME/,/.} - ${begin/,/.} > 1.0 }" || fail "it did not end at once"
