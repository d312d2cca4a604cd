"""What is asked about one sequence: the input, the model, and the parts of the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from ..core.errors import BadInput, shorten
from ..core.pins import Pin

LARGEST = 1e30
"""Of what a request may hold: its products with a float32 weight stay finite."""
STATES = ("hidden_state", "cell_state")
PIN_FIELDS = ("timestep", "gate", "value")


@dataclass(frozen=True)
class StepQuestion:
    """One sequence for one model, as `/api/step` takes it; the names are those of the wire.

    Attributes
    ----------
    sentence, token_ids, inputs : exactly one of them is given
    layer : a recurrent layer's name; the first if None
    return_sequences : the layer's own setting if None
    initial_state : `hidden_state` and `cell_state`, (units,) each, of the layer, or `layers`, a map
        from the names of several layers to theirs; zeros if None
    pins : gates held at a value
    include : optional parts of the answer
    unit : whose contributions `memory` holds
    label : whose gradients and attributions; the predicted one if None
    """

    sentence: str | None = None
    token_ids: Sequence[int] | None = None
    inputs: Sequence[Sequence[float]] | None = None
    model: str = "article"
    layer: str | None = None
    return_sequences: bool | None = None
    return_state: bool = True
    initial_state: Mapping[str, Any] | None = None
    pins: Sequence[Pin] = ()
    include: Sequence[str] = ()
    unit: int | None = None
    label: str | None = None


FIELDS = frozenset(field.name for field in fields(StepQuestion))


def question_of(given: Mapping[str, Any]) -> StepQuestion:
    """A question from fields that a program wrote, pins as mappings.

    Raises
    ------
    BadInput
        For a field that there is not, and for a pin or a state that is not of its form.
    """
    if unknown := given.keys() - FIELDS:
        raise BadInput(f"There is no field {shorten(min(unknown))}.")
    state = given.get("initial_state")
    if state is not None:
        layers = {name: _state(each) for name, each in state.get("layers", {}).items()}
        own = _state({name: part for name, part in state.items() if name != "layers"})
        state = own | ({"layers": layers} if layers else {})
    pins = [_pin(f"pins.{k}", pin) for k, pin in enumerate(given.get("pins", ()))]
    return StepQuestion(**{**given, "pins": pins, "initial_state": state})


def _state(given: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    return {name: _numbers(name, numbers) for name, numbers in given.items()}


def _numbers(name: str, numbers: Sequence[float]) -> Sequence[float]:
    if name not in STATES:
        raise BadInput(f"There is no initial_state.{name[:40]}; there are {' and '.join(STATES)}.")
    if not all(map(_is_number, numbers)):
        raise BadInput(f"initial_state.{name} must hold finite numbers of up to {LARGEST:g}.")
    return numbers


def _pin(where: str, pin: Mapping[str, Any]) -> Pin:
    missing = [name for name in PIN_FIELDS if pin.get(name) is None]
    if missing or pin.keys() - {*PIN_FIELDS, "unit"}:
        raise BadInput(
            f"{where} must have timestep, gate, value and, for one unit alone, unit; "
            f"{', '.join(map(str, pin)) or 'nothing'} came."
        )
    unit = pin.get("unit")
    whole = all(_is_whole(number) for number in (pin["timestep"], 0 if unit is None else unit))
    if not whole or not isinstance(pin["gate"], str) or not _is_number(pin["value"]):
        raise BadInput(
            f"{where} must have a whole timestep and unit, a gate's name and a finite value; "
            f"{shorten(str(dict(pin)))} came."
        )
    return Pin(
        int(pin["timestep"]), pin["gate"], None if unit is None else int(unit), float(pin["value"])
    )


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    try:
        return abs(value) <= LARGEST and math.isfinite(value)
    except (TypeError, OverflowError):
        return False
