"""start_up.py: B10: how soon after exec the first message is sent."""

import os
import re
import socket
import threading
import time

from measure import Failure, column
from table import Row, at_most, milliseconds, show

TARGET_MS = 20.0
QUICKSTART = "../../scenarios/quickstart.yaml"


def inline_start(bench):
    """By the run's own clock: sending begins at start_ns + the start of the series of sent
    messages, both on CLOCK_MONOTONIC, which this program reads just before it starts the run."""
    run = bench.gauntlet(QUICKSTART, ["producers.0.count=1000"])
    result = run.result
    sending_ns = result["start_ns"] + result["series"]["sent"]["start_ns"]
    return {"ms": (sending_ns - run.started_ns) / 1e6, "whole_ms": run.wall_s * 1e3}


class Monitor(threading.Thread):
    """Listens to MONITOR until the first XADD passes; the server's own time of it."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.connection = socket.create_connection(("127.0.0.1", port), 10)
        self.connection.sendall(b"MONITOR\r\n")
        if not self.connection.recv(5).startswith(b"+OK"):
            raise Failure("the server refuses MONITOR")
        self.first_s = None

    def run(self):
        seen = b""
        while self.first_s is None:
            part = self.connection.recv(65536)
            seen += part
            found = re.search(rb'\+([0-9.]+) \[[^]]*\] "XADD"', seen, re.IGNORECASE)
            self.first_s = float(found.group(1)) if found else None
            if not part:
                return

    def close(self):
        self.join(5)
        self.connection.close()


def redis_start(bench):
    """From outside: when the server took the first XADD, by its clock, on the same machine."""
    monitor = Monitor(bench.port)
    monitor.start()
    run = bench.gauntlet("start.yaml", uses_server=True)
    monitor.close()
    if monitor.first_s is None:
        raise Failure("no XADD reached the server")
    return {"ms": monitor.first_s * 1e3 - run.started_wall_ns / 1e6, "whole_ms": run.wall_s * 1e3}


def exec_alone(bench):
    begin_ns = time.monotonic_ns()
    bench.run(["true"])
    return {"ms": (time.monotonic_ns() - begin_ns) / 1e6}


def show_start(bench):
    subjects = {"redis": lambda: redis_start(bench), "true": lambda: exec_alone(bench)}
    if os.path.exists(os.path.join(bench.here, QUICKSTART)):
        subjects["inline"] = lambda: inline_start(bench)
    measured = bench.interleave(subjects)
    reference = column(measured, "true", "ms")
    rows = [Row(f"{name}: first message, 'true'", column(measured, name, "ms"), reference,
                milliseconds, at_most(TARGET_MS, milliseconds), of_ratio=False)
            for name in ("inline", "redis") if name in measured]
    show(bench, "B10 start: from fork and exec to the first message; beside it a run of 'true'",
         rows, ["inline: when sending begins, by result.json on CLOCK_MONOTONIC",
                "redis: when the server takes the first XADD, by MONITOR"])
