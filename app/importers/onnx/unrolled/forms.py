"""The equations of recurrent cells, as sums of products.

    LSTM        h = o * act(c),  c = f * c' + i * g
    GRU         h = z * h' + g - z * g,  g = act(x W + b + r * (h' U + a)) or act(x W + (r * h') U)
    SimpleRNN   h = act(x W + h' U + b)

and so on, as each cell declares them, where a gate is an activation of x W + h' U + b, and a masked
step is m * h + h' - m * h'.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from ....core.cells import Array, Cell, Factor, Weights
from ....core.cells.activated import with_activations
from ....core.network import Recurrent
from .terms import Algebra, Coefficient, Sum


@dataclass(frozen=True)
class Form:
    """A cell and its weights, of which each block's are apart.

    Attributes
    ----------
    cell : a row of the table of cells
    recurrent_bias : what a GRU that resets after the product adds within the reset; else zero
    """

    cell: Cell
    activation: str
    gate: str
    kernel: tuple[Array, ...]
    recurrent: tuple[Array, ...]
    bias: tuple[Coefficient, ...]
    recurrent_bias: Coefficient = 0.0

    def same_as(self, other: Form) -> bool:
        """Whether they are the same, by the identity of their weights."""
        pairs = zip(
            (*self.kernel, *self.recurrent, *self.bias, self.recurrent_bias),
            (*other.kernel, *other.recurrent, *other.bias, other.recurrent_bias),
            strict=False,
        )
        names = (self.cell.name, self.activation, self.gate)
        return names == (other.cell.name, other.activation, other.gate) and all(
            a == b if isinstance(a, float) and isinstance(b, float) else a is b for a, b in pairs
        )

    def layer(self, every: bool, backwards: bool, zeroed: bool) -> Recurrent:
        """The layer that has such a cell, without a name.

        Parameters
        ----------
        every : whether it gives all hidden states
        backwards : whether it reads the last timestep first
        zeroed : whether it gives zeros for padding
        """
        units = self.recurrent[0].shape[1]
        full = np.ones(units, np.float32)
        bias = np.concatenate([b * full for b in self.bias])
        if self.cell.two_biases:
            rest = np.concatenate([0 * full, 0 * full, self.recurrent_bias * full])
            bias = np.stack([bias, rest])
        return Recurrent(
            name="",
            cell=with_activations(self.cell.name, self.activation, self.gate),
            weights=Weights(
                kernel=np.concatenate(self.kernel, axis=1),
                recurrent_kernel=np.concatenate(self.recurrent, axis=1),
                bias=bias.astype(np.float32),
            ),
            return_sequences=every,
            go_backwards=backwards,
            zero_output_for_mask=zeroed,
            use_bias=bool(bias.any()),
        )


def step(
    algebra: Algebra, form: Form, x: Sum, hidden: Sum, memory: Sum | None
) -> tuple[Sum, Sum | None]:
    """The states after one timestep, by what the cell declares.

    Parameters
    ----------
    memory : the state that is kept in part, where that is not the hidden state; None for zeros
    """
    cell, values = form.cell, _gates(algebra, form, x, hidden)
    kept = cell.memory
    if kept is None:
        return algebra.activation(form.activation, _weigh(algebra, form, 0, x, hidden)), None

    def factor(one: Factor) -> Sum:
        value = values[one.gate]
        return _rest(algebra, value) if one.complement else value

    before = hidden if kept.shown_by is None or memory is None else memory
    new = algebra.add(
        algebra.multiply(factor(kept.keeps), before),
        reduce(algebra.multiply, map(factor, kept.writes)),
    )
    if kept.shown_by is None:
        return new, None
    return algebra.multiply(values[kept.shown_by], algebra.activation(form.activation, new)), new


def _gates(algebra: Algebra, form: Form, x: Sum, hidden: Sum) -> dict[str, Sum]:
    """Every gate, those that have no weights included."""
    cell, values = form.cell, {}
    for place, gate in enumerate(cell.gates):
        if gate != "candidate":
            values[gate] = algebra.activation(form.gate, _weigh(algebra, form, place, x, hidden))
    for place, gate in enumerate(cell.gates):
        if gate == "candidate":
            values[gate] = _candidate(algebra, form, place, x, hidden, values)
    for gate, factor in cell.derived.items():
        value = values[factor.gate]
        values[gate] = _rest(algebra, value) if factor.complement else value
    return values


def _candidate(
    algebra: Algebra, form: Form, place: int, x: Sum, hidden: Sum, gates: dict[str, Sum]
) -> Sum:
    """The candidate, whose hidden state or product may meet a gate on its way in."""
    reset = form.cell.reset
    if reset is None:
        return algebra.activation(form.activation, _weigh(algebra, form, place, x, hidden))
    gate = gates[reset.gate]
    if reset.after:
        inner = algebra.linear(hidden, form.recurrent[place])
        inner = algebra.add(inner, algebra.constant(form.recurrent_bias, inner.width))
        inner = algebra.multiply(gate, inner)
    else:
        inner = algebra.linear(algebra.multiply(gate, hidden), form.recurrent[place])
    weighed = _weigh(algebra, form, place, x, None)
    return algebra.activation(form.activation, algebra.add(weighed, inner))


def _weigh(algebra: Algebra, form: Form, place: int, x: Sum, hidden: Sum | None) -> Sum:
    """Add up x W + h' U + b of a block; without h's share where there is no h'."""
    total = algebra.linear(x, form.kernel[place])
    if hidden is not None:
        total = algebra.add(total, algebra.linear(hidden, form.recurrent[place]))
    bias = form.bias[place]
    return algebra.add(total, algebra.constant(bias, form.kernel[place].shape[1]))


def _rest(algebra: Algebra, gate: Sum) -> Sum:
    """One minus a gate."""
    return algebra.add(algebra.constant(1.0, gate.width), algebra.scale(gate, -1.0))


def choose(algebra: Algebra, mask: Sum, new: Sum, before: Sum) -> Sum:
    """The new state where a timestep counts, else the one before."""
    rest = algebra.add(algebra.constant(1.0, 1), algebra.scale(mask, -1.0))
    return algebra.add(algebra.multiply(mask, new), algebra.multiply(rest, before))
