"""The derivatives of one number with respect to all that a layer computed, unit by unit.

Backpropagation through time gives those of the states and the inputs. Those of the gates follow
from what the cell declares of itself, by the product rule: of a state that is kept in part and
added to, c_t = f_t * c_{t-1} + i_t * g_t, they are

    dL/df_t = dL/dc_t * c_{t-1}     dL/di_t = dL/dc_t * g_t     dL/dg_t = dL/dc_t * i_t

and before its activation each is multiplied by the activation's slope. No cell is asked for by
name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import mul

import numpy as np

from ..cells import Array, Cell, Gradients, Trace
from ..cells.activations import ACTIVATIONS, slope
from ..cells.declaration import Factor
from ..network import Network, Recurrent
from ..shapes import Float
from .below import down_to, in_float64
from .ledger import Ledger, has_ledger

LARGEST = np.finfo(np.float64).max


@dataclass(frozen=True)
class Backward:
    """A layer's backward pass over one sequence, in float64 and in the order in which it read.

    Attributes
    ----------
    layer : the layer
    trace : its forward pass, in float64
    d_hidden : (timesteps, hidden), the derivative that comes to each hidden state from outside
    gradients : what backpropagation through time makes of it
    """

    layer: Recurrent
    trace: Trace
    d_hidden: Float[Array, "timesteps hidden"]
    gradients: Gradients


def backpropagate(
    network: Network,
    traces: Mapping[str, Trace],
    name: str,
    d_output: Float[Array, "rows units"],
) -> Backward:
    """Backpropagate through time, and down to one layer.

    Parameters
    ----------
    network, traces : the network, and what its recurrent layers computed
    name : the layer to stop at
    d_output : (rows, units), the derivative at what leaves the last recurrent layer

    Notes
    -----
    The pass is made again in float64, where a gate that float32 rounds to 1 still has a slope.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        d_hidden = down_to(network, traces, name, d_output[np.newaxis])
        return of_layer(network.recurrent[name], traces[name], d_hidden[0])


def of_layer(
    layer: Recurrent, trace: Trace, d_hidden: Float[Array, "timesteps hidden"]
) -> Backward:
    """Backpropagate through one layer alone, from its own hidden states."""
    with np.errstate(over="ignore", invalid="ignore"):
        prepared, exact = in_float64(layer, trace)
        gradients = layer.cell.backward(prepared, exact, d_hidden[np.newaxis])
        return Backward(layer, exact, d_hidden, gradients)


@dataclass(frozen=True)
class Derivatives:
    """Of one number, with respect to everything that one layer computed, in the tokens' order.

    Attributes
    ----------
    values : name -> (timesteps, units)
        With respect to each gate after its activation, and each state through every path; `input`,
        (timesteps, features). A gate that is held at a value has one too: that of the value.
    initial_state : name -> (units,), with respect to the state before the first timestep
    along_memory : (timesteps, units) or None
        The part of the remembered state's that came along the memory's own line, from the timestep
        after: what is kept there, times its derivative. None for a cell that rewrites its state.
    preactivations : name -> (timesteps, units)
        With respect to the gates before their activation; zero where a gate is held.
    """

    values: dict[str, Float[Array, "timesteps units"]]
    initial_state: dict[str, Float[Array, " units"]]
    along_memory: Float[Array, "timesteps units"] | None
    preactivations: dict[str, Float[Array, "timesteps units"]]


