"""Layers found again in a graph that has them written out, timestep by timestep.

The graph's output is a vector, or one for each timestep; it is taken apart until the model's input
is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ....core.errors import TooLarge
from ....core.network import Bidirectional, Embedding, Flatten, Layer, Masking, Pooling, Recurrent
from ...base import checked
from .chains import Chain, chain
from .heads import dense_of, pooling_of
from .pairs import pairs
from .terms import Algebra, Sum, is_one

Vectors = tuple[Sum, ...]
MAX_DEPTH = 64
"""Layers above one another."""


@dataclass(frozen=True)
class Line:
    """Layers that make a vector for each timestep.

    Attributes
    ----------
    backwards : whether the vectors stand in the other order than the last layer gives them
    masked : whether the recurrent layers are told which timesteps are padding; None without any
    """

    layers: tuple[Layer, ...]
    backwards: bool = False
    masked: bool | None = None

    def then(self, layer: Layer) -> Line:
        """One more layer."""
        return replace(self, layers=(*self.layers, layer))


class Reader:
    """Reads layers out of sums.

    Parameters
    ----------
    tokens : the input's timesteps, a sum each
    """

    def __init__(self, algebra: Algebra, tokens: Sequence[Sum]) -> None:
        self._algebra = algebra
        self._places = {token.number: place for place, token in enumerate(tokens)}
        self._timesteps = len(tokens)
        self._lines: dict[tuple[int, ...], Line | None] = {}
        self._depth = 0

    def sequence(self, vectors: Vectors) -> Line | None:
        """The layers that make a vector for each timestep."""
        key = tuple(vector.number for vector in vectors)
        turned = self._lines.get(key[::-1])
        if turned is not None and key != key[::-1]:
            return self._turned(turned)
        if key not in self._lines:
            self._lines[key] = self._deeper(lambda: self._sequence(vectors))
        return self._lines[key]

    def _deeper(self, read: Callable[[], Line | None]) -> Line | None:
        self._depth += 1
        self._algebra.charge(self._timesteps)
        if self._depth > MAX_DEPTH:
            raise TooLarge(f"The model has more than {MAX_DEPTH} layers.")
        try:
            return read()
        finally:
            self._depth -= 1

    def _sequence(self, vectors: Vectors) -> Line | None:
        if len(vectors) != self._timesteps:
            return None
        attempts = (
            self._input,
            self._forward,
            lambda v: self._turned(self._forward(v[::-1])),
            self._both_ways,
            self._dense_each,
        )
        return next((line for read in attempts if (line := read(vectors)) is not None), None)

    def _turned(self, line: Line | None) -> Line | None:
        """The same line the other way round."""
        if line is None:
            return None
        last = line.layers[-1] if line.layers else None
        if isinstance(last, Recurrent) and last.go_backwards and not line.backwards:
            turned = replace(last, restores_order=not last.restores_order)
            return replace(line, layers=(*line.layers[:-1], turned))
        return replace(line, backwards=not line.backwards)

    def _input(self, vectors: Vectors) -> Line | None:
        """The model's input, looked up in a table or with its padding taken out."""
        atoms = [vector.atom for vector in vectors]
        if all(atom is not None and atom.kind == "input" for atom in atoms):
            return self._ordered((), vectors)
        first = atoms[0]
        if first is not None and first.kind == "embedded" and first.data is not None:
            if any(a is None or a.kind != "embedded" or a.data is not first.data for a in atoms):
                return None
            layer = Embedding("", checked(first.data, "embedding", (None, None)))
            return self._ordered((layer,), tuple(a.parts[0] for a in atoms if a))
        return self._masking(vectors)

    def _masking(self, vectors: Vectors) -> Line | None:
        masks, inputs = [], []
        for vector in vectors:
            ((product, c),) = vector.terms.items() if len(vector.terms) == 1 else [((), 0.0)]
            masks += [atom for atom in product if atom.kind == "mask" and is_one(c)]
            inputs += [atom for atom in product if atom.kind == "input"]
        if len(masks) != len(vectors) or len(inputs) != len(vectors):
            return None
        sums = tuple(self._algebra.sum([((atom,), 1.0)], atom.width) for atom in inputs)
        same = all(
            m.parts[0] is x and m.name == masks[0].name for m, x in zip(masks, sums, strict=True)
        )
        return self._ordered((Masking("", float(masks[0].name)),), sums) if same else None

    def _ordered(self, layers: tuple[Layer, ...], tokens: Vectors) -> Line | None:
        """A line that begins at these timesteps, if they stand in order."""
        places = [self._places.get(token.number) for token in tokens]
        for backwards, order in (
            (False, range(self._timesteps)),
            (True, range(self._timesteps)[::-1]),
        ):
            if places == list(order):
                return Line(layers, backwards)
        return None

    def _forward(self, vectors: Vectors) -> Line | None:
        """All hidden states of a layer, in the order in which it made them."""
        found = chain(self._algebra, vectors[-1], self._timesteps)
        if found is None or not self._are_states(found, vectors):
            return None
        line, backwards = self._below(found)
        return line and line.then(found.form.layer(True, backwards, found.zeroed))

    def _are_states(self, found: Chain, vectors: Vectors) -> bool:
        """Whether vectors are the states, or zeros where a timestep is padding."""
        if len(found.states) != len(vectors):
            return False
        if not found.zeroed:
            return all(a is b for a, b in zip(found.states, vectors, strict=True))
        masked = zip(found.fresh, found.masks or (), strict=True)
        return all(
            self._algebra.multiply(mask, fresh) is vector
            for (fresh, mask), vector in zip(masked, vectors, strict=True)
        )

    def _below(self, found: Chain) -> tuple[Line | None, bool]:
        """The line that a layer reads, in its own order, and whether it reads it backwards."""
        line = self.sequence(found.inputs) if len(found.inputs) == self._timesteps else None
        if line is None or line.masked not in (None, found.masks is not None):
            return None, False
        if found.masks is not None:
            places = [
                self._places.get(atom.parts[0].number)
                for mask in found.masks
                if (atom := mask.atom) is not None
            ]
            order = list(range(self._timesteps))
            if places != (order[::-1] if line.backwards else order):
                return None, False
        return replace(line, backwards=False, masked=found.masks is not None), line.backwards

    def _both_ways(self, vectors: Vectors) -> Line | None:
        """Two layers over the same timesteps, one in each direction."""
        options = [list(pairs(self._algebra, vector)) for vector in vectors]
        for place in range(min(len(option) for option in options)):
            modes = {option[place].mode for option in options}
            first = self.sequence(tuple(option[place].first for option in options))
            second = self.sequence(tuple(option[place].second for option in options))
            if len(modes) == 1 and first and second and not (first.backwards or second.backwards):
                joined = self._joined(first, second, modes.pop())
                if joined is not None:
                    return joined
        return None

    def _joined(self, first: Line, second: Line, mode: str) -> Line | None:
        *below, forward = first.layers or (None,)
        *others, backward = second.layers or (None,)
        if not isinstance(forward, Recurrent) or not isinstance(backward, Recurrent):
            return None
        if forward.go_backwards and mode != "concat":
            forward, backward = backward, forward
        same = len(below) == len(others) and all(a is b for a, b in zip(below, others, strict=True))
        if not same or forward.go_backwards or not backward.go_backwards:
            return None
        if first.masked != second.masked or (
            backward.return_sequences and not backward.restores_order
        ):
            return None
        backward = replace(backward, restores_order=True)
        return replace(first, layers=(*below, Bidirectional("", forward, backward, mode)))

    def _dense_each(self, vectors: Vectors) -> Line | None:
        """The same dense layer at each timestep."""
        parts = [dense_of(vector) for vector in vectors]
        if any(part is None for part in parts):
            return None
        first, sources = parts[0], tuple(part.source for part in parts if part)
        assert first is not None
        if any(part is None or not part.same_as(first) for part in parts):
            return None
        line = self.sequence(sources)
        return line and line.then(first.layer())

    def vector(self, value: Sum) -> Line | None:
        """The layers that make one vector of the whole sequence."""
        return self._deeper(lambda: self._vector(value))

    def _vector(self, value: Sum) -> Line | None:
        attempts = (self._last, self._pooled, self._flat, self._last_both_ways, self._dense)
        return next((line for read in attempts if (line := read(value)) is not None), None)

    def _last(self, value: Sum) -> Line | None:
        """The last hidden state of a layer."""
        found = chain(self._algebra, value, self._timesteps)
        if found is None or len(found.states) != self._timesteps:
            return None
        line, backwards = self._below(found)
        return line and line.then(found.form.layer(False, backwards, found.zeroed))

    def _last_both_ways(self, value: Sum) -> Line | None:
        for pair in pairs(self._algebra, value):
            first, second = self.vector(pair.first), self.vector(pair.second)
            joined = first and second and self._joined(first, second, pair.mode)
            if joined:
                return joined
        return None

    def _flat(self, value: Sum) -> Line | None:
        """All timesteps side by side."""
        atom, count = value.atom, self._timesteps
        if atom is None or atom.kind != "join" or len(atom.parts) % count:
            return None
        each = len(atom.parts) // count
        rows = [atom.parts[at : at + each] for at in range(0, len(atom.parts), each)]
        line = self.sequence(tuple(self._algebra.join(row) for row in rows))
        if line is None or line.backwards:
            return None
        return line.then(Flatten("", count))

    def _pooled(self, value: Sum) -> Line | None:
        """The mean or the maximum over the timesteps; of joined vectors, of each part."""
        atom = value.atom
        parts = atom.parts if atom is not None and atom.kind == "join" else (value,)
        pooled = [pooling_of(part) for part in parts]
        first = pooled[0]
        if first is None or any(p is None or p.kind != first.kind for p in pooled):
            return None
        rows = zip(*(p.vectors for p in pooled if p), strict=False)
        line = self.sequence(tuple(self._algebra.join(row) for row in rows))
        if line is None or line.backwards:
            return None
        masked = first.masks is not None
        if first.kind == "average" and bool(line.masked) != masked:
            return None
        if masked and any(p is None or not self._are_tokens(p.masks or ()) for p in pooled):
            return None
        return line.then(Pooling("", first.kind))

    def _are_tokens(self, masks: Vectors) -> bool:
        atoms = [mask.atom for mask in masks]
        places = [self._places.get(a.parts[0].number) for a in atoms if a and a.kind == "mask"]
        return places == list(range(self._timesteps))

    def _dense(self, value: Sum) -> Line | None:
        found = dense_of(value)
        line = found and self.vector(found.source)
        return line and found and line.then(found.layer())
