"""Operations of ONNX that turn, cut, join or pool the axes of a tensor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...core.cells import Array
from ...core.network import Bidirectional, Flatten, LastTimestep, Pooling, Recurrent
from .constants import axes_of, whole
from .graph import OnnxNode
from .halves import half
from .symbols import BOTH, DIRECTIONS, FEATURES, ONE, Symbol

Named = Callable[[str], Symbol]
"""A result that needs a name for a layer of its own."""
Result = Symbol | Array | Named | None


def _arrays(read: Sequence[Any]) -> list[Array | None]:
    return [value if isinstance(value, np.ndarray) else None for value in read]


def _transpose(node: OnnxNode, read: Sequence[Any]) -> Result:
    x = read[0]
    order = node.attributes.get("perm") or list(range(len(x.axes)))[::-1]
    if sorted(order) != list(range(len(x.axes))):
        return None
    return x.with_axes(*(x.axes[place] for place in order))


def _squeeze(node: OnnxNode, read: Sequence[Any]) -> Result:
    x = read[0]
    count = len(x.axes)
    axes = axes_of(node.attributes, _arrays(read), 1)
    places = [a % count for a in axes] or [i for i in range(count) if _is_one(x, i)]
    if not all(_is_one(x, place) for place in places):
        return None
    return x.with_axes(*(axis for i, axis in enumerate(x.axes) if i not in places))


def _is_one(x: Symbol, place: int) -> bool:
    """Whether an axis has length 1."""
    one_way = isinstance(x.recurrent, Recurrent) and not x.preceded
    return x.axes[place] == ONE or (x.axes[place] == DIRECTIONS and one_way)


def _gather(node: OnnxNode, read: Sequence[Any]) -> Result:
    """One place on an axis."""
    x, index = read[0], read[1]
    if not isinstance(x, Symbol) or not isinstance(index, np.ndarray) or index.size != 1:
        return None
    axis = (node.attributes.get("axis") or 0) % max(1, len(x.axes))
    cut = _cut(x, axis, whole(index)[0])
    if cut is None or index.ndim > 1:
        return None
    return cut if index.ndim else cut.without(axis)


def _slice(node: OnnxNode, read: Sequence[Any]) -> Result:
    """A piece of length 1 of an axis, or the whole of it."""
    x, values, a = read[0], _arrays(read), node.attributes
    starts = a.get("starts") or (whole(values[1]) if len(values) > 1 else [])
    ends = a.get("ends") or (whole(values[2]) if len(values) > 2 else [])
    axes = a.get("axes") or (whole(values[3]) if len(values) > 3 else [0])
    steps = whole(values[4]) if len(values) > 4 else [1]
    if not isinstance(x, Symbol) or any(len(v) != 1 for v in (starts, ends, axes)) or steps != [1]:
        return None
    (start,), (end,), axis = starts, ends, axes[0] % len(x.axes)
    if start == 0 and end >= 2**31 - 1:
        return x
    if x.axes[axis] == FEATURES:
        return half(x, axis, start, end)
    if end - start == 1 or (start == -1 and end >= 2**31 - 1):
        return _cut(x, axis, start)
    return None


def _cut(x: Symbol, axis: int, index: int) -> Symbol | None:
    """One place on an axis, which stays with length 1."""
    kept = (*x.axes[:axis], ONE, *x.axes[axis + 1 :])
    if x.axes[axis] == x.time and x.part is not None:
        return _last_of_half(x, index, kept)
    if x.axes[axis] == x.time and x.recurrent is not None and index == -1:
        last = LastTimestep(f"{x.recurrent.name}.last")
        layer = x.recurrent
        if isinstance(layer, Recurrent) and not layer.go_backwards:
            return x.instead(replace(layer, return_sequences=False)).with_axes(*kept)
        return x.then(last).with_axes(*kept)
    if x.axes[axis] != DIRECTIONS or x.recurrent is None:
        return None
    own = _directions(x)
    index = index + own if index < 0 else index - x.preceded
    if not 0 <= index < own:
        return None
    cut = replace(x.with_axes(*kept), preceded=0)
    return cut if own == 1 else replace(cut, part=index)


def _last_of_half(x: Symbol, index: int, axes: tuple[str, ...]) -> Symbol | None:
    """The state in which one direction ends: the first timestep's, where it reads backwards."""
    layer = x.recurrent
    if not isinstance(layer, Bidirectional) or index != (-1, 0)[x.part or 0]:
        return None
    both = (replace(each, return_sequences=False) for each in (layer.forward, layer.backward))
    last = replace(layer, **dict(zip(("forward", "backward"), both, strict=True)))
    return replace(x.instead(last), part=x.part).with_axes(*axes)


def _directions(x: Symbol) -> int:
    return 2 if isinstance(x.recurrent, Bidirectional) else 1