def derivatives(backward: Backward) -> Derivatives:
    """Name every derivative of a backward pass.

    Notes
    -----
    A number that explodes beyond all numbers is given as the largest there is. At a masked timestep
    no gate has a hand in anything, and every gate's derivative is zero.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        layer, trace, gradients = backward.layer, backward.trace, backward.gradients
        gates, sums = _of_gates(layer, trace, gradients)
        states = {name: array[0] for name, array in gradients.states.items()}
        values = gates | states | {"input": gradients.inputs[0]}
        kept = _along_memory(trace, states) if has_ledger(trace.cell) else None

    def told(numbers: Array) -> Array:
        turned = numbers[::-1] if layer.go_backwards else numbers
        found = turned + 0.0  # in one piece, and no negative zeros
        return found if np.isfinite(found).all() else bounded(found)

    return Derivatives(
        values={name: told(array) for name, array in values.items()},
        initial_state={name: bounded(a[0]) + 0.0 for name, a in gradients.initial_state.items()},
        along_memory=None if kept is None else told(kept),
        preactivations={name: told(array) for name, array in sums.items()},
    )


def bounded(numbers: Array) -> Array:
    """Beyond all numbers there is the largest, also where infinities have met."""
    return np.fmax(np.fmin(numbers, LARGEST), -LARGEST)


def _along_memory(trace: Trace, states: Mapping[str, Array]) -> Array:
    memory = trace.cell.memory
    assert memory is not None  # it has a ledger
    after = states[memory.state]
    passed = np.zeros_like(after)
    np.multiply(Ledger.of(trace).kept[1:], after[1:], passed[:-1])
    return passed


def _of_gates(
    layer: Recurrent, trace: Trace, gradients: Gradients
) -> tuple[dict[str, Array], dict[str, Array]]:
    """With respect to the gates after and before their activation, (timesteps, units) each."""
    cell = trace.cell
    read = 1.0 if trace.mask is None else trace.mask[0, :, np.newaxis].astype(np.float64)
    slopes = {
        name: read * _slope(cell, trace, name) for name in cell.blocks if name not in cell.derived
    }
    if cell.memory is None:
        d_hidden = gradients.states["hidden_state"][0]
        return {}, {name: d_hidden * slopes[name] for name in slopes}
    found = dict.fromkeys((*cell.gates, *cell.derived), np.zeros(1))
    _through_memory(layer, trace, gradients, found)
    if cell.reset is not None:
        found[cell.reset.gate] = found[cell.reset.gate] + _of_reset(
            layer, trace, found["candidate"] * slopes["candidate"]
        )
    for gate, factor in cell.derived.items():
        found[factor.gate] = found[factor.gate] + _sign(factor) * found[gate]
    gates = {name: read * found[name] for name in found}
    return gates, {name: gates[name] * slopes[name] for name in slopes}


def _through_memory(
    layer: Recurrent, trace: Trace, gradients: Gradients, found: dict[str, Array]
) -> None:
    """Add to `found` what each gate has in what is kept, what is written and what is shown."""
    cell, values = trace.cell, {name: array[0] for name, array in trace.values.items()}
    memory = cell.memory
    assert memory is not None  # its caller asked
    d_state = gradients.states[memory.state][0]
    products = [(memory.keeps, _before(trace, memory.state))]
    for factor in memory.writes:
        rest = [other.of(values) for other in memory.writes if other is not factor]
        products.append((factor, reduce(mul, rest)))
    for factor, rest in products:
        found[factor.gate] = found[factor.gate] + _sign(factor) * d_state * rest
    if memory.shown_by is not None:
        d_hidden = gradients.states["hidden_state"][0]
        if (projection := layer.weights.projection) is not None:
            d_hidden = d_hidden @ projection.T.astype(np.float64)
        shown = ACTIVATIONS[cell.activation](values[memory.state])
        found[memory.shown_by] = found[memory.shown_by] + d_hidden * shown


def _of_reset(layer: Recurrent, trace: Trace, d_sum: Float[Array, "timesteps units"]) -> Array:
    """Of the gate that the hidden state meets on its way into the candidate's sum."""
    assert trace.cell.reset is not None  # its caller asked
    weights = layer.gate_weights()["candidate"]
    kernel, before = weights["recurrent_kernel"].astype(np.float64), _before(trace, "hidden_state")
    if trace.cell.reset.after:
        return d_sum * (before @ kernel + weights.get("recurrent_bias", 0.0))
    return (d_sum @ kernel.T) * before


def _slope(cell: Cell, trace: Trace, name: str) -> Array:
    """A gate by its sum; one that is held does not move."""
    gate = name != "candidate" and bool(cell.gates)
    activation = cell.recurrent_activation if gate else cell.activation
    found = slope(activation, trace.preactivations[name][0], trace[name][0])
    held = (trace.pins or {}).get(name)
    return found if held is None else np.where(np.isnan(held), found, 0.0)


def _before(trace: Trace, state: str) -> Array:
    """The state that each timestep began with."""
    return np.concatenate([trace.initial_state[state], trace[state][0, :-1]])


def _sign(factor: Factor) -> int:
    return -1 if factor.complement else 1
