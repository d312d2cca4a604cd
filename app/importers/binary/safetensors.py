"""The arrays of a safetensors file, of any of its types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...core.cells import Array
from ...core.errors import BadInput
from ...core.modelfile.safetensors import read_header
from .buffer import Buffer

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


class Tensors(Mapping[str, Array]):
    """The arrays of a file, read when somebody asks, and its metadata.

    Raises
    ------
    BadInput, TooLarge
        For a file that is damaged, or whose header is over the limit.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._file = Buffer(data, "safetensors file")
        self.metadata, self._rows, self._start = read_header(data)

    def shape(self, name: str) -> tuple[int, ...]:
        """An array's shape, without reading it."""
        return self._rows[name].shape

    def __getitem__(self, name: str) -> Array:
        row = self._rows[name]
        if row.dtype not in DTYPES:
            raise BadInput(f"The array {name[:80]} is of type {row.dtype[:20]}, which is not read.")
        start, end = row.data_offsets
        return self._file.array(self._start + start, end - start, row.shape, DTYPES[row.dtype])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
