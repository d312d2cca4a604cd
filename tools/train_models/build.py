"""From a recipe to a model: make up sentences, train, and see how good it is."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from app.core.cells import CELLS, Array
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.grammars import GRAMMARS, UNKNOWN, Example, Grammar
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList, split_words
from app.core.training import Epoch, Examples, Hyperparameters, fit

from .recipes import Recipe

PADDING = "[padding]"
HELD_OUT_SEED, HELD_OUT_COUNT = 2_000_000, 2_000
"""Of the sentences for the examination; training seeds are small numbers."""

_FINAL_RATE = 1 / 40
_OTHER_SENTENCES = 1_000
"""From the seed of the sentences to that of the last ones."""
_NOT_CONTRACTED = {"were", "well", "ill", "wed", "id", "shell", "hell"}
"""What some contractions would be without their apostrophe: other words."""


class Verdict(NamedTuple):
    """A model's answer to one text, beside the right one."""

    text: str
    expected: str
    said: str


def train(recipe: Recipe, report: Callable[[Epoch], None]) -> tuple[Network, WordList]:
    """Train a network from scratch; the same recipe gives the same bits on one machine.

    Returns
    -------
    network : predicting after every word
    vocabulary : the words of the training sentences, then other spellings of some of them
    """
    grammar = GRAMMARS[recipe.grammar]
    sentences = grammar.make_examples(recipe.examples, recipe.seed, False)
    known = sorted({word for sentence in sentences for word in sentence.words} - {UNKNOWN})
    vocabulary = WordList.of([PADDING, UNKNOWN, *known])
    network = _draw_network(recipe, len(vocabulary.words), _outputs(grammar))
    settings = Hyperparameters(
        epochs=recipe.first_epochs,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        ema_momentum=recipe.ema_momentum,
        weight_decay=recipe.weight_decay,
        seed=recipe.seed,
    )
    if grammar.make_first_examples is not None and recipe.first_epochs:
        first = grammar.make_first_examples(recipe.first_examples, recipe.seed)
        network = _fit(network, encode(first, vocabulary), settings, report)
    settings = _falling(settings, recipe.epochs, recipe.learning_rate)
    network = _fit(network, encode(sentences, vocabulary), settings, report)
    if grammar.make_last_examples is not None and recipe.last_epochs:
        seed = recipe.seed + _OTHER_SENTENCES
        others = grammar.make_last_examples(recipe.examples, seed)
        settings = _falling(settings, recipe.last_epochs, recipe.learning_rate / 2)
        network = _fit(network, encode(others, vocabulary), settings, report)
    return _with_other_spellings(network, vocabulary, grammar)


def _falling(settings: Hyperparameters, epochs: int, rate: float) -> Hyperparameters:
    """Let the learning rate fall in a straight line."""
    final_rate = rate * _FINAL_RATE
    return replace(settings, epochs=epochs, learning_rate=rate, final_learning_rate=final_rate)


def _fit(
    network: Network,
    examples: Examples,
    settings: Hyperparameters,
    report: Callable[[Epoch], None],
) -> Network:
    for epoch in fit(network, examples, settings):
        report(epoch)
        network = epoch.network
    return network


def make_model(model_id: str, recipe: Recipe, report: Callable[[Epoch], None]) -> Model:
    """Train a model. Its card is still empty."""
    network, vocabulary = train(recipe, report)
    embedding, recurrent, dense = network.layers
    assert isinstance(recurrent, Recurrent)
    recurrent = replace(recurrent, return_sequences=recipe.every_timestep)
    return Model(
        id=model_id,
        title=recipe.title,
        description=recipe.description,
        provenance={
            "kind": "trained",
            "on": f"{recipe.examples:,} sentences of the grammar {recipe.grammar}",
            "seed": recipe.seed,
        },
        network=Network((embedding, recurrent, dense)),
        vocabulary=vocabulary,
        labels=GRAMMARS[recipe.grammar].labels,
    )


def encode(sentences: Sequence[Example], vocabulary: WordList) -> Examples:
    """Words to ids."""
    ids = [[vocabulary.id_of(word) for word in sentence.words] for sentence in sentences]
    return Examples.of(ids, [list(sentence.labels) for sentence in sentences])


def judge(model: Model, texts: Iterable[tuple[str, str]]) -> list[Verdict]:
    """Ask a model for its answer at the end of each text, whose right answer is known."""
    texts = list(texts)
    said = _answers(model, [text for text, _ in texts])
    return [Verdict(*known, answer) for known, answer in zip(texts, said, strict=True)]


def held_out_texts(recipe: Recipe) -> list[tuple[str, str]]:
    """Texts with patterns that were never trained on, and their answers."""
    grammar = GRAMMARS[recipe.grammar]
    sentences = grammar.make_examples(HELD_OUT_COUNT, HELD_OUT_SEED, True)
    # a word that no vocabulary has stands for the unknown one
    return [
        (" ".join(sentence.words).replace(UNKNOWN, "qwzx"), grammar.labels[sentence.labels[-1]])
        for sentence in sentences
    ]


