# Proxies of real sockets: between the built-in adapters and Redis, and before an adapter that dials
# by itself, which is given the proxy's address.
. tests/end_to_end/lib.sh

redis_start
cat >"$WORK/proxied.yaml" <<YAML
broker: {adapter: redis, uri: "$REDIS_URI", proxy: tcp, redelivery_time: 300ms}
seed: 3
producers: [{name: shop, stream: orders, count: 2000, rate: 4000/s}]
consumers: [{name: billing, stream: orders, members: 2, batch: 20}]
faults:
  - {when: {at: 100ms}, do: {link: billing, cut: rst}}
  - {when: {at: 200ms, for: 100ms}, do: {link: billing-1, refuse: true}}
  - {when: {op: read, edge: reply, message: "shop-1#700"}, do: {link: billing, cut: rst}}
expect: [no lost, duplicates only with cause]
YAML
expect 0 run "$WORK/proxied.yaml"
says "$OUT" "reply of XREADGROUP"
[ "$(redis dbsize)" = 0 ] || fail "keys were left: $(redis keys '*')"

# Without a fault nothing changes but the way.
grep -v -e '^faults' -e 'when:' "$WORK/proxied.yaml" >"$WORK/plain.yaml"
expect 0 run "$WORK/plain.yaml"

expect 2 run "$WORK/plain.yaml" --set broker.proxy=udp
says "$ERR" "'udp' is no kind of proxy: say none, inside or tcp"

# An adapter that dials by itself.
command -v python3 >/dev/null || skip "python3 is needed for the rest"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/adapters/python
cat >"$WORK/dials.py" <<'PYTHON'
import socket
import urllib.parse
from gauntlet_adapter import Adapter, ConnectionLost, main


class DialsAdapter(Adapter):
    name, summary, capabilities = "dials", "lists over a socket of its own", ["SIMPLE_QUEUING"]
    address = None

    def connect(self):
        place = urllib.parse.urlsplit(self.address or self.instance.uri)
        self.file = socket.create_connection((place.hostname, place.port)).makefile("rwb")

    def ask(self, *words):
        for attempt in range(2):
            try:
                if not getattr(self, "file", None):
                    self.connect()
                self.file.write(b"*%d\r\n" % len(words))
                for word in words:
                    word = str(word).encode()
                    self.file.write(b"$%d\r\n%s\r\n" % (len(word), word))
                self.file.flush()
                return self.answer()
            except OSError as error:
                self.file = None
                lost = error
        raise ConnectionLost(str(lost))

    def answer(self):
        line = self.file.readline()
        if not line:
            raise OSError("the connection was closed")
        if line[:1] == b"$":
            size = int(line[1:])
            return None if size < 0 else self.file.read(size + 2)[:-2].decode()
        return int(line[1:]) if line[:1] == b":" else line[1:].strip().decode()

    def publish(self, stream, payload):
        return str(self.ask("RPUSH", stream, payload))

    def read(self, stream, group, count):
        position = self.ask("INCR", f"{stream}:{group}") - 1
        payload = self.ask("LINDEX", stream, position)
        if payload is None:
            self.ask("DECR", f"{stream}:{group}")
            return []
        return [(str(position), payload)]

    def ensure_group(self, stream, group):
        pass

    def ping(self):
        return self.ask("PING") == "PONG"


if __name__ == "__main__":
    main(DialsAdapter)
PYTHON
cat >"$WORK/own.yaml" <<YAML
broker: {adapter: "exec:python3 $WORK/dials.py", uri: "$REDIS_URI"}
seed: 3
producers: [{name: shop, stream: orders, count: 50, in_flight: 1, batch: 1}]
consumers: [{name: billing, stream: orders, batch: 1}]
faults:
  - {when: {op: publish, edge: reply, times: 2}, do: {link: shop, cut: rst}}
expect: [no corrupted, no phantom]
YAML
expect "0 1" run "$WORK/own.yaml"
says "$OUT" "met default: reply of RPUSH"

# It does not dial what it was given.
sed "s|address = None|address = '$REDIS_URI'|" "$WORK/dials.py" >"$WORK/deaf.py"
sed "s|dials.py|deaf.py|" "$WORK/own.yaml" >"$WORK/deaf.yaml"
expect 3 run "$WORK/deaf.yaml"
says "$OUT" "the adapter did not dial the address it was given"
