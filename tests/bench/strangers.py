"""strangers.py: B11: messages through adapters in other processes."""

import os
import shlex

from measure import column
from table import Row, at_least, rate, show

TARGETS = {"C": 100_000.0, "Python": 30_000.0}


def command_of(bench, language):
    top = os.path.join(bench.here, "../..")
    if language == "Python":
        return f"exec:python3 {shlex.quote(os.path.join(top, 'adapters/python/example.py'))}"
    folder = os.path.dirname(os.path.abspath(bench.binary))
    return f"exec:{shlex.quote(os.path.join(folder, 'fakes/stdio_broker'))}"


def measure_strangers(bench, language):
    run = bench.gauntlet("strangers.yaml", flags=["--adapter", command_of(bench, language)])
    return {"rate": run.result["rates"]["deliver_per_second"]}


def show_strangers(bench):
    subjects = {name: lambda name=name: measure_strangers(bench, name) for name in TARGETS}
    measured = bench.interleave(subjects)
    rows = [Row(f"{name}: published, and delivered to one group", column(measured, name, "rate"),
                None, rate, at_least(target, rate), of_ratio=False)
            for name, target in TARGETS.items()]
    show(bench, "B11 strangers: messages through an adapter in another process, in batches", rows,
         ["C: the reference broker behind the stdio protocol",
          "Python: the worked example of the kit"])
