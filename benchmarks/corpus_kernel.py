"""`python -m benchmarks.corpus_kernel`: batches of sentences through one LSTM layer, on one core.

Ours gives every gate and state of every timestep, in float32 and then as the 16-bit floats that a
corpus keeps; `torch.nn.LSTM` gives the hidden states alone.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights

from .common import machine, pin, print_table, ratio, take_turns

SIZES = [(12, 8), (64, 128), (128, 512)]
BATCH, TIMESTEPS = 64, 20


def contenders(features: int, units: int) -> dict[str, Callable[[], object]]:
    """What is timed, on the same batch."""
    cell, random = CELLS["lstm"], np.random.RandomState(0)
    prepared = cell.prepare(draw_weights(cell, features, units, random))
    inputs = random.standard_normal((BATCH, TIMESTEPS, features)).astype(np.float32)

    def ours() -> object:
        return cell.forward(prepared, inputs, None, None, None).values

    def kept() -> object:
        values = cell.forward(prepared, inputs, None, None, None).values
        return [array.astype(np.float16, order="C") for array in values.values()]

    found: dict[str, Callable[[], object]] = {"ours": ours, "ours, as float16": kept}
    try:
        import torch  # type: ignore[import-not-found]
    except ImportError:
        return found
    torch.set_num_threads(1)
    network, batch = torch.nn.LSTM(features, units, batch_first=True), torch.from_numpy(inputs)

    def theirs() -> object:
        with torch.inference_mode():
            return network(batch)

    return found | {"torch.nn.LSTM": theirs}


def main() -> None:
    """Measure all sizes and print the table."""
    pin()
    columns = []
    for features, units in SIZES:
        times = take_turns(contenders(features, units))
        shown = {}
        for name, taken in times.items():
            speed = BATCH * TIMESTEPS / median(taken)
            shown[name] = f"{speed:,.0f} ({ratio(times['ours'], taken):.2f})"
        columns.append(shown)
    print(
        f"{machine()}, NumPy {np.__version__}. Timesteps a second of one core, {BATCH} sentences "
        f"of {TIMESTEPS}; in brackets, our time as a multiple of theirs.\n"
    )
    head = [f"{features}, {units}" for features, units in SIZES]
    print_table(
        ["features, units", *head],
        [[name, *(column[name] for column in columns)] for name in columns[0]],
    )


if __name__ == "__main__":
    main()
