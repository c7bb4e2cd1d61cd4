"""on_redis.py: B1 publish, B2 end to end, B3 what they cost the client."""

import re

from measure import Failure, column, median
from table import Row, at_least, at_most, microseconds, rate, show

PAYLOAD = 100
KEY = "gauntlet:00000000:bench"  # as long as a name that Gauntlet gives
# connections, in flight, messages (about a second's worth), least ratio
CASES = ((50, 1, 120000, 1.3), (50, 16, 800000, 1.0), (50, 64, 1000000, 0.97),
         (1, 64, 500000, 0.97))
END_TO_END = {"count": 1000000, "in_flight": 1024, "batch": 1000}
CPU_US_MAX = 0.6


def check_complete(run, count):
    """Every message stands in the ledger, or the number is worth nothing."""
    messages = run.result["messages"]
    if messages["attempted"] != count or messages["accepted"] != count:
        raise Failure(f"of {count} messages {messages['accepted']} were accepted")
    for group in run.result["groups"]:
        if group["first"] != count or group["settled"] != count:
            raise Failure(f"group {group['name']}: {group['first']} delivered, "
                          f"{group['settled']} settled of {count}")
    for family, counts in run.result["anomalies"].items():
        if counts["disallowed"]:
            raise Failure(f"{counts['disallowed']} {family}")


def publish_gauntlet(bench, connections, in_flight, count):
    before = bench.input_bytes()
    run = bench.gauntlet("publish.yaml", [f"producers.0.members={connections}",
                                          f"producers.0.in_flight={in_flight}",
                                          f"producers.0.batch={in_flight}",
                                          f"producers.0.count={count}"], uses_server=True)
    check_complete(run, count)
    return {"rate": run.result["rates"]["publish_per_second"],
            "cpu_us": run.cpu_s * 1e6 / count,
            "bytes": (bench.input_bytes() - before) / count}


def publish_benchmark(bench, connections, in_flight, count):
    before = bench.input_bytes()
    run = bench.run(["redis-benchmark", "-p", str(bench.port), "-c", str(connections), "-P",
                     str(in_flight), "-n", str(count), "-q", "XADD", KEY, "*", "data",
                     "x" * PAYLOAD])
    found = re.findall(r"([0-9.]+) requests per second", run.out)
    if run.code != 0 or not found:
        raise Failure(f"redis-benchmark: {run.err.strip() or run.out.strip()}")
    return {"rate": float(found[-1]), "cpu_us": run.cpu_s * 1e6 / count,
            "bytes": (bench.input_bytes() - before) / count}


def publish_ceiling(bench, connections, in_flight, count):
    numbers = bench.ceiling("publish", bench.port, connections, in_flight, count, PAYLOAD, KEY)
    return {"rate": numbers["rate"], "cpu_us": numbers["cpu_us_per_message"]}


class OnRedis:
    """Measured once, shown by B1, B2 and B3."""

    def __init__(self, bench):
        self.bench = bench
        self.published = None
        self.moved = None

    def publish(self):
        if self.published is None:
            subjects = (publish_gauntlet, publish_benchmark, publish_ceiling)
            self.published = {
                case: self.bench.interleave(
                    {subject.__name__: lambda s=subject, c=case: s(self.bench, *c[:3])
                     for subject in subjects})
                for case in CASES}
        return self.published

    def end_to_end_gauntlet(self):
        plan = END_TO_END
        run = self.bench.gauntlet("end_to_end.yaml", [f"producers.0.count={plan['count']}"],
                                  uses_server=True)
        check_complete(run, plan["count"])
        return {"rate": run.result["rates"]["deliver_per_second"],
                "cpu_us": run.cpu_s * 1e6 / plan["count"]}

    def end_to_end_ceiling(self):
        plan = END_TO_END
        numbers = self.bench.ceiling("end_to_end", self.bench.port, plan["count"],
                                     plan["in_flight"], plan["batch"], PAYLOAD, KEY)
        return {"rate": numbers["rate"], "cpu_us": numbers["cpu_us_per_message"]}

    def end_to_end(self):
        if self.moved is None:
            self.moved = self.bench.interleave({"gauntlet": self.end_to_end_gauntlet,
                                                "ceiling": self.end_to_end_ceiling})
        return self.moved


def show_publish(bench, shared):
    rows = []
    sizes = []
    for case, measured in shared.publish().items():
        name = f"{case[0]} x {case[1]}"
        own = column(measured, "publish_gauntlet", "rate")
        rows.append(Row(f"{name}, redis-benchmark", own,
                        column(measured, "publish_benchmark", "rate"), rate, at_least(case[3])))
        rows.append(Row(f"{name}, raw epoll loop", own,
                        column(measured, "publish_ceiling", "rate"), rate))
        sizes.append(f"{median(column(measured, 'publish_gauntlet', 'bytes')):.1f}/"
                     f"{median(column(measured, 'publish_benchmark', 'bytes')):.1f}")
    show(bench, "B1 publish: XADD, connections x in flight, 100-byte payloads, all in the ledger",
         rows, [f"bytes the server read per command, gauntlet/redis-benchmark: {', '.join(sizes)}"])


def show_end_to_end(bench, shared):
    measured = shared.end_to_end()
    show(bench, "B2 end to end: XADD -> XREADGROUP -> XACK, every message checked",
         [Row("1 producer, 1 consumer, raw loop", column(measured, "gauntlet", "rate"),
              column(measured, "ceiling", "rate"), rate, at_least(0.95))])


def show_cost(bench, shared):
    moved = shared.end_to_end()
    rows = [Row("end to end, raw loop", column(moved, "gauntlet", "cpu_us"),
                column(moved, "ceiling", "cpu_us"), microseconds,
                at_most(CPU_US_MAX, microseconds), of_ratio=False)]
    for case, measured in shared.publish().items():
        rows.append(Row(f"publish {case[0]} x {case[1]}, redis-benchmark",
                        column(measured, "publish_gauntlet", "cpu_us"),
                        column(measured, "publish_benchmark", "cpu_us"), microseconds,
                        at_most(1.0)))
    show(bench, "B3 client CPU per message, whole process, from exec to exit", rows,
         ["all reports are written, but for their charts: gnuplot, another program, draws those, "
          "and takes", "about 14 ms of CPU a run whatever the count (0.014 us a message of 1 M)"])
