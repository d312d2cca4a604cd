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
from .cards import make_card
from .forecasting import Scale, rolled_out, series_examples
from .plan import TrainingPlan
from .writing import WINDOW, characters_of, text_examples, written_sample

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
    scale : of a series, that of its examples
    """

    plan: TrainingPlan
    words: tuple[str, ...]
    labels: tuple[str, ...]
    examples: Examples
    validation: Examples | None
    every_timestep: bool
    data: str
    other_names: Mapping[str, str] = field(default_factory=dict)
    scale: Scale | None = None


def prepare(plan: TrainingPlan) -> TrainingData:
    """Make the examples of a plan."""
    if plan.text:
        return _from_text(plan)
    if plan.series:
        return _from_series(plan)
    return _from_grammar(plan) if plan.grammar else _from_sentences(plan)


def _from_text(plan: TrainingPlan) -> TrainingData:
    labels = characters_of(plan.text)
    words = ("", UNKNOWN, *labels)
    examples, validation = text_examples(plan.text, words)
    aside = f", the last {len(validation)} held out to judge it by" if validation else ""
    data = (
        f"A text of {len(plan.text):,} characters, {len(labels)} different ones, in stretches of "
        f"{WINDOW}{aside}."
    )
    return TrainingData(plan, words, labels, examples, validation, every_timestep=True, data=data)


def _from_series(plan: TrainingPlan) -> TrainingData:
    rows = np.array(plan.series, np.float64)
    scale, width = Scale.of(rows), rows.shape[1]
    examples, validation = series_examples(plan.series, scale)
    labels = tuple(f"next {k}" for k in range(width)) if width > 1 else ("next number",)
    data = (
        f"A series of {len(rows):,} timesteps of {width}, the last fifth held out to judge it by."
    )
    return TrainingData(
        plan, (), labels, examples, validation, every_timestep=True, data=data, scale=scale
    )


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
    loss = epoch.loss if epoch.val_loss is None else epoch.val_loss
    return epoch.epoch > 0, epoch.val_accuracy or 0.0, -loss


def draw_network(prepared: TrainingData) -> Network:
    """Embedding, recurrent layer and head, with weights drawn from the plan's seed."""
    plan = prepared.plan
    random, cell = np.random.RandomState(plan.seed), CELLS[plan.cell]
    if prepared.scale is not None:
        return _draw_forecaster(plan, len(prepared.labels), random)
    table = glorot_uniform(len(prepared.words), plan.features, random)
    if not prepared.every_timestep:
        table[UNKNOWN_ROW] = 0  # no example has it, so it should say nothing
    outputs = 1 if len(prepared.labels) == 2 and not plan.text else len(prepared.labels)
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


def _draw_forecaster(plan: TrainingPlan, width: int, random: np.random.RandomState) -> Network:
    cell = CELLS[plan.cell]
    kernel = glorot_uniform(plan.units, width, random)
    weights = draw_weights(cell, width, plan.units, random)
    return Network(
        (
            Recurrent(cell.name, cell, weights, return_sequences=True),
            Dense("dense", kernel, np.zeros(width, np.float32), "linear"),
        )
    )


def model_of(prepared: TrainingData, epoch: Epoch, model_id: str) -> Model:
    """The model as it is after an epoch."""
    plan, noun = prepared.plan, CELLS[prepared.plan.cell].noun
    words, network = _with_other_names(prepared, epoch.network)
    if prepared.scale is not None:
        network = prepared.scale.inside(network)
    splitting = "characters" if plan.text else "words"
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
        vocabulary=WordList.of(words, UNKNOWN_ROW, splitting) if words else None,
        labels=prepared.labels,
        card=make_card(prepared, epoch, network),
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


def sample_of(prepared: TrainingData, model: Model) -> dict[str, Any]:
    """What a model that writes or forecasts makes of its own text or series after an epoch.

    Returns
    -------
    `sample`, a text, or `forecast`, see `rolled_out`; nothing of a model that does neither
    """
    plan = prepared.plan
    if plan.text:
        return {"sample": written_sample(model, plan.text, plan.seed)}
    return {"forecast": rolled_out(model.network, plan.series)} if plan.series else {}
