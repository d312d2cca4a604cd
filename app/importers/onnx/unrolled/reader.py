"""Models whose recurrent layers stand in an ONNX file as loops, or written out step by step.

The graph is run on symbols, once, and the layers are found again in what comes out
(onnx_written.py). Then it is run on numbers, and what was found must give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ....core.cells import Array
from ....core.errors import Unsupported
from ....core.network import Bidirectional, Embedding, Layer, Network, Recurrent
from ...base import build
from ..graph import OnnxGraph
from ..symbols import Unread
from .heads import named
from .nodes import run_node
from .run import Runner
from .terms import Algebra, Sum
from .traced import Tape, Traced
from .written import Line, Reader

TIMESTEPS = 5
"""How many are run of a model that reads any number, or has a loop over them."""
MAX_BATCH = 4
TOLERANCE = 1e-5
LOOPS = ("If", "Loop", "Scan")


class Unrolled(NamedTuple):
    """What was found.

    Attributes
    ----------
    agreement : how closely the graph and the network agree, in words
    timesteps : how many the graph reads; 0 for any number
    """

    network: Network
    agreement: str
    timesteps: int


def read_unrolled(graph: OnnxGraph) -> Unrolled:
    """The network of a graph that has its layers written out.

    Raises
    ------
    Unsupported
        Saying why it is not recognised.
    BadInput, TooLarge
        For a graph that is damaged, or takes too much work.
    """
    name, (batch, timesteps, *features) = _input(graph)
    loops = any(node.op == "Loop" for node in graph.nodes)
    if loops and timesteps > TIMESTEPS:
        try:  # the same few timesteps, where nothing depends on how many there are
            network, agreement = _read(graph, name, (batch, TIMESTEPS, *features), timesteps)
            return Unrolled(network, agreement, timesteps)
        except Unsupported:
            pass
    try:
        network, agreement = _read(graph, name, (batch, timesteps or TIMESTEPS, *features), 0)
    except Unsupported as error:
        cell = {"MatMul", "Tanh"} <= {node.op for node in graph.nodes}
        raise error if timesteps or loops or not cell else Unsupported(ONE_LENGTH) from None
    return Unrolled(network, agreement, timesteps)


ONE_LENGTH = (
    "It reads any number of timesteps, but has no loop over them: it is of one length, of the "
    "example with which it was exported. Give the model's input a fixed length and export it again."
)


def _read(graph: OnnxGraph, name: str, shape: tuple[int, ...], loop: int) -> tuple[Network, str]:
    """The network, and how closely it agrees.

    Parameters
    ----------
    loop : how often a loop runs that is to run for the timesteps of the shape alone
    """
    tape = Tape(Algebra())
    tokens, given = _symbols(tape, shape)
    shortened = {loop: shape[1]} if loop else {}
    made = _runner(tape, shortened).run(graph, {name: given})
    reader, why = Reader(tape.algebra, tokens), ""
    for value in made:
        if isinstance(value, Unread):
            why = why or value.why
        line = _line(tape, reader, value) if isinstance(value, Traced) else None
        if line is not None and any(isinstance(x, (Recurrent, Bidirectional)) for x in line.layers):
            network = build(named(_masked(line)))
            inputs = made_up(shape, network)
            numbers = _runner(Tape(Algebra()), shortened).run(graph, {name: inputs})
            return network, _agreement(numbers, network, inputs)
    raise Unsupported(why or "Its operations are not those of a layer that is read.")


def _runner(tape: Tape, shortened: dict[int, int]) -> Runner:
    return Runner(tape, lambda node, values: run_node(tape, node, values), shortened)


def _input(graph: OnnxGraph) -> tuple[str, tuple[int, ...]]:
    """The name and the shape of the one input: (batch, timesteps), or with numbers for each."""
    if len(graph.inputs) != 1:
        raise Unsupported(f"It has {len(graph.inputs)} inputs; one is read.")
    ((name, sizes),) = graph.inputs.items()
    if sizes is None or len(sizes) not in (2, 3) or (len(sizes) == 3 and not sizes[2]):
        raise Unsupported("The shape of its input is not (batch, timesteps) or with features.")
    batch, timesteps, *features = sizes
    if batch > MAX_BATCH:
        raise Unsupported(f"It reads {batch} sequences at once; export it for one.")
    return name, (batch or 1, timesteps, *features)


def _symbols(tape: Tape, shape: tuple[int, ...]) -> tuple[list[Sum], Traced]:
    """The first sequence's timesteps, and the input as a whole."""
    batch, timesteps, *features = shape
    tape.algebra.charge(batch * timesteps)
    width = features[0] if features else 1
    kind = "input" if features else "token"
    sums = [
        [tape.algebra.atom(kind, (row, t), width=width) for t in range(timesteps)]
        for row in range(batch)
    ]
    places = np.array([[tape.place(one, width) for one in row] for row in sums])
    return sums[0], Traced(places.reshape(shape))


def _line(tape: Tape, reader: Reader, value: Traced) -> Line | None:
    """The layers that make an output, (batch, labels) or (batch, timesteps, labels)."""
    if not value.places.size:
        return None
    if len(value.shape) == 2:
        return reader.vector(tape.row(value.places[0]))
    if len(value.shape) == 3:
        return reader.sequence(tuple(tape.row(row) for row in value.places[0]))
    return None


def _masked(line: Line) -> list[Layer]:
    first, *rest = line.layers
    if isinstance(first, Embedding):
        return [replace(first, mask_zero=bool(line.masked)), *rest]
    return list(line.layers)


def _agreement(numbers: Sequence[Any], network: Network, inputs: Array) -> str:
    """How much what the graph gives for made-up input differs from what the network does.

    Raises
    ------
    Unsupported
        Where that is more than rounding.
    """
    found = _output(network, inputs)
    wanted = [value for value in numbers if isinstance(value, np.ndarray)]
    difference = min((_difference(found, array) for array in wanted), default=np.inf)
    if not difference <= TOLERANCE:
        raise Unsupported("What was recognised in it does not compute the same numbers.")
    most = f"{difference:.0e}" if difference else "0"
    return f"layers and operations differ by at most {most}, on made-up input"


def made_up(shape: tuple[int, ...], network: Network) -> Array:
    """Ids with padding in between, or numbers."""
    random = np.random.RandomState(1)
    if network.embedding is None:
        numbers = random.uniform(-1, 1, shape).astype(np.float32)
        numbers[:, 1:2] = 0
        return numbers
    return random.randint(0, len(network.embedding.table), shape) * (random.rand(*shape) < 0.8)


def _output(network: Network, inputs: Array) -> Array:
    run = network.run(inputs)
    rows = run.by_timestep
    if rows is None:
        layer, states = network.last_recurrent, list(run.traces.values())[-1]["hidden_state"]
        return states if layer.return_sequences else states[:, -1]
    return rows if network.predicts_every_timestep else rows[:, -1]


def _difference(found: Array, wanted: Any) -> float:
    if found.shape != wanted.shape:
        return np.inf
    return float(np.abs(found - wanted).max() / max(1.0, float(np.abs(wanted).max())))
