"""Running an ONNX graph step by step, its loops included, on numbers or on traced tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ....core.cells import Array
from ....core.errors import UserError
from ..graph import OnnxGraph, OnnxNode, read_body
from ..recurrent import NODES
from ..symbols import Unread
from .moves import MAX_ELEMENTS, MOVES, bounded, move
from .numbers import calculate
from .sums import reckon
from .traced import Tape, Traced, Value

MAX_NESTING = 3
"""How deep loops and branches lie within one another."""
ELEMENTWISE = (
    *("Add", "And", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Mul"),
    *("Or", "Sub", "Where"),
)
DOES_NOT_FIT = (
    *(ValueError, IndexError, TypeError, KeyError, AttributeError, ArithmeticError),
    RecursionError,
)
"""What comes of operands that do not fit an operation."""

Values = Sequence[Any]
Names = dict[str, Any]
Recur = Callable[[OnnxNode, Values], Sequence[Any]]


class Runner:
    """Runs graphs.

    Parameters
    ----------
    tape : where traced tensors have their places; it counts the work too
    recur : gives the outputs of an LSTM, GRU or RNN node
    shortened : how often a loop over all timesteps runs, and how often it is to be run
    """

    def __init__(
        self, tape: Tape, recur: Recur, shortened: Mapping[int, int] | None = None
    ) -> None:
        self.tape = tape
        self._shortened = shortened or {}
        self._recur = recur
        self._bodies: dict[int, OnnxGraph] = {}
        self._done: dict[int, tuple[list[Any], Sequence[Any]]] = {}

    def run(self, graph: OnnxGraph, given: Mapping[str, Value]) -> list[Any]:
        """What the outputs of a graph are; `Unread` for one that cannot be told."""
        names: Names = {**graph.constants, **given}
        self._nodes(graph, names, 0)
        return [names.get(name) for name in graph.outputs]

    def _nodes(self, graph: OnnxGraph, names: Names, depth: int) -> None:
        for node in graph.nodes:
            values = [names.get(name) if name else None for name in node.inputs]
            made = self._node(node, values, names, depth)
            for name, value in zip(node.outputs, made, strict=False):
                if name:
                    names[name] = value

    def _node(self, node: OnnxNode, values: Values, names: Names, depth: int) -> Sequence[Any]:
        """What a node gives; in a loop, what does not change is not computed again."""
        if node.op in ("If", "Loop"):
            return self._guarded(node, values, lambda: self._nested(node, values, names, depth))
        before = self._done.get(id(node))
        if before is not None and all(a is b for a, b in zip(before[0], values, strict=True)):
            return before[1]
        made = self._guarded(node, values, lambda: self._results(node, values))
        self._done[id(node)] = list(values), made
        return made

    def _guarded(
        self, node: OnnxNode, values: Values, compute: Callable[[], Sequence[Any]]
    ) -> Sequence[Any]:
        """Results, or why there are none."""
        self.tape.algebra.charge(2)
        lost = next((value for value in values if isinstance(value, Unread)), None)
        if lost is not None:
            return [lost] * len(node.outputs)
        why = ""
        try:
            with np.errstate(all="ignore"):
                return compute()
        except UserError:
            raise
        except DOES_NOT_FIT as error:
            why = f" ({str(error)[:80]})" if isinstance(error, ValueError) else ""
        lost = Unread(
            f"The operation {node.op} ({node.name or node.outputs[:1]}) is not read{why}."
        )
        return [lost] * len(node.outputs)

    def _results(self, node: OnnxNode, values: Values) -> Sequence[Any]:
        if node.domain not in ("", "ai.onnx"):
            raise ValueError(f"it is of {node.domain}")
        if node.op in NODES:
            return self._recur(node, values)
        traced = any(isinstance(value, Traced) for value in values)
        if node.op in ("Shape", "Size"):
            traced = False
        if node.op == "Split" or (node.op in MOVES and not _looks_up(node, values)):
            return self._moved(node, values)
        if node.op == "Where" and not isinstance(values[0], Traced) and traced:
            chosen = [self.tape.lift(value).places for value in values[1:]]
            return [Traced(np.where(values[0].astype(bool), *chosen))]
        made = reckon(self.tape, node, values) if traced else self._calculated(node, values)
        if made is None:
            raise ValueError("it is of an unknown kind")
        self.tape.algebra.charge(int(np.prod(made.shape)) / 200)
        return [made] * len(node.outputs)

    def _calculated(self, node: OnnxNode, values: Values) -> Array | None:
        """What an operation gives for numbers, if that is not too much work."""
        if node.op in ("MatMul", "Gemm"):
            a, b, *_ = values
            columns = max(b.shape) if b.ndim == 2 else MAX_ELEMENTS
            bounded(a.size // max(1, a.shape[-1]), columns)
            self.tape.algebra.charge(a.size * columns / 20_000)
        elif node.op in ELEMENTWISE:
            bounded(*np.broadcast_shapes(*(value.shape for value in values)))
        return calculate(node, values)

    def _moved(self, node: OnnxNode, values: Values) -> Sequence[Any]:
        """What has only been moved about: numbers, or places of them."""
        moved = values if node.op == "Concat" else values[:1]
        if not any(isinstance(value, Traced) for value in moved):
            made = move(node.op, node.attributes, values, len(node.outputs))
            self.tape.algebra.charge(sum(array.size for array in made) / 200)
            return made
        places = [self.tape.lift(value).places for value in moved]
        made = move(node.op, node.attributes, [*places, *values[len(places) :]], len(node.outputs))
        self.tape.algebra.charge(sum(array.size for array in made) / 200)
        return [Traced(array) for array in made]

    def _nested(self, node: OnnxNode, values: Values, names: Names, depth: int) -> Sequence[Any]:
        self.tape.algebra.charge(len(names) / 200)
        if depth >= MAX_NESTING:
            raise ValueError("it lies too deep in others")
        if node.op == "Loop":
            return self._loop(node, values, names, depth)
        truth = _scalar(values[0])
        branch = self._body(node, "then_branch" if truth else "else_branch")
        inner = {**names, **branch.constants}
        self._nodes(branch, inner, depth + 1)
        return [inner.get(name) for name in branch.outputs]

    def _body(self, node: OnnxNode, key: str) -> OnnxGraph:
        data = node.attributes[key]
        if id(data) not in self._bodies:
            self._bodies[id(data)] = read_body(data)
        return self._bodies[id(data)]

    def _loop(self, node: OnnxNode, values: Values, names: Names, depth: int) -> Sequence[Any]:
        """Run a body again and again: first the states, then what each time gives, stacked."""
        body = self._body(node, "body")
        trips, going, *states = [*values[:2], *values[2:]]
        limit = 2**62 if trips is None else int(_scalar(trips))
        limit = self._shortened.get(limit, limit)
        goes_on = going is None or bool(_scalar(going))
        taken = list(body.inputs)
        scanned: list[list[Any]] = [[] for _ in body.outputs[1 + len(states) :]]
        inner: Names = {**names, **body.constants}
        trip = 0
        while goes_on and trip < limit:
            given = [np.array(trip, np.int64), np.array(True), *states]
            inner.update(zip(taken, given, strict=True))
            self._nodes(body, inner, depth + 1)
            keeps, *made = [inner.get(name) for name in body.outputs]
            states = made[: len(states)]
            for rows, row in zip(scanned, made[len(states) :], strict=True):
                rows.append(row)
            goes_on, trip = bool(_scalar(keeps)), trip + 1
            self.tape.algebra.charge(1)
        return [*states, *(self._stack(rows) for rows in scanned)]

    def _stack(self, rows: list[Any]) -> Any:
        lost = next((row for row in rows if row is None or isinstance(row, Unread)), None)
        if lost is not None or not rows:
            return lost or Unread("A loop gives nothing.")
        bounded(len(rows), *rows[0].shape)
        if not any(isinstance(row, Traced) for row in rows):
            return np.stack(rows)
        return Traced(np.stack([self.tape.lift(row).places for row in rows]))


def _looks_up(node: OnnxNode, values: Values) -> bool:
    """Whether it is a Gather by what depends on the input, as an embedding is."""
    return node.op == "Gather" and isinstance(values[1], Traced)


def _scalar(value: Any) -> Any:
    """The one number of a constant."""
    if not isinstance(value, np.ndarray) or value.size != 1:
        raise ValueError("how often it runs depends on the input")
    return value.ravel()[0]
