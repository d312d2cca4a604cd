"""The model `writer`: an LSTM that reads a JSON document and says which character comes next."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from app.core.cells import LSTM, Array
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.generation import Reader, Sampling, write
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList
from app.core.training import Epoch, Examples, Hyperparameters, fit
from app.core.training.backpropagation import forward

from .json_documents import Document, make_documents

END = "\n"
"""Behind every document, and in front of half of those that are trained on."""
PADDING, UNKNOWN = "[padding]", "[unknown]"
FIRST = 2
"""The row of the first character; an output speaks of each from there on."""
HELD_OUT_SEED, HELD_OUT_COUNT = 2_000_000, 2_000
SAMPLES = 1_000
READ = 300
"""Documents whose cell states are looked at."""
TEMPERATURES = (0.5, 0.8, 1.0)
LONGEST_SAMPLE = 1_500
LONGEST_TRAINED = 320
"""Characters; of a longer document the rest is not learned from."""
EXAMPLE = '{"name":"tavoki","home":{"city":"duna","rooms":[4,12]},"code":"k[3,'
"""What the page begins with: a string is open, and so is an object."""
TITLE = "What comes next in the JSON?"
DESCRIPTION = (
    "An LSTM that has read JSON documents one character at a time and says which comes next. To "
    "close what is open it has to remember it: which brackets, how deep, and whether a string is "
    "open."
)


@dataclass(frozen=True)
class WriterRecipe:
    """All that it takes to make the model again.

    Attributes
    ----------
    features, units : sizes of the embedding and of the recurrent layer
    documents, epochs, batch_size, learning_rate, ema_momentum : of the training
    weight_decay : without it as many documents parse, but what is open is spread over more units:
        the best unit's correlation with the depth was 0.79, with it 0.95
    seed : of the documents, of the first weights and of the order
    """

    features: int = 16
    units: int = 64
    documents: int = 60_000
    epochs: int = 10
    batch_size: int = 32
    learning_rate: float = 0.01
    ema_momentum: float = 0.998
    weight_decay: float = 0.1
    seed: int = 1


RECIPE = WriterRecipe()


def make_writer(recipe: WriterRecipe, report: Callable[[Epoch], None]) -> Model:
    """Train the model, and judge it."""
    documents = make_documents(recipe.documents, recipe.seed)
    characters = sorted({character for document in documents for character in document.text})
    vocabulary = WordList.of(
        [PADDING, UNKNOWN, END, *characters], unknown=1, splitting="characters"
    )
    network = _draw(recipe, len(vocabulary.words))
    settings = Hyperparameters(
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        final_learning_rate=recipe.learning_rate / 40,
        ema_momentum=recipe.ema_momentum,
        weight_decay=recipe.weight_decay,
        seed=recipe.seed,
    )
    for epoch in fit(network, encode(documents, vocabulary, half_ends=True), settings):
        report(epoch)
        network = epoch.network
    model = Model(
        id="writer",
        title=TITLE,
        description=DESCRIPTION,
        provenance={
            "kind": "trained",
            "on": f"{recipe.documents:,} made-up JSON documents",
            "seed": recipe.seed,
        },
        network=network,
        vocabulary=vocabulary,
        labels=tuple(vocabulary.words[FIRST:]),
    )
    return replace(model, card=make_card(recipe, model))


def encode(
    documents: Sequence[Document], vocabulary: WordList, half_ends: bool = False
) -> Examples:
    """Documents as character ids, and for each character the place of the one that follows.

    Parameters
    ----------
    half_ends : whether every other document begins at once, as a visitor's text does, and not
        behind the end of another, and whether long ones are cut
    """
    inputs, labels = [], []
    for number, document in enumerate(documents):
        text = document.text if half_ends and number % 2 else END + document.text
        ids = [vocabulary.ids[character] for character in text + END]
        most = LONGEST_TRAINED if half_ends else len(ids)
        inputs.append(ids[:-1][:most])
        labels.append([i - FIRST for i in ids[1:]][:most])
    return Examples.of(inputs, labels)


def _draw(recipe: WriterRecipe, tokens: int) -> Network:
    random, outputs = np.random.RandomState(recipe.seed), tokens - FIRST
    table = random.uniform(-0.5, 0.5, (tokens, recipe.features)).astype(np.float32)
    weights = draw_weights(LSTM, recipe.features, recipe.units, random)
    kernel = glorot_uniform(recipe.units, outputs, random)
    return Network(
        (
            Embedding("embedding", table, mask_zero=True),
            Recurrent("lstm", LSTM, weights, return_sequences=True),
            Dense("dense", kernel, np.zeros(outputs, np.float32), "softmax"),
        )
    )


class Held(NamedTuple):
    """What cell states say of something that has to be remembered.

    Attributes
    ----------
    unit, correlation : the unit that says most by itself, and how much
    together : the correlation of all units, weighted by least squares on other documents
    """

    unit: int
    correlation: float
    together: float


class Judged(NamedTuple):
    """How good a writer is.

    Attributes
    ----------
    loss, entropy : nats a character, on held-out documents, of the model and of what made them
    parse : temperature -> share of sampled documents that are JSON
    in_string, depth : what the cell states say of whether a string is open, and of how many
        objects and lists are
    """

    loss: float
    entropy: float
    parse: dict[float, float]
    in_string: Held
    depth: Held


def judge(model: Model, count: int = HELD_OUT_COUNT, samples: int = SAMPLES) -> Judged:
    """Hold a model against what is known of its documents."""
    documents = make_documents(count, HELD_OUT_SEED)
    characters = sum(len(document.text) + 1 for document in documents)
    read = min(READ, count // 2)
    states, marks = _read(model, documents[:read])
    others = _read(model, documents[read : 2 * read])
    return Judged(
        loss=_loss(model, documents) / characters,
        entropy=sum(document.nats for document in documents) / characters,
        parse={at: parse_share(model, at, samples) for at in TEMPERATURES},
        in_string=_held(states, marks[:, 0], others[0], others[1][:, 0]),
        depth=_held(states, marks[:, 1], others[0], others[1][:, 1]),
    )


def _loss(model: Model, documents: Sequence[Document]) -> float:
    """Nats of all documents together."""
    assert isinstance(model.vocabulary, WordList)
    total = 0.0
    for document in documents:
        one = encode([document], model.vocabulary)
        loss = forward(model.network, one.inputs, one.labels).loss
        total += loss.mean * loss.counted
    return total


def parse_share(model: Model, temperature: float, samples: int = SAMPLES) -> float:
    """The share of sampled documents that are JSON."""
    random = np.random.default_rng(round(temperature * 1000))
    texts = [sample(model, temperature, random) for _ in range(samples)]
    return sum(map(_is_json, texts)) / samples


def sample(model: Model, temperature: float, random: np.random.Generator) -> str:
    """A document of the model's own, to its end or to where patience ends."""
    vocabulary = model.vocabulary
    assert isinstance(vocabulary, WordList)
    ids = np.arange(len(model.labels)) + FIRST
    start = np.array([[vocabulary.ids[END]]])
    text = ""
    choices = write(Reader(model.network), start, ids, Sampling(temperature), random)
    for choice in islice(choices, LONGEST_SAMPLE):
        text += model.labels[choice.output]
        if text.endswith(END):
            break
    return text


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _read(model: Model, documents: Sequence[Document]) -> tuple[Array, Array]:
    """Cell states after every character; whether a string is open there, and the depth."""
    vocabulary, rows, marks = model.vocabulary, [], []
    assert isinstance(vocabulary, WordList)
    for document in documents:
        ids = np.array([[vocabulary.ids[character] for character in END + document.text]])
        rows.append(model.network.run(ids).traces["lstm"]["cell_state"][0, 1:])
        marks += marks_of(document.text)
    return np.concatenate(rows), np.array(marks, float)


