"""Tensors out of a saved file: what their records say, and their numbers where somebody asks."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

import numpy as np

from ...core.cells import Array
from ...core.errors import Unsupported
from ..binary.buffer import Buffer
from ..binary.pickle import Global, Record, Reference

DTYPES = {
    "float16": "f2",
    "bfloat16": "u2",
    "float32": "f4",
    "float64": "f8",
    "int8": "i1",
    "uint8": "u1",
    "int16": "i2",
    "uint16": "u2",
    "int32": "i4",
    "uint32": "u4",
    "int64": "i8",
    "uint64": "u8",
    "bool": "u1",
}
"""PyTorch's types and what NumPy reads them as."""
OLD_NAMES = {"half": "float16", "float": "float32", "double": "float64", "short": "int16"}
OLD_NAMES |= {"char": "int8", "byte": "uint8", "int": "int32", "long": "int64"}
MAX_WRAPPERS = 8
"""Parameters around tensors, and subclasses around these."""


@dataclass(frozen=True, eq=False)
class Storage:
    """The numbers that one tensor or several are views of.

    Attributes
    ----------
    dtype : PyTorch's name of their type
    size : how many there are
    read : gives their bytes
    """

    dtype: str
    size: int
    read: Callable[[], memoryview]


@dataclass(frozen=True, eq=False)
class SavedTensor:
    """A view of a storage, in numbers of the type `dtype`."""

    storage: Storage
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


NOT_READ = SavedTensor(
    Storage("of no known kind", 0, lambda: memoryview(b"")), "unknown", 0, (), ()
)
"""A tensor that is sparse, quantized or contradicts itself: no weight that can be left out."""

Find = Callable[[Reference | Record], "Storage | SavedTensor | None"]
"""Where a container keeps what a reference names; None for what is no storage."""


def as_tensor(value: Any, find: Find) -> SavedTensor | None:
    """A tensor by its record, whatever parameters or subclasses are around it; else None."""
    for _ in range(MAX_WRAPPERS):
        if isinstance(value, Reference):
            found = find(value)
            return found if isinstance(found, SavedTensor) else None
        if not isinstance(value, Record):
            return None
        name, args = value.of.name, value.args
        if name in ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3"):
            return _view(args, find, typed=not name.endswith("v3")) or NOT_READ
        if value.of.module.startswith(("numpy.", "numpy")) and name in NUMPY:
            return NUMPY[name](value)
        if name in WRAPPERS and args:
            value = args[0]
        elif name == "_rebuild_from_type_v2" and len(args) > 2 and isinstance(args[0], Global):
            value = Record(args[0], args[2] if isinstance(args[2], tuple) else ())
        elif name in ("Parameter", "Variable") and (args or isinstance(value.state, tuple)):
            value = (args or value.state)[0]
        else:
            return NOT_READ if name.startswith("_rebuild_") else None
    return None


WRAPPERS = {
    "_rebuild_parameter",
    "_rebuild_parameter_with_state",
    "_rebuild_device_tensor_from_numpy",
    "_rebuild_device_tensor_from_cpu_tensor",
}


def _view(args: tuple[Any, ...], find: Find, *, typed: bool) -> SavedTensor | None:
    """Of the arguments of `_rebuild_tensor_v2`: storage, offset, sizes, strides and more."""
    if len(args) < 4 or not isinstance(args[0], (Reference, Record)):
        return None
    storage = find(args[0])
    shape, strides = sizes(args[2]), sizes(args[3])
    if not isinstance(storage, Storage) or type(args[1]) is not int:
        return None
    if shape is None or strides is None:
        return None
    dtype = storage.dtype
    if not typed:
        named = args[6] if len(args) > 6 else None
        dtype = named.name if isinstance(named, Global) else "of no known type"
    return SavedTensor(storage, OLD_NAMES.get(dtype, dtype), args[1], shape, strides)


def sizes(value: Any) -> tuple[int, ...] | None:
    """A `torch.Size`, or a tuple of whole numbers."""
    if isinstance(value, Record) and value.of.name == "Size" and value.args:
        value = value.args[0]
    if not isinstance(value, (tuple, list)) or not _whole(value):
        return None
    return tuple(value)


def _whole(values: tuple[Any, ...] | list[Any]) -> TypeGuard[tuple[int, ...]]:
    return len(values) <= 8 and all(type(n) is int and 0 <= n < 2**62 for n in values)


def _reconstructed(record: Record) -> SavedTensor | None:
    """NumPy's `_reconstruct`, whose state is version, shape, type, whether columns lie together."""
    state = record.state
    if not isinstance(state, tuple) or len(state) != 5:
        return None
    _, shape, dtype, columns, data = state
    return _array(data, dtype, shape, "F" if columns else "C")


