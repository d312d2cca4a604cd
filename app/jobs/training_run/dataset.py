"""From a plan to examples and a network, through the epochs, and to a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ...core.cells import CELLS
from ...core.cells.initial import draw_weights, glorot_uniform
from ...core.grammars import GRAMMARS, UNKNOWN, Example
from ...core.model import Model
from ...core.network import Dense, Embedding, Network, Recurrent
from ...core.text import WordList, split_words
from ...core.training import Epoch, Examples, Hyperparameters, fit
from .plan import TrainingPlan

UNKNOWN_ROW = 1
ENOUGH_TO_PUT_ASIDE = 50
"""Sentences from which on some are held out for validation."""
PUT_ASIDE = 0.2


@dataclass(frozen=True)
class TrainingData:
    """A plan made ready.

    Attributes
    ----------
    words : row by row of the embedding; row 0 is padding, row 1 any word that is not known
    other_names : word -> the word whose row it shares
    labels : what the answer may be
    examples, validation : what to learn, and what to judge by, where there is enough
    every_timestep : whether there is a label for every word, not only for the whole
    data : what the examples are, in words
    """

    plan: TrainingPlan
    words: tuple[str, ...]
    labels: tuple[str, ...]
    examples: Examples
    validation: Examples | None
    every_timestep: bool
    data: str
    other_names: Mapping[str, str] = field(default_factory=dict)


def prepare(plan: TrainingPlan) -> TrainingData:
    """Make the examples of a plan."""
    return _from_grammar(plan) if plan.grammar else _from_sentences(plan)


def _from_grammar(plan: TrainingPlan) -> TrainingData:
    grammar = GRAMMARS[plan.grammar]
    learned = grammar.make_examples(plan.examples, plan.seed, False)
    judged = grammar.make_examples(max(100, plan.examples // 10), plan.seed + 1, True)
    words = _vocabulary(example.words for example in learned)
    return TrainingData(
        plan,
        words,
        grammar.labels,
        _examples(learned, words),
        _examples(judged, words),
        every_timestep=True,
        data=(
            f"{len(learned):,} made-up sentences ({grammar.title}), and {len(judged):,} whose "
            "patterns it never saw, to judge it by."
        ),
        other_names=grammar.other_names,
    )


def _examples(made: Sequence[Example], words: Sequence[str]) -> Examples:
    rows = {word: row for row, word in enumerate(words)}
    ids = [[rows.get(word, UNKNOWN_ROW) for word in example.words] for example in made]
    return Examples.of(ids, [example.labels for example in made])


def _from_sentences(plan: TrainingPlan) -> TrainingData:
    texts = [[word.key for word in split_words(row.text)] for row in plan.sentences]
    words = _vocabulary(texts)
    rows = {word: row for row, word in enumerate(words)}
    labels = tuple(sorted({row.label for row in plan.sentences}))
    numbers = [labels.index(row.label) for row in plan.sentences]
    examples = Examples.of([[rows[word] for word in text] for text in texts], numbers)
    validation, data = None, f"{len(texts):,} labelled sentences, all used for training."
    if len(texts) >= ENOUGH_TO_PUT_ASIDE:
        random = np.random.RandomState(plan.seed)
        examples, validation = examples.split(PUT_ASIDE, random)
        data = (
            f"{len(examples):,} labelled sentences, and {len(validation):,} that were held out "
            "to judge it by."
        )
    return TrainingData(plan, words, labels, examples, validation, every_timestep=False, data=data)


def _vocabulary(texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Padding, the unknown word, then all words, the most frequent first."""
    counted = Counter(word for text in texts for word in text)
    counted.pop(UNKNOWN, None)
    return ("", UNKNOWN, *sorted(counted, key=lambda word: (-counted[word], word)))


