"""links.py: B12: what it costs to pass through a channel or a proxy that does nothing."""

from measure import Failure, column, median
from table import Row, at_least, at_most, microseconds, rate, show

WAYS = ("none", "inside", "tcp")
MANY = (50, 16, 800000)  # connections, in flight each, messages
ONE = (1, 1, 40000)
ADDED_US_MAX = 60.0


def publish(bench, way, plan):
    connections, in_flight, count = plan
    run = bench.gauntlet("publish.yaml", [f"broker.proxy={way}",
                                          f"producers.0.members={connections}",
                                          f"producers.0.in_flight={in_flight}",
                                          f"producers.0.batch={in_flight}",
                                          f"producers.0.count={count}"], uses_server=True)
    if run.result["messages"]["accepted"] != count:
        raise Failure(f"of {count} messages {run.result['messages']['accepted']} were accepted")
    found = {entry["metric"]: entry["p50_ns"] / 1e3 for entry in run.result["latencies"]}
    return {"rate": run.result["rates"]["publish_per_second"], "p50_us": found["publish"]}


def measure(bench, plan):
    return bench.interleave({way: lambda w=way: publish(bench, w, plan) for way in WAYS})


def added(measured, way):
    """Round by round, what the median round trip became longer by."""
    return [with_it - without for with_it, without in
            zip(column(measured, way, "p50_us"), column(measured, "none", "p50_us"))]


def show_links(bench):
    many = measure(bench, MANY)
    one = measure(bench, ONE)
    direct = column(many, "none", "rate")
    trip = column(one, "none", "p50_us")
    rows = []
    for way, words in (("inside", "channel, 50 x 16"), ("tcp", "TCP proxy, 50 x 16")):
        rows.append(Row(words, column(many, way, "rate"), direct, rate, at_least(0.9)))
    for way, words in (("inside", "channel, 1 x 1: added"), ("tcp", "TCP proxy, 1 x 1: added")):
        rows.append(Row(words, added(one, way), None, microseconds,
                        at_most(ADDED_US_MAX, microseconds), of_ratio=False))
    show(bench, "B12 links: publishing through a channel or a proxy that does nothing, and without",
         rows, [f"median round trip without: {median(trip):.1f} us"])
