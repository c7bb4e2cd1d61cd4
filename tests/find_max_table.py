"""The table of find_max_check.sh: what was found, and how often runs at fixed rates around it held.

    find_max_table.py FOLDER FOUND SECONDS FACTOR...

Exits with 1 when the rate that was found is further than 15 % from where half of the runs hold.
"""

import glob
import json
import sys

TOLERANCE = 0.15
RATE_TOLERANCE = 0.99
LATENCY_MS_MAX = 20.0


def main():
    folder, found, seconds = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    print(f"found {found / 1000:.0f} k/s in {seconds} s")
    print("  of it      rate   held  p99 of each run, ms")
    points = []
    for factor in sys.argv[4:]:
        rate = found * float(factor)
        held, latencies = [], []
        for path in sorted(glob.glob(f"{folder}/fixed/{factor}/*/result.json")):
            with open(path, encoding="utf-8") as file:
                result = json.load(file)
            p99 = latency_ms(result)
            latencies.append(p99)
            held.append(holds(result, rate, p99))
        share = sum(held) / len(held)
        points.append((float(factor), share))
        words = " ".join(f"{p99:.1f}{'' if is_held else '*'}" for p99, is_held in
                         zip(latencies, held))
        print(f"  {factor:>5}  {rate / 1000:5.0f} k/s  {sum(held)}/{len(held)}  {words}")
    limit = limit_of(points)
    ratio = 1.0 / limit
    is_close = 1.0 - TOLERANCE <= ratio <= 1.0 + TOLERANCE
    print(f"  fixed rates show {found * limit / 1000:.0f} k/s; the ratio is {ratio:.2f}:"
          f" {'ok' if is_close else 'too far'}")
    return 0 if is_close else 1


def latency_ms(result):
    """The p99 of first deliveries."""
    for metric in result["latencies"]:
        if metric["metric"] == "deliver":
            return metric["p99_ns"] / 1e6
    return float("inf")


def holds(result, rate, p99):
    """The rate was reached, and the goal was kept, whatever the machine has to say for itself."""
    return (result["verdict"] != "fail" and p99 < LATENCY_MS_MAX
            and result["rates"]["publish_per_second"] >= rate * RATE_TOLERANCE)


def limit_of(points):
    """Where the share of runs that hold falls below a half, between the factors or at their ends."""
    for (low, share_low), (high, share_high) in zip(points, points[1:]):
        if share_low >= 0.5 > share_high:
            return low + (high - low) * (share_low - 0.5) / (share_low - share_high)
    return points[0][0] / 1.2 if points[0][1] < 0.5 else points[-1][0] * 1.2


if __name__ == "__main__":
    sys.exit(main())
