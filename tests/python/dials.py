"""An adapter that dials by itself: lists of a Redis server, over a socket of its own."""

import socket
import urllib.parse
from gauntlet_adapter import Adapter, ConnectionLost, main


class DialsAdapter(Adapter):
    name, summary, capabilities = "dials", "lists over a socket of its own", ["SIMPLE_QUEUING"]
    address = None

    def connect(self):
        place = urllib.parse.urlsplit(self.address or self.instance.uri)
        self.file = socket.create_connection((place.hostname, place.port)).makefile("rwb")

    def ask(self, *words, attempts=2):
        for attempt in range(attempts):
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
        return str(self.ask("RPUSH", stream, payload, attempts=1) - 1)

    def read(self, stream, group, count):
        taken = []
        while len(taken) < count:
            position = self.ask("INCR", f"{stream}:{group}") - 1
            payload = self.ask("LINDEX", stream, position)
            if payload is None:
                self.ask("DECR", f"{stream}:{group}")
                break
            taken.append((str(position), payload))
        return taken

    def ensure_group(self, stream, group):
        pass

    def ping(self):
        return self.ask("PING") == "PONG"


if __name__ == "__main__":
    main(DialsAdapter)
