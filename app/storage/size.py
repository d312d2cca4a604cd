"""What a model takes in memory, all of it."""

from __future__ import annotations

import sys

from ..core.model import Model
from ..core.modelfile.conversion import arrays_of
from ..core.network import Bidirectional, Layer, Recurrent
from ..core.text import WordList

ENTRY = 120
"""Bytes of a word's places in the list and in the map from words to rows."""


def size_of(model: Model) -> int:
    """Bytes of its weights, of what its cells make of them, of its words and of its labels."""
    words = model.vocabulary.words if isinstance(model.vocabulary, WordList) else ()
    texts = sum(map(sys.getsizeof, (*words, *model.labels)))
    return sum(map(_of_layer, model.network.layers)) + texts + ENTRY * len(words)


def _of_layer(layer: Layer) -> int:
    """A recurrent layer is counted twice: `prepare` keeps its weights in another order too."""
    total = sum(array.nbytes for array in arrays_of(layer).values())
    return 2 * total if isinstance(layer, (Recurrent, Bidirectional)) else total