def _from_buffer(record: Record) -> SavedTensor | None:
    """NumPy's `_frombuffer` of protocol 5."""
    if len(record.args) < 4:
        return None
    data, dtype, shape, order = record.args[:4]
    return _array(data, dtype, shape, str(order))


NUMPY: dict[str, Callable[[Record], SavedTensor | None]] = {
    "_reconstruct": _reconstructed,
    "_frombuffer": _from_buffer,
}
CODES = {f"f{n}": f"float{8 * n}" for n in (2, 4, 8)} | {"b1": "bool"}
CODES |= {
    f"{sign}{n}": f"{word}{8 * n}"
    for sign, word in (("i", "int"), ("u", "uint"))
    for n in (1, 2, 4, 8)
}


def _array(data: Any, dtype: Any, shape: Any, order: str) -> SavedTensor | None:
    """A NumPy array as a tensor whose storage is its own."""
    code = dtype.args[0] if isinstance(dtype, Record) and dtype.args else None
    size, raw = sizes(shape), as_bytes(data)
    if size is None or raw is None or not isinstance(code, str) or code.strip("<|=") not in CODES:
        return None
    if isinstance(dtype, Record) and isinstance(dtype.state, tuple) and ">" in dtype.state:
        return None
    name = CODES[code.strip("<|=")]
    strides = [1] * len(size)
    places = range(len(size)) if order == "F" else reversed(range(len(size)))
    step = 1
    for place in places:
        strides[place], step = step, step * size[place]
    count = len(raw) // np.dtype(DTYPES[name]).itemsize
    return SavedTensor(Storage(name, count, lambda: raw), name, 0, size, tuple(strides))


def as_bytes(value: Any) -> memoryview | None:
    """Bytes, as protocols 3 and later write them, or as text in Latin-1, as those before did."""
    if isinstance(value, memoryview):
        return value
    if isinstance(value, Record) and value.of.name in ("encode", "bytearray", "bytes"):
        inner = value.args[0] if value.args else memoryview(b"")
        if isinstance(inner, memoryview):
            return inner
        if isinstance(inner, str):
            return memoryview(inner.encode("latin-1", "replace"))
    if isinstance(value, str):
        return memoryview(value.encode("utf-8", "replace"))
    return None


class Saved(Mapping[str, Array]):
    """Tensors by name, read when somebody asks.

    Parameters
    ----------
    tensors : in the order of the file
    file : counts the bytes that are made arrays of
    big_endian : whether the highest byte of a number stands first
    """

    def __init__(
        self, tensors: Mapping[str, SavedTensor], file: Buffer, *, big_endian: bool = False
    ) -> None:
        self._tensors = tensors
        self._file = file
        self._order: Literal["<", ">"] = ">" if big_endian else "<"

    def shape(self, name: str) -> tuple[int, ...]:
        """A tensor's shape, without reading it."""
        return self._tensors[name].shape

    def __getitem__(self, name: str) -> Array:
        tensor = self._tensors[name]
        if tensor.dtype not in DTYPES:
            raise Unsupported(
                f"The tensor {name[:80]} holds numbers of PyTorch's type {tensor.dtype[:20]}, "
                "which are not read. Save the model after model.float()."
            )
        return self._read(tensor, np.dtype(DTYPES[tensor.dtype]).newbyteorder(self._order))

    def _read(self, tensor: SavedTensor, stored: np.dtype) -> Array:
        shape, strides = tensor.shape, tensor.strides
        if len(shape) != len(strides):
            raise self._file.damaged("a tensor has not as many strides as dimensions")
        count = math.prod(shape)
        self._file.spend(max(4, stored.itemsize) * count)
        if count == 0:
            return np.zeros(shape, np.float32)
        last = tensor.offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
        raw = tensor.storage.read()
        if (last + 1) * stored.itemsize > len(raw):
            raise self._file.damaged("a tensor reaches beyond the end of its storage")
        numbers = np.frombuffer(raw[: (last + 1) * stored.itemsize], stored)[tensor.offset :]
        steps = [step * stored.itemsize for step in strides]
        array = np.lib.stride_tricks.as_strided(numbers, shape, steps, writeable=False)
        if tensor.dtype == "bfloat16":  # the upper half of a float32
            return (array.astype(np.uint32) << 16).view(np.float32)
        with np.errstate(over="ignore"):
            return array.astype(np.float32 if stored.kind == "f" else np.int64)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)
