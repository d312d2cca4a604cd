"""A PyTorch module in memory, read as its file would be; PyTorch itself is not needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...core.errors import BadInput
from ..base import Imported, Options
from .modules import RECURRENT, Module
from .reader import read_source
from .source import Held, Source, named

FOREIGN = (*RECURRENT, "Embedding", "Sequential")
"""Classes whose heirs are read as they are."""


def read(module: Any, options: Options | None = None) -> Imported:
    """Read a `torch.nn.Module`.

    Parameters
    ----------
    module : `nn.LSTM`, `nn.GRU`, `nn.RNN`, one of their cells, or a model with some of them
    options : what its weights do not say: `reads`, `activations`, `mask_zero` and so on

    Raises
    ------
    BadInput
        For an object that is no module, or where two readings fit equally.
    Unsupported
        Naming a layer that is not read.
    """
    if not all(hasattr(module, name) for name in ("state_dict", "named_modules")):
        raise BadInput(
            "Give a torch.nn.Module, such as nn.LSTM or a model with one in it; "
            f"an object of type {type(module).__name__} came."
        )
    arrays = Held(
        (name, np.ascontiguousarray(tensor.detach().cpu().float().numpy()))
        for name, tensor in module.state_dict().items()
    )
    modules = {name: _module(part) for name, part in module.named_modules()}
    renamed, modules = named(arrays, modules)
    source = Source(
        arrays=Held(renamed),
        names=list(renamed),
        format="PyTorch module in memory",
        load="model = module  # the one that was given",
        modules=modules,
        ordered=True,
    )
    return read_source(source, options or {})


def _module(part: Any) -> Module:
    """What is known of it: the class that it inherits from, and what it was made with."""
    kinds = [kind.__name__ for kind in type(part).__mro__]
    kind = next((kind for kind in kinds if kind in FOREIGN), kinds[0])
    plain = {k: v for k, v in vars(part).items() if isinstance(v, (bool, int, float, str))}
    return Module(kind, plain)
