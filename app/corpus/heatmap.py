"""Words against units, in an order that brings together what is alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..core.cells import Array
from ..core.errors import BadInput
from .extra import need
from .opened import Corpus
from .tables import UNITS, WORDS

WORDS_SHOWN, MOST_WORDS = 60, 400
MOST_UNITS = 128
"""Of a layer with more, those that words move most are shown."""


def words_by_units(
    corpus: Corpus, layer: str | None = None, quantity: str | None = None, most: int = WORDS_SHOWN
) -> dict[str, Any]:
    """The words that move the units most, and each one's mean of each unit.

    A word's score is the length of its row of means, each less the unit's own mean and over the
    unit's own deviation, times the root of the word's count. Words, and units, are ordered by
    hierarchical clustering of these numbers (Ward's method).

    Parameters
    ----------
    most : words

    Raises
    ------
    NotFound
        For a layer or quantity that is not there.
    BadInput
        For more words than are shown.
    """
    layer = corpus.layer_named(layer)
    quantity = corpus.quantity_named(layer, quantity)
    if not 1 <= most <= MOST_WORDS:
        raise BadInput(f"most must be from 1 to {MOST_WORDS} (got {most}).")
    rows = corpus.query(
        f"SELECT token, count, means FROM {corpus.table(WORDS, layer)} WHERE quantity = ?",
        [quantity],
    )
    about = corpus.query(
        f"SELECT mean, deviation FROM {corpus.table(UNITS, layer)} WHERE quantity = ? "
        "ORDER BY unit",
        [quantity],
    )
    told = {"corpus": corpus.id, "layer": layer, "quantity": quantity}
    if not rows:
        return told | {"tokens": [], "counts": [], "units": [], "means": []}
    means = np.array([row["means"] for row in rows])
    counts = np.array([row["count"] for row in rows])
    own, deviation = (np.array([unit[name] for unit in about]) for name in ("mean", "deviation"))
    moved = (means - own) / np.maximum(deviation, 1e-6)
    score = np.sqrt(counts) * np.linalg.norm(moved, axis=1)
    words = np.sort(np.argsort(-score, kind="stable")[:most])
    strength = np.linalg.norm(moved[words], axis=0)
    units = np.sort(np.argsort(-strength, kind="stable")[:MOST_UNITS])
    shown = moved[np.ix_(words, units)]
    words, units = words[clustered(shown)], units[clustered(shown.T)]
    return told | {
        "tokens": [rows[word]["token"] for word in words],
        "counts": counts[words].tolist(),
        "units": units.tolist(),
        "means": means[np.ix_(words, units)].round(6).tolist(),
    }


def clustered(rows: Array) -> Array:
    """The order in which the leaves of a tree of clusters stand.

    Of each two branches the one whose leaves have the smaller mean comes first.
    """
    count = len(rows)
    if count < 3:
        return np.arange(count)
    tree = need("fastcluster").linkage_vector(rows, "ward")
    leaves: list[list[int]] = [[leaf] for leaf in range(count)]
    means = list(rows.mean(axis=1))
    for one, other, *_ in tree:
        first, then = sorted((int(one), int(other)), key=lambda each: (means[each], each))
        joined = leaves[first] + leaves[then]
        means.append(float(np.mean([means[leaf] for leaf in joined])))
        leaves.append(joined)
    return np.array(leaves[-1])