def marks_of(text: str) -> list[tuple[bool, int]]:
    """After each character: whether a string is open, and how many objects and lists are."""
    in_string, depth, marks = False, 0, []
    for character in text:
        in_string ^= character == '"'
        if not in_string:
            depth += (character in "{[") - (character in "}]")
        marks.append((in_string, depth))
    return marks


def _held(states: Array, mark: Array, other_states: Array, other_mark: Array) -> Held:
    found = [np.corrcoef(column, mark)[0, 1] for column in states.T]
    best = int(np.abs(found).argmax())
    weights = np.linalg.lstsq(_with_one(other_states), other_mark, rcond=None)[0]
    together = np.corrcoef(_with_one(states) @ weights, mark)[0, 1]
    return Held(best, float(found[best]), float(together))


def _with_one(states: Array) -> Array:
    return np.concatenate([states, np.ones((len(states), 1))], axis=1)


def make_card(recipe: WriterRecipe, model: Model) -> dict[str, Any]:
    """What people should know about the model."""
    judged = judge(model)
    rows = model.network.summary(1)
    assert isinstance(model.vocabulary, WordList)
    return {
        "task": DESCRIPTION,
        "data": (
            "JSON documents of made-up people and places (`tools/train_models/json_documents.py`), "
            "up to four objects and lists deep. How likely each one is to be made is known "
            "exactly, and so is the entropy, which no model's loss can be below."
        ),
        "size": (
            f"{len(model.labels)} characters, {recipe.features} features, {recipe.units} units: "
            f"{sum(row.parameters for row in rows):,} weights, {rows[1].parameters:,} of them in "
            "the recurrent layer."
        ),
        "training": (
            f"{recipe.documents:,} documents for {recipe.epochs} epochs, with the NumPy trainer "
            f"(running average, momentum {recipe.ema_momentum}; weight decay "
            f"{recipe.weight_decay}); seed {recipe.seed}."
        ),
        "command": "make models",
        "measured": {
            "cross_entropy": (
                f"{judged.loss:.4f} nats a character on {HELD_OUT_COUNT:,} other documents; "
                f"their entropy is {judged.entropy:.4f}, so it is "
                f"{judged.loss / judged.entropy - 1:.1%} above"
            ),
            **{
                f"documents_at_temperature_{at:g}": f"{share:.1%} of {SAMPLES:,} are JSON"
                for at, share in judged.parse.items()
            },
            "inside_a_string": _said(judged.in_string),
            "depth": _said(judged.depth),
        },
        "limits": [
            "No unit alone holds that a string is open: whether one is can be told from which word "
            "or code is being written, so training had no need of a unit for it. All units "
            "together say it.",
            "It knows the characters, keys and words of its documents and no others: no blanks, no "
            "capital letters, no fractions, no escapes.",
            "It was trained on documents of up to "
            f"{LONGEST_TRAINED} characters and four levels; beyond them it may lose count.",
            "It makes documents up. What is in them means nothing.",
        ],
        "example": EXAMPLE,
    }


def _said(held: Held) -> str:
    return (
        f"unit {held.unit}'s cell state alone, correlation {held.correlation:+.2f}; all units "
        f"together, weighted, {held.together:+.2f}"
    )
