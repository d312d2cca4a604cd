"""What if: a gate held at a value, and everything after it recomputed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .cells import Array, Cell
from .errors import BadInput, shorten
from .shapes import Float


class Pin(NamedTuple):
    """A gate's value at one timestep, whatever its sum says; all units where `unit` is None."""

    timestep: int
    gate: str
    unit: int | None
    value: float


def hold(
    cell: Cell, timesteps: int, units: int, pins: Iterable[Pin]
) -> dict[str, Float[Array, "timesteps units"]]:
    """Bring pins into the form a cell's `forward` takes: NaN where a gate is free.

    Of two pins for the same number the later one holds.

    Raises
    ------
    BadInput
        Naming the pin that does not fit, and what would.
    """
    held: dict[str, Array] = {}
    for position, pin in enumerate(pins):
        _check(f"pins.{position}", pin, cell, timesteps, units)
        if pin.gate not in held:
            held[pin.gate] = np.full((timesteps, units), np.nan)
        held[pin.gate][pin.timestep - 1, slice(None) if pin.unit is None else pin.unit] = pin.value
    return held


def _check(where: str, pin: Pin, cell: Cell, timesteps: int, units: int) -> None:
    if not cell.gates:
        raise BadInput(f"{where} holds a gate, but a {cell.class_name} layer has none.")
    if pin.gate in cell.derived:
        factor = cell.derived[pin.gate]
        raise BadInput(
            f"{where}.gate is {pin.gate}, but of {cell.class_name} that is {factor}. Hold the "
            f"{factor.gate}."
        )
    if pin.gate not in cell.gates:
        raise BadInput(
            f"{where}.gate is {shorten(pin.gate)}, but the gates of {cell.class_name} are: "
            f"{', '.join(cell.gates)}."
        )
    if not 1 <= pin.timestep <= timesteps:
        raise BadInput(
            f"{where}.timestep is {_shown(pin.timestep)}, but the timesteps are 1 to {timesteps}."
        )
    if pin.unit is not None and not 0 <= pin.unit < units:
        raise BadInput(
            f"{where}.unit is {_shown(pin.unit)}, but the layer has units 0 to {units - 1}; "
            "null holds them all."
        )
    lowest = -1 if pin.gate == "candidate" else 0
    if not lowest <= pin.value <= 1:
        raise BadInput(
            f"{where}.value is {_shown(pin.value)}, but the {pin.gate} takes values from "
            f"{lowest} to 1."
        )


def _shown(number: float) -> str:
    return shorten(str(number))[1:-1]
