"""A network as a chain of layers: an embedding, recurrent layers, and a head on top."""

from ..cells.activations import ACTIVATIONS, PROBABILITIES, softmax
from .answer import LastSum, last_sum
from .chain import Network, Run
from .checks import check_layers
from .head import run_head
from .layers import (
    MERGES,
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    HeadLayer,
    LastTimestep,
    Layer,
    Masking,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)
from .summary import Row

__all__ = [
    "ACTIVATIONS",
    "MERGES",
    "PROBABILITIES",
    "Activation",
    "AllLayers",
    "Bidirectional",
    "Dense",
    "Embedding",
    "Flatten",
    "HeadLayer",
    "LastSum",
    "LastTimestep",
    "Layer",
    "Masking",
    "Network",
    "PassThrough",
    "Pooling",
    "Recurrent",
    "Repeat",
    "Row",
    "Run",
    "check_layers",
    "last_sum",
    "run_head",
    "softmax",
]
