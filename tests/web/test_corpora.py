"""The routes of corpora."""

from collections.abc import Iterator

import duckdb
import pytest
from fastapi.testclient import TestClient

from app.corpus import extra
from app.main import create_app
from app.settings import Settings
from app.storage.shipped import shipped_ids
from tests.corpus.conftest import corpus, texts

__all__ = ["corpus", "texts"]


@pytest.fixture(scope="module")
def client(corpus) -> Iterator[TestClient]:
    """Of a server with the shipped corpora, and with ours, of the same name, beside them."""
    with TestClient(create_app(Settings(corpora=str(corpus)))) as client:
        yield client


def get(client: TestClient, path: str, **query) -> dict:
    answer = client.get(f"/api/corpora{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_corpus_says_how_large_it_is_and_which_model_here_made_it(client):
    row = get(client, "")["corpora"][-1]
    assert row == get(client, "/place-2")
    assert (row["texts"], row["sentences"], row["empty"]) == (122, 121, 1)
    assert row["model"]["served_as"] == "place"
    assert "parts" not in row


def test_every_shipped_model_has_a_corpus_from_the_start(client):
    rows = {row["id"]: row for row in get(client, "")["corpora"]}
    assert set(shipped_ids()) <= set(rows)
    for name in shipped_ids():
        assert rows[name]["model"]["served_as"] == name
        assert get(client, f"/{name}/units/0")["highest"]


def test_units_come_in_the_order_that_was_asked_for(client):
    rows = get(client, "/place-2/units", quantity="cell_state", sort="mean")["units"]
    means = [row["mean"] for row in rows]
    assert len(means) == 8
    assert means == sorted(means, reverse=True)
    assert [row["unit"] for row in get(client, "/place-2/units")["units"]] == list(range(8))
    assert len(rows[0]["highest"]) == 3
    assert rows[0]["opens"][0]["mean"] > rows[0]["closes"][0]["mean"]


def test_a_units_page_is_what_the_table_says(client, corpus):
    page = get(client, "/place-2/units/3", quantity="forget_gate")
    states = f"'{corpus}/states/lstm/*.parquet'"
    asked = f"SELECT avg(forget_gate[4]), max(forget_gate[4]) FROM {states}"
    mean, most = duckdb.connect().execute(asked).fetchall()[0]
    assert page["mean"] == pytest.approx(mean)
    assert page["highest"][0]["value"] == page["maximum"] == pytest.approx(most)


def test_a_match_begins_with_the_range_itself_where_fewer_share_no_other(client, corpus):
    asked = f"FROM '{corpus}/ranges/lstm/*.parquet' ORDER BY units DESC, length DESC LIMIT 1"
    row = duckdb.connect().execute(f"SELECT sentence, timestep, length, units {asked}").fetchone()
    assert row is not None
    sentence, start, length, units = row
    told = get(client, f"/place-2/sentences/{sentence}")
    body = {"sentence": told["text"], "from": start, "to": start + length - 1}
    answer = client.post("/api/corpora/place-2/match", json=body).json()
    assert set(answer["units"]) <= set(answer["on"])
    assert len(answer["units"]) == units
    first = answer["matches"][0]
    assert (first["shared"], first["others"]) == (units, 0)
    assert first["to"] - first["from"] + 1 >= length


def test_words_against_units_are_the_means_of_the_words(client):
    found = get(client, "/place-2/words", quantity="hidden_state", most=20)
    assert sorted(found["units"]) == list(range(8))
    assert len(set(found["tokens"])) == len(found["counts"]) == len(found["means"]) == 20
    assert min(found["counts"]) >= 5
    for token, means in list(zip(found["tokens"], found["means"], strict=True))[:3]:
        told = get(client, f"/place-2/tokens/{token}")["means"]["hidden_state"]
        assert means == pytest.approx([told[unit] for unit in found["units"]], abs=1e-6)


def test_a_word_is_found_as_it_is_written(client):
    assert get(client, "/place-2/tokens/PUNE", unit=2)["count"] > 10
    assert get(client, "/place-2/tokens/zebra")["means"] == {}


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/none", 404, "There are: article, place"),
        ("/place-2/units?layer=gru", 404, "It has: lstm."),
        ("/place-2/units?quantity=update_gate", 404, "It has: input_gate"),
        ("/place-2/units?sort=colour", 422, "sort must be one of unit, mean"),
        ("/place-2/words?most=0", 422, "most must be from 1 to 400 (got 0)"),
        ("/place-2/units?page=2", 422, "page must be from 1 to 1 (got 2)"),
        ("/place-2/units/8", 404, "has 0 to 7"),
        (f"/place-2/units/{10**30}", 404, "has 0 to 7"),
        ("/place-2/tokens/xylophone", 404, "has the word 'xylophone'"),
        ("/place-2/sentences/120", 404, "of which empty ones are not read"),
        (f"/place-2/sentences/{10**30}", 404, "texts 0 to 121"),
    ],
)
def test_what_is_not_there_is_named(client, path, status, said):
    answer = client.get(f"/api/corpora{path}")
    assert answer.status_code == status
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"sentence": "I live", "from": 2, "to": 3}, "must be from 1 to 2"),
        ({"sentence": "I live", "from": 2, "to": 1}, "must be from 1 to 2"),
        ({"from": 1, "to": 1}, "Send exactly one of"),
        ({"sentence": "I live", "to": 1}, "from: Field required"),
        ({"sentence": "I live", "from": 1, "to": 1, "most": 0}, "most must be from 1 to 100"),
        ({"sentence": "I live", "from": 1, "to": 1, "colour": 0}, "there is no such field"),
    ],
)
def test_a_match_that_cannot_be_looked_for_says_why(client, body, said):
    answer = client.post("/api/corpora/place-2/match", json=body)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_without_the_extra_the_list_says_what_to_install(monkeypatch):
    monkeypatch.setattr(extra, "NEEDED", ("duckdb", "no_such_library"))
    with TestClient(create_app(Settings())) as client:
        assert "pip install 'lstm-viz[corpus]'" in get(client, "")["install"]
