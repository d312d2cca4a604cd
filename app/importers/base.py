"""What every importer gives, and what they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from ..core.cells import Array, Layout
from ..core.errors import BadInput
from ..core.modelfile.limits import MAX_WEIGHT
from ..core.network import (
    Bidirectional,
    Dense,
    Flatten,
    LastTimestep,
    Layer,
    Network,
    PassThrough,
    Pooling,
    Recurrent,
    check_layers,
)
from ..core.text import Vocabulary
from .inferred_order import Misfit

MAX_LAYERS = 256


@dataclass(frozen=True)
class Imported:
    """A model as it was read.

    Attributes
    ----------
    format : what the file is, such as "Keras 3 (.keras)"
    network : the model itself, in our own form
    detected : what the owner may want to check: label -> what was found
    assumed : what the file does not say, and was taken for granted; one sentence each
    snippet : code that gives the same numbers in the framework that wrote the file
    vocabulary : the file's own, or None
    labels : the file's own names of the outputs, or none
    title : the model's own name, or ""
    left_out : the layers of the model that are not in the network, each with its class
    choices : what was taken for granted and can be said otherwise: see `assumed.Assumed.choice`
    """

    format: str
    network: Network
    detected: dict[str, str] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    snippet: str = ""
    vocabulary: Vocabulary | None = None
    labels: tuple[str, ...] = ()
    title: str = ""
    description: str = ""
    left_out: tuple[str, ...] = ()
    choices: tuple[dict[str, Any], ...] = ()


Options = dict[str, Any]
"""What the owner says about a file that does not say it itself."""
OPTIONS = (
    *("reads", "before", "activations", "state_activation", "mask_zero", "merge_mode"),
    *("nonlinearity", "cell_activation", "gate_activation", "backwards", "order", "layer"),
    *("part", "repeats", "dense_order", "fed"),
)
"""Their names."""


class Importer(NamedTuple):
    """One file format.

    Attributes
    ----------
    name : what it is called
    match : whether a file is of this format, by its content
    read : its model; raises BadInput for a damaged file, Unsupported for one that holds what is
        not read
    """

    name: str
    match: Callable[[memoryview], bool]
    read: Callable[[memoryview, Options], Imported]


def refuse_unused(options: Options, used: Collection[str], why: str) -> None:
    """Drop no option silently.

    Parameters
    ----------
    used : names of those that change something in this file
    why : the others do not; a clause

    Raises
    ------
    BadInput
        Naming the first that would change nothing.
    """
    for name in OPTIONS:
        if options.get(name) is not None and name not in used:
            raise BadInput(f"The option {name} would change nothing: {why}. Leave it out.")


def own_order(rows: Array, layout: Layout) -> Array:
    """Bring the blocks of the first axis from a framework's order into the cell's own."""
    blocks = np.split(rows, layout.blocks)
    own = (-blocks[k] if k in layout.negated else blocks[k] for k in layout.order)
    return np.concatenate(list(own))


def snake_case(name: str) -> str:
    """A class's name as Keras writes it in the names of layers: SimpleRNN, simple_rnn."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def numpy_inputs(network: Network) -> str:
    """The line of a snippet that makes something for the network to read."""
    if network.embedding is not None:
        return "inputs = np.array([[1, 2, 3]])  # your token ids: (batch, timesteps)"
    return (
        f"inputs = np.array({zeros(network.features)}, np.float32)"
        f"  # your numbers: (batch, timesteps, {network.features})"
    )


def zeros(features: int) -> str:
    """Two timesteps of zeros, as Python writes a list of shape (1, 2, features)."""
    return f"[[[0.0] * {features}] * 2]"


def build(layers: Sequence[Layer]) -> Network:
    """A network whose layers fit together, with no more of them than anybody draws.

    Raises
    ------
    BadInput
        Naming the layer that does not fit, or has numbers that are none.
    """
    if len(layers) > MAX_LAYERS:
        raise BadInput(f"The model has {len(layers):,} layers; at most {MAX_LAYERS} are read.")
    check_layers(layers)
    return Network(tuple(layers))


def settle_flatten(layers: Sequence[Layer]) -> list[Layer]:
    """Give each Flatten the length that the dense layer behind it has weights for.

    One that is given a single row already does nothing.
    """
    settled: list[Layer] = []
    width, sequence = 0, True
    for place, layer in enumerate(layers):
        if isinstance(layer, (Recurrent, Bidirectional)):
            width, sequence = layer.units, layer.return_sequences
        elif isinstance(layer, (Pooling, LastTimestep)):
            sequence = False
        elif isinstance(layer, Dense):
            width = layer.kernel.shape[1]
        elif isinstance(layer, Flatten):
            layer = (
                _settled(layer, layers[place + 1 :], width)
                if sequence
                else PassThrough(layer.name, "Flatten")
            )
            sequence = False
        settled.append(layer)
    return settled


def _settled(layer: Flatten, following: Sequence[Layer], width: int) -> Flatten:
    dense = next((x for x in following if isinstance(x, Dense)), None)
    rows = len(dense.kernel) if dense else 0
    if not rows or not width or rows % width:
        raise Misfit(
            f"The layer {layer.name} must be followed by a dense layer with {width or 'n'} weights "
            "for each timestep."
        )
    return Flatten(layer.name, rows // width)


def checked(array: Array, name: str, shape: tuple[int | None, ...]) -> Array:
    """An array of weights that has the shape it needs, and finite numbers.

    Parameters
    ----------
    shape : None for a size that may be anything but zero

    Raises
    ------
    BadInput
        Naming the array.
    """
    fits = array.ndim == len(shape) and all(
        n == wanted if wanted is not None else n > 0
        for n, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if n is None else str(n) for n in shape)
        raise BadInput(
            f"The array {name[:100]} must be of shape ({wanted}), but is of shape "
            f"{tuple(array.shape)}."
        )
    if array.dtype.kind != "f":
        raise BadInput(f"The array {name[:100]} must hold floating-point numbers.")
    if array.size and not np.abs(array).max() <= MAX_WEIGHT:  # neither is NaN
        raise BadInput(f"The array {name[:100]} holds numbers that are not finite, or beyond 1e9.")
    return np.ascontiguousarray(array, np.float32)


def what_it_reads(network: Network, fed: str) -> str:
    """What a part of a model that is opened alone reads, in a sentence.

    Parameters
    ----------
    fed : what gives the part its numbers; "" where that is the model's own input
    """
    if network.embedding is not None:
        return "It reads token ids."
    source = f"what {fed[:60]} gives" if fed else "the model's own input"
    return f"It reads {source}: {network.features} numbers a timestep."
