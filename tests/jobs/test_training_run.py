"""From labelled sentences to a model."""

import numpy as np
import pytest

from app.core.cells import CELLS
from app.core.errors import BadInput, TooLarge
from app.core.model import Model
from app.core.modelfile import read, to_bytes
from app.core.network import Dense
from app.core.training import Diverged
from app.jobs.training_run import (
    Labelled,
    Limits,
    better,
    check_sentences,
    check_size,
    decode,
    learn,
    model_of,
    prepare,
    read_csv,
)
from tests.training_plans import plan


def head_of(model: Model) -> Dense:
    head = model.network.layers[-1]
    assert isinstance(head, Dense)
    return head


LIMITS = Limits(sentences=20, characters=80, words=10, labels=3, vocabulary=30)


def sentences(*rows: tuple[str, str]) -> list[Labelled]:
    return [Labelled(*row) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "text,label\nhello there,a\nbye,b\n",
        "\ufefftext,label\r\nhello there,a\r\nbye,b\r\n",
        "Label;id;Text\na;1;hello there\nb;2;bye",
        "text\tlabel\nhello there\ta\n\n\nbye\tb\n",
        '\nlabel, text\na,"hello there"\nb,bye\n',
    ],
)
def test_csv_is_read_whatever_spreadsheet_wrote_it(text):
    assert read_csv(text, LIMITS) == [("hello there", "a"), ("bye", "b")]


def test_a_quoted_text_may_hold_commas_quotes_and_lines():
    text = 'text,label\n"well, she said ""no""\nand left",a\n'
    assert read_csv(text, LIMITS) == [('well, she said "no"\nand left', "a")]


@pytest.mark.parametrize(
    ("text", "error", "fragment"),
    [
        ("a,b\n1,2", BadInput, "must name the columns text and label; it is 'a,b'"),
        ("", BadInput, "must name the columns"),
        ("text,label\nhello, you,a\nbye", BadInput, "Row 3 of the CSV has 1 column"),
        ("text,label\n" + "a,b\n" * 1_000_000, TooLarge, "more than 20 rows"),
        ("text,label\n" + "x" * 200_000 + ",a", BadInput, "cannot be read as CSV"),
    ],
)
def test_csv_that_cannot_be_used_says_why(text, error, fragment):
    with pytest.raises(error, match=fragment):
        read_csv(text, LIMITS)


def test_a_file_of_another_encoding_names_line_and_byte():
    with pytest.raises(BadInput, match="line 2 has the byte 0xf6"):
        decode("text,label\nschön,a\n".encode("latin-1"))
    assert decode("\ufefftext".encode()) == "text"


@pytest.mark.parametrize(
    ("rows", "error", "fragment"),
    [
        ([], BadInput, "two or more different labels are needed; none came"),
        ([("a", "x"), ("b", "x")], BadInput, "every one has the label 'x'"),
        ([("a", "x"), ("", "y")], BadInput, "Sentence 2 has no words: ''"),
        ([("?!", "x"), ("b", "y")], BadInput, "Sentence 1 has no words"),
        ([("a", "x"), ("b", " ")], BadInput, "label of sentence 2"),
        ([("a", "x"), ("b", "y" * 101)], BadInput, "label of sentence 2"),
        ([("a", "x"), ("wo " * 10_000, "y")], TooLarge, "Sentence 2 has 10,000 words"),
        ([("a", "x"), ("w" * 81, "y")], TooLarge, "Sentence 2 has 81 characters"),
        ([("a", "xyzw"[k]) for k in range(4)], TooLarge, "4 different labels; the limit is 3"),
        ([("a", "x")] * 21, TooLarge, "21 sentences came; the limit is 20"),
        ([(f"a{k} b{k} c{k}", "xy"[k % 2]) for k in range(11)], TooLarge, "33 different words"),
    ],
)
def test_sentences_that_cannot_be_learned_from_say_why(rows, error, fragment):
    with pytest.raises(error, match=fragment):
        check_sentences(sentences(*rows), LIMITS)


def test_blanks_around_a_label_make_no_second_one():
    rows = check_sentences(sentences(("a", "x "), ("b", " x"), ("c", "y")), LIMITS)
    assert {row.label for row in rows} == {"x", "y"}


def test_epochs_that_could_not_all_be_kept_are_refused():
    check_size(plan(units=64, features=64, epochs=200))
    with pytest.raises(TooLarge, match="Choose fewer features, units or epochs"):
        check_size(plan(units=512, features=512, epochs=200))
    with pytest.raises(BadInput, match=r"no cell 'nope'\. The cells are: lstm, gru"):
        check_size(plan(cell="nope"))
    with pytest.raises(BadInput, match="The grammars are: place, sentiment"):
        check_size(plan(grammar="nope"))


