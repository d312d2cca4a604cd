"""Training agrees with Keras and PyTorch (see fixtures/README.md), and learns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.cells import CELLS, Array, Weights
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.network import Dense, Embedding, Flatten, Network, Recurrent
from app.core.training import NOT_COUNTED, Diverged, Epoch, Examples, Hyperparameters, fit
from app.core.training.adam import Adam, clip_by_global_norm, clip_by_norm
from app.core.training.backpropagation import backward, forward
from app.core.training.examples import batches
from app.core.training.losses import cross_entropy, squared_error
from app.core.training.parameters import arrays_of, flatten, split, with_arrays
from tests.fixtures.training_cases import CLIPPING, LEARNING_RATE, STEPS, TRAINING, TrainingCase

with np.load(Path(__file__).parents[2] / "fixtures" / "training.npz") as stored:
    REFERENCE = dict(stored)

CASES = [case for case in TRAINING if case.cell in CELLS]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def network_of(case: TrainingCase) -> Network:
    w = case.weights()
    weights = Weights(w["kernel"], w["recurrent_kernel"], w["bias"])
    recurrent = Recurrent("rnn", CELLS[case.cell], weights, case.head != "last")
    activation = "sigmoid" if case.loss == "binary" else "softmax"
    dense = Dense("dense", w["dense_kernel"], w["dense_bias"], activation)
    head = (Flatten("flatten"), dense) if case.head == "flatten" else (dense,)
    return Network((Embedding("embedding", w["embedding"], case.masked), recurrent, *head))


def batch_of(case: TrainingCase, step: int) -> tuple[Array, Array]:
    tokens, labels = case.batch(step)
    return tokens, (labels[..., 0] if case.loss == "binary" else labels.argmax(-1)).astype(int)


def differentiate(network: Network, inputs: Array, labels: Array) -> tuple[float, Array]:
    """The loss, and its derivative with respect to all weights, flat."""
    flat = np.full_like(flatten(network), np.nan)  # so that what is not written shows
    run = forward(network, inputs, labels)
    backward(network, inputs, run, split(flat, network))
    return run.loss.mean, flat


def assert_within(actual: Array, expected: Array, tolerance: float) -> None:
    assert actual.shape == expected.shape
    assert np.abs(actual - expected).max() <= tolerance


@every_case
def test_gradients_agree_with_the_frameworks(case):
    _, flat = differentiate(network_of(case), *batch_of(case, 0))
    assert_within(flat, REFERENCE[f"{case.name}/gradients"], 1e-10)


@every_case
def test_what_a_network_says_agrees_with_the_frameworks(case):
    said = network_of(case).run(batch_of(case, 0)[0]).by_timestep
    assert said is not None
    said = said if case.head == "every" else said[:, -1]
    assert_within(said, REFERENCE[f"{case.name}/output"], 1e-10)


@pytest.mark.parametrize(
    ("case", "training"),
    [(case, training) for case in CASES for training in case.trainings],
    ids=lambda part: getattr(part, "name", part),
)
def test_five_steps_of_adam_agree_with_the_frameworks(case, training):
    network = network_of(case)
    flat = flatten(network)
    network = with_arrays(network, split(flat, network))
    adam, losses = Adam(flat), []
    for step in range(STEPS):
        loss, gradient = differentiate(network, *batch_of(case, step))
        losses.append(loss)
        if limit := CLIPPING[training].get("clipnorm"):
            clip_by_norm(split(gradient, network), limit)
        if limit := CLIPPING[training].get("global_clipnorm"):
            clip_by_global_norm(gradient, limit)
        adam.step(gradient, LEARNING_RATE)
    assert_within(flat, REFERENCE[f"{case.name}/{training}"], 1e-10)
    if training == "adam":
        assert_within(np.array(losses), REFERENCE[f"{case.name}/losses"], 1e-10)


@every_case
def test_gradients_of_every_array_are_the_central_differences_of_the_loss(case):
    network, (inputs, labels) = network_of(case), batch_of(case, 0)
    _, gradient = differentiate(network, inputs, labels)
    flat, by_difference = flatten(network), np.empty_like(gradient)
    for k in range(flat.size):
        losses = []
        for sign in (1, -1):
            moved = flat.copy()
            moved[k] += sign * 1e-5
            other = with_arrays(network, split(moved, network))
            losses.append(forward(other, inputs, labels).loss.mean)
        by_difference[k] = (losses[0] - losses[1]) / 2e-5
    for found, expected in zip(
        split(gradient, network), split(by_difference, network), strict=True
    ):
        scale = np.abs(expected).max()
        assert scale > 1e-3
        assert np.abs(found - expected).max() <= 1e-7 * max(1, scale)


def test_stacked_layers_pass_their_gradients_down():
    case = next(c for c in CASES if c.name == "lstm-last-binary-masked")
    embedding, first, dense = network_of(case).layers
    random = np.random.RandomState(3)
    drawn = draw_weights(CELLS["simple_rnn"], 3, 3, random)
    w = Weights(*(a.astype(float) for a in (drawn.kernel, drawn.recurrent_kernel, drawn.bias)))
    second = Recurrent("second", CELLS["simple_rnn"], w, return_sequences=False)
    network = Network((embedding, replace(first, return_sequences=True), second, dense))
    inputs, labels = batch_of(case, 0)
    _, gradient = differentiate(network, inputs, labels)
    flat, direction = flatten(network), random.standard_normal(gradient.size)
    losses = [
        forward(with_arrays(network, split(flat + s, network)), inputs, labels).loss.mean
        for s in (1e-6 * direction, -1e-6 * direction)
    ]
    slope = (losses[0] - losses[1]) / 2e-6
    assert abs(slope) > 1e-2
    assert abs(gradient @ direction - slope) <= 1e-7 * max(1, abs(slope))


@pytest.mark.parametrize("outputs", [1, 3])
def test_cross_entropy_of_huge_logits_is_finite_and_exact(outputs):
    logits = np.full((2, outputs), -1e4)
    logits[0, 0], logits[1, -1] = 1e4, 1e4
    wrong, right = np.array([0, 0]), np.array([1, 1]) if outputs == 1 else np.array([0, 2])
    assert cross_entropy(logits, right).mean == 0
    assert cross_entropy(logits, right).correct == 2
    # both sigmoids are wrong by 1e4; one softmax of two is, by 2e4
    assert cross_entropy(logits, wrong).mean == 1e4
    assert np.isfinite(cross_entropy(logits, wrong).d_logits).all()


def test_a_label_that_is_not_counted_has_no_part_in_loss_accuracy_and_gradient():
    logits = np.array([[0.3, 0.1], [2.0, -1.0], [0.5, 0.9]])
    whole = cross_entropy(logits[[0, 2]], np.array([0, 0]))
    part = cross_entropy(logits, np.array([0, NOT_COUNTED, 0]))
    assert part[:3] == pytest.approx(whole[:3])
    assert np.all(part.d_logits[1] == 0)
    assert_within(part.d_logits[[0, 2]], whole.d_logits, 1e-15)


def test_squared_error_counts_the_numbers_that_are_there_and_its_gradient_is_its_difference():
    random = np.random.RandomState(4)
    outputs, targets = random.standard_normal((2, 5, 2))
    whole = squared_error(outputs, targets)
    assert whole.mean == pytest.approx(float(((outputs - targets) ** 2).mean()))
    assert (whole.correct, whole.counted) == (None, 5)
    targets[3, 1] = np.nan
    loss = squared_error(outputs, targets)
    assert (loss.counted, loss.d_logits[3].tolist()) == (4, [0, 0])
    direction = random.standard_normal(outputs.shape)
    ahead, behind = (squared_error(outputs + s * direction, targets).mean for s in (1e-5, -1e-5))
    assert (ahead - behind) / 2e-5 == pytest.approx(float((loss.d_logits * direction).sum()))


# --- fit -----------------------------------------------------------------------------------------


def first_word(count: int = 160, every: bool = False, longest: int = 7) -> Examples:
    """Sequences of words, 4 to 9; the label says whether 4, 5, 6 or 7, 8, 9 came first."""
    random = np.random.RandomState(5)
    lengths = random.randint(2, longest + 1, count)
    sequences = [random.randint(4, 10, length).tolist() for length in lengths]
    labels = [int(words[0] > 6) for words in sequences]
    if not every:
        return Examples.of(sequences, labels)
    return Examples.of(sequences, [[b] * n for b, n in zip(labels, lengths, strict=True)])


def small_network(
    cell: str = "lstm", head: str = "last", outputs: int = 1, masked: bool = True
) -> Network:
    random = np.random.RandomState(2)
    row = CELLS[cell]
    inputs = 4 * 7 if head == "flatten" else 4
    dense = Dense(
        "dense",
        glorot_uniform(inputs, outputs, random),
        np.zeros(outputs, np.float32),
        "sigmoid" if outputs == 1 else "softmax",
    )
    recurrent = Recurrent("rnn", row, draw_weights(row, 3, 4, random), head != "last")
    flat = (Flatten("flatten"),) if head == "flatten" else ()
    embedding = Embedding("embedding", glorot_uniform(10, 3, random), masked)
    return Network((embedding, recurrent, *flat, dense))


def last_of(epochs: Iterator[Epoch]) -> Epoch:
    *_, last = epochs
    return last


def consume(epochs: Iterator[Epoch], seen: list[Epoch]) -> None:
    for epoch in epochs:
        seen.append(epoch)  # one by one, so that they stay if the next one raises


@pytest.mark.parametrize("masked", [True, False], ids=["masked", "unmasked"])
@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("head", ["last", "every", "flatten"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_kind_of_network_learns_and_says_the_same_of_a_sequence_without_its_padding(
    cell, head, outputs, masked
):
    longest = 7 if cell == "lstm" else 4  # a simple RNN does not remember for long
    examples = first_word(every=head == "every", longest=longest)
    network = small_network(cell, head, outputs, masked)
    settings = Hyperparameters(epochs=15, learning_rate=0.03)
    epochs = list(fit(network, examples, settings))
    first, last = epochs[0].accuracy, epochs[-1].accuracy
    assert first is not None
    assert last is not None
    assert last > 0.97 > first
    assert epochs[-1].loss < 0.5 * epochs[0].loss
    right, lengths = 0, examples.lengths()
    for length in np.unique(lengths):
        same = lengths == length
        said = epochs[-1].network.run(examples.inputs[same, :length]).by_timestep
        assert said is not None
        truth = examples.labels[same, length - 1] if head == "every" else examples.labels[same]
        last = said[:, -1]
        right += ((last[:, 0] > 0.5 if outputs == 1 else last.argmax(axis=-1)) == truth).sum()
    assert right / len(examples) > 0.97


def test_a_network_learns_to_foretell_numbers():
    """Each is the one before it halved, but for the first; of two features, each in its turn."""
    first = np.random.RandomState(5).uniform(-1, 1, (200, 1, 2))
    series = (first * 0.5 ** np.arange(7)[:, np.newaxis]).astype(np.float32)
    labels = series[:, 1:].copy()
    labels[:, -1] = np.nan  # the last is not known
    cell = CELLS["gru"]
    random = np.random.RandomState(6)
    network = Network(
        (
            Recurrent("gru", cell, draw_weights(cell, 2, 6, random), return_sequences=True),
            Dense("dense", glorot_uniform(6, 2, random), np.zeros(2, np.float32), "linear"),
        )
    )
    settings = Hyperparameters(epochs=20, learning_rate=0.02)
    epochs = list(fit(network, Examples(series[:, :-1], labels), settings))
    assert epochs[-1].accuracy is None
    assert epochs[-1].loss < 0.02 * epochs[0].loss
    said = epochs[-1].network.run(series[:, :5]).by_timestep
    assert said is not None
    assert np.abs(said - series[:, 1:6]).mean() < 0.05


def test_the_same_seed_gives_the_same_bits_and_another_seed_others():
    def train(seed: int) -> Array:
        settings = Hyperparameters(epochs=2, validation_split=0.2, seed=seed)
        return flatten(last_of(fit(small_network(), first_word(), settings)).network)

    assert train(1).tobytes() == train(1).tobytes()
    assert train(1).tobytes() != train(2).tobytes()


def test_epochs_count_from_the_untrained_network_and_keep_snapshots_of_their_own():
    network = small_network()
    before = flatten(network).tobytes()
    epochs = list(fit(network, first_word(), Hyperparameters(epochs=3, validation_split=0.25)))
    assert [(e.epoch, e.epochs) for e in epochs] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert flatten(network).tobytes() == before == flatten(epochs[0].network).tobytes()
    assert len({flatten(e.network).tobytes() for e in epochs}) == 4
    assert epochs[-1].seconds_left == 0
    assert 0 < epochs[1].seconds_left < 60
    assert all(e.val_loss is not None for e in epochs)
    assert all(e.accuracy is not None and 0 <= e.accuracy <= 1 for e in epochs)


def test_validation_figures_are_those_of_the_snapshot_on_the_examples_put_aside():
    examples, aside = first_word(100), first_word(30)
    last = last_of(fit(small_network(), examples, Hyperparameters(epochs=2), aside))
    loss = forward(last.network, aside.inputs, aside.labels).loss
    assert last.val_loss == pytest.approx(loss.mean, rel=1e-5)
    assert loss.correct is not None
    assert last.val_accuracy == loss.correct / 30


def test_a_running_average_of_the_weights_is_what_epochs_hand_out_and_are_judged_by():
    examples, aside = first_word(100), first_word(30)
    settings = Hyperparameters(epochs=3, batch_size=100)  # one step an epoch
    steps = [flatten(e.network) for e in fit(small_network(), examples, settings)]
    averaging = replace(settings, ema_momentum=0.75)
    epochs = list(fit(small_network(), examples, averaging, aside))
    expected = steps[0]
    for step, epoch in zip(steps, epochs, strict=True):
        expected = 0.75 * expected + 0.25 * step
        np.testing.assert_allclose(flatten(epoch.network), expected, atol=1e-6)
        loss = forward(epoch.network, aside.inputs, aside.labels).loss
        assert epoch.val_loss == pytest.approx(loss.mean, rel=1e-5)


def test_weight_decay_takes_its_share_of_every_weight_after_each_step():
    examples = first_word(100)
    settings = Hyperparameters(epochs=1, batch_size=100, learning_rate=0.01)  # one step
    plain = last_of(fit(small_network(), examples, settings))
    decayed = last_of(fit(small_network(), examples, replace(settings, weight_decay=0.5)))
    expected = flatten(plain.network) * (1 - 0.01 * 0.5)
    np.testing.assert_allclose(flatten(decayed.network), expected, rtol=1e-6)


def test_training_stops_early_and_the_best_epoch_is_that_of_the_lowest_validation_loss():
    examples = first_word(40)
    noise = Examples(examples.inputs[:20], 1 - examples.labels[:20])  # learning makes it worse
    settings = Hyperparameters(epochs=50, learning_rate=0.03, patience=3)
    epochs = list(fit(small_network(), examples, settings, noise))
    judged = [e.val_loss for e in epochs]
    best = int(np.argmin(np.array(judged)))
    assert len(epochs) == best + 3 + 1 < 51
    assert epochs[-1].best_epoch == best
    assert epochs[-1].best_network is epochs[best].network


@pytest.mark.parametrize("rate", [1e9, 1e38])
def test_training_that_diverges_says_so_and_carries_the_last_finite_epoch(rate):
    epochs = []
    training = fit(small_network(), first_word(), Hyperparameters(learning_rate=rate))
    with pytest.raises(Diverged, match="lower than 1e\\+") as caught:
        consume(training, epochs)
    assert caught.value.last is epochs[-1]
    assert np.isfinite(flatten(caught.value.last.network)).all()
    assert f"after epoch {epochs[-1].epoch} is kept" in caught.value.detail


def test_a_head_that_cannot_be_trained_is_refused():
    *layers, dense = small_network().layers
    hidden = Dense("hidden", np.ones((4, 4), np.float32), np.ones(4, np.float32), "sigmoid")
    network = Network((*layers, hidden, dense))
    with pytest.raises(ValueError, match="head"):
        next(fit(network, first_word(), Hyperparameters()))


@pytest.mark.parametrize("same_length", [True, False])
def test_batches_hold_every_example_once_and_no_more_padding_than_they_must(same_length):
    examples = first_word()
    numbered = Examples(examples.inputs, np.arange(len(examples)))
    seen, padding = [], 0
    for batch in batches(numbered, 16, same_length, np.random.RandomState(0)):
        lengths = batch.lengths()
        assert len(batch) <= 16
        assert batch.inputs.shape[1] == lengths.max()
        padding += int((batch.inputs == 0).sum())
        seen += batch.labels.tolist()
    assert sorted(seen) == list(range(len(examples)))
    assert seen != sorted(seen)
    assert padding == 0 if same_length else padding < (examples.inputs == 0).sum() / 3


@pytest.mark.parametrize("labels", [[0], [0, 1, 0], [[0, 1], [1]], [[0, 1], [1, 1, 1]]])
def test_labels_that_do_not_fit_their_sequences_are_refused(labels):
    assert len(Examples.of([[4, 5], [6, 7]], [[0, 1], [1, 1]])) == 2
    with pytest.raises(ValueError, match="label"):
        Examples.of([[4, 5], [6, 7]], labels)


def test_arrays_go_out_and_back_in_the_same_order():
    network = small_network(head="flatten", outputs=2)
    again = with_arrays(network, [array + 1 for array in arrays_of(network)])
    for before, after in zip(arrays_of(network), arrays_of(again), strict=True):
        assert np.array_equal(after, before + 1)
