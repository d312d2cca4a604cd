"""Many sequences at once, against each by itself: every kind of layer, both directions."""

import numpy as np
import pytest

from app.core.cells import CELLS
from app.core.cells.activated import with_activations
from app.core.cells.initial import draw_weights
from app.core.errors import BadInput
from app.core.model import Model
from app.core.network import (
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Network,
    Pooling,
    Recurrent,
)
from app.core.text import WordList
from app.corpus.blocks import run_sequences
from app.corpus.plan import quantities
from app.corpus.sequences import Sequence
from app.service.question import StepQuestion
from app.service.step import Task
from app.settings import Settings

FEATURES, UNITS, ROWS = 4, 5, 30
WORDS = WordList.of(("", "[unknown]", *(f"w{i}" for i in range(ROWS - 2))), 1)


def layer(name: str, features: int, cell: str = "lstm", **options) -> Recurrent:
    made = CELLS[cell]
    weights = draw_weights(made, features, UNITS, np.random.RandomState(len(name)))
    return Recurrent(name, made, weights, **{"return_sequences": True, **options})


def table(mask_zero: bool = False) -> Embedding:
    random = np.random.RandomState(0)
    return Embedding(
        "embedding", random.uniform(-1, 1, (ROWS, FEATURES)).astype(np.float32), mask_zero
    )


def dense(inputs: int) -> Dense:
    kernel = np.random.RandomState(9).uniform(-1, 1, (inputs, 3)).astype(np.float32)
    return Dense("dense", kernel, np.zeros(3, np.float32), "softmax")


def both(name: str, features: int, **options) -> Bidirectional:
    one = layer(f"{name}/forward", features, **options)
    other = layer(f"{name}/backward", features, go_backwards=True, **options)
    return Bidirectional(name, one, other)


NETWORKS = {
    "lstm": (table(), layer("lstm", FEATURES), dense(UNITS)),
    "gru, last state": (table(), layer("g", FEATURES, "gru", return_sequences=False), dense(UNITS)),
    "coupled": (table(), layer("c", FEATURES, "lstm_coupled"), dense(UNITS)),
    "masked": (table(mask_zero=True), layer("lstm", FEATURES), dense(UNITS)),
    "stack": (table(), layer("one", FEATURES), layer("second", UNITS, "gru"), dense(UNITS)),
    "backwards": (table(), layer("b", FEATURES, go_backwards=True), dense(UNITS)),
    "both directions": (table(), both("both", FEATURES), dense(2 * UNITS)),
    "both, last": (table(), both("both", FEATURES), LastTimestep("last"), dense(2 * UNITS)),
    "both, states": (table(), both("both", FEATURES, return_sequences=False), dense(2 * UNITS)),
    "pooled": (table(), layer("lstm", FEATURES), Pooling("pool", "average"), dense(UNITS)),
    "flat": (table(), layer("lstm", FEATURES), Flatten("flatten"), dense(UNITS * 20)),
    "fixed": (table(), layer("lstm", FEATURES), Flatten("flatten", 12), dense(UNITS * 12)),
}


def model_of(layers) -> Model:
    return Model(
        id="made",
        title="Made",
        description="",
        provenance={"kind": "seeded"},
        network=Network(layers),
        vocabulary=WORDS,
        labels=("a", "b", "c"),
    )


@pytest.mark.parametrize("name", NETWORKS)
def test_a_block_computes_what_each_sequence_computes_alone(name):
    model = model_of(NETWORKS[name])
    random, sequences = np.random.RandomState(1), []
    for number in range(90):
        ids = random.randint(1, ROWS, 1 + number % 12).tolist()
        words = [f"w{i - 2}" for i in ids]
        sequences.append(Sequence(number, None, ids, None, words, words))
    wanted = {each: quantities(made) for each, made in model.network.recurrent.items()}
    rows = run_sequences(model, sequences, wanted)
    at = 0
    for sequence in sequences:
        probabilities = np.empty(0)
        for each, kept in wanted.items():
            question = StepQuestion(token_ids=sequence.ids, model="made", layer=each)
            answer = Task.of(question, model, Settings()).answer()
            steps = answer["steps"][-sequence.timesteps :]  # without the padding in front
            for quantity in kept:
                alone = np.array([step[quantity] for step in steps])
                kept_rows = rows.layers[each][quantity][at : at + len(steps)]
                bound = 2.0**-11 * np.maximum(np.abs(alone), 2.0**-14) + 1e-6
                assert (np.abs(kept_rows - alone) <= bound).all(), (each, quantity)
            probabilities = np.array(answer["prediction"]["probabilities"])
        last = at + sequence.timesteps - 1
        assert rows.probability[last] == pytest.approx(probabilities.max(), abs=1e-5)
        assert rows.answer[last] == probabilities.argmax()
        at += sequence.timesteps


def test_two_texts_that_begin_alike_have_the_same_numbers_to_the_last_bit():
    model = model_of(NETWORKS["lstm"])
    random, sequences = np.random.RandomState(2), []
    beginning = random.randint(1, ROWS, 6).tolist()
    for number in range(200):
        ids = beginning + random.randint(1, ROWS, number % 30).tolist()
        sequences.append(Sequence(number, None, ids, None, [str(i) for i in ids], None))
    rows = run_sequences(model, sequences, {"lstm": ("hidden_state",)}).layers["lstm"]
    starts = np.cumsum([0] + [sequence.timesteps for sequence in sequences[:-1]])
    begun = np.stack([rows["hidden_state"][start : start + 6] for start in starts])
    assert (begun == begun[0]).all()


def test_numbers_beyond_what_is_kept_are_refused():
    weights = draw_weights(CELLS["simple_rnn"], 1, 2, np.random.RandomState(0))
    weights.kernel[:] = 1e6
    cell = with_activations("simple_rnn", "relu", "sigmoid")
    model = model_of((Recurrent("r", cell, weights, return_sequences=True),))
    sequence = Sequence(0, None, None, np.full((3, 1), 1e3, np.float32), ["1", "2", "3"], None)
    with pytest.raises(BadInput, match="grow beyond 65,504"):
        run_sequences(model, [sequence], {"r": ("hidden_state",)})
