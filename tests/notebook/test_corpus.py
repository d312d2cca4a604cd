"""A corpus in a notebook."""

import pytest

from app import corpus as in_notebook
from app.core.errors import BadInput
from app.notebook import load
from tests.corpus.conftest import corpus, place_texts, texts

__all__ = ["corpus", "texts"]


def test_a_unit_shows_itself_as_a_table(corpus):
    opened = in_notebook.open(corpus)
    page = opened.unit(7)
    assert page["unit"] == 7
    html = page._repr_html_()
    assert html.count("<tr>") == 21
    assert page["highest"][0]["tokens"][0] in html
    assert "121 texts" in repr(opened)


def test_words_and_matches_and_sentences_show_themselves(corpus):
    opened = in_notebook.open(corpus)
    assert "<table>" in opened.word("Pune", unit=2)._repr_html_()
    assert opened.units(sort="mean")["units"]
    assert len(opened.words(most=5)["tokens"]) == 5
    assert opened.sentence(0)["text"] in repr(opened.sentence(0))
    for end in range(4, 9):
        found = opened.match("i live in pune and i work in pune", 4, end)
        if found["matches"]:
            assert "<td>" in found._repr_html_()
            return
    pytest.fail("no range has a unit of its own")


def test_any_question_can_be_asked_of_the_tables(corpus):
    (row,) = in_notebook.open(corpus).query(
        "SELECT avg(hidden_state[8]) AS mean FROM states JOIN tokens USING (sentence, timestep)"
    )
    assert row["mean"] == pytest.approx(in_notebook.open(corpus).unit(7)["mean"])


def test_a_table_that_is_not_there_is_named(corpus):
    with pytest.raises(BadInput, match="There are: highest, lowest, similar, tokens"):
        in_notebook.open(corpus).unit(7).frame("gates")


def test_a_corpus_is_built_of_an_opened_model(tmp_path):
    path = tmp_path / "texts.txt"
    path.write_text("\n".join(place_texts(10)), "utf-8")
    opened = in_notebook.build(load("place-gru"), str(path), tmp_path / "c", keep=("update_gate",))
    assert opened.unit(0)["quantity"] == "update_gate"
