"""Numbers of a traced graph as sums of products, each kept once.

A `Sum` stands for the numbers of one vector: coefficients times products of `Atom`s, which are what
the sums are made of: a part of the model's input, a product with a matrix, an activation. Sums that
are alike are the same object, so that two of them can be compared, and a layer be told by the form
that its equations have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from ....core.cells import Array
from ....core.errors import TooLarge

Coefficient = float | Array
"""The same for all numbers of the vector, or one for each."""

MAX_WORK = 100_000
"""Terms made and operations done, of one file."""
MAX_EXPANDED = 3
"""How many products a sum may have to be multiplied out; longer ones are taken as a whole."""


class Atom:
    """What sums are made of.

    Attributes
    ----------
    kind : such as "linear" or "activation"
    name : what tells atoms of a kind apart: an activation's name, a place
    parts : the sums it is made from
    data : a matrix, or None
    """

    __slots__ = ("data", "kind", "name", "number", "parts", "width")

    def __init__(
        self, kind: str, name: Any, parts: tuple[Sum, ...], data: Array | None, width: int
    ) -> None:
        self.kind, self.name, self.parts, self.data, self.width = kind, name, parts, data, width
        self.number = -1


Product = tuple[Atom, ...]
"""Atoms multiplied with one another, in the order of their numbers; none of them for 1."""


class Sum:
    """Coefficients times products; `width` numbers, or one number for any width."""

    __slots__ = ("number", "terms", "width")

    def __init__(self, terms: dict[Product, Coefficient], width: int) -> None:
        self.terms, self.width = terms, width
        self.number = -1

    @property
    def constant(self) -> Coefficient:
        """What is added to the products."""
        return self.terms.get((), 0.0)

    @property
    def is_zero(self) -> bool:
        """Whether nothing is there."""
        return not self.terms

    @property
    def atom(self) -> Atom | None:
        """The one atom that it is, if it is one."""
        ((product, coefficient),) = self.terms.items() if len(self.terms) == 1 else [((), 0)]
        return product[0] if len(product) == 1 and is_one(coefficient) else None

    @property
    def degree(self) -> int:
        """How many atoms the longest of its products has."""
        return max((len(product) for product in self.terms), default=0)


def is_one(coefficient: Coefficient) -> bool:
    """Whether a coefficient changes nothing."""
    return isinstance(coefficient, float) and coefficient == 1.0


class Algebra:
    """Makes sums and atoms, each once, and counts the work."""

    def __init__(self) -> None:
        self._sums: dict[Any, Sum] = {}
        self._atoms: dict[Any, Atom] = {}
        self._arrays: dict[Any, Array] = {}
        self._known: dict[int, tuple[Array, Array]] = {}
        self._cuts: dict[tuple[int, int, int], Any] = {}
        self._work = 0

    def charge(self, work: float) -> None:
        """Count work.

        Raises
        ------
        TooLarge
            For a graph that takes more than any layer written out.
        """
        self._work += work
        if self._work > MAX_WORK:
            raise TooLarge("The graph has more operations than are followed, written out.")

    def array(self, array: Array) -> Array:
        """The first array that held these numbers."""
        if id(array) in self._known:
            return self._known[id(array)][1]
        self.charge(1 + array.size / 200)
        kept = np.ascontiguousarray(array, np.float32)
        kept = self._arrays.setdefault((kept.shape, blake2b(kept.tobytes()).digest()), kept)
        self._known[id(array)] = self._known[id(kept)] = array, kept  # held, so that no id returns
        return kept

    def _coefficient(self, value: Coefficient) -> Coefficient:
        if not isinstance(value, np.ndarray):
            return 1.0 if abs(value - 1) < 1e-6 else float(value)
        if value.size and (value == value[0]).all():
            return self._coefficient(float(value[0]))
        return self.array(value)

    def sum(self, terms: Iterable[tuple[Product, Coefficient]], width: int) -> Sum:
        """Add up products, those that are alike together."""
        found: dict[Product, Coefficient] = {}
        for product, coefficient in terms:
            before = found.get(product)
            found[product] = coefficient if before is None else before + coefficient
        self.charge(1 + len(found) / 4)
        kept: dict[Product, Coefficient] = {p: self._coefficient(c) for p, c in found.items()}
        kept = {p: c for p, c in kept.items() if not (isinstance(c, float) and c == 0.0)}
        key = frozenset(
            (tuple(a.number for a in p), c if isinstance(c, float) else (id(c),))
            for p, c in kept.items()
        )
        made = self._sums.setdefault((key, width), Sum(kept, width))
        if made.number < 0:
            made.number = len(self._sums)
        return made

    def atom(
        self,
        kind: str,
        name: Any,
        parts: tuple[Sum, ...] = (),
        data: Array | None = None,
        width: int = 1,
    ) -> Sum:
        """A sum of one atom."""
        key = (kind, name, tuple(part.number for part in parts), id(data), width)
        made = self._atoms.setdefault(key, Atom(kind, name, parts, data, width))
        if made.number < 0:
            made.number = len(self._atoms)
        return self.sum([((made,), 1.0)], width)

    def constant(self, value: Coefficient, width: int) -> Sum:
        """A sum without products."""
        return self.sum([((), value)], width)

    def add(self, a: Sum, b: Sum) -> Sum:
        """The sum of both."""
        return self.sum([*a.terms.items(), *b.terms.items()], max(a.width, b.width))

    def scale(self, a: Sum, by: Coefficient) -> Sum:
        """A multiple."""
        width = max(a.width, by.size) if isinstance(by, np.ndarray) else a.width
        return self.sum([(product, c * by) for product, c in a.terms.items()], width)

    def multiply(self, a: Sum, b: Sum) -> Sum:
        """The product of both, of which long sums and products stay whole."""
        for one, other in ((a, b), (b, a)):
            if not one.degree:
                return self.scale(other, one.constant) if one.terms else one
        a, b = self._factor(a), self._factor(b)
        terms = [
            (tuple(sorted((*p, *q), key=lambda atom: atom.number)), c * d)
            for p, c in a.terms.items()
            for q, d in b.terms.items()
        ]
        return self.sum(terms, max(a.width, b.width))

    def _factor(self, a: Sum) -> Sum:
        return a if a.degree <= 1 and len(a.terms) <= MAX_EXPANDED else self.whole(a)

    def whole(self, a: Sum) -> Sum:
        """A sum as one atom."""
        return a if a.atom else self.atom("whole", "", (a,), width=a.width)

    def linear(self, a: Sum, matrix: Array) -> Sum:
        """A row times a matrix."""
        if a.is_zero:
            return self.sum([], matrix.shape[1])
        if not a.degree:
            self.charge(matrix.size / 20_000)
            row = a.constant * np.ones(len(matrix), np.float32)
            return self.constant(row @ matrix, matrix.shape[1])
        return self.atom("linear", "", (a,), self.array(matrix), matrix.shape[1])

    def activation(self, name: str, a: Sum) -> Sum:
        """A function of each number, or softmax."""
        return self.atom("activation", name, (a,), width=a.width)

    def cut(self, a: Sum, start: int, stop: int) -> Sum:
        """Some of the numbers, side by side."""
        if a.width == 1 or (start, stop) == (0, a.width):
            return a
        key = (a.number, start, stop)
        if key not in self._cuts:
            terms = [
                (self._sorted(self._cut_atom(atom, start, stop) for atom in product), c)
                for product, c in a.terms.items()
            ]
            self._cuts[key] = self.sum(
                [(p, c[start:stop] if isinstance(c, np.ndarray) else c) for p, c in terms],
                stop - start,
            )
        return self._cuts[key]

    def _sorted(self, atoms: Iterable[Atom]) -> Product:
        return tuple(sorted(atoms, key=lambda atom: atom.number))

    def _cut_atom(self, atom: Atom, start: int, stop: int) -> Atom:
        if atom.width == 1:
            return atom
        if atom.kind == "linear" and atom.data is not None:
            made = self.atom(
                "linear", "", atom.parts, self._columns(atom.data, start, stop), stop - start
            )
        elif atom.kind == "activation" and "softmax" not in atom.name:
            made = self.activation(atom.name, self.cut(atom.parts[0], start, stop))
        elif atom.kind == "whole":
            made = self.whole(self.cut(atom.parts[0], start, stop))
        else:
            whole = self.sum([((atom,), 1.0)], atom.width)
            made = self.atom("cut", (start, stop), (whole,), width=stop - start)
        return next(iter(made.terms))[0]

    def _columns(self, matrix: Array, start: int, stop: int) -> Array:
        key = (-1 - id(matrix), start, stop)
        if key not in self._cuts:
            self._cuts[key] = self.array(matrix[:, start:stop])
        return self._cuts[key]

    def join(self, parts: Sequence[Sum]) -> Sum:
        """Vectors side by side; none at all for an axis of no length."""
        if not parts:
            return self.sum([], 0)
        if len(parts) == 1:
            return parts[0]
        width = sum(part.width for part in parts)
        if not any(part.degree for part in parts):
            rows = [part.constant * np.ones(part.width, np.float32) for part in parts]
            return self.constant(np.concatenate(rows), width)
        return self.atom("join", "", tuple(parts), width=width)
