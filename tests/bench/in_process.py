"""in_process.py: B4 inline, B6 pacing, B7 memory: no server."""

import os

from measure import Failure, column, median
from on_redis import check_complete
from table import (Row, at_least, at_most, byte_count, megabytes, microseconds, percent, rate, show,
                   within)

INLINE_COUNT = 10000000
INLINE_ROUNDS = 4  # for each that is asked for: a run takes 0.4 s, and neighbours disturb it by 5 %
PAYLOAD = 100
RATES = (1000, 10000, 100000, 1000000)
PACE_SECONDS = 3
PACE_ROUNDS_MAX = 3
SPIN = "100ms"
MEMORY_FULL = 100000000
MEMORY_TARGET = 400.0  # MB
TABLE_BYTES = 2  # a message: one byte, and one more for its group
MEGABYTE = 1e6


# --- B4 ---------------------------------------------------------------------------------------


def inline_gauntlet(bench, *flags):
    run = bench.gauntlet("inline.yaml", [f"producers.0.count={INLINE_COUNT}"], flags)
    if "--unverified" not in flags:
        check_complete(run, INLINE_COUNT)
    return {"rate": run.result["rates"]["deliver_per_second"],
            "cpu_us": run.cpu_s * 1e6 / INLINE_COUNT}


def inline_ceiling(bench):
    numbers = bench.ceiling("inline", INLINE_COUNT, 1000, 250, PAYLOAD)
    return {"rate": numbers["rate"], "cpu_us": numbers["cpu_us_per_message"]}


def show_inline(bench):
    measured = bench.interleave({"checked": lambda: inline_gauntlet(bench),
                                 "unchecked": lambda: inline_gauntlet(bench, "--unverified"),
                                 "ceiling": lambda: inline_ceiling(bench)},
                                rounds=INLINE_ROUNDS * bench.rounds, wipe=False)
    checked, unchecked = (column(measured, name, "rate") for name in ("checked", "unchecked"))
    # What checking takes of a message's time; and by CPU time, which neighbours disturb less.
    shares = [(1 - c / u) * 100 for c, u in zip(checked, unchecked)]
    busy, busy_unchecked = (column(measured, name, "cpu_us") for name in ("checked", "unchecked"))
    busy_shares = [(1 - u / c) * 100 for c, u in zip(busy, busy_unchecked)]
    show(bench, "B4 in process: publish -> deliver -> ack -> verify on one core, "
                "1 producer, 1 consumer",
         [Row("checked, ring and byte map", checked, column(measured, "ceiling", "rate"), rate,
              at_least(1e7, rate), of_ratio=False),
          Row("unchecked, ring and byte map", unchecked, column(measured, "ceiling", "rate"), rate),
          Row("share of the time for checking", shares, None, percent, at_most(25.0, percent),
              of_ratio=False),
          Row("checked, per second of CPU", [1e6 / each for each in busy],
              [1e6 / each for each in column(measured, "ceiling", "cpu_us")], rate),
          Row("share of the CPU for checking", busy_shares, None, percent)],
         [f"short runs, {len(shares)} rounds of them"])


# --- B6 ---------------------------------------------------------------------------------------


def latency(run, metric, key):
    for entry in run.result["latencies"]:
        if entry["metric"] == metric:
            return entry[key]
    raise Failure(f"the result has no {metric}")


def pace(bench, wanted, flags):
    run = bench.gauntlet("pace.yaml", [f"producers.0.rate={wanted}/s",
                                       f"producers.0.for={PACE_SECONDS}s"], flags)
    sent = run.result["messages"]["accepted"]
    # n messages span n - 1 gaps.
    return {"rate": (sent - 1) * 1e9 / run.result["publish_ns"],
            "sent": sent,
            "lateness_us": latency(run, "lateness", "p50_ns") / 1e3,
            "lateness_p99_us": (latency(run, "lateness", "p99_ns") or 0) / 1e3}


def pace_rows(wanted, measured):
    target = float(wanted)
    rows = []
    for name in ("sleeping", "spinning"):
        achieved = column(measured, name, "rate")
        rows.append(Row(f"{rate(target)} {name}, as asked", achieved, [target] * len(achieved),
                        rate, within(0.001), digits=4))
    late = (("sleeping", at_most(60.0, microseconds)), ("spinning", at_most(1.0, microseconds)))
    for name, limit in late:
        rows.append(Row(f"{rate(target)} lateness p50 {name}",
                        column(measured, name, "lateness_us"), None, microseconds, limit))
    rows.append(Row(f"{rate(target)} lateness p99 sleeping",
                    column(measured, "sleeping", "lateness_p99_us"), None, microseconds))
    return rows


def show_pace(bench):
    rows, notes = [], []
    for wanted in RATES:
        measured = bench.interleave({"sleeping": lambda w=wanted: pace(bench, w, ()),
                                     "spinning": lambda w=wanted: pace(bench, w, ("--spin", SPIN))},
                                    rounds=min(bench.rounds, PACE_ROUNDS_MAX), wipe=False)
        rows += pace_rows(wanted, measured)
        sent = median(column(measured, "sleeping", "sent"))
        if sent != wanted * PACE_SECONDS:
            notes.append(f"{rate(float(wanted))}: {sent:.0f} messages sent in {PACE_SECONDS} s, "
                         f"{wanted * PACE_SECONDS} were asked for")
    show(bench, f"B6 pacing: a constant rate for {PACE_SECONDS} s on the null broker", rows, notes)


# --- B7 ---------------------------------------------------------------------------------------


def memory(bench, count):
    run = bench.gauntlet("inline.yaml", [f"producers.0.count={count}"])
    check_complete(run, count)
    return run.rss_bytes / MEGABYTE


def show_memory(bench):
    count = MEMORY_FULL if os.environ.get("B7") == "full" else MEMORY_FULL // 5
    small = count // 4
    few, many = memory(bench, small), memory(bench, count)
    slope = (many - few) * MEGABYTE / (count - small)
    whole = many + slope * (MEMORY_FULL - count) / MEGABYTE
    name = "100 M messages" if count == MEMORY_FULL else "100 M messages, by extension"
    rows = [Row(f"peak memory, {small // 1000000} M messages", [few], None, megabytes),
            Row(f"peak memory, {count // 1000000} M messages", [many], None, megabytes),
            Row("each further message, tables alone", [slope], [float(TABLE_BYTES)], byte_count),
            Row(name, [whole], [MEMORY_TARGET], megabytes, at_most(MEMORY_TARGET, megabytes),
                of_ratio=False)]
    show(bench, "B7 memory: inline with retain: settled, one group", rows,
         ["what a message takes beyond the tables is the log of batches, which ends at 64 MB",
          "B7=full measures 100 M messages"])
