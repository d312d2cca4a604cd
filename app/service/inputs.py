"""What a request brings, checked against the model and turned into arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..core.cells import Array
from ..core.errors import BadInput, TooLarge, shorten, some_of
from ..core.model import Model
from ..core.network import Network, Recurrent
from ..core.pins import Pin, hold
from ..settings import Settings
from .cost import check_length
from .question import LARGEST, StepQuestion


def read_inputs(
    wanted: StepQuestion, model: Model, settings: Settings
) -> tuple[list[dict[str, Any]], Array]:
    """The tokens to show and the array to run."""
    given = [
        name for name in ("sentence", "token_ids", "inputs") if getattr(wanted, name) is not None
    ]
    if len(given) != 1:
        came = " and ".join(given) or "none of them"
        raise BadInput(f"Send exactly one of sentence, token_ids and inputs; {came} came.")
    if model.network.embedding is None:
        if wanted.inputs is None:
            raise BadInput(f"The model {model.id} reads numbers, not words. Send inputs.")
        check_length(len(wanted.inputs), model, settings)
        return _read_numbers(wanted.inputs, model)
    if wanted.inputs is not None:
        raise BadInput(
            f"The model {model.id} reads words. Send a sentence or token_ids, not inputs."
        )
    if wanted.token_ids is not None:
        check_length(len(wanted.token_ids), model, settings)
        tokens = _read_ids(wanted.token_ids, model)
    else:
        tokens = _read_words(wanted.sentence or "", model, settings)
    tokens = _pad(tokens, {"text": PADDING, "id": 0, "known": True, "padded": True}, model)
    return tokens, np.array([[token["id"] for token in tokens]])


PADDING = "(padding)"
"""What stands in front of a sequence that is shorter than a model of fixed length reads."""


def _read_ids(ids: Sequence[int], model: Model) -> list[dict[str, Any]]:
    embedding, vocabulary = model.network.embedding, model.vocabulary
    rows = len(embedding.table) if embedding else 0
    if not ids:
        raise BadInput("token_ids is empty. Send at least one id.")
    for position, token_id in enumerate(ids):
        if not 0 <= token_id < rows:
            raise BadInput(
                f"token_ids.{position} is {shorten(str(token_id))[1:-1]}, but the embedding "
                f"has rows 0 to {rows - 1:,}."
            )
    words = [vocabulary.word_of(i) if vocabulary else None for i in ids]
    return [{"text": w or str(i), "id": i, "known": True} for w, i in zip(words, ids, strict=True)]


def _read_words(sentence: str, model: Model, settings: Settings) -> list[dict[str, Any]]:
    vocabulary = model.vocabulary
    if vocabulary is None:
        raise BadInput(
            f"The model {model.id} has no vocabulary, so words cannot be read. Send token_ids, or "
            "import it again together with its vocabulary."
        )
    if len(sentence) > settings.max_characters:
        raise TooLarge(
            f"The sentence has {len(sentence):,} characters; the limit is "
            f"{settings.max_characters:,}. Send a shorter one."
        )
    words = vocabulary.split(sentence)
    check_length(len(words), model, settings)
    if not any(text.strip() for text, _ in words):
        raise BadInput(
            "The sentence has no words left after punctuation and spaces are removed. "
            "Type at least one word."
        )
    return [
        {
            "text": word.text,
            "id": vocabulary.id_of(word.key),
            "known": vocabulary.knows(word.key),
        }
        for word in words
    ]


def _read_numbers(
    inputs: Sequence[Sequence[float]], model: Model
) -> tuple[list[dict[str, Any]], Array]:
    """Tokens that are the timesteps' numbers, and (1, timesteps, features)."""
    features = model.network.features
    if not inputs:
        raise BadInput("inputs is empty. Send at least one timestep.")
    for position, row in enumerate(inputs):
        if len(row) != features:
            raise BadInput(
                f"inputs.{position} has {len(row):,} numbers, but the model {model.id} reads "
                f"{features} a timestep."
            )
    rows = np.asarray(inputs, float)
    if not (abs(rows) <= LARGEST).all():  # nor NaN
        timestep, feature = np.argwhere(~(abs(rows) <= LARGEST))[0]
        raise BadInput(
            f"inputs.{timestep}.{feature} must be a finite number of at most {LARGEST:g} "
            f"(got {rows[timestep, feature]})."
        )
    tokens = numbered(len(inputs))
    padded = _pad(tokens, {"text": PADDING, "id": None, "known": True, "padded": True}, model)
    array = np.zeros((1, len(padded), features), np.float32)
    array[0, len(padded) - len(tokens) :] = rows
    return padded, array


