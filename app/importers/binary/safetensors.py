"""Safetensors: a header of JSON, then the arrays, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import orjson

from ...core.cells import Array
from ...core.errors import BadInput
from .buffer import Buffer

MAX_HEADER = 4 * 1024 * 1024
MAX_ARRAYS = 10_000
DTYPES = {
    "F16": "<f2",
    "BF16": "bfloat16",
    "F32": "<f4",
    "F64": "<f8",
    "I8": "i1",
    "U8": "u1",
    "I16": "<i2",
    "U16": "<u2",
    "I32": "<i4",
    "U32": "<u4",
    "I64": "<i8",
    "U64": "<u8",
    "BOOL": "u1",
}


def looks_like_safetensors(data: bytes | memoryview) -> bool:
    """Whether a header's length stands in front, and JSON behind it."""
    head = bytes(data[:16])
    return len(head) > 9 and 2 <= int.from_bytes(head[:8], "little") < 2**40 and head[8:9] == b"{"


class Tensors(Mapping[str, Array]):
    """The arrays of a file, read when somebody asks, and its metadata.

    Raises
    ------
    BadInput
        For a file that is damaged.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._file = file = Buffer(data, "safetensors file")
        size = file.uint(0, 8)
        if size > MAX_HEADER:
            raise file.damaged(f"its header claims {size:,} bytes; at most {MAX_HEADER:,} are read")
        self._start = 8 + size
        try:
            header = orjson.loads(file.take(8, size))
        except orjson.JSONDecodeError:
            raise file.damaged("its header is not JSON") from None
        if not isinstance(header, dict):
            raise file.damaged("its header is not an object")
        metadata = header.pop("__metadata__", {})
        self.metadata: dict[str, str] = metadata if isinstance(metadata, dict) else {}
        if len(header) > MAX_ARRAYS:
            raise file.damaged(f"it has more than {MAX_ARRAYS:,} arrays")
        self._rows = {name: self._row(row) for name, row in header.items()}

    def _row(self, row: Any) -> tuple[str, list[int], int, int]:
        """Type, shape, and where the bytes begin and end."""
        if isinstance(row, dict):
            dtype, shape, span = row.get("dtype"), row.get("shape"), row.get("data_offsets")
            if isinstance(dtype, str) and _integers(shape) and _integers(span) and len(span) == 2:
                return dtype, shape, span[0], span[1]
        raise self._file.damaged("an array is not described by dtype, shape and data_offsets")

    def shape(self, name: str) -> tuple[int, ...]:
        """An array's shape, without reading it."""
        return tuple(self._rows[name][1])

    def __getitem__(self, name: str) -> Array:
        dtype, shape, start, end = self._rows[name]
        if dtype not in DTYPES:
            raise BadInput(f"The array {name[:80]} is of type {dtype[:20]}, which is not read.")
        return self._file.array(self._start + start, end - start, shape, DTYPES[dtype])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _integers(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(type(v) is int and v >= 0 for v in values)
