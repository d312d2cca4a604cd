"""Ranges of a corpus that units share: "more like this", as LSTMVis has it.

First come the ranges that most of the units belong to, of these the ones that fewest others belong
to, of these the longest, of these the first; see `ranges` for what belonging means.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..core.errors import BadInput
from .blocks import run_sequences
from .opened import MOST, Corpus
from .plan import part_name
from .ranges import bits_of, find_ranges, units_in_range, units_of
from .sequences import sequence_of
from .summarize import read_halves
from .tables import RANGES, STATES, folder_of
from .texts import Text

COLUMNS = "sentence, timestep, length, units"


def match_of(
    corpus: Corpus,
    content: str | list[int] | list[list[float]],
    start: int,
    end: int,
    *,
    layer: str | None = None,
    quantity: str | None = None,
    threshold: float | None = None,
    most: int = 20,
) -> dict[str, Any]:
    """Which units are on in a range of a sequence and off around it, and where else they are.

    Parameters
    ----------
    content : a sentence, ids, or a row of numbers for each timestep
    start, end : first and last timestep of the range, from 1
    quantity, threshold : what is on; the corpus's usual ones if None

    Raises
    ------
    BadInput
        For a sequence without words, or a range that is not there.
    NotFound
        For a layer or quantity that is not there.
    """
    usual = corpus.contents["match"]
    layer = corpus.layer_named(layer)
    quantity = corpus.quantity_named(layer, quantity or usual["quantity"])
    bound: float = usual["threshold"] if threshold is None else threshold
    if not 1 <= most <= MOST:
        raise BadInput(f"most must be from 1 to {MOST} (got {most}).")
    sequence = sequence_of(corpus.model, 0, Text(content), Counter())
    if sequence is None:
        raise BadInput("The sentence has no words left. Send at least one word.")
    if not 1 <= start <= end <= sequence.timesteps:
        raise BadInput(
            f"from and to must be from 1 to {sequence.timesteps}, the timesteps of the sentence, "
            f"and from not behind to (got {start} and {end})."
        )
    ran = run_sequences(corpus.model, [sequence], {layer: (quantity,)})
    values = ran.layers[layer][quantity]
    units = units_in_range(values, start - 1, end, bound)
    on = (values[start - 1 : end] >= np.float16(bound)).all(axis=0)
    return {
        "corpus": corpus.id,
        "layer": layer,
        "quantity": quantity,
        "threshold": bound,
        "from": start,
        "to": end,
        "on": np.flatnonzero(on).tolist(),
        "units": units,
        "matches": match(corpus, units, layer, quantity, bound, most),
    }


def match(
    corpus: Corpus,
    units: list[int],
    layer: str,
    quantity: str,
    threshold: float,
    most: int = 20,
) -> list[dict[str, Any]]:
    """The ranges that share most of some units, best first.

    Parameters
    ----------
    units : those to look for
    """
    if not units:
        return []
    wanted = bits_of(units, corpus.layers[layer]["units"])
    usual = corpus.contents["match"]
    if quantity == usual["quantity"] and threshold == usual["threshold"]:
        found = _from_table(corpus, layer, wanted, most)
    else:
        found = _from_states(corpus, layer, quantity, threshold, wanted, most)
    if not found:
        return []
    contexts = corpus.contexts(
        [(row["sentence"], row["timestep"], row["timestep"] + row["length"] - 1) for row in found]
    )
    return [
        {
            "sentence": row["sentence"],
            "from": row["timestep"],
            "to": row["timestep"] + row["length"] - 1,
            "shared": row["shared"],
            "others": row["units"] - row["shared"],
            "units": sorted(set(units_of(row["bits"])) & set(units)),
        }
        | context
        for row, context in zip(found, contexts, strict=True)
    ]


def _from_table(corpus: Corpus, layer: str, wanted: list[int], most: int) -> list[dict[str, Any]]:
    """The ranges of the usual quantity and threshold are all there."""
    folder = corpus.directory / RANGES / folder_of(layer)
    if not any(folder.glob("*.parquet")):
        return []
    where = str(folder / "*.parquet").replace("'", "''")
    named = [(column, bits) for column, bits in enumerate(wanted) if bits]
    shared = " + ".join(f"bit_count(bits{column} & {bits}::INTEGER)" for column, bits in named)
    some = " OR ".join(f"(bits{column} & {bits}::INTEGER) != 0" for column, bits in named)
    held = ", ".join(f"bits{column}" for column in range(len(wanted)))
    rows = corpus.query(
        f"SELECT {COLUMNS}, ({shared})::INTEGER AS shared, [{held}] AS bits "
        f"FROM read_parquet('{where}') WHERE {some} "
        f"ORDER BY shared DESC, units, length DESC, sentence, timestep LIMIT {most}"
    )
    for row in rows:
        row["bits"] = np.array(row["bits"], np.int32).view(np.uint32).tolist()
    return rows


def _from_states(
    corpus: Corpus, layer: str, quantity: str, threshold: float, wanted: list[int], most: int
) -> list[dict[str, Any]]:
    """Other ranges are found in the states, part by part."""
    bits = np.array(wanted, np.int32).view(np.uint32)
    parts = enumerate(corpus.contents["parts"])
    whole = (index for index, part in parts if part["rows"])
    found = (
        row for i in whole for row in _of_part(corpus, layer, quantity, threshold, bits, i, most)
    )
    return heapq.nsmallest(most, found, key=_rank)


def _rank(row: dict[str, Any]) -> tuple[int, ...]:
    return -row["shared"], row["units"], -row["length"], row["sentence"], row["timestep"]


def _of_part(
    corpus: Corpus,
    layer: str,
    quantity: str,
    threshold: float,
    bits: np.ndarray,
    index: int,
    most: int,
) -> Iterator[dict[str, Any]]:
    """The best of one part."""
    path = corpus.directory / STATES / folder_of(layer) / part_name(index)
    connection = corpus.cursor()
    where = str(path).replace("'", "''")
    place = connection.execute(f"SELECT sentence, timestep FROM '{where}'").fetchnumpy()
    sentences, timesteps = place["sentence"], place["timestep"]
    values = read_halves(connection, path, quantity, len(sentences))
    ranges = find_ranges(values, sentences, threshold)
    held = ranges.bits.view(np.uint32)
    shared = np.bitwise_count(held & bits).sum(axis=1, dtype=np.int64)
    some = np.flatnonzero(shared)
    # in the corpus's order already, which decides between equal ones
    order = np.lexsort((-ranges.lengths[some], ranges.units[some], -shared[some]))
    for at in some[order[:most]]:
        row = ranges.rows[at]
        yield {
            "sentence": int(sentences[row]),
            "timestep": int(timesteps[row]),
            "length": int(ranges.lengths[at]),
            "units": int(ranges.units[at]),
            "shared": int(shared[at]),
            "bits": held[at].tolist(),
        }
