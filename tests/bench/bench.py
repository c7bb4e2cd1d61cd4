"""bench.py: the benchmarks by name.  Started by run.sh: bench.py BINARY WORK PORT [B1 B2 ...]"""

import signal
import sys
import time

from in_process import show_inline, show_memory, show_pace
from links import show_links
from measure import Bench, Failure, say
from on_redis import OnRedis, show_cost, show_end_to_end, show_publish
from simulation import show_simulation
from start_up import show_start
from strangers import show_strangers
from truth import show_truth


def main(argv):
    bench = Bench(argv[1], argv[2], int(argv[3]))
    on_redis = OnRedis(bench)
    benchmarks = {
        "B1": lambda: show_publish(bench, on_redis),
        "B2": lambda: show_end_to_end(bench, on_redis),
        "B3": lambda: show_cost(bench, on_redis),
        "B4": lambda: show_inline(bench),
        "B5": lambda: show_truth(bench),
        "B6": lambda: show_pace(bench),
        "B7": lambda: show_memory(bench),
        "B9": lambda: show_simulation(bench),
        "B10": lambda: show_start(bench),
        "B11": lambda: show_strangers(bench),
        "B12": lambda: show_links(bench),
    }
    chosen = argv[4:] or list(benchmarks)
    for name in chosen:
        if name not in benchmarks:
            say(f"bench: no benchmark '{name}': there are {', '.join(benchmarks)}")
            return 2
    begin = time.monotonic()
    say(f"{bench.rounds} rounds, each measured in turn with its reference; "
        f"ratios are gauntlet / reference, round by round")
    say()
    for name in chosen:
        try:
            benchmarks[name]()
        except Failure as failure:
            bench.failed += 1
            bench.wipe()
            say(f"{name} could not be measured: {failure}")
            say()
    say(f"{time.monotonic() - begin:.0f} s; {bench.missed} targets missed, "
        f"{bench.failed} benchmarks could not be measured")
    return 3 if bench.failed else 0


def stop(*_):
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        sys.exit(main(sys.argv))
    except KeyboardInterrupt:
        sys.exit(130)
