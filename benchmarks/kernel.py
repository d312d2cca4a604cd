"""`python -m benchmarks.kernel`: one sentence through one LSTM layer, on one core.

Ours gives every gate and state of every timestep. Each peer's row says what it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from app.core.cells import lstm
from app.core.cells.base import Weights

from .common import machine, pin, print_table, ratio, take_turns
from .kernel_peers import PEERS, Sizes

SIZES = [Sizes(5, 3, 2), Sizes(50, 64, 50), Sizes(100, 128, 100), Sizes(300, 512, 200)]
OURS = "**ours**"


def ours(weights: Weights, inputs: np.ndarray) -> Callable[[], object]:
    """All gates and states; naming them is part of the work."""
    prepared = lstm.prepare(weights)
    return lambda: lstm.forward(prepared, inputs)["forget_gate"]


def measure(sizes: Sizes) -> Iterator[tuple[str, float, float]]:
    """Name, microseconds for a sentence, and our time as a multiple of it."""
    weights, inputs = sizes.draw()
    runs, missing = {OURS: ours(weights, inputs)}, []
    for name, (_, make) in PEERS.items():
        try:
            runs[name] = make(weights, inputs)
        except ImportError:
            missing.append(name)
    times = take_turns(runs)
    for name, taken in times.items():
        yield name, 1e6 * median(taken), ratio(times[OURS], taken)
    for name in missing:
        yield name, float("nan"), float("nan")


def main() -> None:
    """Measure all sizes and print the table."""
    pin()
    columns = [{name: (us, times) for name, us, times in measure(sizes)} for sizes in SIZES]
    print(f"{machine()}, NumPy {np.__version__}. Microseconds; in brackets, ours / theirs.\n")
    yields = {OURS: "all gates, c, h"} | {name: what for name, (what, _) in PEERS.items()}
    rows = []
    for name in columns[0]:
        cells = [column[name] for column in columns]
        shown = ["not installed" if us != us else f"{us:,.0f} ({r:.2f})" for us, r in cells]
        rows.append([name, yields[name], *shown])
    head = [f"{sizes.features}, {sizes.units}, {sizes.timesteps}" for sizes in SIZES]
    print_table(["features, units, timesteps", "yields", *head], rows)


if __name__ == "__main__":
    main()
