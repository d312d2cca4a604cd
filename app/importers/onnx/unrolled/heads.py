"""Dense layers and pooling, recognised in sums of products; and names for layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....core.cells import Array
from ....core.network import Bidirectional, Dense, Layer, Recurrent
from ...base import snake_case
from .terms import Sum, is_one

Vectors = tuple[Sum, ...]


@dataclass(frozen=True)
class DenseForm:
    """act(source K + b)."""

    activation: str
    kernel: Array
    bias: float | Array
    source: Sum

    def same_as(self, other: DenseForm) -> bool:
        """Whether it is the same layer."""
        return (
            self.activation == other.activation
            and self.kernel is other.kernel
            and (
                self.bias is other.bias
                or (isinstance(self.bias, float) and self.bias == other.bias)
            )
        )

    def layer(self) -> Dense:
        """The layer."""
        bias = self.bias * np.ones(self.kernel.shape[1], np.float32)
        return Dense("", self.kernel, bias.astype(np.float32), self.activation, bool(bias.any()))


def dense_of(value: Sum) -> DenseForm | None:
    """The dense layer that makes a vector, if one does."""
    atom, name = value.atom, "linear"
    if atom is not None and atom.kind == "activation":
        name, value = atom.name, atom.parts[0]
    products = [(p, c) for p, c in value.terms.items() if p]
    if len(products) != 1 or len(products[0][0]) != 1 or not is_one(products[0][1]):
        return None
    (inner,) = products[0][0]
    if inner.kind != "linear" or inner.data is None:
        return None
    return DenseForm(name, inner.data, value.constant, inner.parts[0])


@dataclass(frozen=True)
class PoolingForm:
    """What is pooled, and the masks of an average that leaves out padding."""

    kind: str
    vectors: Vectors
    masks: Vectors | None = None


def pooling_of(value: Sum) -> PoolingForm | None:
    """max(h_1, ..., h_T), their mean, or the sum of m_t * h_t over that of m_t."""
    atom = value.atom
    if atom is None:
        return None
    if atom.kind in ("max", "mean"):
        return PoolingForm({"mean": "average"}.get(atom.kind, "max"), atom.parts)
    if atom.kind != "quotient":
        return None
    above, below = (part.atom for part in atom.parts)
    if above is None or below is None or (above.kind, below.kind) != ("sum", "sum"):
        return None
    vectors = [_kept(part, mask) for part, mask in zip(above.parts, below.parts, strict=False)]
    if len(above.parts) != len(below.parts) or any(vector is None for vector in vectors):
        return None
    return PoolingForm("average", tuple(v for v in vectors if v), below.parts)


def _kept(value: Sum, mask: Sum) -> Sum | None:
    """What is multiplied with a mask."""
    ((product, c),) = value.terms.items() if len(value.terms) == 1 else [((), 0.0)]
    if len(product) != 2 or mask.atom not in product or not is_one(c):
        return None
    inner = product[product[0] is mask.atom]
    return inner.parts[0] if inner.kind == "whole" else None


def named(layers: Sequence[Layer]) -> list[Layer]:
    """Give each layer the name that Keras would."""
    counts: dict[str, int] = {}

    def name(kind: str) -> str:
        counts[kind] = counts.get(kind, -1) + 1
        return f"{kind}_{counts[kind]}" if counts[kind] else kind

    return [_named(layer, name) for layer in layers]


def _named(layer: Layer, name: Callable[[str], str]) -> Layer:
    if isinstance(layer, Bidirectional):
        own = name("bidirectional")
        both = (
            replace(layer.forward, name=f"{own}/forward"),
            replace(layer.backward, name=f"{own}/backward"),
        )
        return Bidirectional(own, *both, layer.merge_mode)
    if isinstance(layer, Recurrent):
        return replace(layer, name=name(snake_case(layer.cell.class_name)))
    return replace(layer, name=name(type(layer).__name__.lower()))