def read_texts(path: Path) -> list[tuple[str, str]]:
    """The texts and labels of a CSV file with columns of these names."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file)]


def mistakes(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those that are wrong."""
    return [verdict for verdict in verdicts if verdict.said != verdict.expected]


def make_card(
    recipe: Recipe, model: Model, handwritten: list[Verdict], development: list[Verdict]
) -> dict[str, Any]:
    """What people should know about a model.

    Parameters
    ----------
    handwritten : its answers to the sentences that judge it
    development : its answers to those it was chosen by; none where there are no such
    """
    held_out = judge(model, held_out_texts(recipe))
    embedding, recurrent, *_ = rows = model.network.summary(1)
    parameters = sum(row.parameters for row in rows)
    first = f"{recipe.first_examples:,} short sentences for {recipe.first_epochs} epochs, then "
    chosen = (
        f", one of {recipe.seeds_tried} that were tried, after many earlier versions"
        if recipe.seeds_tried > 1
        else ""
    )
    last = (
        f", as many others for {recipe.last_epochs} from half the rate"
        if recipe.last_epochs
        else ""
    )
    means = []
    if recipe.ema_momentum is not None:
        means.append(f"running average, momentum {recipe.ema_momentum}")
    if recipe.weight_decay is not None:
        means.append(f"weight decay {recipe.weight_decay}")
    by_means = f" ({'; '.join(means)})" if means else ""
    return {
        "task": recipe.description,
        "data": GRAMMARS[recipe.grammar].description,
        "size": (
            f"{embedding.parameters // recipe.features - 2:,} words, {recipe.features} features, "
            f"{recipe.units} units: {parameters:,} weights, {recurrent.parameters:,} of them in "
            "the recurrent layer."
        ),
        "training": (
            f"{first if recipe.first_epochs else ''}{recipe.examples:,} sentences for "
            f"{recipe.epochs} epochs{last}, with the NumPy trainer{by_means}; "
            f"seed {recipe.seed}{chosen}."
        ),
        "command": "make models",
        "accuracy": {
            "held_out_templates": score(held_out),
            "handwritten": score(handwritten),
            "handwritten_first_score": recipe.first_score,
            **({"development": score(development)} if development else {}),
        },
        "limits": list(recipe.limits),
        "handwritten_mistakes": [
            f"{text} ({expected}; it says {said})" for text, expected, said in mistakes(handwritten)
        ],
    }


def score(verdicts: Sequence[Verdict]) -> str:
    """How many are right, in words."""
    right = len(verdicts) - len(mistakes(verdicts))
    return f"{right:,} of {len(verdicts):,} right ({right / len(verdicts):.1%})"


def _outputs(grammar: Grammar) -> int:
    """One sigmoid for two labels, else a softmax."""
    return 1 if len(grammar.labels) == 2 else len(grammar.labels)


def _draw_network(recipe: Recipe, tokens: int, outputs: int) -> Network:
    random, cell = np.random.RandomState(recipe.seed), CELLS[recipe.cell]
    features, units = recipe.features, recipe.units
    table = random.uniform(-0.5, 0.5, (tokens, features)).astype(np.float32)
    activation = "sigmoid" if outputs == 1 else "softmax"
    kernel, bias = glorot_uniform(units, outputs, random), np.zeros(outputs, np.float32)
    weights = draw_weights(cell, features, units, random)
    return Network(
        (
            Embedding("embedding", table, mask_zero=True),
            Recurrent(recipe.cell, cell, weights, return_sequences=True),
            Dense("dense", kernel, bias, activation),
        )
    )


def _with_other_spellings(
    network: Network, vocabulary: WordList, grammar: Grammar
) -> tuple[Network, WordList]:
    """Give other names of cities, and contractions typed otherwise, the rows of what they mean."""
    same = {name: word for name, word in grammar.other_names.items() if vocabulary.knows(word)}
    for word in vocabulary.words:
        same[word.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")] = word
        bare = word.replace("'", "")
        if bare not in _NOT_CONTRACTED:
            same[bare] = word
    same = {name: word for name, word in same.items() if not vocabulary.knows(name)}
    embedding = network.embedding
    assert embedding is not None
    copies: Array = embedding.table[[vocabulary.id_of(word) for word in same.values()]]
    longer = replace(embedding, table=np.concatenate([embedding.table, copies]))
    words = WordList.of([*vocabulary.words, *same])
    return Network((longer, *network.layers[1:])), words


def _answers(model: Model, texts: Sequence[str]) -> list[str]:
    """The answers at the end of each text; those of one length are read at once."""
    assert model.vocabulary is not None
    ids = [[model.vocabulary.id_of(word.key) for word in split_words(text)] for text in texts]
    of_length: dict[int, list[int]] = {}
    for place, words in enumerate(ids):
        of_length.setdefault(len(words), []).append(place)
    answers = [""] * len(texts)
    for places in of_length.values():
        by_timestep = model.network.run(np.array([ids[place] for place in places])).by_timestep
        assert by_timestep is not None
        for place, last in zip(places, by_timestep[:, -1], strict=True):
            best = int(last[0] > 0.5) if len(last) == 1 else int(last.argmax())
            answers[place] = model.labels[best]
    return answers
