"""Arithmetic on token ids in an ONNX graph, which comes to nothing because no id is negative.

TensorFlow lets an embedding be read from its end: ids below zero get the number of rows added. An
export writes that out, as a choice between two values or as a sum of two products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .symbols import Filled, Symbol


def settle(op: str, read: Sequence[Any]) -> Any:
    """What an operation gives whatever the ids are; None where that cannot be told.

    The operand that is not chosen may have been lost: it plays no part.
    """
    rule = _RULES.get(op)
    return rule(read) if rule and len(read) >= _NEEDED[op] else None


def _is_ids(value: Any) -> bool:
    """Whether it is the model's input of two axes, which only an embedding reads."""
    return isinstance(value, Symbol) and not value.layers and value.axes == ("0", "1")


def _is(value: Any, number: float) -> bool:
    return isinstance(value, Filled) and value.value == number


def _less(read: Sequence[Any]) -> Filled | None:
    ids, bound = read[:2]
    known = isinstance(bound, np.ndarray) and bound.size == 1 and bound.ravel()[0] <= 0
    return Filled(0.0) if _is_ids(ids) and known else None


def _not(read: Sequence[Any]) -> Filled | None:
    return next((Filled(1.0 - n) for n in (0.0, 1.0) if _is(read[0], n)), None)


def _where(read: Sequence[Any]) -> Any:
    return read[1] if _is(read[0], 1) else read[2] if _is(read[0], 0) else None


def _multiply(read: Sequence[Any]) -> Any:
    for factor, other in (read[:2], read[1::-1]):
        if _is(factor, 0):
            return factor
        if _is(factor, 1) and _is_ids(other):
            return other
    return None


def _add(read: Sequence[Any]) -> Any:
    for term, other in (read[:2], read[1::-1]):
        if _is(term, 0) and _is_ids(other):
            return other
    return None


_RULES: dict[str, Callable[[Sequence[Any]], Any]] = {
    "Add": _add,
    "Less": _less,
    "Mul": _multiply,
    "Not": _not,
    "Where": _where,
}
_NEEDED = {"Add": 2, "Less": 2, "Mul": 2, "Not": 1, "Where": 3}
