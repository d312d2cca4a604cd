"""`python -m benchmarks.explain`: what explanations cost beside the trace that they explain.

One sentence through one layer, on one core; the head reads the last hidden state, or all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import numpy as np

from app.core.cells import CELLS, Trace
from app.core.cells.initial import draw_weights
from app.core.explain import Ledger, attribute, backpropagate, derivatives, gradient_norms
from app.core.explain.ledger import has_ledger
from app.core.network import Network, Recurrent

from .common import machine, pin, print_table, ratio, take_turns

TIMESTEPS, FEATURES, UNITS = 100, 50, 64
PLAIN = "the trace alone"


def parts_of(name: str) -> dict[str, Callable[[], object]]:
    """Each explanation of one cell, as it is computed for a request, and the trace."""
    random, cell = np.random.RandomState(0), CELLS[name]
    layer = Recurrent("layer", cell, draw_weights(cell, FEATURES, UNITS, random), False)
    inputs = random.standard_normal((1, TIMESTEPS, FEATURES)).astype("f")

    def forward() -> Trace:
        return cell.forward(layer.prepared, inputs, None, None, None)

    trace = forward()
    network, traces = Network((layer,)), {"layer": trace}
    every = random.standard_normal((TIMESTEPS, UNITS))
    last = every * (np.arange(TIMESTEPS) == TIMESTEPS - 1)[:, np.newaxis]

    def gradients() -> object:
        backward = backpropagate(network, traces, "layer", last)
        return gradient_norms(backward), derivatives(backward)

    parts = {PLAIN: forward, "gradients": gradients}
    if not has_ledger(cell):
        return parts
    return parts | {
        "memory, all units": lambda: Ledger.of(trace).magnitude(),
        "memory, one unit": lambda: Ledger.of(trace).contributions(0),
        "word scores, head on the last": lambda: attribute(trace, last),
        "word scores, head on all": lambda: attribute(trace, every),
    }


def main() -> None:
    """Measure and print the table."""
    pin()
    # as in a server that has answered a large request: memory that was once used is kept for the
    # next array, and not given back to the system after each
    np.ones(2**20)
    cells = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "SimpleRNN"}
    times = {name: take_turns(parts_of(name)) for name in cells}
    rows = [
        [
            part,
            *(
                f"{1e6 * median(found[part]):,.0f} ({ratio(found[part], found[PLAIN]):.1f})"
                if part in found
                else "there is none"
                for found in times.values()
            ),
        ]
        for part in times["lstm"]
    ]
    size = f"{TIMESTEPS} timesteps, {FEATURES} features, {UNITS} units"
    print(f"{machine()}, NumPy {np.__version__}. {size}.")
    print("Microseconds of one core; in brackets, so many times the trace alone.\n")
    print_table(["", *cells.values()], rows)


if __name__ == "__main__":
    main()
