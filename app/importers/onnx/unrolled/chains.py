"""Timesteps that follow one another, from the last one back to the state of zeros."""

from __future__ import annotations

from dataclasses import dataclass

from .forms import Form, choose, step
from .match import Step, steps
from .terms import Algebra, Atom, Sum

MAX_DEPTH = 6
"""How deep within the first timestep's hidden state its input lies."""


@dataclass(frozen=True)
class Chain:
    """The timesteps of one layer, in the order in which it reads them.

    Attributes
    ----------
    states : the hidden states, which repeat where a timestep is padding
    fresh : what they are where it is not
    """

    form: Form
    inputs: tuple[Sum, ...]
    states: tuple[Sum, ...]
    fresh: tuple[Sum, ...]
    masks: tuple[Sum, ...] | None
    zeroed: bool


def chain(algebra: Algebra, last: Sum, timesteps: int) -> Chain | None:
    """The layer whose last hidden state a vector is, if it is one's."""
    for candidate in steps(algebra, last):
        found = _follow(algebra, last, candidate, timesteps)
        if found is not None:
            return found
    return None


def _after(algebra: Algebra, each: Step, zeroed: bool = False) -> tuple[Sum, Sum | None]:
    """The states after a timestep, by the cell's own equations."""
    hidden, cell = step(algebra, each.form, each.x, each.hidden, each.cell)
    if each.mask is None:
        return hidden, cell
    before = algebra.sum([], hidden.width) if zeroed else each.hidden
    held = (
        None if cell is None or each.cell is None else choose(algebra, each.mask, cell, each.cell)
    )
    return choose(algebra, each.mask, hidden, before), held


def _follow(algebra: Algebra, last: Sum, final: Step, timesteps: int) -> Chain | None:
    if _after(algebra, final, final.zeroed)[0] is not last:
        return None
    found, states = [final], [_after(algebra, final)[0]]
    while len(found) < timesteps:
        hidden, cell = found[-1].hidden, found[-1].cell
        before = _before(algebra, hidden, cell, final)
        if before is None:
            break
        found.append(before)
        states.append(hidden)
        if before.hidden.is_zero:
            return _chain(algebra, found, states)
    return None


def _before(algebra: Algebra, hidden: Sum, cell: Sum | None, final: Step) -> Step | None:
    """The timestep that made these states, by the same weights."""
    candidates = [each for each in steps(algebra, hidden) if each.form.same_as(final.form)]
    for each in (*candidates, *_first(algebra, hidden, final)):
        if (each.mask is None) == (final.mask is None):
            after = _after(algebra, each)
            if after[0] is hidden and (cell is None or after[1] is cell):
                return each
    return None


def _first(algebra: Algebra, hidden: Sum, final: Step) -> list[Step]:
    """The first timestep, which starts from zeros, so that much of its equations is gone."""
    zeros = algebra.sum([], final.form.recurrent[0].shape[1])
    cell = None if final.cell is None else zeros
    mask = None
    if final.mask is not None:
        masks = [a for product in hidden.terms for a in product if a.kind == "mask"]
        if len(hidden.terms) != 1 or len(masks) != 1:
            return []
        mask = algebra.sum([((masks[0],), 1.0)], 1)
    x = _input_of(algebra, hidden, final.form, MAX_DEPTH)
    return [] if x is None else [Step(final.form, x, zeros, cell, mask, False)]


def _input_of(algebra: Algebra, value: Sum, form: Form, depth: int) -> Sum | None:
    """What is multiplied with a kernel of the form, somewhere within."""
    algebra.charge(1 + len(value.terms))
    atoms: list[Atom] = [atom for product in value.terms for atom in product]
    for atom in atoms:
        if atom.kind == "linear" and any(atom.data is kernel for kernel in form.kernel):
            return atom.parts[0]
    if not depth:
        return None
    parts = (part for atom in atoms for part in atom.parts if atom.kind != "linear")
    return next((x for part in parts if (x := _input_of(algebra, part, form, depth - 1))), None)


def _chain(algebra: Algebra, found: list[Step], states: list[Sum]) -> Chain:
    final, *_ = found
    masks = [each.mask for each in reversed(found) if each.mask is not None]
    fresh = [step(algebra, s.form, s.x, s.hidden, s.cell)[0] for s in reversed(found)]
    return Chain(
        form=final.form,
        inputs=tuple(each.x for each in reversed(found)),
        states=tuple(reversed(states)),
        fresh=tuple(fresh),
        masks=tuple(masks) or None,
        zeroed=final.zeroed,
    )
