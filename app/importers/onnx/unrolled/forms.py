"""The equations of recurrent cells, as sums of products.

    LSTM        h = o * act(c),  c = f * c' + i * g
    GRU         h = z * h' + g - z * g,  g = act(x W + b + r * (h' U + a)) or act(x W + (r * h') U)
    SimpleRNN   h = act(x W + h' U + b)

where a gate is an activation of x W + h' U + b, and a masked step is m * h + h' - m * h'.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ....core.cells import Array, Weights
from ....core.cells.activated import with_activations
from ....core.network import Recurrent
from .terms import Algebra, Coefficient, Sum


@dataclass(frozen=True)
class Form:
    """A cell and its weights, of which each gate's are apart.

    Attributes
    ----------
    recurrent_bias : what a GRU that resets after the product adds within the reset; else zero
    """

    cell: str
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
        names = (self.cell, self.activation, self.gate)
        return names == (other.cell, other.activation, other.gate) and all(
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
        if self.cell == "gru":
            rest = np.concatenate([0 * full, 0 * full, self.recurrent_bias * full])
            bias = np.stack([bias, rest])
        return Recurrent(
            name="",
            cell=with_activations(self.cell, self.activation, self.gate),
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
    algebra: Algebra, form: Form, x: Sum, hidden: Sum, cell: Sum | None
) -> tuple[Sum, Sum | None]:
    """The states after one timestep."""

    def weigh(place: int, h: Sum | None) -> Sum:
        total = algebra.linear(x, form.kernel[place])
        if h is not None:
            total = algebra.add(total, algebra.linear(h, form.recurrent[place]))
        bias = form.bias[place]
        return algebra.add(total, algebra.constant(bias, form.kernel[place].shape[1]))

    def gate(place: int, h: Sum | None = hidden) -> Sum:
        return algebra.activation(form.gate, weigh(place, h))

    if form.cell == "simple_rnn":
        return algebra.activation(form.activation, weigh(0, hidden)), None
    if form.cell == "lstm":
        i, f, o = gate(0), gate(1), gate(3)
        g = algebra.activation(form.activation, weigh(2, hidden))
        c = algebra.add(algebra.multiply(f, cell or hidden), algebra.multiply(i, g))
        return algebra.multiply(o, algebra.activation(form.activation, c)), c
    z, r = gate(0), gate(1)
    if form.cell == "gru":
        inner = algebra.linear(hidden, form.recurrent[2])
        inner = algebra.add(inner, algebra.constant(form.recurrent_bias, inner.width))
        inner = algebra.multiply(r, inner)
    else:
        inner = algebra.linear(algebra.multiply(r, hidden), form.recurrent[2])
    g = algebra.activation(form.activation, algebra.add(weigh(2, None), inner))
    kept = algebra.multiply(z, hidden)
    new = algebra.multiply(algebra.add(algebra.constant(1.0, z.width), algebra.scale(z, -1.0)), g)
    return algebra.add(kept, new), None


def choose(algebra: Algebra, mask: Sum, new: Sum, before: Sum) -> Sum:
    """The new state where a timestep counts, else the one before."""
    rest = algebra.add(algebra.constant(1.0, 1), algebra.scale(mask, -1.0))
    return algebra.add(algebra.multiply(mask, new), algebra.multiply(rest, before))
