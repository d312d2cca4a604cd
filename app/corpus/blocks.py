"""Many sequences through a network at once: all gates and states, row by row.

Sequences are sorted by length and run in blocks of a fixed number, so that little is padding. A
block is always full, with its last sequence again where too few are left: a product of the same
shape gives the same bits wherever a sequence stands in it, and so two texts that begin alike have
the same numbers, and places that tie do so to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..core.cells import Array
from ..core.errors import BadInput
from ..core.model import Model
from ..core.network import Network, Run
from .sequences import Sequence

MANY, FEW = 64, 16
"""Sequences of a block: for a product of matrices to be worth its preparation, and at least."""
KEPT = 10
"""Numbers of a unit at a timestep that a block holds: an LSTM's sums, gates and states."""
NUMBERS = 32_000_000
"""Those of a block at most: where texts are long and units many, fewer are run together."""
HALF_MOST = 65504.0
"""The largest number that float16 holds."""


class Block(NamedTuple):
    """Sequences that are run together.

    Attributes
    ----------
    members : their places among all
    inputs : (block, timesteps) ids or (block, timesteps, features) numbers
    before : how many timesteps of padding stand in front of each
    """

    members: list[int]
    inputs: Array
    before: list[int]


@dataclass(frozen=True)
class Rows:
    """What a network computed for sequences, one row for each timestep, sequence after sequence.

    Attributes
    ----------
    layers : layer -> gate or state -> (rows, units) float16
    answer : (rows,) the place of the label that it answers with, -1 where it says none
    probability : (rows,) of that label; 0 where it says none
    """

    layers: dict[str, dict[str, Array]]
    answer: Array
    probability: Array


def run_sequences(
    model: Model, sequences: list[Sequence], layers: dict[str, tuple[str, ...]]
) -> Rows:
    """Run sequences of any lengths.

    Parameters
    ----------
    layers : layer -> the gates and states to keep

    Raises
    ------
    BadInput
        Where numbers grow beyond what can be kept.
    """
    lengths = np.array([sequence.timesteps for sequence in sequences])
    starts = np.concatenate([[0], lengths.cumsum()])
    rows = int(starts[-1])
    recurrent = model.network.recurrent
    found: dict[str, dict[str, Array]] = {name: {} for name in layers}
    answer, probability = np.full(rows, -1, np.int32), np.zeros(rows, np.float32)
    for block in blocks_of(model.network, sequences):
        with np.errstate(over="ignore", invalid="ignore"):  # it is looked for below
            run = model.network.run(block.inputs)
        where = _where(block, lengths, starts)
        for name, kept in layers.items():
            trace, layer = run.traces[name], recurrent[name]
            for quantity in kept:
                values = layer.in_token_order(trace[quantity])
                whole = found[name].setdefault(
                    quantity, np.empty((rows, values.shape[-1]), np.float16)
                )
                _place(whole, values, where, model)
        _answers(model, run, where, answer, probability)
    return Rows(found, answer, probability)


def block_size(network: Network, longest: int) -> int:
    """How many sequences of that length are run together."""
    width = sum(layer.weights.units for layer in network.recurrent.values())
    return MANY if MANY * longest * width * KEPT <= NUMBERS else FEW


def blocks_of(network: Network, sequences: list[Sequence]) -> Iterator[Block]:
    """Group sequences by length.

    Where every layer reads forwards what is behind a sequence's end changes nothing before it, so
    the shorter ones of a block are filled up there. Otherwise only sequences of one length are run
    together. A network of a fixed length has its padding in front.
    """
    order = sorted(range(len(sequences)), key=lambda i: sequences[i].timesteps)
    fixed = network.fixed_timesteps
    mixed = network.predicts_prefixes or fixed is not None
    at = 0
    while at < len(order):
        members = order[at : at + MANY]
        size = block_size(network, fixed or sequences[members[-1]].timesteps)
        members = members[:size]
        if not mixed:
            length = sequences[members[0]].timesteps
            members = [i for i in members if sequences[i].timesteps == length]
        at += len(members)
        longest = fixed or sequences[members[-1]].timesteps
        before = [fixed - sequences[i].timesteps if fixed else 0 for i in members]
        yield Block(members, _inputs(network, sequences, members, longest, before, size), before)


def _inputs(
    network: Network,
    sequences: list[Sequence],
    members: list[int],
    longest: int,
    before: list[int],
    size: int,
) -> Array:
    if network.embedding is None:
        inputs = np.zeros((size, longest, network.features), np.float32)
    else:
        inputs = np.zeros((size, longest), np.int64)
    for row, (member, start) in enumerate(zip(members, before, strict=True)):
        sequence = sequences[member]
        given = sequence.ids or sequence.inputs
        inputs[row, start : start + sequence.timesteps] = np.asarray(given)
    inputs[len(members) :] = inputs[len(members) - 1]
    return inputs


@dataclass(frozen=True)
class _Where:
    """Which of a block's numbers go into which rows."""

    members: Array  # a row of the block for each
    timesteps: Array
    rows: Array
    last: Array  # for each member, the row of its last timestep
    count: int


def _where(block: Block, lengths: Array, starts: Array) -> _Where:
    counts = lengths[block.members]
    members = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(counts.sum()) - np.repeat(counts.cumsum() - counts, counts)
    rows = np.repeat(starts[block.members], counts) + within
    timesteps = within + np.repeat(block.before, counts)
    last = starts[block.members] + counts - 1
    return _Where(members, timesteps, rows, last, len(counts))


def _place(whole: Array, values: Array, where: _Where, model: Model) -> None:
    """Bring a block's numbers to their rows, as float16."""
    picked = values[where.members, where.timesteps]
    if not np.abs(picked).max() <= HALF_MOST:
        raise BadInput(
            f"On these texts the numbers of the model {model.id} grow beyond {HALF_MOST:,.0f}, the "
            "largest that a corpus keeps."
        )
    whole[where.rows] = picked


def _answers(model: Model, run: Run, where: _Where, answer: Array, probability: Array) -> None:
    """What the model says at each timestep, or at the last alone where it can say no more."""
    network, outputs = model.network, run.by_timestep
    if outputs is None or not network.gives_probabilities or not model.labels:
        return
    if outputs.shape[-1] == 1:
        outputs = np.concatenate([1 - outputs, outputs], axis=-1)
    if network.predicts_prefixes or network.predicts_every_timestep:
        rows, said = where.rows, outputs[where.members, where.timesteps]
    else:
        rows, said = where.last, outputs[: where.count, -1]
    answer[rows] = said.argmax(axis=-1)
    probability[rows] = said.max(axis=-1)
