"""`python -m benchmarks.corpus`: how fast a corpus is built and asked, and how that grows.

Corpora of made-up texts, 64 units, are built beside each other, or found where `--place` says: each
`rows-<N>` there is one. Then questions are asked in turn, others each time.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList
from app.corpus.building import build
from app.corpus.heatmap import words_by_units
from app.corpus.match import match
from app.corpus.opened import Corpus
from app.corpus.plan import Plan
from app.corpus.texts import Source

from .common import machine, print_table

WORDS, FEATURES, UNITS = 10_000, 64, 64
ROWS = (100_000, 1_000_000, 10_000_000)
ASKED = 15
BUDGETS = {"a unit's page": 100, "a match": 1_000, "a word's contexts": 200}
"""Milliseconds."""


def make_model(features: int = FEATURES, units: int = UNITS) -> Model:
    """A network with weights as they are before training."""
    random, cell = np.random.RandomState(0), CELLS["lstm"]
    words = ("", "[unknown]", *(f"w{i}" for i in range(WORDS)))
    layers = (
        Embedding("embedding", random.uniform(-1, 1, (len(words), features)).astype(np.float32)),
        Recurrent("lstm", cell, draw_weights(cell, features, units, random), return_sequences=True),
        Dense("dense", glorot_uniform(units, 2, random), np.zeros(2, np.float32), "softmax"),
    )
    return Model(
        id="bench",
        title="Benchmark",
        description="",
        provenance={"kind": "seeded", "seed": 0},
        network=Network(layers),
        vocabulary=WordList.of(words, 1),
        labels=("no", "yes"),
    )


def write_texts(path: Path, rows: int) -> None:
    """Texts of 20 words on average, as frequent as Zipf's law has it."""
    random = np.random.RandomState(1)
    shares = np.cumsum(1 / np.arange(1, WORDS + 1))
    with path.open("w", encoding="utf-8") as file:
        while rows > 0:
            lengths = np.minimum(np.clip(random.poisson(20, 2_000), 1, 60), rows)
            ids = np.searchsorted(shares, random.rand(lengths.sum()) * shares[-1])
            for text in np.split(ids, lengths.cumsum()[:-1]):
                file.write(" ".join(f"w{word}" for word in text) + "\n")
            rows -= int(lengths.sum())


def corpus_of(place: Path, rows: int, workers: int) -> tuple[Corpus, float | None]:
    """A corpus, and timesteps a second where it was built now."""
    out = place / f"rows-{rows}"
    speed = None
    if not out.exists():
        texts = place / f"texts-{rows}.txt"
        write_texts(texts, rows)
        began = time.perf_counter()
        told = build(Plan(make_model(), Source((str(texts),)), out), workers=workers)
        speed = told["tokens"] / (time.perf_counter() - began)
    return Corpus.open(out), speed


def questions(corpus: Corpus) -> dict[str, Callable[[], object]]:
    """What is asked, each time of others."""
    units, seed = itertools.cycle(range(UNITS)), itertools.count()
    words = itertools.cycle([f"w{rank}" for rank in (0, 3, 10, 50, 200, 1_000, 4_000)])

    def some() -> list[int]:
        random = np.random.RandomState(next(seed))
        return sorted(random.choice(UNITS, 6, replace=False).tolist())

    return {
        "a unit's page": lambda: corpus.unit(next(units)),
        "a match": lambda: match(corpus, some(), "lstm", "hidden_state", 0.3),
        "a word's contexts": lambda: corpus.word(next(words), unit=next(units)),
        "a page of units": lambda: corpus.units(sort="mean"),
        "words against units": lambda: words_by_units(corpus),
    }


def ask(run: Callable[[], object]) -> float:
    """Milliseconds, the median."""
    run()
    times = []
    for _ in range(ASKED):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return 1e3 * median(times)


def main() -> None:
    """Build, ask, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("--place", type=Path, help="where corpora are, or are built and kept")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with TemporaryDirectory() as temporary:
        place = arguments.place or Path(temporary)
        columns, built = [], []
        for rows in arguments.rows:
            corpus, speed = corpus_of(place, rows, arguments.workers)
            columns.append({name: ask(run) for name, run in questions(corpus).items()})
            built.append("found" if speed is None else f"{speed:,.0f}/s")
    print(f"{machine()}. Medians of {ASKED}, in milliseconds; {UNITS} units, six quantities.\n")
    rows = [
        [name, *(f"{column[name]:,.0f}" for column in columns), str(BUDGETS.get(name, ""))]
        for name in columns[0]
    ]
    rows.append(["built, timesteps", *built, ""])
    print_table(["rows", *(f"{rows:,}" for rows in arguments.rows), "at most"], rows)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\nThis process took {most:,.0f} MB at most.")


if __name__ == "__main__":
    main()
