"""A part's rows in the corpus's tables: what stands where, and under which name."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from ..core.atomic_write import sync_directory
from .blocks import Rows, run_sequences
from .extra import connect, need
from .halves import write_halves
from .plan import Part, Plan
from .sequences import Read, Sequence, read_part

TOKENS, STATES, UNITS, WORDS, RANGES = "tokens", "states", "units", "words", "ranges"
PARTS = "parts"
"""Folders. What `PARTS` holds says that a part's tables are whole, and how large they are."""


def folder_of(layer: str) -> str:
    """A layer's name as that of a folder, in which a slash would lead elsewhere."""
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in layer).lstrip(".") or "layer"


def write_part(plan: Plan, part: Part) -> dict[str, Any]:
    """Run a part's texts, write its rows, and last the note that it is whole.

    Returns
    -------
    dict
        The part's index, number of texts and of rows, and what became of its texts.

    Raises
    ------
    BadInput
        For texts that the model cannot read.
    OSError
        Where there is no room.
    """
    read = read_part(plan, part)
    rows = sum(sequence.timesteps for sequence in read.sequences)
    if rows:
        ran = run_sequences(plan.model, read.sequences, plan.layers)
        position = _position(read.sequences)
        for layer, kept in ran.layers.items():
            place = plan.out / STATES / folder_of(layer)
            place.mkdir(parents=True, exist_ok=True)
            write_halves(place / part.name, position, kept)
        _write_tokens(plan, part, read, ran, position)
    note = {
        "index": part.index,
        "first": part.first,
        "texts": len(part.texts),
        "sentences": len(read.sequences),
        "rows": rows,
        "counts": dict(read.counts),
    }
    place = plan.out / PARTS
    place.mkdir(parents=True, exist_ok=True)
    write_json(place / f"{part.index:06d}.json", note)
    return note


def _position(sequences: list[Sequence]) -> dict[str, np.ndarray]:
    lengths = [sequence.timesteps for sequence in sequences]
    numbers = np.repeat(np.array([each.number for each in sequences], np.int32), lengths)
    timesteps = np.concatenate([np.arange(1, length + 1, dtype=np.int32) for length in lengths])
    return {"sentence": numbers, "timestep": timesteps}


def _write_tokens(
    plan: Plan, part: Part, read: Read, ran: Rows, position: dict[str, np.ndarray]
) -> None:
    """The table of words, one row for each timestep."""
    sequences, said = read.sequences, ran.answer >= 0
    labels = np.array([*plan.model.labels, None], object)
    columns: dict[str, Any] = dict(position)
    columns["token"] = _objects([text for each in sequences for text in each.texts])
    columns["key"] = _objects([key for each in sequences for key in each.keys or each.texts])
    columns["token_id"] = _objects([i for s in sequences for i in s.ids or [None] * s.timesteps])
    columns["label"] = _objects([s.label for s in sequences for _ in s.texts])
    columns["answer"] = labels[ran.answer]
    columns["probability"] = np.where(said, ran.probability, np.nan).astype(np.float32)
    inputs = "NULL"
    if sequences[0].inputs is not None:
        columns["input"] = _objects([r.tolist() for s in sequences for r in s.inputs])  # type: ignore[union-attr]
        inputs = "input"
    place = plan.out / TOKENS
    place.mkdir(parents=True, exist_ok=True)
    query = f"""
        SELECT sentence, timestep, token::VARCHAR AS token, key::VARCHAR AS key,
               token_id::INTEGER AS token_id, label::VARCHAR AS label, answer::VARCHAR AS answer,
               CASE WHEN isnan(probability) THEN NULL ELSE probability END AS probability,
               {inputs}::FLOAT[] AS input
        FROM columns
    """
    with connect() as connection:
        connection.register("columns", columns)
        copy(connection, query, place / part.name)


def _objects(values: list[Any]) -> np.ndarray:
    """A column of whatever Python holds; a list in it stays one value."""
    column = np.empty(len(values), object)
    column[:] = values
    return column


FORMATS = {
    "parquet": "FORMAT parquet, COMPRESSION zstd",
    "csv": "FORMAT csv, HEADER",
    "json": "FORMAT json, ARRAY true",
}


def copy(connection: Any, query: str, path: Path, kind: str = "parquet") -> None:
    """Write what a query finds as a file, beside its place and then renamed.

    Raises
    ------
    OSError
        Where there is no room, or no right to write.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    where = str(beside).replace("'", "''")
    try:
        with _room_named(path):
            connection.execute(f"COPY ({query}) TO '{where}' ({FORMATS[kind]})")
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)
        sync_directory(path.parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def _room_named(path: Path) -> Iterator[None]:
    """A full disk as what it is: DuckDB has an error of its own for it."""
    try:
        yield
    except need("duckdb").IOException as error:
        if "No space left" in str(error):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from None
        raise


def write_json(path: Path, content: Any) -> None:
    """Write a small file of JSON, whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
