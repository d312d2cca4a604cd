"""The memory ledger: how much of each word is left in the state at each timestep.

Murdoch & Szlam (2017, arXiv 1702.02540) unroll the cell state's recurrence into

    c_t = (f_1 * ... * f_t) * c_0  +  sum over s <= t of (f_{s+1} * ... * f_t) * i_s * g_s

one term for each source: 0 is the initial state, s the word at timestep s. Any other cell that
keeps part of a state has the same ledger for it, as its `memory` declares: a gated recurrent unit
for its hidden state, h_t = z_t * h_{t-1} + (1 - z_t) * g_t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..cells import CELLS, Array, Cell, Trace
from ..cells.activations import ACTIVATIONS
from ..errors import BadInput
from ..shapes import Bool, Float


def has_ledger(cell: Cell) -> bool:
    """Whether a cell keeps part of its state."""
    return cell.memory is not None


def check_ledger(cell: Cell) -> None:
    """Refuse a cell that writes its whole state anew at each timestep.

    Raises
    ------
    BadInput
        Saying so, and which cells have a ledger.
    """
    if not has_ledger(cell):
        having = dict.fromkeys(c.class_name for c in CELLS.values() if has_ledger(c))
        raise BadInput(
            f"A {cell.class_name} layer writes its whole state anew at each timestep, so it has no "
            f"memory ledger and no exact scores. These layers have them: {', '.join(having)}."
        )


@dataclass(frozen=True)
class Ledger:
    """A state that is kept in part and added to, and the way it shows in the hidden state.

    h_t = exposed_t * squash(state_t), with the last timestep that was not masked in place of t, and
    times the projection where there is one.

    Attributes
    ----------
    initial : (units,), the state before the first timestep
    kept : (timesteps, units), the part of the state before that is kept; 1 where masked
    written : (timesteps, units), what is added; 0 where masked
    exposed : (timesteps, units); 0 before the first timestep that is not masked
    squash : what the state goes through on its way to the hidden state
    """

    initial: Float[Array, " units"]
    kept: Float[Array, "timesteps units"]
    written: Float[Array, "timesteps units"]
    exposed: Float[Array, "timesteps units"]
    squash: Callable[[Array], Array]

    @classmethod
    def of(cls, trace: Trace) -> Ledger:
        """Open the ledger of the only sequence of a trace, of a cell that has one."""
        check_ledger(trace.cell)
        memory = trace.cell.memory
        assert memory is not None  # it was just checked
        values = {name: a[0].astype(np.float64, copy=False) for name, a in trace.values.items()}
        kept, shown_by = memory.keeps.of(values), memory.shown_by
        ledger = cls(
            initial=trace.initial_state[memory.state][0].astype(np.float64),
            kept=kept,
            written=memory.written(values),
            exposed=np.ones_like(kept) if shown_by is None else values[shown_by],
            squash=np.asarray if shown_by is None else ACTIVATIONS[trace.cell.activation],
        )
        return ledger if trace.mask is None else ledger._masked(trace.mask[0])

    def shares(self) -> Iterator[Float[Array, "sources units"]]:
        """Yield, for each timestep t, what sources 0 to t have left in the state.

        The rows are a view of one array, which the next timestep overwrites.
        """
        timesteps, units = self.written.shape
        left = np.empty((timesteps + 1, units))
        left[0] = self.initial
        for t, (kept, written) in enumerate(zip(self.kept, self.written, strict=True), 1):
            left[:t] *= kept
            left[t] = written
            yield left[: t + 1]

    def partial_sums(self) -> Iterator[Float[Array, "sources units"]]:
        """Yield, for each timestep t, the sums of the shares of sources 0 to s, for s up to t.

        All shares of a timestep are kept in the same part, and so are their sums, which makes one
        pass of it; the last one is the state. The rows are a view as in `shares`.
        """
        timesteps, units = self.written.shape
        sums = np.empty((timesteps + 1, units))
        sums[0] = self.initial
        for t, (kept, written) in enumerate(zip(self.kept, self.written, strict=True), 1):
            sums[:t] *= kept
            np.add(sums[t - 1], written, sums[t])
            yield sums[: t + 1]

    def magnitude(self) -> Float[Array, "timesteps sources"]:
        """Sum the shares' absolute values over the units: row t - 1 for timestep t."""
        absolute = replace(self, initial=np.abs(self.initial), written=np.abs(self.written))
        ones = np.ones(len(self.initial))
        return absolute._triangle(lambda shares: shares @ ones)

    def contributions(self, unit: int) -> Float[Array, "timesteps sources"]:
        """One unit's shares with their signs; row t - 1 sums to the unit's state at timestep t."""
        own = slice(unit, unit + 1)
        alone = replace(
            self, initial=self.initial[own], kept=self.kept[:, own], written=self.written[:, own]
        )
        return alone._triangle(lambda shares: shares[:, 0]) + 0.0  # no negative zeros

    def carry_back(
        self, d_state: Float[Array, "timesteps units"]
    ) -> Float[Array, "timesteps units"]:
        """Backpropagate along the state alone, as if no gate had ever read a hidden state.

        From one timestep to the one before, a derivative is multiplied by what is kept.
        """
        if not d_state[:-1].any():  # nothing joins on the way: products alone
            return np.multiply.accumulate(np.concatenate([d_state[-1:], self.kept[:0:-1]]))[::-1]
        total, passed = d_state.copy(), np.empty(d_state.shape[1])
        for before, after, kept in zip(total[-2::-1], total[:0:-1], self.kept[:0:-1], strict=True):
            np.multiply(kept, after, passed)
            np.add(before, passed, before)
        return total

    def _triangle(self, of: Callable[[Array], Array]) -> Float[Array, "timesteps sources"]:
        """One number for each source and timestep, over zeros for words yet to come."""
        timesteps = len(self.kept)
        triangle = np.zeros((timesteps, timesteps + 1))
        for row, shares in zip(triangle, self.shares(), strict=True):
            row[: len(shares)] = of(shares)
        return triangle

    def _masked(self, mask: Bool[Array, " timesteps"]) -> Ledger:
        """At masked timesteps everything is kept, nothing written, and the exposure lasts."""
        read, column = np.arange(len(mask)), mask[:, np.newaxis]
        last = np.maximum.accumulate(np.where(mask, read, -1))
        return replace(
            self,
            kept=np.where(column, self.kept, 1.0),
            written=np.where(column, self.written, 0.0),
            exposed=np.where(last[:, np.newaxis] >= 0, self.exposed[last], 0.0),
        )
