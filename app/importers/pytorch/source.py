"""Names and arrays of a model, and what is known of it, wherever it comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ...core.cells import Array
from ...core.modelfile.safetensors import looks_like_safetensors
from ..base import Options
from ..binary.safetensors import Tensors
from .chosen import choose
from .containers import Container, open_container
from .contents import parts
from .modules import RECURRENT, Module
from .tensors import Saved
from .weights import Arrays, natural

SAFETENSORS = """\
from safetensors.torch import load_file
model.load_state_dict(load_file("model.safetensors"))  # model: as your code builds it"""
CALLED = re.compile(
    r"\b(?:relu|leaky_relu|elu|selu|gelu|silu|tanh|sigmoid|softmax|log_softmax|softplus)(?=_?\()"
)
NOTHING_RUN = "nothing in the file was run"


@dataclass(frozen=True)
class Source:
    """A model's weights.

    Attributes
    ----------
    arrays : name -> array
    names : of the arrays, in the order in which they are to be taken
    format : what the file is
    load : code that gives `model` these weights
    modules : what is known of its modules, by their names, in the order in which they were made;
        none where there are weights alone
    ordered : whether the names stand in the order in which the modules were made
    detected : what the owner may want to check
    assumed : what was taken for granted
    used : options that mattered
    """

    arrays: Arrays
    names: list[str]
    format: str
    load: str
    modules: Mapping[str, Module] = field(default_factory=dict)
    ordered: bool = False
    detected: Mapping[str, str] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()


Named = TypeVar("Named")


def named(
    tensors: Mapping[str, Named], modules: Mapping[str, Module]
) -> tuple[dict[str, Named], dict[str, Module]]:
    """The same, but the weights of a layer that is all there is after its class: `lstm.`."""
    kind = modules[""].kind if "" in modules else ""
    if kind not in RECURRENT:
        return dict(tensors), dict(modules)
    name = kind.lower().removesuffix("cell")
    return {f"{name}.{key}": each for key, each in tensors.items()}, {name: modules[""]}


class Held(dict[str, Array]):
    """Arrays in memory."""

    def shape(self, name: str) -> tuple[int, ...]:
        """An array's shape."""
        return self[name].shape


def open_source(data: memoryview, options: Options) -> Source:
    """The weights in a file.

    Raises
    ------
    UserError
        For a file that is damaged, or holds no recurrent layers.
    """
    if looks_like_safetensors(data):
        tensors = Tensors(data)
        names = sorted(tensors, key=natural)
        return Source(tensors, names, "PyTorch state_dict (.safetensors)", SAFETENSORS)
    return _saved(open_container(data), options)


def _saved(container: Container, options: Options) -> Source:
    chosen = choose(parts(container.value, container.find, container.file, container.code), options)
    part = chosen.part
    tensors, modules = named(part.tensors, part.modules)
    what = "whole module" if part.modules else "checkpoint" if part.path else "state_dict"
    if container.kind == "TorchScript":
        what = "TorchScript"
    detected = {"container": f"{container.kind}; {NOTHING_RUN}"}
    if part.path:
        detected["part"] = part.name[:100]
    return Source(
        arrays=Saved(tensors, container.file, big_endian=container.big_endian),
        names=list(tensors),
        format=f"PyTorch {what} (.pt)",
        load=_loading(what, part.path),
        modules=modules,
        ordered=True,
        detected=detected,
        assumed=(*chosen.assumed, *unfollowed(container.code)),
        used=frozenset({"part"} if chosen.asked else ()),
    )


def unfollowed(code: Mapping[str, str]) -> list[str]:
    """A sentence on the activations that TorchScript's code calls as functions, outside modules.

    Parameters
    ----------
    code : file -> text; PyTorch's own classes, which are modules, are in files of their own
    """
    own = (text for name, text in code.items() if not name.startswith("__torch__/torch/"))
    called = sorted({name for text in own for name in CALLED.findall(text)})
    if not called:
        return []
    return [
        f"The model's code calls {', '.join(called)}, and is not followed: where it stands is for "
        "you to say (activations, state_activation)."
    ]


def _loading(what: str, path: tuple[str, ...]) -> str:
    """How PyTorch reads it."""
    if what == "TorchScript":
        return 'model = torch.jit.load("model.pt", map_location="cpu")'
    keys = "".join(f"[{key!r}]" for key in path)
    if what == "whole module":
        return (
            "# runs what is in the file: only where you trust it, beside the code of its class\n"
            f'model = torch.load("model.pt", map_location="cpu", weights_only=False){keys}'
        )
    return (
        f'state = torch.load("model.pt", map_location="cpu", weights_only=True){keys}\n'
        "model.load_state_dict(state)  # model: as your code builds it"
    )