def _concat(node: OnnxNode, read: Sequence[Any]) -> Result:
    """The last states of both directions, side by side; or of the layers of a stack."""
    parts = [value for value in read if isinstance(value, Symbol)]
    if len(parts) != len(read):
        return None
    axis = (node.attributes.get("axis") or 0) % len(parts[0].axes)
    if [p.part for p in parts] != [0, 1]:
        return _stacked(parts, axis)
    first, second = parts
    if first.layers != second.layers or first.axes != second.axes or first.axes[axis] != FEATURES:
        return None
    return replace(first, part=None)


def _stacked(parts: list[Symbol], axis: int) -> Symbol | None:
    """Last states of a stack, one layer below the other, of which the last layer's may be cut."""
    last = parts[-1]
    for part in parts:
        layer = part.recurrent
        if layer is None or layer.return_sequences or part.axes != last.axes or part.preceded:
            return None
        if len(part.axes) <= axis or part.axes[axis] != DIRECTIONS:
            return None
        if part is not last and len(part.layers) >= len(last.layers):
            return None
    return replace(last, preceded=sum(_directions(part) for part in parts[:-1]))


def _reshape(node: OnnxNode, read: Sequence[Any]) -> Result:
    """Directions beside units, timesteps side by side, or sequences below one another."""
    x, shape = read[0], whole(_arrays(read)[1] if len(read) > 1 else None)
    if not isinstance(x, Symbol) or not shape or x.part is not None or x.preceded:
        return None
    axes = [axis for i, axis in enumerate(x.axes) if not _is_one(x, i)]
    if axes[-2:] == [DIRECTIONS, FEATURES] and isinstance(x.recurrent, Bidirectional):
        axes = [*axes[:-2], FEATURES]
    if len(shape) == len(axes):
        return x.with_axes(*axes)
    if axes == [BOTH, FEATURES] and len(shape) == 3:
        return x.with_axes("1", "0", FEATURES) if x.time == "0" else x.with_axes("0", "1", FEATURES)
    if len(axes) != 3 or len(shape) != 2 or axes[2] != FEATURES or DIRECTIONS in axes:
        return None
    if shape[1] == x.size:
        return x.with_axes(BOTH, FEATURES)
    return _flat(x, axes)


def _flatten(node: OnnxNode, read: Sequence[Any]) -> Result:
    x = read[0]
    if not isinstance(x, Symbol) or node.attributes.get("axis", 1) != 1:
        return None
    if len(x.axes) == 2:
        return x
    axes = [axis for i, axis in enumerate(x.axes) if not _is_one(x, i)]
    return _flat(x, axes) if len(axes) == 3 else x.with_axes(*axes)


def _flat(x: Symbol, axes: list[str]) -> Result:
    """All timesteps of a sequence in one row."""
    if axes[1] != x.time or axes[2] != FEATURES:
        return None
    return lambda name: x.then(Flatten(name), 0).with_axes(axes[0], FEATURES)


def _pool(kind: str) -> Callable[[OnnxNode, Sequence[Any]], Result]:
    def pool(node: OnnxNode, read: Sequence[Any]) -> Result:
        x = read[0]
        axes = axes_of(node.attributes, _arrays(read), 1)
        if not isinstance(x, Symbol) or DIRECTIONS in x.axes:
            return None
        if node.op.startswith("Global"):
            axes = [len(x.axes) - 1]
        if len(axes) != 1 or x.axes[axes[0] % len(x.axes)] != x.time:
            return None
        place = axes[0] % len(x.axes)
        kept = (*x.axes[:place], ONE, *x.axes[place + 1 :])
        keep = node.op.startswith("Global") or node.attributes.get("keepdims", 1)

        def named(name: str) -> Symbol:
            pooled = x.then(Pooling(name, kind)).with_axes(*kept)
            return pooled if keep else pooled.without(place)

        return named

    return pool


def _shape(node: OnnxNode, read: Sequence[Any]) -> Result:
    """Sizes: known for the features, NaN for the rest."""
    x = read[0]
    sizes = [_size(x, place) for place in range(len(x.axes))]
    return np.array(sizes)[node.attributes.get("start") or 0 : node.attributes.get("end")]


def _size(x: Symbol, place: int) -> float:
    two = isinstance(x.recurrent, Bidirectional)
    if x.axes[place] == FEATURES and x.size:
        one_way = two and (DIRECTIONS in x.axes or x.part is not None)
        return x.size // 2 if one_way else x.size
    if x.axes[place] == DIRECTIONS:
        return 2 if two else 1
    return 1 if x.axes[place] == ONE else np.nan


AXES: dict[str, Callable[[OnnxNode, Sequence[Any]], Result]] = {
    "Concat": _concat,
    "Flatten": _flatten,
    "Gather": _gather,
    "GlobalAveragePool": _pool("average"),
    "GlobalMaxPool": _pool("max"),
    "ReduceMax": _pool("max"),
    "ReduceMean": _pool("average"),
    "Reshape": _reshape,
    "Shape": _shape,
    "Slice": _slice,
    "Squeeze": _squeeze,
    "Transpose": _transpose,
}
