"""A PyTorch module in memory, which its state dict makes a file of; PyTorch itself is not needed.

What a file does not say and a module knows (which weights are an embedding's, the nonlinearity of
an `nn.RNN`) is passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from safetensors.numpy import save

from ...core.cells import cells_of
from ...core.errors import BadInput, Unsupported
from ..base import Imported, Options
from . import reader as pytorch

RECURRENT = {layout.name + end for _, layout in cells_of("pytorch") for end in ("", "Cell")}
CELL_WEIGHT = re.compile(r"(weight|bias)_[ih]h")


def read(module: Any, options: Options | None = None) -> Imported:
    """Read a `torch.nn.Module`.

    Parameters
    ----------
    module : `nn.LSTM`, `nn.GRU`, `nn.RNN`, one of their cells, or a model with some of them
    options : what its weights do not say: `reads`, `activations`, `mask_zero`

    Raises
    ------
    BadInput
        For an object that is no module.
    Unsupported
        Naming a layer that is not read.
    """
    if not all(hasattr(module, name) for name in ("state_dict", "named_modules")):
        raise BadInput(
            "Give a torch.nn.Module, such as nn.LSTM or a model with one in it; "
            f"an object of type {type(module).__name__} came."
        )
    kinds = {name: _kinds(part) for name, part in module.named_modules()}
    # a bare layer's weights have no name in front, which its kind can be
    bare = next(iter(sorted(RECURRENT & kinds[""])), "")
    prefix = f"{bare.lower().removesuffix('cell')}." if bare else ""
    arrays = {
        prefix + _layered(name): np.ascontiguousarray(tensor.detach().cpu().float().numpy())
        for name, tensor in module.state_dict().items()
    }
    nonlinearity = _nonlinearity(module)
    simple = any("weight_hh" in name and len(a) == a.shape[-1] for name, a in arrays.items())
    known: Options = {
        "tables": [f"{name}.weight" for name, kind in kinds.items() if "Embedding" in kind],
        **(nonlinearity if simple else {}),  # a layer of another kind may have one too
    }
    return pytorch.read(memoryview(save(arrays)), known | (options or {}))


def _kinds(part: Any) -> set[str]:
    """Names of a module's class and those it inherits from."""
    return {kind.__name__ for kind in type(part).__mro__}


def _layered(name: str) -> str:
    """A cell's weights under the name that a layer of one would give them."""
    return f"{name}_l0" if CELL_WEIGHT.fullmatch(name.rpartition(".")[2]) else name


def _nonlinearity(module: Any) -> Options:
    """The one that all simple layers have."""
    found = set(_nonlinearities(module))
    if len(found) > 1:
        raise Unsupported(f"Simple layers of one kind are read; these are {sorted(found)}.")
    return {"nonlinearity": found.pop()} if found else {}


def _nonlinearities(module: Any) -> Iterator[str]:
    for _, part in module.named_modules():
        if isinstance(kind := getattr(part, "nonlinearity", None), str):
            yield kind
