"""The second half of a build: every row is looked at once, and the units' pages are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..core.cells import Array
from ..core.model import Model
from ..core.network import Recurrent
from .extra import connect
from .halves import write_halves
from .histogram import bounds_of
from .plan import part_name
from .ranges import QUANTITY, THRESHOLD, find_ranges
from .summary import Facts, Summary, WordFacts, look, look_at_words
from .tables import RANGES, STATES, TOKENS, folder_of

MOST_WORDS = 2_000
"""Words that are spoken of."""
NUMBERS = 8_000_000
"""Sums for all of them together, at most."""


@dataclass(frozen=True)
class Look:
    """What a worker needs to look at a part.

    Attributes
    ----------
    out : the corpus's directory
    layers : layer -> the gates and states that are kept
    words : those that are spoken of, the most frequent first
    """

    model: Model
    out: Path
    layers: Mapping[str, tuple[str, ...]]
    words: tuple[str, ...]


def words_of(out: Path, floor: int, width: int) -> tuple[str, ...]:
    """The words that occur often enough to be spoken of, the most frequent first.

    Parameters
    ----------
    width : gates and states of a timestep, by which their number is limited
    """
    most = max(50, min(MOST_WORDS, NUMBERS // width))
    with connect() as connection:
        found = connection.execute(
            f"SELECT key FROM read_parquet({_files(out / TOKENS)}) WHERE key IS NOT NULL "
            f"GROUP BY key HAVING count(*) >= {floor} ORDER BY count(*) DESC, key LIMIT {most}"
        ).fetchall()
    return tuple(row[0] for row in found)


def _files(folder: Path) -> str:
    return _quoted(folder / "*.parquet")


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def look_at_part(look_for: Look, index: int) -> Summary:
    """Look at a part's rows, and write its ranges beside its states."""
    name = part_name(index)
    facts: dict[str, dict[str, Facts]] = {}
    words: dict[str, dict[str, WordFacts]] = {}
    with connect() as connection:
        connection.execute("SET threads = 1")
        tokens = _quoted(look_for.out / TOKENS / name)
        found = connection.execute(f"SELECT sentence, timestep, key FROM {tokens}").fetchnumpy()
        sentences, timesteps = found["sentence"], found["timestep"]
        places = {word: place for place, word in enumerate(look_for.words)}
        spoken = np.array([places.get(key, -1) for key in found["key"]], np.int64)
        for layer_name, kept in look_for.layers.items():
            layer = look_for.model.network.recurrent[layer_name]
            facts[layer_name], words[layer_name] = {}, {}
            for quantity in kept:
                path = look_for.out / STATES / folder_of(layer_name) / name
                values = read_halves(connection, path, quantity, len(sentences))
                facts[layer_name][quantity] = look(
                    values, sentences, timesteps, bounds_of(layer, quantity)
                )
                words[layer_name][quantity] = look_at_words(
                    values,
                    spoken,
                    timesteps == 1,
                    _start(layer, quantity, values.shape[1]),
                    layer.go_backwards,
                )
                if quantity == QUANTITY:
                    folder = look_for.out / RANGES / folder_of(layer_name)
                    _write_ranges(folder / name, values, sentences, timesteps)
    return Summary(facts, words)


def read_halves(connection: Any, path: Path, quantity: str, rows: int) -> Array:
    """A gate or state of a part, (rows, units) float16."""
    query = f'SELECT unnest("{quantity}") AS value FROM {_quoted(path)}'
    flat = connection.execute(query).fetchnumpy()["value"]
    return np.asarray(flat).astype(np.float16).reshape(rows, -1)


def _start(layer: Recurrent, quantity: str, width: int) -> Array | None:
    """The state that a layer starts from; None for a gate."""
    if quantity not in layer.cell.states:
        return None
    given = (layer.initial_state or {}).get(quantity)
    return np.zeros(width) if given is None else np.asarray(given, np.float64).reshape(width)


def _write_ranges(path: Path, values: Array, sentences: Array, timesteps: Array) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    found = find_ranges(values, sentences, THRESHOLD)
    if not len(found.rows):  # a table without rows has no bounds
        path.unlink(missing_ok=True)
        return
    columns = {f"bits{column}": bits for column, bits in enumerate(found.bits.T)}
    write_halves(
        path,
        {
            "sentence": sentences[found.rows],
            "timestep": timesteps[found.rows],
            "length": found.lengths,
            "units": found.units,
            **columns,
        },
        {},
    )
