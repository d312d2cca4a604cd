"""What a saved file holds: the weights of which modules, by what names, and what is known of them.

A checkpoint is a mapping with more in it than weights; a whole module is a record of its class,
with its parameters and its submodules in its state.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..binary.buffer import Buffer
from ..binary.pickle import Record
from .modules import Module, class_of, constants, is_own
from .tensors import Find, SavedTensor, as_tensor

MAX_NODES = 1_000_000
"""Values that are looked at on the way to the weights, and those of the modules that hold them."""
MAX_MODULES = 2_000
MAX_NAME = 500
MAX_PAIRS = 1_000
"""Of what was made a mapping of a list, as Python 2 wrote it."""
MAX_DEPTH = 40
MAX_TENSORS = 10_000
SKIPPED = re.compile(r"optim|sched|scaler|^rng|replay", re.IGNORECASE)
"""Keys of what goes with training alone."""
RECURRENT = re.compile(r"(^|\.)weight_hh(_l\d{1,3}(_reverse)?)?(_[gv]|\.original[01])?$")


@dataclass(frozen=True)
class Part:
    """One mapping of names to tensors, or one module.

    Attributes
    ----------
    path : the keys that lead to it
    tensors : name -> tensor, in the file's order
    modules : name -> what is known of it, in the order in which they were made; none where it is a
        mapping alone
    other : names of what is no tensor
    """

    path: tuple[str, ...]
    tensors: dict[str, SavedTensor]
    modules: dict[str, Module] = field(default_factory=dict)
    other: tuple[str, ...] = ()

    @property
    def recurrent(self) -> bool:
        """Whether it has weights of recurrent layers."""
        return any(map(RECURRENT.search, self.tensors))

    @property
    def name(self) -> str:
        """Its keys, with points between them."""
        return ".".join(self.path)


def parts(value: Any, find: Find, file: Buffer, code: Mapping[str, str]) -> list[Part]:
    """Every part of what was saved, those first that fewer keys lead to."""
    found: list[Part] = []
    level: list[tuple[tuple[str, ...], Any]] = [((), value)]
    seen: set[int] = set()
    nodes = 0
    for _ in range(MAX_DEPTH):
        following = []
        for path, each in level:
            if id(each) in seen:
                continue
            seen.add(id(each))
            nodes += 1 + len(as_mapping(each) or ())
            if nodes > MAX_NODES:
                raise file.damaged(f"more than {MAX_NODES:,} values stand around its weights")
            part = _part(path, each, find, file, code)
            if part is not None:
                found.append(part)
            if part is None or not (part.modules or part.recurrent):
                following += [((*path, key), inner) for key, inner in _inside(each)]
        level = following
    return found


def _part(
    path: tuple[str, ...], value: Any, find: Find, file: Buffer, code: Mapping[str, str]
) -> Part | None:
    if is_module(value):
        tensors: dict[str, SavedTensor] = {}
        modules: dict[str, Module] = {}
        work = 0
        for name, record in _submodules("", value, file, 0):
            work += sum(map(len, (record.state, *_held(record))))
            if len(modules) > MAX_MODULES or work > MAX_NODES or len(name) > MAX_NAME:
                raise file.damaged("it has more modules, or longer names, than any model")
            modules[name] = Module(class_of(record), constants(record, code), is_own(record))
            for key, tensor in _own_tensors(record, find):
                tensors[f"{name}.{key}" if name else key] = tensor
            if len(tensors) > MAX_TENSORS:
                raise file.damaged(f"it has more than {MAX_TENSORS:,} tensors")
        return Part(path, tensors, modules)
    mapping = as_mapping(value)
    if not mapping or "param_groups" in mapping:
        return None
    named = {key: as_tensor(each, find) for key, each in mapping.items() if isinstance(key, str)}
    tensors = {key: tensor for key, tensor in named.items() if tensor is not None}
    if not tensors:
        return None
    if len(tensors) > MAX_TENSORS:
        raise file.damaged(f"it has more than {MAX_TENSORS:,} tensors")
    return Part(path, tensors, other=tuple(key for key in named if key not in tensors))


def as_mapping(value: Any) -> dict[Any, Any] | None:
    """A dictionary, or an object of a class that is one."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, Record):
        return None
    if value.items is not None:
        return value.items
    given = value.args[0] if value.args and value.of.name == "OrderedDict" else None
    if not isinstance(given, list) or len(given) > MAX_PAIRS:
        return None
    if all(isinstance(x, (list, tuple)) and len(x) == 2 for x in given):
        return {key: each for key, each in given if isinstance(key, str)}
    return None


def is_module(value: Any) -> bool:
    """Whether it is a record of an `nn.Module`, or of one of TorchScript's."""
    if not isinstance(value, Record) or not isinstance(value.state, dict):
        return False
    return value.of.module.startswith("__torch__") or {"_parameters", "_modules"} <= set(
        value.state
    )


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """What stands in a container or an object, by its key, but what goes with training alone."""
    mapping = as_mapping(value)
    if mapping is not None and "param_groups" in mapping:
        return
    if mapping is None and isinstance(value, Record):
        mapping = value.state if isinstance(value.state, dict) else {}
    if mapping is None:
        mapping = dict(enumerate(value)) if isinstance(value, (list, tuple)) else {}
    for key, each in mapping.items():
        if isinstance(each, (dict, list, tuple, Record)) and isinstance(key, (str, int)):
            name = str(key)[:100]
            if not SKIPPED.search(name):
                yield name, each


def _submodules(
    name: str, record: Record, file: Buffer, depth: int
) -> Iterator[tuple[str, Record]]:
    """A module and all that are in it, each before those that are in it."""
    if depth > MAX_DEPTH:
        raise file.damaged(f"its modules stand in one another more than {MAX_DEPTH} deep")
    yield name, record
    state: dict[Any, Any] = record.state
    inner = as_mapping(state.get("_modules")) if "_modules" in state else state
    for key, each in (inner or {}).items():
        if isinstance(key, str) and is_module(each):
            yield from _submodules(f"{name}.{key}" if name else key, each, file, depth + 1)


def _held(record: Record) -> list[dict[Any, Any]]:
    """The mappings that have a module's own tensors."""
    state: dict[Any, Any] = record.state
    if "_parameters" not in state:
        return [state]
    return [as_mapping(state[name]) or {} for name in ("_parameters", "_buffers") if name in state]


def _own_tensors(record: Record, find: Find) -> Iterator[tuple[str, SavedTensor]]:
    """A module's parameters and buffers, but not those of the modules in it."""
    for mapping in _held(record):
        for key, value in mapping.items():
            tensor = as_tensor(value, find) if isinstance(key, str) else None
            if tensor is not None:
                yield key, tensor
