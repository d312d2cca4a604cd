"""The equations of recurrent cells (onnx_forms.py), recognised in sums of products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ....core.cells import GRU, GRU_RESET_BEFORE, LSTM, SIMPLE_RNN, Array
from .forms import Form, choose
from .terms import Algebra, Atom, Coefficient, Product, Sum, is_one


class Step(NamedTuple):
    """One timestep: what it read, and the states before it.

    Attributes
    ----------
    mask : the atom that says whether it counts, None where all do
    zeroed : whether zeros, and not the state before, stand where it does not count
    """

    form: Form
    x: Sum
    hidden: Sum
    cell: Sum | None
    mask: Sum | None
    zeroed: bool


def steps(algebra: Algebra, value: Sum) -> Iterator[Step]:
    """Each way in which a vector is the hidden state after a timestep that is not the first."""
    new, before, mask = _unmasked(algebra, value)
    for form, x, hidden, cell in (*_lstm(new), *_gru(new), *_simple(new)):
        if before is None or before is hidden:
            yield Step(form, x, hidden, cell, mask, mask is not None and before is None)


def _unmasked(algebra: Algebra, value: Sum) -> tuple[Sum, Sum | None, Sum | None]:
    """The state that a timestep makes, the one before, and the mask, where there is one."""
    for product, coefficient in value.terms.items():
        if len(product) != 2 or not is_one(coefficient):
            continue
        for mask, new in (product, product[::-1]):
            if mask.kind != "mask" or new.kind == "mask":
                continue
            of_mask = algebra.sum([((mask,), 1.0)], 1)
            if len(value.terms) == 1:
                return _inner(algebra, new), None, of_mask
            for (other,) in (p for p in value.terms if len(p) == 1):
                whole = algebra.sum([((other,), 1.0)], other.width)
                if (
                    choose(algebra, of_mask, algebra.sum([((new,), 1.0)], new.width), whole)
                    is value
                ):
                    return _inner(algebra, new), _inner(algebra, other), of_mask
    return value, None, None


def _inner(algebra: Algebra, atom: Atom) -> Sum:
    """A sum that was taken as a whole, or an atom as a sum."""
    return atom.parts[0] if atom.kind == "whole" else algebra.sum([((atom,), 1.0)], atom.width)


class _Weighed(NamedTuple):
    """x W + h' U + b, and what else is in the sum."""

    products: list[tuple[Sum, Array]]
    bias: Coefficient
    rest: dict[Product, Coefficient]


def _weighed(value: Sum) -> _Weighed:
    products, rest = [], {}
    for product, coefficient in value.terms.items():
        atom = product[0] if len(product) == 1 else None
        if atom is not None and atom.kind == "linear" and is_one(coefficient):
            assert atom.data is not None
            products.append((atom.parts[0], atom.data))
        elif product:
            rest[product] = coefficient
    return _Weighed(products, value.constant, rest)


def _orders(*gates: Sum) -> Iterator[tuple[Sum, Sum, list[tuple[Array, Array, Coefficient]]]]:
    """Input, state before, and each gate's weights, in both ways in which that can be."""
    weighed = [_weighed(gate) for gate in gates]
    if any(len(each.products) != 2 or each.rest for each in weighed):
        return
    (a, _), (b, _) = weighed[0].products
    for x, h in ((a, b), (b, a)):
        found = []
        for each in weighed:
            by_source = {source.number: matrix for source, matrix in each.products}
            kernel, recurrent = by_source.get(x.number), by_source.get(h.number)
            if kernel is not None and recurrent is not None and len(by_source) == 2:
                found.append((kernel, recurrent, each.bias))
        if len(found) == len(gates):
            yield x, h, found


_Found = tuple[Form, Sum, Sum, "Sum | None"]


def _activation(atom: Atom) -> Sum | None:
    return atom.parts[0] if atom.kind == "activation" else None


def _simple(value: Sum) -> Iterator[_Found]:
    atom = value.atom
    inner = _activation(atom) if atom else None
    if atom is None or inner is None:
        return
    for x, h, [(kernel, recurrent, bias)] in _orders(inner):
        if _fits([(kernel, recurrent)]):
            form = Form(SIMPLE_RNN, atom.name, "sigmoid", (kernel,), (recurrent,), (bias,))
            yield form, x, h, None


