"""A network from weights alone: what their shapes decide, and what has to be taken for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any, TypeVar

from ..errors import BadInput
from ..network import (
    ACTIVATIONS,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    Pooling,
    Recurrent,
)
from .base import Options
from .ways_out import Misfit

READS = ("last_state", "last_timestep", "every", "max", "average", "flatten")
MAX_ORDERED = 6

Stack = Recurrent | Bidirectional
Item = TypeVar("Item")


def arrange(
    embedding: Embedding | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    options: Options,
    final: str = "linear",
) -> tuple[list[Layer], list[str]]:
    """Put layers in the order in which their sizes fit, and say what was taken for granted.

    Parameters
    ----------
    options : `reads`, how the head reads the hidden states, one of `READS`; `activations`, of the
        dense layers; `mask_zero`, whether token 0 is padding
    final : activation of the last dense layer where nobody says

    Raises
    ------
    BadInput
        Where no order fits, or an option is wrong.
    """
    if not recurrent:
        raise BadInput("The file has no weights of an LSTM, GRU or simple RNN.")
    assumed = []
    if embedding is not None:
        mask_zero = _flag(options, "mask_zero")
        embedding = replace(embedding, mask_zero=bool(mask_zero))
        if mask_zero is None:
            assumed.append("Token 0 is a word like any other, not padding (mask_zero).")
    start = embedding.table.shape[1] if embedding else None
    stack = _ordered(recurrent, start, _features, lambda x: x.units, "recurrent layers")
    stack = [_returning(layer, True) for layer in stack]
    units = stack[-1].units
    reader, name, said = _reader(options, dense, units)
    if not said and dense:
        assumed.append(f"The dense layer reads {_WORDS[name]} (reads: {name}).")
    stack[-1] = _returning(stack[-1], name != "last_state")
    width = None if name == "flatten" else units
    heads = _ordered(
        dense, width, lambda x: len(x.kernel), lambda x: x.kernel.shape[1], "dense layers"
    )
    activations = _activations(options, len(heads), final)
    if heads and "activations" not in options:
        assumed.append(f"Activations of the dense layers: {', '.join(activations)} (activations).")
    head = [replace(x, activation=a) for x, a in zip(heads, activations, strict=True)]
    first: list[Layer] = [] if embedding is None else [embedding]
    return [*first, *stack, *([reader] if reader else []), *head], assumed


def fits_in_other_orders(stack: Sequence[Stack], start: int | None) -> bool:
    """Whether recurrent layers of several classes would fit one another in other orders too.

    Layers of one class are numbered in the order in which they are computed.
    """
    kinds = [_kind(layer) for layer in stack]
    if len(set(kinds)) < 2 or len(stack) > MAX_ORDERED:
        return False
    orders = [
        order
        for order in permutations(stack)
        if _fits(order, start, _features, lambda x: x.units)
        and all(_of(order, kind) == _of(stack, kind) for kind in set(kinds))
    ]
    return len(orders) > 1


def _kind(layer: Stack) -> str:
    return type(layer).__name__ if isinstance(layer, Bidirectional) else layer.cell.keras_name


def _of(layers: Sequence[Stack], kind: str) -> list[str]:
    return [layer.name for layer in layers if _kind(layer) == kind]


_WORDS = {
    "last_state": "the last hidden state, of each direction its own",
    "last_timestep": "the hidden state of the last timestep",
    "every": "every hidden state",
    "max": "the maximum over the timesteps",
    "average": "the average over the timesteps",
    "flatten": "all hidden states side by side",
}


def _flag(options: Options, key: str) -> bool | None:
    value = options.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"The option {key} must be true or false.")
    return value


def _reader(options: Options, dense: Sequence[Dense], units: int) -> tuple[Layer | None, str, bool]:
    """The layer that reads the hidden states, its name, and whether that was said."""
    name: Any = options.get("reads")
    said = name is not None
    if name is None:
        fits = any(len(x.kernel) == units for x in dense) or not dense
        name = "last_state" if fits else "flatten"
    if name not in READS:
        raise BadInput(f"The option reads must be one of {', '.join(READS)}.")
    layers: dict[str, Layer] = {
        "last_timestep": LastTimestep("last_timestep"),
        "max": Pooling("pooling", "max"),
        "average": Pooling("pooling", "average"),
        "flatten": Flatten("flatten"),
    }
    return layers.get(name), name, said


def _activations(options: Options, count: int, final: str) -> list[str]:
    names: Any = options.get("activations")
    if names is None:
        return ["relu"] * (count - 1) + [final] * min(1, count)
    if not isinstance(names, list) or len(names) != count:
        raise BadInput(f"The option activations must name {count}, one for each dense layer.")
    if any(not isinstance(name, str) or name not in ACTIVATIONS for name in names):
        raise BadInput(f"The option activations may name: {', '.join(ACTIVATIONS)}.")
    return names


def _returning(layer: Stack, sequences: bool) -> Stack:
    if isinstance(layer, Recurrent):
        return replace(layer, return_sequences=sequences)
    both = (layer.forward, layer.backward)
    forward, backward = (
        replace(each, return_sequences=sequences, zero_output_for_mask=sequences) for each in both
    )
    return replace(layer, forward=forward, backward=backward)


def _features(layer: Stack) -> int:
    return (layer.forward if isinstance(layer, Bidirectional) else layer).weights.features


def _ordered(
    layers: Sequence[Item], start: int | None, reads: Any, gives: Any, what: str
) -> list[Any]:
    """The first order in which each layer reads what the one before gives; their own if it fits."""
    if _fits(layers, start, reads, gives):
        return list(layers)
    found = permutations(layers) if len(layers) <= MAX_ORDERED else iter(())
    order = next((order for order in found if _fits(order, start, reads, gives)), None)
    if order is None:
        sizes = ", ".join(f"{reads(layer)} -> {gives(layer)}" for layer in layers[:8])
        before = "" if start is None else f" after {start} numbers"
        raise Misfit(
            f"The sizes of the {what} ({sizes}; numbers read -> numbers given) do not fit one "
            f"another{before}, so the layers form no chain: there is a branch, such as a second "
            "head, or a layer that stands elsewhere, such as a dense one before the recurrent one."
        )
    return list(order)


def _fits(order: Sequence[Item], start: int | None, reads: Any, gives: Any) -> bool:
    """Whether each layer reads as many numbers as the one before gives."""
    size = start
    for layer in order:
        if size is not None and reads(layer) != size:
            return False
        size = gives(layer)
    return True
