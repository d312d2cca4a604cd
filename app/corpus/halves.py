"""Parquet files with lists of 16-bit floats, which DuckDB reads but does not write.

A table here is of one shape: columns of whole numbers, and columns that hold a list of float16 of
the same length in every row. So a column is one page in each group of rows: the levels that say
where lists begin are one pattern, repeated, and the values are the array's own bytes. Nothing is
compressed, since gates hardly get smaller.

Source: the Apache Parquet project's "parquet.thrift", "Encodings.md" and "LogicalTypes.md".
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..core.atomic_write import sync_directory
from .thrift import BINARY, I32, STRUCT, Field, binary, i32, i64, inner, items, struct, varint

MAGIC = b"PAR1"
INT32, FIXED = 1, 7  # types
REQUIRED, REPEATED = 0, 2
PLAIN, RLE = 0, 3  # encodings
GROUP = 4_096
"""Rows of a group: whoever looks for a sentence reads the groups that may have it alone."""
LIST_CONVERTED, LIST_LOGICAL, FLOAT16_LOGICAL = 3, 3, 15


class Chunk(NamedTuple):
    """A column as it stands in the file."""

    path: tuple[str, ...]
    kind: int
    values: int
    start: int
    size: int
    statistics: tuple[Field, ...]


def write_halves(
    path: Path, numbers: Mapping[str, np.ndarray], lists: Mapping[str, np.ndarray]
) -> None:
    """Write a table, beside its place and then renamed.

    Parameters
    ----------
    numbers : name -> (rows,) whole numbers of 32 bits
    lists : name -> (rows, length) float16

    Raises
    ------
    OSError
        Where there is no room, or no right to write.
    """
    rows = len(next(iter(numbers.values())))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(MAGIC)
            groups = []
            for start in range(0, rows, GROUP):
                some = slice(start, start + GROUP)
                chunks = [_write_numbers(file, name, a[some]) for name, a in numbers.items()]
                chunks += [_write_lists(file, name, a[some]) for name, a in lists.items()]
                groups.append(_group(min(GROUP, rows - start), chunks))
            footer = _footer(rows, numbers, lists, groups)
            file.write(footer + len(footer).to_bytes(4, "little") + MAGIC)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync_directory(path.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _write_numbers(file: Any, name: str, column: np.ndarray) -> Chunk:
    column = np.ascontiguousarray(column, "<i4")
    least, most = (int(end(column)).to_bytes(4, "little", signed=True) for end in (np.min, np.max))
    statistics = (binary(5, most), binary(6, least))
    return _write_page(file, (name,), INT32, len(column), b"", column, statistics)


def _write_lists(file: Any, name: str, column: np.ndarray) -> Chunk:
    rows, length = column.shape
    levels = _level(_where_lists_begin(rows, length)) + _level(varint(rows * length << 1) + b"\1")
    column = np.ascontiguousarray(column, "<f2")
    path = (name, "list", "element")
    return _write_page(file, path, FIXED, rows * length, levels, column, ())


def _where_lists_begin(rows: int, length: int) -> bytes:
    """Repetition levels: a 0 for the first of a list, a 1 for each further one, in runs."""
    if length == 1:
        return varint(rows << 1) + b"\0"
    return (varint(1 << 1) + b"\0" + varint(length - 1 << 1) + b"\1") * rows


def _level(runs: bytes) -> bytes:
    return len(runs).to_bytes(4, "little") + runs


def _write_page(
    file: Any,
    path: tuple[str, ...],
    kind: int,
    count: int,
    levels: bytes,
    values: np.ndarray,
    statistics: tuple[Field, ...],
) -> Chunk:
    size = len(levels) + values.nbytes
    header = struct(
        i32(1, 0),
        i32(2, size),
        i32(3, size),
        inner(5, i32(1, count), i32(2, PLAIN), i32(3, RLE), i32(4, RLE)),
    )
    start = file.tell()
    file.write(header + levels)
    file.write(values.data if values.size else b"")
    return Chunk(path, kind, count, start, file.tell() - start, statistics)


def _footer(
    rows: int, numbers: Mapping[str, Any], lists: Mapping[str, Any], groups: list[bytes]
) -> bytes:
    schema = [struct(binary(4, b"schema"), i32(5, len(numbers) + len(lists)))]
    schema += [
        struct(i32(1, INT32), i32(3, REQUIRED), binary(4, name.encode())) for name in numbers
    ]
    for name in lists:
        schema += _list_schema(name)
    orders = [struct(inner(1))] * (len(numbers) + len(lists))
    return struct(
        i32(1, 1),
        items(2, STRUCT, schema),
        i64(3, rows),
        items(4, STRUCT, groups),
        binary(6, b"lstm-viz"),
        items(7, STRUCT, orders),
    )


def _group(rows: int, chunks: list[Chunk]) -> bytes:
    return struct(
        items(1, STRUCT, [_column(chunk) for chunk in chunks]),
        i64(2, sum(chunk.size for chunk in chunks)),
        i64(3, rows),
    )


def _list_schema(name: str) -> list[bytes]:
    return [
        struct(
            i32(3, REQUIRED),
            binary(4, name.encode()),
            i32(5, 1),
            i32(6, LIST_CONVERTED),
            inner(10, inner(LIST_LOGICAL)),
        ),
        struct(i32(3, REPEATED), binary(4, b"list"), i32(5, 1)),
        struct(
            i32(1, FIXED),
            i32(2, 2),
            i32(3, REQUIRED),
            binary(4, b"element"),
            inner(10, inner(FLOAT16_LOGICAL)),
        ),
    ]


def _column(chunk: Chunk) -> bytes:
    names = [varint(len(name.encode())) + name.encode() for name in chunk.path]
    statistics = (inner(12, *chunk.statistics),) if chunk.statistics else ()
    metadata = inner(
        3,
        i32(1, chunk.kind),
        items(2, I32, [varint(PLAIN << 1), varint(RLE << 1)]),
        items(3, BINARY, names),
        i32(4, 0),
        i64(5, chunk.values),
        i64(6, chunk.size),
        i64(7, chunk.size),
        i64(9, chunk.start),
        *statistics,
    )
    return struct(i64(2, chunk.start), metadata)
