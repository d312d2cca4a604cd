"""What modules say that their weights do not: tables, nonlinearities, activations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ...core.errors import Unsupported
from ...core.network import Dense
from ..assumed import Undecided
from ..base import Options
from ..inferred import Hints
from .modules import RECURRENT, Module
from .weights import Group

ACTIVATIONS = {
    "ReLU": "relu",
    "ReLU6": "relu6",
    "LeakyReLU": "leaky_relu_0.01",
    "ELU": "elu",
    "CELU": "celu",
    "SELU": "selu",
    "GELU": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
    "Tanhshrink": "tanh_shrink",
    "Hardtanh": "hard_tanh",
    "Hardsigmoid": "hard_sigmoid",
    "Hardswish": "hard_silu",
    "Sigmoid": "sigmoid",
    "LogSigmoid": "log_sigmoid",
    "Softmax": "softmax",
    "LogSoftmax": "log_softmax",
}
"""PyTorch's classes, and what they are called here."""
LAST = ("sigmoid", "softmax", "log_softmax", "log_sigmoid")
"""Those that stand behind the last dense layer, wherever they were made."""
USUAL = {"negative_slope": 0.01, "alpha": 1.0, "beta": 1, "approximate": "none"}
USUAL |= {"min_val": -1.0, "max_val": 1.0}
"""What their classes have to have been made with."""
CHANGES = re.compile(r"(Pool\d?d?|Upsample|GLU|Softmin|Threshold|shrink|PixelShuffle|Conv\d?d?)$")
"""Classes that would change numbers without weights of their own."""


def tables(modules: Mapping[str, Module]) -> frozenset[str] | None:
    """Names of the weights that are an embedding's; None where no modules are known."""
    if not modules:
        return None
    return frozenset(
        f"{name}.weight" if name else "weight"
        for name, module in modules.items()
        if "Embedding" in module.kind
        or {"num_embeddings", "embedding_dim"} <= set(module.constants)
    )


def nonlinearities(modules: Mapping[str, Module]) -> dict[str, str]:
    """Of each simple recurrent module that is known, by the name of its group."""
    found = {}
    for name, module in modules.items():
        cell = RECURRENT.get(module.kind)
        if cell is not None and not cell.gates:
            relu = module.constants.get("mode") == "RNN_RELU"
            said = module.constants.get("nonlinearity")
            found[name] = str(said) if said else "relu" if relu else "tanh"
    return found


def hints(
    modules: Mapping[str, Module],
    dense: Sequence[Dense],
    groups: Sequence[Group],
    options: Options,
) -> Hints:
    """Where the activations stand, by the order in which modules were made.

    In an `nn.Sequential` that is the order in which they are computed. Elsewhere it is what people
    do, but one module can be used in several places.

    Raises
    ------
    Unsupported
        For one that is not read.
    Undecided
        For one that was made where it tells nothing.
    """
    for name, module in modules.items():
        if CHANGES.search(module.kind):
            raise Unsupported(f"The module {name[:60]} (nn.{module.kind}) is not read.")
    linear, recurrent = {x.name for x in dense}, {x.name for x in groups}
    places = [
        name
        for name, module in modules.items()
        if name in linear or name in recurrent or module.kind in ACTIVATIONS
    ]
    found: dict[str, str] = {}
    state, unplaced, last = None, [], ""
    for name, before, after in zip(places, ["", *places], [*places[1:], ""], strict=False):
        if name in linear:
            last = name
            if after in linear and _in_sequence(modules, name, after):
                found[name] = "linear"
        elif name not in recurrent:
            kind = _activation(name, modules[name])
            if before in linear and (after in linear or _in_sequence(modules, before, name)):
                found[before] = kind
            elif before in recurrent and after in linear and kind not in LAST:
                state = kind
            elif kind in LAST:
                unplaced.append((name, kind))
            elif before in linear and after in recurrent:
                found[before] = kind
            else:
                unplaced.append((name, kind))
    for name, kind in unplaced:
        if kind in LAST and last:
            found.setdefault(last, kind)
        elif options.get("activations") is None and options.get("state_activation") is None:
            raise _undecided(name, modules[name], dense)
    return Hints(found, state)


def _in_sequence(modules: Mapping[str, Module], one: str, other: str) -> bool:
    parent = one.rpartition(".")[0]
    return parent == other.rpartition(".")[0] and modules[parent].kind == "Sequential"


def _activation(name: str, module: Module) -> str:
    for key, usual in USUAL.items():
        value = module.constants.get(key, usual)
        if value != usual:
            if module.kind == "LeakyReLU" and value == 0.2:
                return "leaky_relu"
            raise Unsupported(
                f"The module {name[:60]} (nn.{module.kind}) has {key}={str(value)[:20]}, which is "
                "not read."
            )
    return ACTIVATIONS[module.kind]


def _undecided(name: str, module: Module, dense: Sequence[Dense]) -> Undecided:
    names, kind = ", ".join(layer.name[:40] for layer in dense[:6]) or "none", module.kind
    return Undecided(
        f"The module has {name[:60]} (nn.{kind}), but does not say where it is used. Say so in the "
        "options: state_activation is what stands between the hidden states and the dense layer, "
        f"such as {ACTIVATIONS[kind]} or linear; activations lists one for each dense layer "
        f"({names}) in the order in which they are computed.",
        *("state_activation", (ACTIVATIONS[kind], "linear")),
    )
