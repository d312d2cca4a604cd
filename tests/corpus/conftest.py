"""A small corpus, made once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.grammars import GRAMMARS
from app.corpus.building import build
from app.corpus.plan import Plan
from app.corpus.texts import Source
from app.storage.shipped import shipped_model


def place_texts(count: int) -> list[str]:
    return [" ".join(made.words) for made in GRAMMARS["place"].make_examples(count, 3, False)]


@pytest.fixture(scope="session")
def texts(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("texts") / "texts.txt"
    path.write_text("\n".join([*place_texts(120), "", "a  zebra, is"]), "utf-8")
    return path


@pytest.fixture(scope="session")
def corpus(texts, tmp_path_factory) -> Path:
    """Of the model `place`, in one part."""
    out = tmp_path_factory.mktemp("corpora") / "place"
    build(Plan(shipped_model("place"), Source((str(texts),)), out))
    return out


@pytest.fixture
def plan_of(texts, tmp_path) -> Callable[..., Plan]:
    def make(**changes) -> Plan:
        given = {"model": shipped_model("place"), "source": Source((str(texts),))}
        return Plan(**{**given, "out": tmp_path / "corpus", **changes})

    return make
