"""truth.py: B5: latencies under stops of the server, against what they must be."""

import os
import signal
import threading
import time

from measure import column
from table import Row, milliseconds, show, within

FOR_S = 12.0
PERIOD_S = 2.0
STOP_S = 0.2
ROUNDS = 3  # each takes as long as its run


class Stopper(threading.Thread):
    """Stops a process for a while, again and again; how long it was really stopped."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.begin = time.monotonic()
        self.stops_s = []

    def run(self):
        for i in range(int(FOR_S / PERIOD_S)):
            time.sleep(max(0.0, self.begin + PERIOD_S * (i + 0.5) - time.monotonic()))
            os.kill(self.pid, signal.SIGSTOP)
            begin = time.monotonic()
            time.sleep(STOP_S)
            os.kill(self.pid, signal.SIGCONT)
            self.stops_s.append(time.monotonic() - begin)


def quantile_s(stops_s, share):
    """Messages are due at a constant rate, so of a stop of s seconds the part (s - x) / s waits
    longer than x.  The x that 1 - share of all messages wait longer than."""
    wanted = (1.0 - share) * FOR_S
    low, high = 0.0, max(stops_s)
    for _ in range(60):
        middle = (low + high) / 2
        longer = sum(max(0.0, stop - middle) for stop in stops_s)
        low, high = (middle, high) if longer > wanted else (low, middle)
    return high


def measure_truth(bench):
    stopper = Stopper(bench.server_pid)
    stopper.start()
    try:
        run = bench.gauntlet("truth.yaml", uses_server=True)
    finally:
        stopper.join()
        os.kill(bench.server_pid, signal.SIGCONT)
    found = {entry["metric"]: entry["p99_ns"] / 1e6 for entry in run.result["latencies"]}
    return {"true": quantile_s(stopper.stops_s, 0.99) * 1e3, "publish": found["publish"],
            "deliver": found["deliver"]}


def show_truth(bench):
    measured = {"truth": [measure_truth(bench) for _ in range(min(ROUNDS, bench.rounds))]}
    true = column(measured, "truth", "true")
    rows = [Row(f"p99 of {metric}", column(measured, "truth", metric), true, milliseconds,
                within(0.02), digits=4) for metric in ("publish", "deliver")]
    show(bench, "B5 truth: the server stopped 200 ms in every 2 s, 5000/s; the reference is what "
         "follows from the stops", rows,
         ["redis-benchmark and a closed loop call it under 1 ms: they wait with the server"])
