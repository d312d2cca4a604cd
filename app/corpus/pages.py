"""A page for every unit, of the facts that were found: one row of a table each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from ..core.cells import Array
from ..core.model import Model
from ..core.network import Bidirectional, last_sum
from .extra import connect
from .histogram import bounds_of, edges
from .places import AROUND, Places
from .summary import Facts, Summary, WordFacts
from .tables import TOKENS, UNITS, WORDS, copy, folder_of

NEAREST = 10
"""Units that are named as similar."""
WORDS_SHOWN = 25
"""Words on a unit's page at either end."""

Context = tuple[int, list[str]]
"""The timestep of the first of some words that follow each other, and these."""


def write_pages(model: Model, out: Path, summary: Summary, words: tuple[str, ...]) -> None:
    """Write the tables of units, and of words."""
    counts = _counts(out, words)
    for layer, named in summary.facts.items():
        rows = []
        contexts = _contexts(out, named)
        for quantity, facts in named.items():
            spoken = summary.words[layer][quantity]
            effects = label_effects(model, layer, facts) if quantity == "hidden_state" else []
            bounds = bounds_of(model.network.recurrent[layer], quantity)
            rows += [
                _row(facts, unit, quantity, bounds, contexts)
                | {
                    "tokens": _tokens(spoken, words, counts, unit),
                    "labels": effects[unit] if effects else [],
                }
                for unit in range(len(facts.total))
            ]
        _write(out / UNITS / folder_of(layer), rows, UNIT_COLUMNS)
        _write(
            out / WORDS / folder_of(layer),
            _word_rows(summary.words[layer], words, counts),
            WORD_COLUMNS,
        )


def _counts(out: Path, words: tuple[str, ...]) -> Array:
    """How often each word occurs."""
    with connect() as connection:
        found = connection.execute(
            f"SELECT key, count(*) FROM '{out / TOKENS}/*.parquet' GROUP BY key"
        ).fetchall()
    counted = dict(found)
    return np.array([counted[word] for word in words], np.int64)


def _contexts(out: Path, named: Mapping[str, Facts]) -> dict[int, list[str]]:
    """The words of each sentence that has a place."""
    places = [each for facts in named.values() for each in (facts.highest, facts.lowest)]
    wanted = np.unique(np.concatenate([each.sentences.ravel() for each in places]))
    with connect() as connection:
        connection.register("wanted", {"sentence": wanted[wanted >= 0]})
        found = connection.execute(
            f"SELECT sentence, list(token ORDER BY timestep) FROM '{out / TOKENS}/*.parquet' "
            "SEMI JOIN wanted USING (sentence) GROUP BY sentence"
        ).fetchall()
    return dict(found)


def _row(
    facts: Facts,
    unit: int,
    quantity: str,
    bounds: tuple[float, float] | None,
    sentences: Mapping[int, list[str]],
) -> dict[str, Any]:
    rows = facts.rows
    mean = facts.total[unit] / rows
    variance = max(0.0, facts.products[unit, unit] / rows - mean**2)
    low, high = (facts.saturated[:, unit] / rows).tolist()
    return {
        "unit": unit,
        "quantity": quantity,
        "count": rows,
        "mean": float(mean),
        "deviation": float(np.sqrt(variance)),
        "minimum": float(facts.least[unit]),
        "maximum": float(facts.most[unit]),
        "saturation": {"low": low, "high": high},
        "histogram": {
            "edges": edges(facts.histogram, unit, bounds),
            "counts": facts.histogram.counts[unit].tolist(),
        },
        "highest": _places(facts.highest, unit, sentences),
        "lowest": _places(facts.lowest, unit, sentences),
        "similar": similar(facts, unit),
    }


def _places(places: Places, unit: int, sentences: Mapping[int, list[str]]) -> list[dict[str, Any]]:
    found = []
    for value, sentence, timestep, window in zip(*(part[unit] for part in places), strict=True):
        if sentence < 0:
            break
        tokens = sentences[int(sentence)]
        begin = max(0, int(timestep) - 1 - AROUND)
        around = tokens[begin : int(timestep) + AROUND]
        values = window[~np.isnan(window)].astype(float).tolist()
        found.append(
            {
                "sentence": int(sentence),
                "timestep": int(timestep),
                "value": float(value),
                "first": begin + 1,
                "tokens": around,
                "values": values,
            }
        )
    return found


def similar(facts: Facts, unit: int) -> list[dict[str, Any]]:
    """The units that go with one or against it, by Pearson's correlation, the closest first."""
    found = correlations(facts)[unit]
    order = np.argsort(-np.abs(np.nan_to_num(found)), kind="stable")
    return [
        {"unit": int(other), "correlation": float(found[other])}
        for other in order
        if other != unit and not np.isnan(found[other])
    ][:NEAREST]


