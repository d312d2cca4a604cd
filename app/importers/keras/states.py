"""Which of the tensors that a recurrent layer of Keras returns are read: its output, h or c."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, LastTimestep, Layer, PassThrough, Recurrent
from .affine import Affine
from .graph import Step

SHOWN = {"hidden_state": "hidden state", "cell_state": "cell state"}


def giving(layer: Layer, step: Step) -> Layer:
    """The layer so that it gives what goes on from it.

    An LSTM returns its output, h and c, other layers their output and their state, and a
    bidirectional layer its output, the states of the forward and those of the backward direction.

    Raises
    ------
    Unsupported
        For states that are joined in a way that no bidirectional layer joins them.
    BadInput
        For a tensor that the layer does not return.
    """
    if step.tensors == (0,):
        return layer
    if isinstance(layer, Recurrent):
        if len(step.tensors) == 1:
            return _state(layer, step.tensors[0] - 1)
    elif isinstance(layer, Bidirectional):
        return _of_both(layer, step)
    raise Unsupported(f"{layer.name[:60]} gives more than one tensor that is used.")


def _state(layer: Recurrent, number: int) -> Recurrent:
    """The layer, giving the last of one of its states; of those no padding makes zeros."""
    if not 0 <= number < len(layer.cell.states):
        raise BadInput(f"A tensor of {layer.name[:60]} is read that it does not return.")
    state = layer.cell.states[number]
    return replace(layer, return_sequences=False, zero_output_for_mask=False, gives=state)


def _of_both(layer: Bidirectional, step: Step) -> Layer:
    count = len(layer.forward.cell.states)
    places = [divmod(tensor - 1, count) for tensor in step.tensors]
    both = (layer.forward, layer.backward)
    if any(not 0 <= direction < 2 for direction, _ in places):
        raise Unsupported(f"{layer.name[:60]} gives more than one tensor that is used.")
    if len(places) == 1:
        ((direction, number),) = places
        return _state(both[direction], number)
    (first, number), (second, other) = places
    if number != other or (first, second) not in ((0, 1), (1, 0)):
        raise Unsupported(f"Two different states of {layer.name[:60]} are joined: not read.")
    if (first, second) == (1, 0) and step.join == "concat":
        raise Unsupported(
            f"The states of {layer.name[:60]} are joined the backward one first: not read."
        )
    forward, backward = (_state(each, number) for each in both)
    return replace(layer, forward=forward, backward=backward, merge_mode=step.join)


def said_of_states(layers: Sequence[Layer]) -> str:
    """What is read in place of a layer's usual output, for the owner to check; "" for nothing."""
    found = []
    for layer in layers:
        parts = [layer.forward] if isinstance(layer, Bidirectional) else [layer]
        found += [
            f"the last {SHOWN[part.gives]} of {layer.name}"
            for part in parts
            if isinstance(part, Recurrent) and part.gives != "hidden_state"
        ]
    return "; ".join(found)


def is_last(key: Any) -> bool:
    """Whether `x[key]` is the last timestep of each sequence: `[:, -1]` or `[:, -1, :]`."""
    if not isinstance(key, list) or len(key) not in (2, 3) or key[1] != -1:
        return False
    return all(_is_all(part) for part in (key[0], *key[2:]))


def _is_all(part: Any) -> bool:
    """Whether a part of a key is `:`, as Keras 3 or Keras 2 writes it."""
    if isinstance(part, dict) and part.get("class_name") == "__slice__":
        part = part.get("config")
    ends = ("start", "stop", "step")
    return isinstance(part, dict) and all(part.get(end, 0) is None for end in ends)


def cut(layers: list[Layer | Affine], name: str) -> list[Layer | Affine]:
    """The layers, and the last timestep of what they give.

    Of a layer with one direction that is its last state.
    """
    place = len(layers) - 1
    while place >= 0 and isinstance(layers[place], PassThrough):
        place -= 1
    last = layers[place] if place >= 0 else None
    if isinstance(last, Recurrent) and last.return_sequences:
        return [*layers[:place], replace(last, return_sequences=False), *layers[place + 1 :]]
    return [*layers, LastTimestep(name)]
