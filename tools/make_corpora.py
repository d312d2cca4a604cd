"""`make corpora`: run texts of the models' own grammars through them, and keep what they do.

The corpora lie in the package, so that every server has them from the start. The same models give
the same ones. The model files lie beside them already and are not copied.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.core.grammars import GRAMMARS, UNKNOWN
from app.corpus.building import build
from app.corpus.contents import MODEL
from app.corpus.plan import Plan
from app.corpus.shipped import SHIPPED
from app.corpus.texts import Source
from app.storage.shipped import shipped_ids, shipped_model

from .train_models.json_documents import make_documents
from .train_models.number_series import make_series

SEED = 20_261
"""Other texts than those that the models were trained on."""
SENTENCES, DOCUMENTS, SERIES, TIMESTEPS = 300, 24, 12, 120


def main() -> None:
    """Make the corpora of the models that are named, or of all."""
    parser = argparse.ArgumentParser(prog="python -m tools.make_corpora", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="model", help=f"of {', '.join(shipped_ids())}")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder for the corpora")
    arguments = parser.parse_args()
    for model_id in arguments.models or shipped_ids():
        make(model_id, arguments.out / model_id)


def make(model_id: str, out: Path) -> None:
    """Make one corpus in place of the one that is there."""
    title, rows = texts_of(model_id)
    shutil.rmtree(out, ignore_errors=True)
    with TemporaryDirectory() as place:
        path = Path(place) / "texts.jsonl"
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
        told = build(Plan(shipped_model(model_id), Source((str(path),)), out, title=title))
    (out / MODEL).unlink()
    size = sum(path.stat().st_size for path in out.rglob("*.*"))
    print(f"{model_id}: {told['tokens']:,} timesteps, {size / 1000:,.0f} kB")


def texts_of(model_id: str) -> tuple[str, list[dict[str, Any]]]:
    """What a model's corpus is called, and its texts with their labels."""
    if model_id == "writer":
        documents = make_documents(DOCUMENTS, SEED)
        return f"{DOCUMENTS} made-up JSON documents", [{"text": each.text} for each in documents]
    if model_id == "series":
        series = make_series(SERIES, TIMESTEPS, SEED)
        return f"{SERIES} made-up series", [{"values": row.tolist()} for row in series]
    grammar = GRAMMARS["sentiment" if model_id == "sentiment" else "place"]
    made = grammar.make_examples(4 * SENTENCES, SEED, False)
    rows = [
        {"text": " ".join(each.words), "label": grammar.labels[each.labels[-1]]}
        for each in made
        if UNKNOWN not in each.words
    ]
    return f"{SENTENCES} made-up sentences", rows[:SENTENCES]


if __name__ == "__main__":
    main()