def _lstm(value: Sum) -> Iterator[_Found]:
    if len(value.terms) != 1:
        return
    ((product, coefficient),) = value.terms.items()
    if len(product) != 2 or not is_one(coefficient):
        return
    for output, read in (product, product[::-1]):
        cell = _activation(read)
        if output.kind != "activation" or cell is None or len(cell.terms) != 2:
            continue
        yield from _lstm_of(output, read.name, cell)


def _lstm_of(output: Atom, activation: str, cell: Sum) -> Iterator[_Found]:
    """By the output gate, and the sum that the cell state is."""
    kept = written = None
    for product, coefficient in cell.terms.items():
        if len(product) != 2 or not is_one(coefficient):
            return
        wholes = [atom for atom in product if atom.kind == "whole"]
        gates = [atom for atom in product if atom.kind == "activation"]
        if len(wholes) == 1 and len(gates) == 1:
            kept = gates[0], wholes[0].parts[0]
        elif len(gates) == 2:
            written = gates
    if kept is None or written is None or kept[0].name != output.name:
        return
    forget, before = kept
    for write, candidate in (written, written[::-1]):
        if (write.name, candidate.name) != (output.name, activation) or write.name == activation:
            continue
        inner = [gate.parts[0] for gate in (write, forget, candidate, output)]
        for x, h, found in _orders(*inner):
            if _fits([(kernel, recurrent) for kernel, recurrent, _ in found]):
                kernels, recurrents, biases = zip(*found, strict=True)
                form = Form(LSTM, activation, output.name, kernels, recurrents, biases)
                yield form, x, h, before


def _fits(weights: list[tuple[Array, Array]]) -> bool:
    """Whether all have as many units, and the state comes back."""
    units = weights[0][1].shape[1]
    return all(k.shape[1] == units and u.shape == (units, units) for k, u in weights)


def _gru(value: Sum) -> Iterator[_Found]:
    """By what it is made of: g alone, g with z, and z with the state before."""
    alone = [p[0] for p, c in value.terms.items() if len(p) == 1 and is_one(c)]
    if len(value.terms) != 3 or len(alone) != 1 or alone[0].kind != "activation":
        return
    candidate = alone[0]
    pairs = {p: c for p, c in value.terms.items() if len(p) == 2}
    taken = next((p for p, c in pairs.items() if candidate in p and c == -1.0), None)
    kept = next((p for p, c in pairs.items() if candidate not in p and is_one(c)), None)
    if taken is None or kept is None:
        return
    update = taken[taken[0] is candidate]
    state = kept[kept[0] is update]
    if update.kind != "activation" or state.kind != "whole" or update not in kept:
        return
    yield from _gru_of(update, candidate, state)


def _gru_of(update: Atom, candidate: Atom, state: Atom) -> Iterator[_Found]:
    hidden = state.parts[0]
    inner = _weighed(candidate.parts[0])
    resets = [a for p in inner.rest for a in p if a.kind == "activation"]
    own = [(s, matrix) for s, matrix in inner.products if not _is_reset(s, state)]
    reset, matrix, recurrent_bias, cell = None, None, 0.0, GRU
    if inner.rest and resets:
        reset = resets[0]
        recurrent_bias = inner.rest.get((reset,), 0.0)
        met = [a for p in inner.rest for a in p if a.kind == "linear" and reset in p]
        if len(met) == 1 and met[0].parts[0] is hidden and len(inner.rest) <= 2:
            matrix = met[0].data
    else:
        cell = GRU_RESET_BEFORE
        for source, found in inner.products:
            if _is_reset(source, state):
                ((product, _),) = source.terms.items()
                reset, matrix = product[product[0] is state], found
    if reset is None or matrix is None or len(own) != 1 or reset.name != update.name:
        return
    ((x, kernel),) = own
    for before, h, [first, second] in _orders(update.parts[0], reset.parts[0]):
        weights = [(first[0], first[1]), (second[0], second[1]), (kernel, matrix)]
        if before is x and h is hidden and _fits(weights):
            kernels, recurrents = zip(*weights, strict=True)
            biases = (first[2], second[2], inner.bias)
            yield (
                Form(
                    cell, candidate.name, update.name, kernels, recurrents, biases, recurrent_bias
                ),
                x,
                hidden,
                None,
            )


def _is_reset(source: Sum, state: Atom) -> bool:
    """Whether it is the reset gate times the state before."""
    ((product, c),) = source.terms.items() if len(source.terms) == 1 else [((), 0.0)]
    return len(product) == 2 and state in product and is_one(c)
