"""simulation.py: B9: small random scenarios a second, in virtual time on one core."""

import os
import re

from measure import Failure, column
from table import Row, at_least, rate, show

SEEDS = 40000
TARGET = 20000.0


def explore(bench):
    run = bench.run([bench.binary, "explore", os.path.join(bench.here, "small.yaml"), "--seed", "1",
                     "--seeds", str(SEEDS), "--quiet"])
    if run.code != 0 or not re.search(r"none failed", run.out):
        raise Failure(f"exit code {run.code}: {run.err.strip() or run.out.strip()}")
    return {"rate": SEEDS / run.wall_s, "cpu_rate": SEEDS / run.cpu_s}


def show_simulation(bench):
    measured = bench.interleave({"explore": lambda: explore(bench)}, wipe=False)
    show(bench, f"B9 simulation: explore, {SEEDS} seeds of a scenario of 20 messages, 3 actors, "
                "random arrivals, sizes, work and nacks",
         [Row("scenarios", column(measured, "explore", "rate"), None, rate, at_least(TARGET, rate),
              of_ratio=False),
          Row("per second of CPU", column(measured, "explore", "cpu_rate"), None, rate)])