def correlations(facts: Facts) -> Array:
    """Of each two units; NaN for one that never changes."""
    mean = facts.total / facts.rows
    covariance = facts.products / facts.rows - np.outer(mean, mean)
    deviation = np.sqrt(np.maximum(np.diag(covariance), 0))
    deviation[deviation < 1e-6] = np.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.clip(covariance / np.outer(deviation, deviation), -1, 1)


def label_effects(model: Model, layer: str, facts: Facts) -> list[list[dict[str, Any]]]:
    """What each unit does to each label: its weight in the label's sum, times its mean.

    Nothing where the head is no plain sum of this layer's hidden states, or has a weight for each
    timestep.
    """
    found, network = last_sum(model.network), model.network
    if isinstance(found, str) or found.reads == "flatten" or not model.labels:
        return []
    last, start = network.last_recurrent, 0
    names = [last.name]
    if isinstance(last, Bidirectional):
        names = [last.forward.name, last.backward.name]
        start = 0 if layer == names[0] else last.forward.units
    if layer not in names:
        return []
    units = len(facts.total)
    kernel = np.asarray(found.layer.kernel, np.float64)[start : start + units]
    if kernel.shape[1] == 1 and len(model.labels) == 2:
        kernel = np.concatenate([-kernel, kernel], axis=1)  # label 0's sum is label 1's, turned
    effects = kernel * (facts.total / facts.rows)[:, np.newaxis]
    return [
        [
            {"label": label, "weight": float(weight), "effect": float(effect)}
            for label, weight, effect in zip(model.labels, *row, strict=True)
        ]
        for row in zip(kernel, effects, strict=True)
    ]


def _tokens(
    spoken: WordFacts, words: tuple[str, ...], counts: Array, unit: int
) -> list[dict[str, Any]]:
    """The words at which the unit is highest, and lowest, from the one end to the other."""
    means = spoken.total[:, unit] / counts[spoken.words]
    order = np.argsort(-means, kind="stable")
    if len(order) > 2 * WORDS_SHOWN:
        order = np.concatenate([order[:WORDS_SHOWN], order[-WORDS_SHOWN:]])
    changes = np.maximum(spoken.changes, 1)
    return [
        {
            "token": words[spoken.words[place]],
            "count": int(counts[spoken.words[place]]),
            "mean": float(means[place]),
            "effect": float(spoken.change[place, unit] / changes[place])
            if spoken.changes[place]
            else None,
        }
        for place in order
    ]


def _word_rows(
    named: Mapping[str, WordFacts], words: tuple[str, ...], counts: Array
) -> list[dict[str, Any]]:
    """Each word's mean of each unit, one row for each gate or state."""
    return [
        {
            "token": words[word],
            "count": int(counts[word]),
            "quantity": quantity,
            "means": (spoken.total[place] / counts[word]).tolist(),
        }
        for quantity, spoken in named.items()
        for place, word in enumerate(spoken.words)
    ]


_PLACE = (
    "STRUCT(sentence INTEGER, timestep INTEGER, value FLOAT, first INTEGER, tokens VARCHAR[], "
    '"values" FLOAT[])[]'
)
UNIT_COLUMNS = {
    "unit": "INTEGER",
    "quantity": "VARCHAR",
    "count": "BIGINT",
    "mean": "DOUBLE",
    "deviation": "DOUBLE",
    "minimum": "FLOAT",
    "maximum": "FLOAT",
    "saturation": "STRUCT(low DOUBLE, high DOUBLE)",
    "histogram": "STRUCT(edges DOUBLE[], counts BIGINT[])",
    "highest": _PLACE,
    "lowest": _PLACE,
    "similar": "STRUCT(unit INTEGER, correlation DOUBLE)[]",
    "tokens": 'STRUCT(token VARCHAR, "count" BIGINT, mean DOUBLE, effect DOUBLE)[]',
    "labels": "STRUCT(label VARCHAR, weight DOUBLE, effect DOUBLE)[]",
}
WORD_COLUMNS = {"token": "VARCHAR", "count": "BIGINT", "quantity": "VARCHAR", "means": "FLOAT[]"}


def _write(folder: Path, rows: list[dict[str, Any]], columns: dict[str, str]) -> None:
    """Write rows as one Parquet file, by way of a file of JSON that DuckDB reads."""
    folder.mkdir(parents=True, exist_ok=True)
    between = folder / ".rows.json"
    listed = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
    try:
        between.write_bytes(b"\n".join(map(orjson.dumps, rows)))
        with connect() as connection:
            source = str(between).replace("'", "''")
            copy(
                connection,
                f"SELECT * FROM read_json('{source}', columns = {{{listed}}}, "
                "format = 'newline_delimited')",
                folder / "all.parquet",
            )
    finally:
        between.unlink(missing_ok=True)
