"""What `corpus.json` says: written last, so that where it is, all else is whole."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from ..core.errors import BadInput, NotFound
from .extra import connect
from .plan import Plan, digest_of
from .ranges import QUANTITY, THRESHOLD
from .tables import TOKENS

CORPUS, MODEL = "corpus.json", "model.safetensors"
VERSION = 1
MOST_LABELS = 100
"""Labels of texts that are named."""


def describe(plan: Plan, notes: list[dict[str, Any]], complete: bool, words: int) -> dict[str, Any]:
    """Say what has been built.

    Parameters
    ----------
    notes : of all parts, in order
    words : how many are spoken of
    """
    model, counts = plan.model, Counter()
    for note in notes:
        counts.update(note["counts"])
    layers = [
        {
            "name": name,
            "cell": model.network.recurrent[name].cell.name,
            "units": model.network.recurrent[name].weights.units,
            "quantities": list(kept),
        }
        for name, kept in plan.layers.items()
    ]
    return {
        "version": VERSION,
        "title": plan.title or ", ".join(_last(name) for name in plan.source.addresses),
        "complete": complete,
        "model": {"id": model.id, "title": model.title, "digest": digest_of(model)},
        "texts": sum(note["texts"] for note in notes),
        "sentences": sum(note["sentences"] for note in notes),
        "tokens": sum(note["rows"] for note in notes),
        "empty": counts["empty"],
        "cut": counts["cut"],
        "refused": counts["refused"],
        "unknown": counts["unknown"],
        "limit": plan.limit,
        "floor": plan.floor,
        "words": words,
        "layers": layers,
        "labels": _labels(plan.out),
        "answers": list(model.labels),
        "match": {"quantity": QUANTITY, "threshold": THRESHOLD},
        "parts": [{name: note[name] for name in ("first", "texts", "rows")} for note in notes],
    }


def _last(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _labels(out: Path) -> list[dict[str, Any]]:
    """The texts' own labels, and how many texts have each."""
    with connect() as connection:
        found = connection.execute(
            f"SELECT label, count(*) FROM '{out / TOKENS}/*.parquet' WHERE timestep = 1 AND "
            f"label IS NOT NULL GROUP BY label ORDER BY count(*) DESC, label LIMIT {MOST_LABELS}"
        ).fetchall()
    return [{"label": label, "sentences": count} for label, count in found]


def read_contents(directory: Path) -> dict[str, Any]:
    """Read what a corpus says of itself.

    Raises
    ------
    NotFound, BadInput
        For a directory that is no corpus, or not a whole one.
    """
    path = directory / CORPUS
    try:
        content = json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if (directory / "building.json").exists():
            raise BadInput(
                f"{directory}: is a corpus that is not finished. Run lstm-viz corpus build again "
                "to go on with it."
            ) from None
        if not directory.exists():
            raise NotFound(f"{directory}: there is no such directory.") from None
        raise BadInput(f"{directory}: is not a corpus: it has no {CORPUS}.") from None
    except (ValueError, UnicodeDecodeError):
        raise BadInput(f"{path}: cannot be read as JSON.") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise BadInput(f"{path}: is not of a version that is read here ({VERSION}).")
    return content
