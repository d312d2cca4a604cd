"""Storages: the numbers that tensors are views of, found by the names that a pickle gives them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..binary.buffer import Buffer
from ..binary.pickle import Global, Record, Reference
from .tensors import DTYPES, OLD_NAMES, Storage, as_bytes

TYPES = {f"{old}storage": new for old, new in OLD_NAMES.items()}
TYPES |= {"bfloat16storage": "bfloat16", "boolstorage": "bool"}
TYPES |= {"untypedstorage": "uint8", "typedstorage": "uint8"}
"""Names of storages in small letters -> the type of their numbers."""


class Storages:
    """The storages of one file.

    Parameters
    ----------
    read : a storage's bytes by its key; raises BadInput where there is none
    open_nested : what stands in the bytes of a storage that is a file of its own
    """

    def __init__(
        self,
        file: Buffer,
        read: Callable[[str], memoryview],
        open_nested: Callable[[memoryview], tuple[Reference, Storages]] | None = None,
    ) -> None:
        self._file, self._read, self._open = file, read, open_nested
        self._nested: dict[int, Storage | None] = {}

    def find(self, what: Reference | Record) -> Storage | None:
        """The storage that something names; None for what is none."""
        if isinstance(what, Record):
            return self._in_bytes(what)
        described = _described(what)
        if described is None:
            return None
        dtype, key, count = described
        return Storage(dtype, count, lambda: self._whole(key, dtype, count))

    def sizes(self, references: Sequence[Reference]) -> dict[str, int]:
        """Key -> bytes of one number."""
        found = (_described(each) for each in references)
        return {key: _item(dtype) for dtype, key, _ in filter(None, found)}

    def _whole(self, key: str, dtype: str, count: int) -> memoryview:
        raw, size = self._read(key), _item(dtype) * count
        if len(raw) < size:
            raise self._file.damaged(
                f"the storage {key[:20]} must have {size:,} bytes, but has {len(raw):,}"
            )
        return raw[:size]

    def _in_bytes(self, record: Record) -> Storage | None:
        """Of `torch.storage._load_from_bytes`, which a plain pickle has for each storage."""
        if record.of.name != "_load_from_bytes" or not record.args or self._open is None:
            return None
        place = id(record.args[0])
        if place not in self._nested:
            data = as_bytes(record.args[0])
            if data is None:
                return None
            reference, storages = self._open(data)
            self._nested[place] = storages.find(reference)
        return self._nested[place]


def _described(reference: Reference) -> tuple[str, str, int] | None:
    """Type, key and size out of ("storage", class, key, device, size, ...)."""
    name: Any = reference.name
    if not isinstance(name, tuple) or len(name) < 5 or name[0] != "storage":
        return None
    _, kind, key, _, count = name[:5]
    if not isinstance(kind, Global) or not isinstance(key, (str, int)):
        return None
    if type(count) is not int or not 0 <= count < 2**48:
        return None
    return TYPES.get(kind.name.lower(), kind.name.removesuffix("Storage").lower()), str(key), count


def _item(dtype: str) -> int:
    """Bytes of one number."""
    if dtype in DTYPES:
        return np.dtype(DTYPES[dtype]).itemsize
    return {"complexfloat": 8, "complexdouble": 16, "qint32": 4}.get(dtype, 1)
