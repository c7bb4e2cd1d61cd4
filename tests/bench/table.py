"""table.py: rows of a benchmark: both sides, their ratio, and what was to be reached."""

from dataclasses import dataclass
from typing import Callable, Optional

from measure import median, ratios, say

HEAD = ("case", "gauntlet", "reference", "min", "median", "max", "target", "")
WIDTHS = (34, 11, 11, 7, 7, 7, 22, 7)


@dataclass
class Target:
    text: str
    holds: Callable[[float], bool]


def at_least(value, unit=None):
    shown = unit(value) if unit else f"{value:.2f}"
    return Target(f"{'' if unit else 'ratio '}>= {shown}", lambda measured: measured >= value)


def at_most(value, unit=None):
    shown = unit(value) if unit else f"{value:.2f}"
    return Target(f"{'' if unit else 'ratio '}<= {shown}", lambda measured: measured <= value)


def within(share):
    return Target(f"ratio 1 +- {share * 100:g} %", lambda measured: abs(measured - 1) <= share)


@dataclass
class Row:
    case: str
    measured: list
    reference: Optional[list]
    unit: Callable[[float], str]
    target: Optional[Target] = None
    of_ratio: bool = True  # what the target judges: the median ratio, or gauntlet's own median
    digits: int = 2


def rate(value):
    for bound, unit in ((1e6, " M/s"), (1e3, " k/s")):
        if value >= bound:
            return f"{value / bound:.4g}{unit}"
    return f"{value:.4g} /s"


def microseconds(value):
    return f"{value:.0f} us" if value >= 1000 else f"{value:.3g} us"


def milliseconds(value):
    return f"{value:.3g} ms"


def percent(value):
    return f"{value:.3g} %"


def megabytes(value):
    return f"{value:.4g} MB"


def byte_count(value):
    return f"{value:.3g} B"


def write(cells):
    say("  " + " ".join(f"{cell:<{width}}" if index in (0, 6, 7) else f"{cell:>{width}}"
                        for index, (cell, width) in enumerate(zip(cells, WIDTHS))).rstrip())


def show(bench, title, rows, notes=()):
    """Print one benchmark; count what it missed."""
    say(title)
    write(HEAD)
    for row in rows:
        spread = ratios(row.measured, row.reference) if row.reference else None
        judged = median(spread) if spread and row.of_ratio else median(row.measured)
        verdict = ""
        if row.target:
            verdict = "meets" if row.target.holds(judged) else "MISSES"
            bench.missed += verdict == "MISSES"
        numbers = ["", "", ""]
        if spread:
            numbers = [f"{value:.{row.digits}f}"
                       for value in (min(spread), median(spread), max(spread))]
        elif len(row.measured) > 1:
            numbers = [row.unit(value).split()[0]
                       for value in (min(row.measured), median(row.measured), max(row.measured))]
        write([row.case, row.unit(median(row.measured)),
               row.unit(median(row.reference)) if row.reference else "-", *numbers,
               row.target.text if row.target else "", verdict])
    for note in notes:
        say("  " + note)
    if bench.disturbance > 0.05:
        say(f"  disturbed: other programs took up to {bench.disturbance * 100:.0f} % of one core")
    bench.disturbance = 0.0
    say()
