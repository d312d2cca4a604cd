"""The shipped corpora are of the shipped models, and can be made again."""

import duckdb
import pytest

from app.corpus.opened import Corpus
from app.corpus.plan import digest_of
from app.corpus.shipped import SHIPPED, shipped_corpora
from app.storage.shipped import shipped_ids, shipped_model
from tools.make_corpora import make


def test_every_shipped_model_has_a_corpus_of_its_own_making():
    found = {path.name: Corpus.open(path) for path in shipped_corpora()}
    assert set(found) == set(shipped_ids())
    for name, corpus in found.items():
        assert corpus.contents["model"]["digest"] == digest_of(shipped_model(name)), (
            f"{name} was trained again: make corpora"
        )


def test_corpora_are_small():
    sizes = [path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()]
    assert sum(sizes) < 8_000_000


@pytest.mark.parametrize("table", ["tokens/*", "states/*/*", "units/*/*", "ranges/*/*"])
def test_a_corpus_that_is_made_again_is_the_same(made_again, table):
    asked = " UNION ALL ".join(
        f"(FROM '{one}/{table}.parquet' EXCEPT FROM '{other}/{table}.parquet')"
        for one, other in (
            (made_again, SHIPPED / "place-rnn"),
            (SHIPPED / "place-rnn", made_again),
        )
    )
    assert duckdb.connect().execute(asked).fetchall() == []


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    out = tmp_path_factory.mktemp("corpora") / "place-rnn"
    make("place-rnn", out)
    return out
