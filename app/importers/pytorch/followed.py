"""What a whole module has that no weights tell of: classes whose code is not followed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from ...core.errors import Unsupported
from ...core.network import Dense, Embedding
from ..alone import Around
from .known import ACTIVATIONS
from .modules import RECURRENT, Module
from .plain import Plain
from .weights import Arrays, Group

QUIET = re.compile(
    r"(Dropout\w*|\w*Dropout\d?d?|Identity|Sequential|Module(List|Dict)|Parameter(List|Dict)|"
    r"\w*Loss|Metric\w*|Embedding|Linear|NonDynamicallyQuantizableLinear|Flatten|Unflatten|Bidirectional"
    r"|DataParallel|DistributedDataParallel|OptimizedModule|Softmax2d)"
)
"""PyTorch's classes that change nothing in an answer, or are read."""


def check_followed(modules: Mapping[str, Module], weighted: Collection[str]) -> None:
    """Refuse PyTorch's own classes that change numbers without weights, such as a normalisation.

    Parameters
    ----------
    weighted : names of the modules that have weights, whose turn comes elsewhere

    Raises
    ------
    Unsupported
        Naming the first.
    """
    for name, kind in changing(modules, weighted):
        raise Unsupported(f"The module {name[:60]} (nn.{kind}) is not read.")


def changing(modules: Mapping[str, Module], weighted: Collection[str]) -> list[tuple[str, str]]:
    """Name and class of each of them."""
    quiet = (*ACTIVATIONS, *RECURRENT)
    return [
        (name, module.kind)
        for name, module in modules.items()
        if not (module.own or not name or name in weighted or not _leaf(name, modules))
        and module.kind not in quiet
        and not QUIET.fullmatch(module.kind)
    ]


def _leaf(name: str, modules: Mapping[str, Module]) -> bool:
    return not any(other.startswith(f"{name}.") for other in modules)


def own_code(
    modules: Mapping[str, Module],
    weighted: Collection[str],
    groups: Sequence[Group],
    dense: Sequence[Dense],
) -> tuple[list[str], list[str]]:
    """Modules of the owner's classes: sentences on how they are read, and what is left out."""
    said, left = [], []
    kinds = {group.name: f"nn.{group.kind}" for group in groups}
    kinds |= {layer.name: "nn.Linear" for layer in dense}
    for name, module in modules.items():
        if not module.own or not name:
            continue
        shown = f"{name[:60]} ({module.kind})"
        if name in kinds and module.kind not in RECURRENT:
            said.append(
                f"{shown} is of a class of your own, whose code is not followed: it is computed as "
                f"the {kinds[name]} that its weights are named after."
            )
        elif name not in weighted and _leaf(name, modules):
            said.append(f"{shown} is of a class of your own, whose code is not followed: left out.")
            left.append(shown)
    return said, left


def bounded(table: Embedding, modules: Mapping[str, Module]) -> tuple[Embedding, list[str]]:
    """An embedding whose rows are shortened where they are read (max_norm)."""
    module = modules.get(table.name)
    limit = module.constants.get("max_norm") if module else None
    if not isinstance(limit, (int, float)) or isinstance(limit, bool) or not limit > 0:
        return table, []
    order = module.constants.get("norm_type", 2.0) if module else 2.0
    if order != 2.0:
        raise Unsupported(f"The embedding {table.name[:60]} has norm_type={order}: not read.")
    norms = np.linalg.norm(table.table.astype(np.float64), axis=1, keepdims=True)
    factor = np.where(norms > limit, limit / (norms + 1e-7), 1.0)
    rows = (table.table * factor).astype(np.float32)
    words = f"Rows of {table.name[:60]} that are longer than max_norm={limit:g} are shortened."
    return Embedding(table.name, rows, table.mask_zero), [words]


def around(
    arrays: Arrays, plain: Plain, modules: Mapping[str, Module], left: Sequence[str]
) -> Around:
    """What a file has beside its recurrent layers, each by name and class."""
    held: dict[str, list[tuple[int, ...]]] = {name: [] for name in left}
    grouped: dict[str, list[str]] = {}
    for name in plain.rest:
        grouped.setdefault(_module_of(name, modules), []).append(name)
    for module, names in grouped.items():
        shapes = [arrays.shape(name) for name in names]
        kind = modules[module].kind if module in modules else _guess(names, shapes)
        held[f"{module[:60]} ({kind})" if kind else module[:60]] = shapes
    held |= {f"{layer.name[:60]} (Linear)": [layer.kernel.shape] for layer in plain.dense}
    return Around(plain.tables, held)


def _module_of(name: str, modules: Mapping[str, Module]) -> str:
    """The module that a weight belongs to: of one that is known as a whole, the outer one."""
    parent = name.rpartition(".")[0]
    return parent or name


def _guess(names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> str:
    """The class of a module by its weights."""
    ends = {name.rpartition(".")[2] for name in names}
    ranks = max(map(len, shapes), default=0)
    if "running_mean" in ends:
        return "BatchNorm"
    if "in_proj_weight" in ends:
        return "MultiheadAttention"
    if ranks in (3, 4, 5) and "weight" in ends:
        return f"Conv{ranks - 2}d"
    if ends <= {"weight", "bias"} and ranks == 1:
        return "LayerNorm" if max(shape[0] for shape in shapes if shape) > 1 else "PReLU"
    return "Linear" if "weight_v" in ends or "weight_g" in ends else ""
