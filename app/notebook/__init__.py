"""For notebooks and scripts: a model from anywhere, its gates as arrays, its page in a cell."""

from .opened import OpenedModel
from .opening import from_keras, from_torch, load
from .trace import Trace

__all__ = ["OpenedModel", "Trace", "from_keras", "from_torch", "load"]
