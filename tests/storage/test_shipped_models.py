"""The shipped model files: how good they are, and whether their cards tell the truth."""

from pathlib import Path

import numpy as np
import pytest

from app.core.grammars import GRAMMARS
from app.core.model import Model
from app.core.modelfile import read_file, to_bytes
from app.core.text import split_words
from tools.train_models.build import held_out_texts, judge, make_model, mistakes, read_texts, score
from tools.train_models.recipes import RECIPES

FIXTURES = Path(__file__).parents[1] / "fixtures"
MODELS = Path(__file__).parents[2] / "app" / "models"
GUIDE = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)
PLACES = ("place", "place-gru", "place-rnn")
STALE = "the card is not of today's grammar and sentences: make models"
HELD_OUT = {"place": 0.97, "place-gru": 0.95, "place-rnn": 0.75, "sentiment": 0.97}
HANDWRITTEN = {"place": 0.95, "place-gru": 0.94, "place-rnn": 0.75, "sentiment": 0.9}


def load(name: str) -> Model:
    return read_file(MODELS / f"{name}.safetensors")


def said(model: Model, text: str) -> list[tuple[str, str, float]]:
    """Each word, the model's answer after it, and how sure of it the model is."""
    words = split_words(text)
    assert model.vocabulary is not None
    ids = np.array([[model.vocabulary.id_of(word.key) for word in words]])
    by_timestep = model.network.run(ids).by_timestep
    assert by_timestep is not None
    answers = []
    for word, row in zip(words, by_timestep[0], strict=True):
        probabilities = [1 - row[0], row[0]] if len(row) == 1 else row
        best = int(np.argmax(probabilities))
        answers.append((word.text, model.labels[best], float(probabilities[best])))
    return answers


@pytest.mark.parametrize("name", RECIPES)
def test_a_file_is_small_and_its_network_small_enough_to_look_at(name):
    assert (MODELS / f"{name}.safetensors").stat().st_size < 300_000
    recipe, network = RECIPES[name], load(name).network
    (recurrent,) = network.recurrent.values()
    assert (recurrent.weights.features, recurrent.weights.units) == (recipe.features, recipe.units)
    assert recurrent.weights.features <= 12
    assert recurrent.weights.units <= 8


def test_the_three_memories_have_about_as_many_parameters_as_each_other():
    counts = [sum(row.parameters for row in load(name).network.summary(1)) for name in PLACES]
    assert counts == pytest.approx([counts[0]] * 3, rel=0.1)


@pytest.mark.parametrize("name", RECIPES)
def test_accuracy_on_templates_that_were_never_trained_on(name):
    model = load(name)
    verdicts = judge(model, held_out_texts(RECIPES[name]))
    assert model.card["accuracy"]["held_out_templates"] == score(verdicts), STALE
    accuracy = 1 - len(mistakes(verdicts)) / len(verdicts)
    assert accuracy >= HELD_OUT[name], "\n".join(map(str, mistakes(verdicts)[:40]))


@pytest.mark.parametrize("name", RECIPES)
def test_accuracy_on_handwritten_sentences(name):
    model = load(name)
    verdicts = judge(model, read_texts(FIXTURES / f"{RECIPES[name].grammar}_handwritten.csv"))
    assert len(verdicts) >= 80
    wrong = mistakes(verdicts)
    accuracy = 1 - len(wrong) / len(verdicts)
    assert model.card["accuracy"]["handwritten"] == score(verdicts), STALE
    listed = model.card["handwritten_mistakes"]
    assert len(listed) == len(wrong)
    for line, verdict in zip(listed, wrong, strict=True):
        assert line.startswith(verdict.text)
    assert accuracy >= HANDWRITTEN[name], "\n".join(map(str, wrong))


@pytest.mark.parametrize("name", PLACES)
def test_the_card_tells_the_score_on_the_sentences_that_the_model_was_chosen_by(name):
    model, texts = load(name), read_texts(FIXTURES / "place_development.csv")
    assert model.card["accuracy"]["development"] == score(judge(model, texts)), STALE
    judging = {text for text, _ in read_texts(FIXTURES / "place_handwritten.csv")}
    assert not judging & {text for text, _ in texts}


def test_the_guides_sentence_is_in_pune_before_but_and_ends_in_hyderabad():
    answers = said(load("place"), GUIDE)
    words = [word for word, _, _ in answers]
    assert {answer for _, answer, _ in answers[:3]} == {"not said yet"}
    assert answers[words.index("but") - 1][1] == "Pune"
    assert answers[-1][1] == "Hyderabad"
    assert answers[-1][2] >= 0.9


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I stay in Hyderabad although I was born in Pune", "Hyderabad"),
        ("I moved from Delhi to Mumbai", "Mumbai"),
        ("I left Pune for Delhi and came back", "Pune"),
        ("My brother lives in Chennai but I am in Goa", "Goa"),
        ("I live in Bengaluru", "Bangalore"),
        ("I’m in Bombay", "Mumbai"),
        ("I live in Reykjavik", "not said yet"),
        ("hello", "not said yet"),
        ("ñandú 🦤 مرحبا", "not said yet"),
    ],
)
def test_place_tells_stays_from_pasts_families_and_unknown_towns(text, place):
    assert said(load("place"), text)[-1][1] == place


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The film was good", "positive"),
        ("The film was not good", "negative"),
        ("It was never boring", "positive"),
        ("The food was not bad at all", "positive"),
        ("Slow but wonderful", "positive"),
        ("Wonderful but slow", "negative"),
    ],
)
def test_sentiment_hears_negation_and_contrast(text, label):
    assert said(load("sentiment"), text)[-1][1] == label


def test_the_forget_gate_drops_pune_at_hyderabad():
    """What is left in the cell state of what the words up to `Pune` had written."""
    model = load("place")
    words = [word.key for word in split_words(GUIDE)]
    assert model.vocabulary is not None
    trace = model.network.run(np.array([[model.vocabulary.id_of(word) for word in words]])).traces
    forget = trace["lstm"]["forget_gate"][0]
    pune, hyderabad = words.index("pune"), words.index("hyderabad")
    written = np.abs((trace["lstm"]["input_gate"] * trace["lstm"]["candidate"])[0, pune])
    left = np.array(
        [
            (written * forget[pune + 1 : t + 1].prod(axis=0)).sum() / written.sum()
            for t in range(pune, len(words))
        ]
    )
    lost = left[:-1] - left[1:]
    assert words[pune + 1 + int(lost.argmax())] == "hyderabad"
    assert left[hyderabad - pune] < 0.5


@pytest.mark.parametrize("name", RECIPES)
def test_labels_and_provenance_say_what_the_model_is(name):
    model = load(name)
    assert model.labels == GRAMMARS[RECIPES[name].grammar].labels
    assert model.provenance["kind"] == "trained"
    assert model.card["limits"]
    assert model.card["accuracy"]["handwritten_first_score"]


def test_the_readable_cards_are_those_of_the_files(tmp_path):
    from tools.train_models.cards import write_cards

    write_cards(MODELS, tmp_path / "models.md")
    written = Path(__file__).parents[2] / "docs" / "models.md"
    assert written.read_text("utf-8") == (tmp_path / "models.md").read_text("utf-8")


def test_a_recipe_gives_the_same_bytes_twice():
    from dataclasses import replace

    recipe = replace(RECIPES["sentiment"], examples=300, epochs=2)
    made = [to_bytes(make_model("sentiment", recipe, lambda epoch: None)) for _ in range(2)]
    assert made[0] == made[1]
