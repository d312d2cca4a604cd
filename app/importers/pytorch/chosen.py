"""Which of the weights in a checkpoint are the model's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ...core.errors import BadInput, Unsupported
from ..assumed import Assumed, Undecided
from ..base import Options
from .contents import Part

USUAL = (
    *("state_dict", "model_state_dict", "model_state", "model", "net", "network", "module"),
    *("weights", "params", "model_dict", "net_state_dict", "best_model", "best_model_state"),
)
"""What people call the model's weights in a checkpoint."""
WRAPPERS = ("module.", "_orig_mod.")
"""What `DataParallel` and `torch.compile` put before every name."""
QUANTIZED = re.compile(r"_packed_params|_all_weight_values")


class Chosen(NamedTuple):
    """The model's weights.

    Attributes
    ----------
    part : they
    assumed : what was taken for granted
    asked : whether the option `part` decides
    """

    part: Part
    assumed: tuple[str, ...]
    asked: bool


def choose(found: Sequence[Part], options: Options) -> Chosen:
    """The part that is the model, or several that are its modules.

    Raises
    ------
    Unsupported
        Where there are no recurrent layers, saying what there is.
    BadInput
        Where several fit equally, or the option `part` names none.
    """
    named = [part for part in found if part.recurrent]
    _refuse_quantized(found)
    if not named:
        raise _without_recurrent(found)
    names = [part.name for part in named]
    said = options.get("part")
    if said is not None:
        if said not in names or (len(named) < 2 and not _beside(named[0], found)):
            raise BadInput(f"The option part must be one of: {', '.join(names)}.")
        words = f"Of the file's weights {said} is read (part)."
        choice = Assumed(words, "part", said, names, said=True)
        return Chosen(_unwrapped(named[names.index(said)]), (choice,), asked=True)
    if len(named) == 1 and not (named[0].path and _beside(named[0], found)):
        return Chosen(_unwrapped(named[0]), (), asked=False)
    usual = [part for key in USUAL for part in named if part.path and part.path[-1].lower() == key]
    if usual:
        others = ", ".join(name for name in names if name != usual[0].name)
        words = f"Of the file's weights {usual[0].name} is read, and not {others} (part)."
        choice = Assumed(words, "part", usual[0].name, names)
        return Chosen(_unwrapped(usual[0]), (choice,) if others else (), asked=bool(others))
    if len({_sizes(part) for part in named}) < len(named):
        raise Undecided(
            f"The file holds the same weights more than once, as {', '.join(names)}. Say in the "
            "option part which of them to read.",
            *("part", names),
        )
    joined = [*named, *_beside(named[0], found)]
    listed = ", ".join(part.name for part in joined)
    words = f"The parts of the file are one model: {listed} (part)."
    choice = Assumed(words, "part", None, (None, *names))
    return Chosen(_unwrapped(_joined(joined)), (choice,), asked=True)


def _sizes(part: Part) -> frozenset[tuple[str, tuple[int, ...]]]:
    return frozenset((name, tensor.shape) for name, tensor in part.tensors.items())


def _beside(part: Part, found: Sequence[Part]) -> list[Part]:
    """Weights of other modules, where each module has its own mapping."""
    if part.path and part.path[-1].lower() in USUAL:
        return []
    return [
        other
        for other in found
        if not other.recurrent
        and other.path[:-1] == part.path[:-1]
        and other.path
        and any(name.endswith("weight") for name in other.tensors)
    ]


def _joined(several: Sequence[Part]) -> Part:
    """One part of several, each name after its own part's."""
    return Part(
        path=(),
        tensors={f"{p.path[-1]}.{name}": t for p in several for name, t in p.tensors.items()},
        modules={
            f"{p.path[-1]}.{name}".rstrip("."): module
            for p in several
            for name, module in p.modules.items()
        },
    )


def _unwrapped(part: Part) -> Part:
    """The same without a prefix that every name has and that says nothing."""
    while wrapper := next((w for w in WRAPPERS if all(n.startswith(w) for n in part.tensors)), ""):
        part = replace(
            part,
            tensors={n.removeprefix(wrapper): tensor for n, tensor in part.tensors.items()},
            modules={
                n.removeprefix(wrapper).removeprefix(wrapper.rstrip(".")): module
                for n, module in part.modules.items()
                if n
            },
        )
    return part


def _refuse_quantized(found: Sequence[Part]) -> None:
    for part in found:
        names = [name for name in (*part.tensors, *part.other) if QUANTIZED.search(name)]
        kinds = [m.kind for m in part.modules.values() if m.kind.startswith("quantized ")]
        if names or kinds:
            what = kinds[0] if kinds else f"quantized module ({names[0][:80]})"
            raise quantized(what)


def quantized(what: str) -> Unsupported:
    """The refusal of a model with a quantized module."""
    return Unsupported(
        f"This is a model with a {what}: its weights are packed as 8-bit integers, which are not "
        "read. Bring the model as it was before torch.ao.quantization.quantize_dynamic."
    )


def _without_recurrent(found: Sequence[Part]) -> Unsupported:
    names = [name for part in found for name in part.tensors]
    kinds = list(dict.fromkeys(m.kind for part in found for m in part.modules.values()))
    if kinds:
        return Unsupported(
            "There is no nn.LSTM, nn.GRU, nn.RNN or cell of one in this module. There are: "
            f"{', '.join(kinds[:12])}."
        )
    if names:
        return Unsupported(
            "There are no weights of nn.LSTM, nn.GRU or nn.RNN, nor of their cells. There are: "
            f"{', '.join(name[:60] for name in names[:10])}."
        )
    return Unsupported(
        "This PyTorch file holds no tensors by name, so no weights of a model. Save "
        "model.state_dict(), or the model."
    )
