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

# One exchange of the protocol is cut, through a proxy that reads it: the call is tried again on a new
# connection, and brings what it would have brought.
cat >"$WORK/cutter.py" <<'PYTHON'
# cutter.py TARGET_PORT PATTERN EDGE: says its port, and cuts the connection on which PATTERN is first
# asked for, before the request or in place of the reply.
import re, socket, sys, threading
target, pattern, edge = int(sys.argv[1]), re.compile(sys.argv[2].encode()), sys.argv[3]
has_cut, lock = threading.Event(), threading.Lock()

def is_due(data):
    with lock:
        if has_cut.is_set() or not pattern.search(data):
            return False
        has_cut.set()
        print("cut", flush=True)
        return True

def pump(source, sink, is_request, muted):
    try:
        for data in iter(lambda: source.recv(65536), b""):
            if is_request and is_due(data):
                muted.set()
            if muted.is_set() and (edge == "request" or not is_request):
                break
            sink.sendall(data)
    except OSError:
        pass
    for end in source, sink:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, server, muted = listener.accept()[0], socket.create_connection(("127.0.0.1", target)), threading.Event()
    threading.Thread(target=pump, args=(client, server, True, muted), daemon=True).start()
    threading.Thread(target=pump, args=(server, client, False, muted), daemon=True).start()
PYTHON
cut_at() { # PATTERN EDGE ARGUMENTS...: the command, with CUT_URI in place of @URI@
    as_child python3 "$WORK/cutter.py" "$PORT" "$1" "$2" >"$WORK/cutter.out" &
    CUTTER=$!
    wait_for 10 test -s "$WORK/cutter.out"
    shift 2
    expect 0 "${@//@URI@/nats://127.0.0.1:$(head -1 "$WORK/cutter.out")}"
    kill -KILL "$CUTTER"
    wait "$CUTTER" 2>/dev/null
    says "$WORK/cutter.out" cut
}
sed 's/no duplicates/&, drained within 10s/' "$WORK/large.yaml" >"$WORK/large-cut.yaml"
# What was in hand before a crash, what lies beside the stream, and what a trim removed.
cut_at 'MSG\.GET\.(?!\S*__)' request conform "$PLUGIN" --uri @URI@ --clause ORD-04
says "$OUT" "ok      ORD-04"
cut_at 'STREAM\.PURGE' reply conform "$PLUGIN" --uri @URI@ --clause RET-03
says "$OUT" "ok      RET-03"
cut_at 'MSG\.GET\.\S*__parts' request run "$WORK/large-cut.yaml" --uri @URI@

# Nothing of a run is left on the server.
[ -z "$(find "$WORK/store" -name 'gauntlet*')" ] || fail "streams were left behind"

# A server that is away ends it with a reason.
kill -KILL "$SERVER"
expect 3 conform "$PLUGIN" --uri "$URI" --clause PUB-01
says "$ERR" "nats_jetstream at $URI cannot be reached"
expect 2 conform "$PLUGIN" --clause PUB-01
says "$ERR" "say where the server is: uri: nats://host:4222"
