"""What all benchmarks share: one core, rounds that take turns, medians, and a table."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from statistics import median


def pin(core: int = 0) -> None:
    """Stay on one core, where the system can say so."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[core % len(cores)]})


def take_turns(
    contenders: Mapping[str, Callable[[], object]], *, rounds: int = 15, seconds: float = 0.02
) -> dict[str, list[float]]:
    """Time each contender in turn, round after round, so that all meet the same disturbances.

    Seconds are the processor's: those in which something else had its turn do not count.

    Parameters
    ----------
    contenders : name -> one call
    rounds : how often each has its turn
    seconds : how long a turn is to last, at least one call

    Returns
    -------
    dict
        Name -> seconds for one call, in each round.
    """
    calls = {name: _calls_in(run, seconds) for name, run in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, run in contenders.items():
            start = time.process_time()
            for _ in range(calls[name]):
                run()
            times[name].append((time.process_time() - start) / calls[name])
    return times


def _calls_in(run: Callable[[], object], seconds: float) -> int:
    run()
    start = time.process_time()
    run()
    return max(1, round(seconds / max(1e-6, time.process_time() - start)))


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Our time as a multiple of theirs: the median over rounds, each with its own disturbances."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def print_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table in Markdown, the first column to the left."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for line in (lines[0], rule, *lines[1:]):
        cells = (text.rjust(width) for text, width in zip(line, widths, strict=True))
        print("| " + " | ".join((line[0].ljust(widths[0]), *list(cells)[1:])) + " |")


def machine() -> str:
    """When and on what kind of machine, but not on which."""
    return (
        f"{date.today()}, {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, {sys.platform}"
    )
