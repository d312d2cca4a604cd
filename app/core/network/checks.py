"""Whether the layers of a network fit together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ..errors import BadInput
from .layers import (
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    Masking,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)


class Form(NamedTuple):
    """What passes between two layers: `size` numbers, one row of them or one a timestep.

    Attributes
    ----------
    kind : "ids", "sequence" (a row for each timestep), "vector", or "prefixes", a sequence that
        has been flattened to a length that is not fixed
    size : numbers in a row; None where any number will do
    """

    kind: str
    size: int | None


def check_layers(layers: Sequence[Layer]) -> int:
    """Follow the shape through the layers.

    Returns
    -------
    int
        How many numbers the last layer gives.

    Raises
    ------
    BadInput
        Naming the layer that cannot read what the one before it gives.
    """
    names = [layer.name for layer in layers]
    if len(set(names)) < len(names):
        raise BadInput("Two layers of the model have the same name.")
    if not any(isinstance(layer, (Recurrent, Bidirectional)) for layer in layers):
        raise BadInput("The model has no recurrent layer (LSTM, GRU or SimpleRNN) to look into.")
    _check_repeats(layers)
    form = Form("ids", None) if isinstance(layers[0], Embedding) else Form("sequence", None)
    states = 0
    for layer in layers:
        if isinstance(layer, (Recurrent, Bidirectional)):
            states += layer.units
        elif isinstance(layer, AllLayers) and form.kind == "sequence":
            form = Form("vector", states)
            continue
        following = _through(layer, form)
        if following is None:
            size = "" if form.size is None else f" of {form.size:,} numbers"
            raise BadInput(
                f"The layer {layer.name} cannot read what it is given: {form.kind}{size}."
            )
        form = following
    return form.size or 0


def _check_repeats(layers: Sequence[Layer]) -> None:
    """Refuse to repeat anything but one state, or what dense layers make of it."""
    for before, layer in pairwise(layers):
        if isinstance(layer, Repeat) and isinstance(before, (Flatten, LastTimestep, Pooling)):
            raise BadInput(
                f"The layer {layer.name} repeats what {before.name} makes of all timesteps. A last "
                "state, or what dense layers make of it, can be repeated."
            )


def _through(layer: Layer, form: Form) -> Form | None:
    """What a layer gives, or None where it cannot read."""
    kind, size = form
    if isinstance(layer, Embedding):
        return Form("sequence", layer.table.shape[1]) if kind == "ids" else None
    if isinstance(layer, (Recurrent, Bidirectional)):
        units = _units(layer, form)
        kind = "sequence" if layer.return_sequences else "vector"
        return Form(kind, units) if units else None
    if isinstance(layer, Dense):
        return _dense(layer, form)
    if isinstance(layer, PassThrough):
        return form
    if isinstance(layer, Repeat):
        return Form("sequence", size) if kind == "vector" else None
    if kind != "sequence" and not (isinstance(layer, Activation) and kind == "vector"):
        return None
    if isinstance(layer, (Masking, Activation)):
        return form
    if isinstance(layer, (Pooling, LastTimestep)):
        return Form("vector", size)
    if isinstance(layer, AllLayers):
        return None
    if layer.timesteps is None:
        return Form("prefixes", size)
    return Form("vector", size and size * layer.timesteps)


def _units(layer: Recurrent | Bidirectional, form: Form) -> int | None:
    """How many numbers a recurrent layer gives; None where it cannot read what comes."""
    if form.kind != "sequence":
        return None
    both = [layer] if isinstance(layer, Recurrent) else [layer.forward, layer.backward]
    features = {each.weights.features for each in both}
    if len(features) > 1 or form.size not in (None, *features):
        return None
    if isinstance(layer, Recurrent):
        return layer.units
    same = layer.forward.units == layer.backward.units
    return layer.units if same or layer.merge_mode == "concat" else None


def _dense(layer: Dense, form: Form) -> Form | None:
    rows, outputs = layer.kernel.shape
    if form.kind == "prefixes":
        return Form("vector", outputs) if form.size and rows % form.size == 0 else None
    if form.kind == "ids" or form.size not in (None, rows):
        return None
    return Form(form.kind, outputs)
