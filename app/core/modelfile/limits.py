"""What a model file may hold: one table for reading and for writing.

Whatever is written can be read back, by this server after a restart and by every other one, since
both sides ask the same function.
"""

from __future__ import annotations

from ..cells import Array
from ..errors import BadInput, TooLarge, shorten
from ..model import Model
from ..network import Layer, Network
from ..text import WordList
from .conversion import arrays_of

MIB = 2**20
MAX_FILE = 128 * MIB
MAX_HEADER = 8 * MIB
"""Bytes of JSON: the description with its vocabulary, written once more as text within JSON."""
MAX_LAYERS = 256
MAX_LABELS = 10_000
MAX_NAME = 100
MAX_WORDS = 500_000
MAX_FEATURES = 20_000
"""Numbers that a model without an embedding reads at each timestep: an example of them is shown."""
MAX_WEIGHT = 1e9
"""Larger weights could make sums that float32 cannot hold."""


def check_model(model: Model) -> None:
    """Refuse a model that is larger than any file may hold.

    Raises
    ------
    TooLarge
        With the figure and the limit.
    """
    network, words = model.network, model.vocabulary
    count = len(words.words) if isinstance(words, WordList) else 0
    features = 0 if network.embedding is not None else network.features
    for number, limit, what in (
        (len(network.layers), MAX_LAYERS, "layers"),
        (_outputs(network), MAX_LABELS, "outputs"),
        (len(model.labels), MAX_LABELS, "labels"),
        (count, MAX_WORDS, "words"),
        (features, MAX_FEATURES, "numbers to read at each timestep"),
        (bytes_of_weights(network.layers), MAX_FILE, "bytes of weights as float32"),
    ):
        if number > limit:
            raise TooLarge(f"The model has {number:,} {what}; the limit is {limit:,}.")


def check_names(layers: tuple[Layer, ...]) -> None:
    """Refuse names of layers that cannot stand in a line.

    Raises
    ------
    BadInput
        Quoting the name, and saying which of its characters is wrong.
    """
    for layer in layers:
        for place, character in enumerate(layer.name):
            if character < " ":
                raise BadInput(
                    f"The name of the layer {shorten(layer.name)} has the control character "
                    f"{character!r} at place {place + 1}. Give the layer another name."
                )
        if not 0 < len(layer.name) <= MAX_NAME:
            raise BadInput(
                f"The name of the layer {shorten(layer.name)} has {len(layer.name):,} characters; "
                f"a name has 1 to {MAX_NAME}."
            )


def check_header(size: int) -> None:
    """Refuse a description that is too long to be read.

    Raises
    ------
    TooLarge
        With the figure and the limit.
    """
    if size > MAX_HEADER:
        raise TooLarge(
            f"The model's description, its vocabulary included, takes {size:,} bytes in the file's "
            f"header; the limit is {MAX_HEADER:,}."
        )


def check_file(size: int) -> None:
    """Refuse a file that is too long to be read.

    Raises
    ------
    TooLarge
        With the figure and the limit.
    """
    if size > MAX_FILE:
        raise TooLarge(f"The model file has {size:,} bytes; the limit is {MAX_FILE:,}.")


def check_array(name: str, array: Array) -> None:
    """Refuse weights that no sum can be made of.

    Raises
    ------
    BadInput
        Naming the array.
    """
    # neither NaN nor an infinity is between the two, and no copy is made
    if array.size and not (array.min() >= -MAX_WEIGHT and array.max() <= MAX_WEIGHT):
        raise BadInput(
            f"The array {shorten(name)} of the model file has numbers that are not finite, or "
            f"beyond {MAX_WEIGHT:,.0f}."
        )


def bytes_of_weights(layers: tuple[Layer, ...]) -> int:
    """What the arrays take as float32, which is what a file holds."""
    return sum(4 * array.size for layer in layers for array in arrays_of(layer).values())


def _outputs(network: Network) -> int:
    """Numbers of an answer that need a name each; a single sigmoid's have two."""
    return 2 if network.outputs == 1 and network.gives_probabilities else network.outputs