def test_ten_sentences_are_learned_by_heart():
    prepared = prepare(plan(epochs=30, units=8, features=8))
    epochs = list(learn(prepared))
    assert [epoch.epoch for epoch in epochs] == list(range(31))
    assert epochs[0].accuracy != 1
    assert epochs[-1].accuracy == 1
    assert better(epochs[-1], epochs[0])
    assert not better(epochs[0], epochs[-1])


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_learns_ten_sentences_by_heart(cell):
    prepared = prepare(plan(cell=cell, epochs=40, units=8, features=8))
    *_, last = learn(prepared)
    assert last.accuracy == 1
    model = model_of(prepared, last, "m")
    assert model.description.lower().startswith(CELLS[cell].noun.lower())
    assert model.network.recurrent[cell].cell is CELLS[cell]
    size = sum(row.parameters for row in model.network.summary(1))
    assert f"{size:,} weights" in model.card["size"]


def test_an_epoch_of_nothing_learned_is_never_the_best():
    first, second, *_ = learn(prepare(plan(learning_rate=5.0)))
    assert second.loss > first.loss
    assert better(second, first)


def test_the_same_seed_gives_the_same_file_and_another_one_another():
    def file(seed: int) -> bytes:
        prepared = prepare(plan(seed=seed))
        return to_bytes(model_of(prepared, list(learn(prepared))[-1], "mood"))

    assert file(1) == file(1)
    assert file(1) != file(2)


def test_two_labels_share_one_sigmoid_and_more_have_a_softmax():
    two = prepare(plan())
    assert head_of(model_of(two, next(learn(two)), "m")).bias.shape == (1,)
    rows = sentences(("a", "x"), ("b", "y"), ("c", "z"))
    three = prepare(plan(sentences=tuple(rows)))
    model = model_of(three, next(learn(three)), "m")
    assert head_of(model).bias.shape == (3,)
    assert model.labels == ("x", "y", "z")


def test_a_model_says_what_it_is_and_survives_its_file():
    prepared = prepare(plan())
    *_, last = learn(prepared)
    model = read(to_bytes(model_of(prepared, last, "mood")), "mood")
    assert model.title == "Mood"
    assert model.provenance["kind"] == "trained"
    assert (model.provenance["epoch"], model.provenance["epochs"]) == (3, 3)
    assert set(model.card) == {"task", "data", "size", "training", "accuracy", "limits"}
    assert "10 labelled sentences" in model.card["data"]
    untrained = model_of(prepared, next(learn(prepared)), "mood")
    assert untrained.provenance["kind"] == "seeded"


def test_a_word_that_no_sentence_has_is_unknown_and_says_nothing():
    prepared = prepare(plan())
    model = model_of(prepared, next(learn(prepared)), "mood")
    assert model.vocabulary is not None
    assert not model.vocabulary.knows("quark")
    embedding = model.network.embedding
    assert embedding is not None
    assert not embedding.table[model.vocabulary.id_of("quark")].any()


def test_some_sentences_are_put_aside_where_there_are_enough():
    rows = sentences(*((f"word{k % 7} more{k % 5}", "xy"[k % 2]) for k in range(60)))
    prepared = prepare(plan(sentences=tuple(rows)))
    assert prepared.validation is not None
    assert (len(prepared.examples), len(prepared.validation)) == (48, 12)
    assert prepare(plan()).validation is None


def test_a_grammar_labels_every_word_and_is_judged_by_other_patterns():
    prepared = prepare(plan(sentences=(), grammar="place", examples=200))
    assert prepared.every_timestep
    assert prepared.examples.labels.shape == prepared.examples.inputs.shape
    assert prepared.validation is not None
    model = model_of(prepared, next(learn(prepared)), "m")
    assert model.vocabulary is not None
    embedding = model.network.embedding
    assert embedding is not None
    for name, meant in prepared.other_names.items():
        if meant in prepared.words:
            assert model.vocabulary.knows(name)
            rows = [model.vocabulary.id_of(word) for word in (name, meant)]
            assert np.array_equal(*embedding.table[rows])


def test_an_absurd_learning_rate_diverges_and_leaves_the_last_epoch_that_makes_sense():
    prepared = prepare(plan(learning_rate=1e9))
    with pytest.raises(Diverged, match="Choose a learning rate lower than 1e\\+09") as caught:
        list(learn(prepared))
    model = model_of(prepared, caught.value.last, "m")
    assert np.isfinite(head_of(model).bias).all()
