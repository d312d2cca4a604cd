"""Two directions of a layer, taken apart and joined again in another way than side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.network import Bidirectional
from .symbols import FEATURES, Symbol


def half(x: Symbol, axis: int, start: int, end: int) -> Symbol | None:
    """One direction's numbers, cut from those of both that stand side by side."""
    layer = x.recurrent
    if x.axes[axis] != FEATURES or not isinstance(layer, Bidirectional) or x.part is not None:
        return None
    if layer.merge_mode != "concat":
        return None
    units, whole = layer.forward.units, layer.units
    start, end = (place + whole if place < 0 else min(place, whole) for place in (start, end))
    if (start, end) == (0, units):
        return replace(x, part=0)
    return replace(x, part=1) if (start, end) == (units, whole) else None


def joined(read: Sequence[Any], mode: str) -> Symbol | None:
    """Both directions made one number each; None where it is not both directions of a layer."""
    both = [value for value in read if isinstance(value, Symbol)]
    if len(both) != 2 or len(read) != 2 or sorted(x.part or 0 for x in both) != [0, 1]:
        return None
    first, second = both
    layer = first.recurrent
    if None in (first.part, second.part) or not isinstance(layer, Bidirectional):
        return None
    if first.layers != second.layers or first.axes != second.axes:
        return None
    if layer.forward.units != layer.backward.units:
        return None
    return first.instead(replace(layer, merge_mode=mode), layer.forward.units)


def scaled(op: str, read: Sequence[Any]) -> Symbol | None:
    """Half of the sum of both directions, which is their average."""
    x, factor = read[:2] if isinstance(read[0], Symbol) or op == "Div" else read[1::-1]
    if not isinstance(x, Symbol) or not isinstance(factor, np.ndarray) or factor.size != 1:
        return None
    layer, number = x.recurrent, float(factor.ravel()[0])
    if not isinstance(layer, Bidirectional) or layer.merge_mode != "sum" or x.part is not None:
        return None
    if number != (2.0 if op == "Div" else 0.5):
        return None
    return x.instead(replace(layer, merge_mode="ave"))