def learn(prepared: TrainingData) -> Iterator[Epoch]:
    """Train, epoch by epoch; epoch 0 is the network before it has learned anything.

    Raises
    ------
    Diverged
        Holding the last epoch whose numbers make sense.
    """
    plan = prepared.plan
    settings = Hyperparameters(
        epochs=plan.epochs,
        batch_size=min(32, max(4, plan.count // 40)),
        learning_rate=plan.learning_rate,
        final_learning_rate=plan.learning_rate / 10,
        seed=plan.seed,
    )
    yield from fit(draw_network(prepared), prepared.examples, settings, prepared.validation)


def better(epoch: Epoch, other: Epoch) -> bool:
    """Whether an epoch's network is more accurate than another's, or as accurate and surer.

    Any is better than that of epoch 0, which may be right by chance and has learned nothing.
    """
    return _merit(epoch) > _merit(other)


def _merit(epoch: Epoch) -> tuple[bool, float, float]:
    if epoch.val_accuracy is None or epoch.val_loss is None:
        return epoch.epoch > 0, 0.0, -epoch.loss
    return epoch.epoch > 0, epoch.val_accuracy, -epoch.val_loss


def draw_network(prepared: TrainingData) -> Network:
    """Embedding, recurrent layer and head, with weights drawn from the plan's seed."""
    plan = prepared.plan
    random, cell = np.random.RandomState(plan.seed), CELLS[plan.cell]
    table = glorot_uniform(len(prepared.words), plan.features, random)
    if not prepared.every_timestep:
        table[UNKNOWN_ROW] = 0  # no example has it, so it should say nothing
    outputs = 1 if len(prepared.labels) == 2 else len(prepared.labels)
    return Network(
        (
            Embedding("embedding", table, mask_zero=True),
            Recurrent(
                cell.name,
                cell,
                draw_weights(cell, plan.features, plan.units, random),
                return_sequences=prepared.every_timestep,
            ),
            Dense(
                "dense",
                glorot_uniform(plan.units, outputs, random),
                np.zeros(outputs, np.float32),
                "sigmoid" if outputs == 1 else "softmax",
            ),
        )
    )


def model_of(prepared: TrainingData, epoch: Epoch, model_id: str) -> Model:
    """The model as it is after an epoch."""
    plan, noun = prepared.plan, CELLS[prepared.plan.cell].noun
    words, network = _with_other_names(prepared, epoch.network)
    trained = {"kind": "trained", "on": prepared.data, "epoch": epoch.epoch, "epochs": epoch.epochs}
    untrained = {"kind": "seeded", "seed": plan.seed, "epoch": 0, "epochs": epoch.epochs}
    return Model(
        id=model_id,
        title=plan.title,
        description=(
            f"{noun[0].upper()}{noun[1:]} of {plan.units} units that was trained here, as it was "
            f"after epoch {epoch.epoch} of {epoch.epochs}."
        ),
        provenance=trained if epoch.epoch else untrained,
        network=network,
        vocabulary=WordList.of(words, UNKNOWN_ROW),
        labels=prepared.labels,
        card=_card(prepared, epoch, network),
    )


def _with_other_names(prepared: TrainingData, network: Network) -> tuple[tuple[str, ...], Network]:
    """Give words that mean the same as another the other's row."""
    rows = {word: row for row, word in enumerate(prepared.words)}
    names = {
        name: rows[meant]
        for name, meant in prepared.other_names.items()
        if meant in rows and name not in rows
    }
    embedding, *others = network.layers
    if not names or not isinstance(embedding, Embedding):
        return prepared.words, network
    table = np.concatenate([embedding.table, embedding.table[list(names.values())]])
    return (*prepared.words, *names), Network((replace(embedding, table=table), *others))


def _card(prepared: TrainingData, epoch: Epoch, network: Network) -> dict[str, Any]:
    """What people should know of the model."""
    plan = prepared.plan
    accuracy = f"{epoch.accuracy:.1%} on the training sentences"
    if epoch.val_accuracy is not None:
        accuracy += f", {epoch.val_accuracy:.1%} on held-out sentences"
    parameters = sum(row.parameters for row in network.summary(1))
    answers = "after every word" if prepared.every_timestep else "at the end of the sentence"
    return {
        "task": f"Say {answers} which it is: {', '.join(prepared.labels)}.",
        "data": prepared.data,
        "size": (
            f"{len(prepared.words) - 2:,} words, {plan.features} features, {plan.units} units: "
            f"{parameters:,} weights."
        ),
        "training": (
            f"{epoch.epoch} of {epoch.epochs} epochs, Adam with a learning rate of "
            f"{plan.learning_rate:g} that falls to a tenth, seed {plan.seed}."
        ),
        "accuracy": f"{accuracy}.",
        "limits": [
            "It knows the words of its sentences; every other word is unknown to it.",
            "Its accuracy is for sentences like those of its training, and says nothing of others.",
        ],
    }
