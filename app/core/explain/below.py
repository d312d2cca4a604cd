"""From what leaves the last recurrent layer back down to one layer's hidden states.

A layer may read backwards, have two directions, or stand on dense layers and activations; each
hands a derivative on in the order and the form in which it was given its input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..cells import Array, Gradients, Trace
from ..network import (
    Activation,
    Bidirectional,
    Dense,
    Layer,
    Masking,
    Network,
    Recurrent,
    Repeat,
    run_head,
)
from ..network.chain import leaving, repeated
from ..shapes import Float
from .logit import back_through

Traces = Mapping[str, Trace]
DIRECTIONS = ("forward", "backward")


def down_to(
    network: Network, traces: Traces, name: str, d_output: Float[Array, "batch rows units"]
) -> Float[Array, "batch timesteps part"]:
    """The derivative with respect to a layer's hidden states, in the order in which it read.

    Parameters
    ----------
    name : the layer's, or that of one direction
    d_output : the derivative with respect to what leaves the last recurrent layer; where the head
        reads the last states of all layers, with respect to these, one row
    """
    below = network.layers[: len(network.layers) - len(network.above)]
    given, d = _given(below, traces), None if network.reads_all_layers else d_output
    direct = _by_layer(network, d_output) if network.reads_all_layers else {}
    for layer in reversed(below):
        if not isinstance(layer, (Recurrent, Bidirectional)):
            d = None if d is None else _through(layer, given[layer.name], d)
            continue
        d_hidden = {} if d is None else hidden_of(layer, traces, d)
        if layer.name in direct:
            d_hidden = _added(d_hidden, _of_last(layer, traces, direct[layer.name]))
        if name in d_hidden:
            return d_hidden[name]
        inputs = [
            part.in_token_order(
                backward_in_float64(part, traces[part.name], d_hidden[part.name]).inputs
            )
            for part in _parts(layer)
        ]
        d = np.add.reduce(inputs)
    raise KeyError(name)


def _by_layer(network: Network, d: Array) -> dict[str, Array]:
    """What belongs to each layer of a derivative with respect to the states of all of them."""
    layers = [x for x in network.layers if isinstance(x, (Recurrent, Bidirectional))]
    ends = np.cumsum([layer.units for layer in layers])
    return dict(zip((x.name for x in layers), np.split(d, ends[:-1], axis=-1), strict=True))


def _of_last(
    layer: Recurrent | Bidirectional, traces: Traces, d: Float[Array, "batch 1 units"]
) -> dict[str, Array]:
    """From a layer's last state, of each direction its own, to all of its hidden states."""
    if isinstance(layer, Bidirectional):
        parts = {x: replace(getattr(layer, x), return_sequences=False) for x in DIRECTIONS}
        return hidden_of(replace(layer, **parts), traces, d)
    found = np.zeros((*d.shape[:1], traces[layer.name].timesteps, d.shape[-1]))
    found[:, -1:] = d
    return {layer.name: found}


def _added(one: dict[str, Array], other: dict[str, Array]) -> dict[str, Array]:
    return {name: one[name] + d if name in one else d for name, d in other.items()}


def hidden_of(
    layer: Recurrent | Bidirectional, traces: Traces, d_output: Float[Array, "batch rows units"]
) -> dict[str, Float[Array, "batch timesteps part"]]:
    """From what leaves a layer to the hidden states of each of its directions, as it read.

    Parameters
    ----------
    d_output : the derivative with respect to all that leaves it; of a bidirectional layer that
        gives its last states alone, one row
    """
    found = {}
    for part, d in zip(_parts(layer), _unmerged(layer, traces, d_output), strict=True):
        trace = traces[part.name]
        if isinstance(layer, Bidirectional) and not layer.return_sequences:
            last = np.zeros((len(d), trace.timesteps, d.shape[-1]))
            last[:, -1:] = d
            d = last
        elif isinstance(layer, Bidirectional) or (layer.restores_order and layer.return_sequences):
            d = part.in_token_order(d)
        if trace.mask is not None and part.zero_output_for_mask:  # those zeros are no hidden states
            d = np.where(trace.mask[..., np.newaxis], d, 0)
        found[part.name] = d
    return found


def backward_in_float64(
    layer: Recurrent, trace: Trace, d_hidden: Float[Array, "batch timesteps units"]
) -> Gradients:
    """A layer's gradients, in float64."""
    prepared, exact = in_float64(layer, trace)
    return layer.cell.backward(prepared, exact, d_hidden)


def in_float64(layer: Recurrent, trace: Trace) -> tuple[Any, Trace]:
    """A layer's weights as its cell runs on them, and its run again, in float64."""
    prepared = layer.cell.prepare(layer.weights.astype(np.float64))
    initial_state = {name: s.astype(np.float64) for name, s in trace.initial_state.items()}
    inputs = trace.inputs.astype(np.float64)
    exact = layer.cell.forward(prepared, inputs, initial_state, trace.mask, trace.pins)
    return prepared, exact


def _parts(layer: Recurrent | Bidirectional) -> tuple[Recurrent, ...]:
    return (layer,) if isinstance(layer, Recurrent) else (layer.forward, layer.backward)


def _unmerged(layer: Recurrent | Bidirectional, traces: Traces, d: Array) -> tuple[Array, ...]:
    """What each direction has of a derivative with respect to both of them merged."""
    if isinstance(layer, Recurrent):
        return (d,)
    units = layer.forward.units
    if layer.merge_mode == "concat":
        return d[..., :units], d[..., units:]
    if layer.merge_mode == "mul":
        both = leaving(replace(layer, merge_mode="concat"), traces)
        return d * both[..., units:], d * both[..., :units]
    share = d / 2 if layer.merge_mode == "ave" else d
    return share, share


def _given(layers: tuple[Layer, ...], traces: Traces) -> dict[str, Array]:
    """What each layer between recurrent ones was given."""
    given, x = {}, None
    for layer in layers:
        if isinstance(layer, (Recurrent, Bidirectional)):
            x = leaving(layer, traces).astype(np.float64)
        elif x is not None:
            given[layer.name] = x
            if isinstance(layer, (Dense, Activation)):
                x = run_head((layer,), x)
            elif isinstance(layer, Masking):
                x = np.where((x != layer.value).any(axis=-1, keepdims=True), x, 0)
            elif isinstance(layer, Repeat):
                x = repeated(layer, x)
    return given


def _through(layer: Layer, x: Array, d: Array) -> Array:
    """Back through a layer that stands between recurrent ones."""
    if isinstance(layer, Dense):
        kernel = layer.kernel.astype(np.float64)
        return back_through(layer.activation, x @ kernel + layer.bias, d) @ kernel.T
    if isinstance(layer, Activation):
        return back_through(layer.activation, x, d)
    if isinstance(layer, Repeat):
        last = np.zeros((*x.shape[:2], d.shape[-1]))
        last[:, -1] = d.sum(axis=1)
        return last
    if isinstance(layer, Masking):
        return np.where((x != layer.value).any(axis=-1, keepdims=True), d, 0)
    return d
