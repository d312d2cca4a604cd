"""Layers of Keras that are one factor and one summand for each number: BatchNormalization.

After training they are a part of the layer before or behind them, and are folded into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput, Unsupported
from ...core.network import (
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)
from ..base import checked
from .config import Config
from .layers import Arrays

EPSILON = {"BatchNormalization": 1e-3, "Normalization": 1e-7}


@dataclass(frozen=True)
class Affine:
    """`factor * x + summand`, of as many numbers as a row has, or one for all of them.

    Attributes
    ----------
    axis : of the numbers; 1 is the last one where there is one row for each sequence
    """

    name: str
    type: str
    factor: Array
    summand: Array
    axis: int = -1


def read_affine(kind: str, name: str, config: Config, arrays: Arrays) -> Affine | None:
    """BatchNormalization, Normalization or Rescaling; None for a layer of another class.

    Raises
    ------
    Unsupported
        For one along another axis than the last.
    BadInput
        For weights that do not fit the configuration.
    """
    if kind == "Rescaling":
        return Affine(name, kind, _plain(config, "scale"), _plain(config, "offset"))
    if kind not in EPSILON:
        return None
    axis = config.get("axis", -1)
    axes = axis if isinstance(axis, list) else [axis]
    if len(axes) != 1 or axes[0] not in (-1, 1, 2):
        raise Unsupported(f"{name} ({kind}) along another axis than the last is not read.")
    if kind == "Normalization":
        return replace(_normalization(name, config, arrays), axis=axes[0])
    parts = [part for part in ("scale", "center") if config.get(part, True)]
    found = arrays("")
    if len(found) != len(parts) + 2:
        raise BadInput(
            f"The layer {name} needs {len(parts) + 2} arrays of weights; {len(found)} came."
        )
    named = dict(zip((*parts, "mean", "variance"), found, strict=True))
    size = len(named["mean"]) if named["mean"].ndim else 0
    named = {part: checked(a, f"{name}/{part}", (size or None,)) for part, a in named.items()}
    return replace(_standard(name, kind, config, named), axis=axes[0])


def _standard(name: str, kind: str, config: Config, named: dict[str, Array]) -> Affine:
    """(x - mean) / sqrt(variance + epsilon), then a factor and a summand that were learned."""
    mean, variance = (named[part].astype(np.float64) for part in ("mean", "variance"))
    epsilon = config.get("epsilon", EPSILON[kind])
    if not isinstance(epsilon, (int, float)) or not 0 <= epsilon <= 1 or (variance < 0).any():
        raise BadInput(f"The variance, or the epsilon, of {name} is not a valid number.")
    with np.errstate(all="ignore"):
        factor = named.get("scale", 1.0) / np.sqrt(variance + epsilon)
    if not np.isfinite(factor).all():
        raise BadInput(f"The variance of {name} is zero, so nothing can be divided by it.")
    return Affine(name, kind, factor, named.get("center", 0.0) - mean * factor)


def _normalization(name: str, config: Config, arrays: Arrays) -> Affine:
    """(x - mean) / max(sqrt(variance), 1e-7), of the data that it was adapted to."""
    found = list(arrays(""))[:2] or [_plain(config, key) for key in ("mean", "variance")]
    if len(found) < 2 or config.get("invert"):
        raise Unsupported(f"{name} (Normalization) without its numbers, or inverted, is not read.")
    mean, variance = (np.asarray(a, np.float64).ravel() for a in found)
    if not np.isfinite([*mean, *variance]).all() or (variance < 0).any():
        raise BadInput(f"The mean or the variance of {name} is not a valid number.")
    factor = 1 / np.maximum(np.sqrt(variance), EPSILON["Normalization"])
    return Affine(name, "Normalization", factor, -mean * factor)


def _plain(config: Config, key: str) -> Array:
    """A number of a configuration, or a list of them."""
    value = config.get(key, 0.0)
    try:
        array = np.asarray(value, np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.size == 0 or array.size > 100_000 or not np.isfinite(array).all():
        raise BadInput(f"The configuration's {key} must be a number, or a list of numbers.")
    return array.ravel() if array.ndim else array


def fold(layers: Sequence[Layer | Affine]) -> tuple[list[Layer], list[str]]:
    """Make each factor and summand a part of the weights beside it.

    Returns
    -------
    the layers without them, and for each of them a few words on where it went

    Raises
    ------
    Misfit, Unsupported
        Where its numbers do not fit those it is given.
    """
    waiting, done, said = list(layers), list[Layer](), []
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, Affine):
            done.append(item)
            continue
        _check_axis(item, done)
        into = _into_following(item, waiting) or _into_preceding(item, done)
        if not into:
            done.append(_diagonal(item))
            into = "a dense layer of its own"
        said.append(f"{item.name} ({item.type}) into {into}")
    return done, said


def _check_axis(item: Affine, done: Sequence[Layer]) -> None:
    """Refuse factors that are one for each timestep, as axis 1 of a sequence means."""
    rows = True
    for layer in done:
        if isinstance(layer, (Recurrent, Bidirectional)):
            rows = layer.return_sequences
        elif isinstance(layer, Repeat):
            rows = True
        elif isinstance(layer, (Pooling, LastTimestep, Flatten)):
            rows = False
    if item.axis == (1 if rows else 2):
        raise Unsupported(
            f"{item.name} ({item.type}) along another axis than the last is not read."
        )


def _into_following(item: Affine, waiting: list[Layer | Affine]) -> str:
    """Fold into the first layer behind that has weights; "" where something is in between."""
    times = 1
    for place, layer in enumerate(waiting):
        if isinstance(layer, (PassThrough, Repeat, LastTimestep)) or _averages(layer, item):
            continue
        if isinstance(layer, Flatten):
            times = 0  # once for each timestep
            continue
        folded = _before(item, layer, times)
        if folded is not None:
            waiting[place] = folded
            return folded.name
        return ""
    return ""


def _averages(layer: Layer | Affine, item: Affine) -> bool:
    """Whether it makes no difference on which side of a pooling the factor stands."""
    return isinstance(layer, Pooling) and (layer.kind == "average" or bool((item.factor > 0).all()))


def _before(item: Affine, layer: Layer | Affine, times: int) -> Layer | Affine | None:
    """A layer that reads `factor * x + summand`, made to read x itself."""
    if isinstance(layer, Affine) and times:
        factor = layer.factor * item.factor
        return replace(layer, factor=factor, summand=layer.factor * item.summand + layer.summand)
    if isinstance(layer, Recurrent):
        w = layer.weights
        factor, summand = _spread(item, w.features, 1)
        kernel, more = _folded(w.kernel, factor, summand)
        bias = w.bias.copy()
        bias.reshape(-1, bias.shape[-1])[0] += more
        return replace(layer, weights=replace(w, kernel=kernel, bias=bias), use_bias=True)
    if isinstance(layer, Bidirectional):
        both = [_before(item, each, times) for each in (layer.forward, layer.backward)]
        return replace(layer, forward=both[0], backward=both[1])
    if isinstance(layer, Dense):
        rows = len(layer.kernel)
        size = item.factor.size if item.factor.ndim else rows
        factor, summand = _spread(item, rows, times or max(1, rows // max(1, size)))
        kernel, more = _folded(layer.kernel, factor, summand)
        return replace(layer, kernel=kernel, bias=layer.bias + more, use_bias=True)
    return None


def _spread(item: Affine, size: int, times: int) -> tuple[Array, Array]:
    """Factor and summand of `size` numbers, the same ones `times` over."""
    both = []
    for array in (item.factor, item.summand):
        if array.ndim and array.size not in (1, size // times):
            raise BadInput(
                f"The layer {item.name} has {array.size} factors, but {size // times} numbers are "
                "to be multiplied."
            )
        both.append(np.tile(np.broadcast_to(array, size // times), times))
    if len(both[0]) != size:
        raise BadInput(f"The layer {item.name} does not fit the {size} numbers behind it.")
    return both[0], both[1]


def _folded(kernel: Array, factor: Array, summand: Array) -> tuple[Array, Array]:
    """A kernel that multiplies, and what is added to the bias."""
    exact = kernel.astype(np.float64)
    return (
        (factor[:, np.newaxis] * exact).astype(np.float32),
        (summand @ exact).astype(np.float32),
    )


def _into_preceding(item: Affine, done: list[Layer]) -> str:
    """Fold into the layer before: a table of an embedding, or a dense layer without activation."""
    place = len(done) - 1
    while place >= 0 and isinstance(done[place], PassThrough):
        place -= 1
    layer = done[place] if place >= 0 else None
    if isinstance(layer, Embedding):
        factor, summand = _spread(item, layer.table.shape[1], 1)
        done[place] = replace(layer, table=(layer.table * factor + summand).astype(np.float32))
        return layer.name
    if isinstance(layer, Dense) and layer.activation == "linear":
        factor, summand = _spread(item, layer.kernel.shape[1], 1)
        kernel = (layer.kernel * factor).astype(np.float32)
        bias = (layer.bias * factor + summand).astype(np.float32)
        done[place] = replace(layer, kernel=kernel, bias=bias, use_bias=True)
        return layer.name
    return ""


def _diagonal(item: Affine) -> Dense:
    """A dense layer that multiplies each number by itself, where nothing else stands beside it."""
    if not item.factor.ndim or item.factor.size > 4096:
        raise Unsupported(f"The layer {item.name} ({item.type}) is not read where it stands.")
    size = item.factor.size
    summand = np.broadcast_to(item.summand, size).astype(np.float32)
    return Dense(item.name, np.diag(item.factor).astype(np.float32), summand, "linear")
