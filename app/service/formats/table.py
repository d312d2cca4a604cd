"""An answer as a tidy table: one number a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import orjson

from .arrays import step_arrays

HEADER = ("timestep", "token", "unit", "quantity", "value", "source", "label")
"""`unit` is a feature's number for `input` and an output's for `prediction.output`; `source` is the
timestep that `memory` speaks of; `label` the one that a number is about. Each is empty where there
is none."""
PIECE = 256 * 1024
"""Characters."""
MARK = "\ufeff"


class Block(NamedTuple):
    """Numbers that differ in one of unit, source and label alone; the rest they share."""

    timestep: int | None
    token: str
    quantity: str
    numbers: np.ndarray  # (columns,)
    unit: int | range | None = None
    source: int | range | None = None
    label: str | tuple[str, ...] | None = None


def blocks(answer: Mapping[str, Any]) -> Iterator[Block]:
    """A table in the order of its rows: the initial state, the timesteps, the whole sequence."""
    words = [token["text"] for token in answer["tokens"]]
    by_step = step_arrays(answer["steps"])
    for name, numbers in answer["initial_state"].items():
        yield Block(0, "", name, numbers, unit=range(len(numbers)))
    if attributions := answer.get("attributions"):
        share, label = np.array([attributions["initial_state"]]), attributions["label"]
        yield Block(0, "", "attributions.initial_state", share, label=label)
    if gradients := answer.get("gradients"):
        for name, numbers in gradients["initial_state"].items():
            yield Block(0, "", f"gradient.{name}", numbers, unit=range(len(numbers)))
    for place, word in enumerate(words):
        for name, array in by_step.items():
            yield Block(place + 1, word, name, array[place], unit=range(array.shape[1]))
        if answer["steps"][place].get("masked"):
            yield Block(place + 1, word, "masked", np.array([1]))
        yield from _explained(answer, place, word)
        yield from _predicted(answer, place, word)
    yield from _whole(answer)


def _explained(answer: Mapping[str, Any], place: int, word: str) -> Iterator[Block]:
    """What the optional parts say of a timestep."""
    memory = answer.get("memory") or {}
    for name, unit in (("magnitude", None), ("contributions", memory.get("unit"))):
        if memory.get(name) is not None:
            row = memory[name][place]
            sources = range(len(row))
            yield Block(place + 1, word, f"memory.{name}", row, unit=unit, source=sources)
    for part in ("gradients", "updates", "attributions"):
        for name, numbers in answer.get(part, {}).items():
            if np.ndim(numbers) == 1:
                number = np.asarray(numbers)[place : place + 1]
                label = answer[part]["label"]
                yield Block(place + 1, word, f"{part}.{name}", number, label=label)


def _predicted(answer: Mapping[str, Any], place: int, word: str) -> Iterator[Block]:
    """What the head says of a timestep, where it says something of each."""
    prediction = answer["prediction"] or {}
    if prediction.get("by_timestep") is not None:
        row, labels = np.asarray(prediction["by_timestep"][place]), tuple(prediction["labels"])
        yield Block(place + 1, word, "prediction.by_timestep", row, label=labels)
    if np.ndim(prediction.get("output", 0)) == 2:
        row = np.asarray(prediction["output"][place])
        yield Block(place + 1, word, "prediction.output", row, unit=range(len(row)))


def _whole(answer: Mapping[str, Any]) -> Iterator[Block]:
    """What is said of the whole sequence."""
    prediction = answer["prediction"] or {}
    if np.ndim(prediction.get("output", 0)) == 1:
        row = np.asarray(prediction["output"])
        yield Block(None, "", "prediction.output", row, unit=range(len(row)))
    if prediction.get("probabilities") is not None:
        row, labels = np.asarray(prediction["probabilities"]), tuple(prediction["labels"])
        yield Block(None, "", "prediction.probabilities", row, label=labels)
    for part, name in (
        ("gradients", "logit"),
        ("gradients", "value"),
        ("attributions", "logit"),
        ("attributions", "bias"),
    ):
        told = answer.get(part, {})
        if told.get(name) is not None:
            number, unit = np.array([told[name]]), told.get("unit")
            yield Block(None, "", f"{part}.{name}", number, unit=unit, label=told["label"])


def table_of(answer: Mapping[str, Any]) -> dict[str, list]:
    """The table by columns, None where a cell is empty, words as they are."""
    columns: dict[str, list] = {name: [] for name in HEADER}
    for block in blocks(answer):
        count = len(block.numbers)
        columns["timestep"] += [block.timestep] * count
        columns["token"] += [block.token or None] * count
        columns["quantity"] += [block.quantity] * count
        columns["value"] += block.numbers.tolist()
        for name in ("unit", "source", "label"):
            cell = getattr(block, name)
            columns[name] += cell if isinstance(cell, (range, tuple)) else [cell] * count
    return columns


def to_csv(answer: Mapping[str, Any]) -> bytes:
    """The table as CSV: see `csv_pieces`."""
    return b"".join(csv_pieces(answer))


def csv_pieces(answer: Mapping[str, Any]) -> Iterator[bytes]:
    """The table as CSV (RFC 4180, UTF-8), a piece at a time.

    A byte order mark stands in front where a word or label is not ASCII: without one, spreadsheets
    read it in another encoding. Numbers are written as in the JSON, float32 in shortest form.
    """
    labels = (answer["prediction"] or {}).get("labels", ())
    texts = chain((token["text"] for token in answer["tokens"]), labels)
    parts = ["" if all(map(str.isascii, texts)) else MARK, ",".join(HEADER), "\r\n"]
    size = 0
    ends = cache(_ends)  # of this answer alone: timestep after timestep has the same
    for block in blocks(answer):
        text = _lines(block, ends(*block[2:3], *block[4:], len(block.numbers)))
        parts.append(text)
        size += len(text)
        if size >= PIECE:
            yield "".join(parts).encode()
            parts, size = [], 0
    yield "".join(parts).encode()


Cell = int | range | None


def _lines(block: Block, ends: list[str]) -> str:
    """One line for each number.

    A timestep has thousands: they are written by one formatting, not by one each.
    """
    numbers = orjson.dumps(block.numbers, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    start = f"{_cells(block.timestep, 1)[0]},{safe_cell(block.token)},".replace("%", "%%")
    return start.join(ends) % tuple(numbers[1:-1].split(",")) if len(block.numbers) else ""


def _ends(
    quantity: str, unit: Cell, source: Cell, label: str | tuple[str, ...] | None, count: int
) -> list[str]:
    """What follows the token in each line, with a place for its number; in front, nothing."""
    units, sources = (_cells(cell, count) for cell in (unit, source))
    labels = label if isinstance(label, tuple) else (label or "",) * count
    rows = zip(units, sources, map(safe_cell, labels), strict=True)
    quantity = quantity.replace("%", "%%")
    return [
        "",
        *(f"{u},{quantity},%s,{s},{text.replace('%', '%%')}\r\n" for u, s, text in rows),
    ]


def _cells(value: Cell, count: int) -> range | tuple:
    if isinstance(value, range):
        return value
    return ("" if value is None else value,) * count


FORMULA = re.compile(r"(?:^|(?<=[,;\t\r\n]))(?=[\t\r\n]|\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet could take what follows for a formula: at the start of a cell, and behind
what another country's spreadsheet parts cells by."""


def safe_cell(text: str) -> str:
    """A visitor's word as a cell that no spreadsheet runs, quoted where it must be.

    The known rule (OWASP, "CSV Injection"): an apostrophe in front of = + - @ tab and line ends,
    and of the wide forms of the first four.
    """
    text = FORMULA.sub("'", text)
    if text.isalnum() or not text:
        return text
    return '"' + text.replace('"', '""') + '"'
