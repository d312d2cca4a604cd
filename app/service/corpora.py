"""The corpora that a server answers from, and what it is asked of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..core.errors import BadInput, NotFound, shorten, some_of
from ..core.model import Model
from ..corpus.contents import CORPUS
from ..corpus.extra import missing
from ..corpus.match import match_of
from ..corpus.opened import Corpus
from ..corpus.plan import digest_of
from ..settings import Settings
from ..storage.visitor_corpora import VisitorCorpora
from .question import StepQuestion
from .step import Task


def id_of_directory(path: Path) -> str:
    """The id under which a corpus is served: its name, as far as an address can hold it."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", path.resolve().name).strip("-") or "corpus"


@dataclass
class Corpora:
    """Corpora by id.

    Attributes
    ----------
    served : those that everybody may ask
    private : those of visitors, each of which can be asked by whoever knows its name
    models : digest -> the id under which the model that made a corpus is served
    """

    served: dict[str, Corpus] = field(default_factory=dict)
    private: VisitorCorpora = field(default_factory=VisitorCorpora)
    models: dict[str, str] = field(default_factory=dict)

    def publish(self, directory: Path) -> Corpus:
        """Serve a directory to everybody.

        Raises
        ------
        NotFound, BadInput, Unavailable
            For what is no corpus, or where there is no DuckDB.
        """
        name = _free(id_of_directory(directory), self.served)
        corpus = self.served[name] = Corpus.open(directory, name)
        return corpus

    def get(self, corpus_id: str) -> Corpus:
        """Look a corpus up.

        Raises
        ------
        NotFound
            Naming those there are.
        """
        if corpus_id in self.served:
            return self.served[corpus_id]
        folder = self.private.find(corpus_id)
        if folder is not None:
            with suppress(OSError, NotFound, BadInput):  # not whole yet, or gone in between
                return _open(folder, (folder / CORPUS).stat().st_mtime_ns)
        raise NotFound(
            f"There is no corpus {shorten(corpus_id)}. There are: "
            f"{some_of(list(self.served)) or 'none'}."
        )

    def listing(self) -> dict[str, Any]:
        """All that are served; and what to install where a corpus cannot be read."""
        absent, install = missing(), None
        if absent:
            install = (
                f"Corpora need {' and '.join(absent)}. Install the extra: "
                "pip install 'lstm-viz[corpus]'."
            )
        return {
            "corpora": [self.row(corpus) for corpus in self.served.values()],
            "install": install,
        }

    def row(self, corpus: Corpus) -> dict[str, Any]:
        """What a corpus says of itself."""
        told = {name: value for name, value in corpus.contents.items() if name != "parts"}
        served_as = self.models.get(told["model"]["digest"])
        if corpus.id not in self.served:
            served_as = served_as or told["model"]["id"]
        model = told["model"] | {"served_as": served_as}
        return {"id": corpus.id} | told | {"model": model}


@lru_cache(maxsize=32)
def _open(folder: Path, changed: int) -> Corpus:
    """A visitor's corpus; its time of change makes sure that it is today's."""
    del changed
    return Corpus.open(folder)


def serve_models(corpora: Corpora, models: dict[str, Model], given: Iterable[Corpus]) -> None:
    """Serve the models that made corpora, where they are not served already.

    Parameters
    ----------
    models : those that are, by id
    """
    digests = {digest_of(model): name for name, model in models.items()}
    for corpus in given:
        digest = corpus.contents["model"]["digest"]
        if digest not in digests:
            name = _free(corpus.contents["model"]["id"], models)
            models[name] = replace(corpus.model, id=name)
            digests[digest] = name
        corpora.models[digest] = digests[digest]


def _free(wanted: str, taken: Mapping[str, object]) -> str:
    wanted = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-") or "model"
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


@dataclass(frozen=True)
class MatchQuestion:
    """A range of a sequence, for which its like is looked for.

    Attributes
    ----------
    sentence, token_ids, inputs : exactly one of them is given
    start, end : its first and last timestep, from 1
    quantity, threshold : what is on; the corpus's usual ones if None
    most : ranges to find
    """

    start: int
    end: int
    sentence: str | None = None
    token_ids: list[int] | None = None
    inputs: list[list[float]] | None = None
    layer: str | None = None
    quantity: str | None = None
    threshold: float | None = None
    most: int = 20


def answer_match(corpus: Corpus, wanted: MatchQuestion, settings: Settings) -> dict[str, Any]:
    """Which units are on in a range and off around it, and where else they are.

    Raises
    ------
    UserError
        For what the model cannot read, a range that is not there, and a quantity without a table.
    """
    question = StepQuestion(
        sentence=wanted.sentence,
        token_ids=wanted.token_ids,
        inputs=wanted.inputs,
        model=corpus.model.id,
        layer=corpus.layer_named(wanted.layer),
    )
    Task.of(question, corpus.model, settings)  # which holds the server's limits
    given = (wanted.sentence, wanted.token_ids, wanted.inputs)
    content = next(each for each in given if each is not None)
    return match_of(
        corpus,
        content,
        wanted.start,
        wanted.end,
        layer=wanted.layer,
        quantity=wanted.quantity,
        threshold=wanted.threshold,
        most=wanted.most,
    )
