# NATS JetStream, as a plugin, against a real nats-server: every required clause that it declares, also
# with the server killed, frozen and restarted; and runs of which every message is accounted for.  The
# server is a stock one, which takes no message above 1 MiB: larger ones go in parts.
. "$ROOT/tests/end_to_end/lib.sh"
command -v nats-server >/dev/null || skip "nats-server is needed"
PLUGIN=${BINARY%/*}/plugins/nats_jetstream.so
[ -f "$PLUGIN" ] || skip "the plugin was not built: libnats is needed"

PORT=$((40000 + (RANDOM * 32768 + RANDOM) % 20000))
URI=nats://127.0.0.1:$PORT
cat >"$WORK/server.conf" <<END
listen: 127.0.0.1:$PORT
jetstream { store_dir: $WORK/store }
END
cat >"$WORK/profile.yaml" <<END
control:
  start: exec nats-server -c $WORK/server.conf
END
nats-server -c "$WORK/server.conf" -t >/dev/null 2>&1 || skip "this nats-server has no JetStream"

# A quiet machine gives 0.  3 is borne only where every required clause that did not pass says that the
# machine was too busy for its times: this case runs beside others, and that is no fault of the plugin's.
conforms() {
    expect "0 1 3" conform "$PLUGIN" --uri "$URI" --profile "$WORK/profile.yaml" --out "$WORK/conform" "$@"
    python3 - "$WORK/conform/conformance.json" <<'END' || fail "required clauses were not passed"
import json, sys
good = "pass", "not run", "not applicable"
for clause in json.load(open(sys.argv[1]))["clauses"]:
    if clause["level"] == "R" and clause["verdict"] not in good and "too busy" not in str(clause["reason"]):
        sys.exit("%s %s: %s" % (clause["id"], clause["verdict"], clause["reason"]))
END
}
conforms
says "$OUT" "declares ORDERED_MESSAGING"
says_not "$OUT" "needs an adapter that lets the host dial"

# What only a consumer that is killed can show, and what one process must know of all its sessions.
rm -rf "$WORK/store"
conforms --isolate --clause 'DLV-*' --clause ACK-09 --clause BLK-09
says_not "$OUT" "Not run"

rm -rf "$WORK/store"
as_child nats-server -c "$WORK/server.conf" >"$WORK/nats.log" 2>&1 &
SERVER=$!
end_server() { kill -KILL "$SERVER" 2>/dev/null; clean_up; }
trap end_server EXIT
quickstart 50000
wait_for 10 "$BINARY" run "$WORK/quickstart.yaml" --adapter "$PLUGIN" --uri "$URI" --set producers.0.count=1 --quiet
expect 0 run "$WORK/quickstart.yaml" --adapter "$PLUGIN" --uri "$URI" --out "$WORK/out"
says "$OUT" "default: nats_jetstream at $URI, ORDERED_MESSAGING; healthy"
has "$WORK/out/result.json" verdict pass

cat >"$WORK/large.yaml" <<END
name: Large messages
broker: {adapter: "$PLUGIN", uri: "$URI"}
producers: [{name: shop, stream: orders, count: 6, payload: {size: 3MiB}}]
consumers: [{name: billing, stream: orders, batch: 2}]
expect: [no lost, no corrupted, no duplicates]
END
expect 0 run "$WORK/large.yaml"

# Nothing of a run is left on the server.
[ -z "$(find "$WORK/store" -name 'gauntlet*')" ] || fail "streams were left behind"

# A server that is away ends it with a reason.
kill -KILL "$SERVER"
expect 3 conform "$PLUGIN" --uri "$URI" --clause PUB-01
says "$ERR" "nats_jetstream at $URI cannot be reached"
expect 2 conform "$PLUGIN" --clause PUB-01
says "$ERR" "say where the server is: uri: nats://host:4222"