def numbered(timesteps: int) -> list[dict[str, Any]]:
    """Timesteps without words: their numbers in place of them."""
    return [{"text": str(t), "id": None, "known": True} for t in range(1, timesteps + 1)]


def _pad(tokens: list[dict[str, Any]], padding: dict[str, Any], model: Model) -> list:
    """Fill a sequence up to a fixed length, in front, as Keras's `pad_sequences` does."""
    length = model.network.fixed_timesteps
    if length is None:
        return tokens
    if len(tokens) > length:
        raise BadInput(
            f"{len(tokens):,} timesteps came, but the model {model.id} has weights for {length}. "
            "Send a shorter sequence."
        )
    return [padding] * (length - len(tokens)) + tokens


def check_limits(network: Network, settings: Settings) -> None:
    """Refuse a model none of whose sequences could be answered.

    Raises
    ------
    TooLarge
        Naming the limit that is in the way, and what to do.
    """
    fixed, repeats = network.fixed_timesteps, network.repeats
    for layer in network.recurrent.values():
        timesteps = fixed or 1
        what = "reads"
        if repeats and network.timesteps_of(layer.name, 0):
            timesteps, what = repeats.timesteps, "writes"
        if timesteps > settings.max_tokens:
            raise TooLarge(
                f"The model {what} sequences of {timesteps:,} timesteps and no others, but "
                f"this server answers at most {settings.max_tokens:,} timesteps at a time, so that "
                "no request to it could be answered. Bring a model for shorter sequences, or run a "
                f"server of your own with LSTM_VIZ_MAX_TOKENS={timesteps}."
            )
        numbers = timesteps * max(layer.weights.units, layer.weights.features)
        if numbers > settings.max_numbers:
            raise TooLarge(
                f"The layer {layer.name} has {numbers:,} numbers in one array for the "
                f"{timesteps:,} timesteps of the model, but this server answers at most "
                f"{settings.max_numbers:,}, so that no request to it could be answered. Run a "
                f"server of your own with LSTM_VIZ_MAX_NUMBERS={numbers}."
            )


def read_initial_states(
    given: Mapping[str, Any], layer: Recurrent, model: Model
) -> dict[str, dict[str, Array]]:
    """The states to start from, by the layers' names.

    Parameters
    ----------
    given : the state of `layer`; or under `layers` those of several, which then count
    """
    recurrent = model.network.recurrent
    named = dict(given.get("layers") or {})
    own = {name: part for name, part in given.items() if name != "layers"}
    if own and not named:
        named[layer.name] = own
    if unknown := named.keys() - recurrent.keys():
        raise BadInput(
            f"initial_state.layers has {shorten(min(unknown))}, but the model {model.id} has the "
            f"recurrent layers {some_of(list(recurrent))}."
        )
    if not named:
        raise BadInput("initial_state is empty. Send hidden_state, or leave it out for zeros.")
    return {name: _read_state(state, recurrent[name]) for name, state in named.items()}


def _read_state(state: Mapping[str, Sequence[float]], layer: Recurrent) -> dict[str, Array]:
    """One layer's state, each part (1, units), a projected hidden state (1, hidden)."""
    w, arrays = layer.weights, {}
    for name in layer.cell.states:
        numbers = state.get(name)
        length = w.hidden if name == "hidden_state" else w.units
        if numbers is None or len(numbers) != length:
            came = "nothing" if numbers is None else f"{len(numbers):,} numbers"
            each = "one for each unit" if length == w.units else "as the projection gives them,"
            raise BadInput(
                f"initial_state.{name} must have {length} numbers, {each} of the layer "
                f"{layer.name}; {came} came."
            )
        arrays[name] = np.array([numbers], layer.weights.dtype)
    return arrays


def read_pins(pins: Sequence[Pin], layer: Recurrent, timesteps: int) -> dict[str, Array]:
    """The values to hold the layer's gates at, as its cell takes them."""
    return hold(layer.cell, timesteps, layer.weights.units, pins)
