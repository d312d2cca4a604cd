"""What is known of a module beside its weights: its class, and what it was made with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.cells import cells_of
from ..binary.pickle import Record

LAYERS = {layout.name: cell for cell, layout in cells_of("pytorch")}
"""The classes of recurrent layers, and their cells."""
RECURRENT = {name + end: cell for name, cell in LAYERS.items() for end in ("", "Cell")}
"""The same, and those of one timestep."""
CONSTANT = re.compile(r"^  (\w{1,60}) : Final\[\w+\] = (.{1,60})$", re.MULTILINE)
PYTORCH = re.compile(r"(__torch__\.)?torch\.")
"""How the modules begin that PyTorch's own classes are of."""
MANGLED = re.compile(r"\.___torch_mangle_\d+")


@dataclass(frozen=True)
class Module:
    """A module.

    Attributes
    ----------
    kind : the name of its class in PyTorch; of a class of the owner's the name of that
    constants : numbers, texts, true and false among its attributes
    own : whether its class is not PyTorch's but the owner's
    """

    kind: str
    constants: Mapping[str, Any] = field(default_factory=dict)
    own: bool = False


def class_of(record: Record) -> str:
    """The class of a module, of the owner's kind of an LSTM that of the LSTM."""
    state = record.state if isinstance(record.state, dict) else {}
    layer = str(state.get("mode")).partition("_")[0]  # RNN_TANH and RNN_RELU are an RNN
    if layer in LAYERS and "hidden_size" in state:
        return layer
    quantized = ".quantized" in record.of.module
    return f"quantized {record.of.name}" if quantized else record.of.name[:60]


def is_own(record: Record) -> bool:
    """Whether the class of a module is the owner's; of an heir of an LSTM it is."""
    return PYTORCH.match(record.of.module) is None


def constants(record: Record, code: Mapping[str, str]) -> dict[str, Any]:
    """A module's plain attributes; TorchScript has some of them in the text of its class."""
    state = record.state if isinstance(record.state, dict) else {}
    found = {k: v for k, v in state.items() if isinstance(v, (bool, int, float, str))}
    text = code.get(record.of.module.replace(".", "/") + ".py", "")
    body = text.partition(f"class {record.of.name}(Module):")[2].partition("\n  def ")[0]
    return {name: _literal(value) for name, value in CONSTANT.findall(body)} | found


def _literal(text: str) -> Any:
    if text in ("True", "False"):
        return text == "True"
    if text.startswith('"'):
        return text.strip('"')
    try:
        return float(text) if "." in text or "e" in text else int(text)
    except ValueError:
        return text
