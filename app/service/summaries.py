"""What a model is: its row in a list, its summary, what it reads, and its weights."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from ..core.cells import Array
from ..core.errors import BadInput, TooLarge, shorten
from ..core.model import Model
from ..core.network import Recurrent, last_sum
from ..settings import Settings
from ..storage.names import reading_name
from .generation import next_row
from .question import LARGEST
from .step import describe, find_layer, layer_row

GUIDE_TIMESTEPS = 2
"""The length for which a summary is given where none is asked for: the guide's "Good Day"."""

WHOLE_LAYER = 20_000
"""Weights of a layer that the page asks for at once, not unit by unit."""


def layer_weights(
    model: Model, layer: str | None, unit: int | None, settings: Settings
) -> dict[str, dict[str, Array]]:
    """A layer's arrays by gate and name; of one unit if it is given.

    Raises
    ------
    NotFound
        For a layer that is not there.
    BadInput
        For a unit that is not there.
    TooLarge
        Where one array is over the limit of numbers.
    """
    found = find_layer(model, layer)
    units, features = found.weights.units, found.weights.features
    if unit is not None and not 0 <= unit < units:
        raise BadInput(
            f"unit is {shorten(str(unit))[1:-1]}, but the layer {found.name} has units 0 to "
            f"{units - 1}."
        )
    if unit is not None and features > settings.max_numbers:
        raise TooLarge(
            f"One unit of this layer has {features:,} weights; the limit is "
            f"{settings.max_numbers:,}. Take the model's file."
        )
    numbers = max(units, features) * units
    if unit is None and numbers > settings.max_numbers:
        raise TooLarge(
            f"One matrix of this layer has {numbers:,} numbers; the limit is "
            f"{settings.max_numbers:,}. Ask for one unit: &unit=0 to &unit={units - 1}."
        )
    weights = {
        gate: {name: _of_unit(array, unit) for name, array in arrays.items()}
        for gate, arrays in found.gate_weights().items()
    }
    projection, memory = found.weights.projection, found.cell.memory
    if projection is not None and memory is not None and memory.shown_by is not None:
        # a unit's row is its share of each number of the hidden state
        own = projection if unit is None else projection[unit]
        weights[memory.shown_by]["projection"] = own.copy()
    return weights


def head_weights(model: Model, timesteps: int, settings: Settings) -> dict[str, Any]:
    """What makes the answer of the hidden states, where it is one sum.

    Raises
    ------
    BadInput
        Where it is none.
    TooLarge
        Where its weights are over the limit of numbers.
    """
    found = last_sum(model.network)
    if isinstance(found, str):
        raise BadInput(f"The answer of {model.title} cannot be opened as one sum: {found}.")
    layer, units = found.layer, model.network.last_recurrent.units
    kernel = layer.kernel[: timesteps * units] if found.reads == "flatten" else layer.kernel
    if max(kernel.size, len(layer.bias)) > settings.max_numbers:
        raise TooLarge(
            f"The dense layer {layer.name} has {kernel.size:,} weights; the limit is "
            f"{settings.max_numbers:,}."
        )
    last = model.network.last_recurrent
    each = [last] if isinstance(last, Recurrent) else [last.forward, last.backward]
    return {
        "layer": layer.name,
        "recurrent": last.name,
        "directions": [{"layer": one.name, "units": one.units} for one in each],
        "reads": found.reads,
        "skips_masked": each[0].zero_output_for_mask,
        "kernel": kernel.copy(),
        "bias": layer.bias.copy(),
        "activation": found.activation,
        "labels": model.labels,
    }


def _of_unit(array: Array, unit: int | None) -> Array:
    """One unit's column (of a bias: its number), or everything; contiguous, for the encoder."""
    return (array if unit is None else array[..., unit]).copy()[()]


def model_row(model: Model) -> dict[str, Any]:
    """A model in a line, with its size for the guide's two words."""
    return describe(model) | {
        "description": model.description,
        "reads": reads(model),
        "layers": [layer_row(layer) for layer in model.network.recurrent.values()],
        "total_parameters": sum(row.parameters for row in model.network.summary(GUIDE_TIMESTEPS)),
    }


def own_row(model: Model, owner: str) -> dict[str, Any]:
    """A visitor's model in a line, for its owner alone.

    `id` is the owner's name, which renames and deletes; `reading_id` opens the model for reading,
    and is what every other answer calls it.
    """
    return model_row(model) | {"id": owner, "reading_id": reading_name(owner)}


def summary(model: Model, timesteps: int) -> dict[str, Any]:
    """The rows of a Keras-style summary and their sum."""
    rows = model.network.summary(timesteps)
    return {
        "id": model.id,
        "layers": [asdict(row) for row in rows],
        "total_parameters": sum(row.parameters for row in rows),
        "code": model.network.code(timesteps),
        "reads": reads(model),
        "recurrent": [layer_row(layer) for layer in model.network.recurrent.values()],
        "card": model.card,
        "next": next_row(model),
    }


EXAMPLE_TIMESTEPS = 12
MOST_NUMBERS = 600
"""In an example of more than two timesteps."""
MOST_IN_EXAMPLE = 4_000
"""Where even two timesteps have more, nobody looks at their numbers: the example is empty."""
LONGEST_EXAMPLE = 400
"""Characters or timesteps of an example that a model's card brings."""


def reads(model: Model) -> dict[str, Any]:
    """What a model takes in: words, token ids or numbers, how many, and an example of the latter.

    Returns
    -------
    `kind`; `timesteps`, null where any number will do; of token ids `rows`, how many there are; of
    numbers `features`, how many make a timestep; and `example`, some of them (none where a timestep
    has thousands), or of characters a text, where the model's card has one
    """
    network = model.network
    timesteps, given = network.fixed_timesteps, model.card.get("example")
    if network.embedding is not None:
        rows = len(network.embedding.table)
        kind = model.vocabulary.tokens if model.vocabulary else "token_ids"
        example = [k % rows for k in range(1, 1 + min(timesteps or 4, 4))]
        known = {"kind": kind, "timesteps": timesteps, "rows": rows}
        if kind == "characters" and isinstance(given, str) and 0 < len(given) <= LONGEST_EXAMPLE:
            return known | {"example": given}
        return known if model.vocabulary else known | {"example": example}
    features = network.features
    length = min(timesteps or EXAMPLE_TIMESTEPS, max(2, MOST_NUMBERS // features))
    turns = (
        np.arange(length if length * features <= MOST_IN_EXAMPLE else 0)[:, np.newaxis] / 8
        + np.arange(features) / features
    )
    example = _rows_of(given, features) or np.round(np.sin(2 * math.pi * turns), 2).tolist()
    return {"kind": "numbers", "timesteps": timesteps, "features": features, "example": example}


def _rows_of(given: Any, features: int) -> list[list[float]] | None:
    """A card's example of numbers, if it is one: a card is written by whoever wrote the file."""
    try:
        rows = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        return None
    fits = rows.ndim == 2 and rows.shape[1] == features and 0 < len(rows) <= LONGEST_EXAMPLE
    return rows.tolist() if fits and (abs(rows) <= LARGEST).all() else None
