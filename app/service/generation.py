"""What a model writes, or foretells, from where a sequence ends."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, NamedTuple

import numpy as np

from ..core.cells import Array
from ..core.errors import BadInput, TooLarge
from ..core.generation import Choice, Reader, Sampling, forecast, write
from ..core.model import Model
from ..core.network import Flatten, Pooling
from ..core.text import WordList
from ..settings import Settings
from .cost import check_cost
from .inputs import read_initial_states, read_inputs
from .question import StepQuestion

ALTERNATIVES = 8
"""How many of the likeliest tokens stand beside the one that was chosen."""
HOTTEST = 100.0
DEFAULT_LENGTH = 60


@dataclass(frozen=True)
class GenerateQuestion:
    """What `/api/generate` takes; the names are those of the wire.

    Attributes
    ----------
    sentence, token_ids, inputs : exactly one of them, what stands before
    length : how many tokens or timesteps
    temperature, top_k : see `Sampling`
    seed : of the choices; one at random if None
    initial_state : what the layers start from, as the `state` of an earlier answer has it
    offset : the token id of the first output; what was recognised if None
    """

    model: str
    sentence: str | None = None
    token_ids: Sequence[int] | None = None
    inputs: Sequence[Sequence[float]] | None = None
    length: int = DEFAULT_LENGTH
    temperature: float = 1.0
    top_k: int | None = None
    seed: int | None = None
    initial_state: Mapping[str, Any] | None = None
    offset: int | None = None


class Next(NamedTuple):
    """What a model's outputs say of the next timestep.

    Attributes
    ----------
    kind : "tokens", one probability for each; "one_hot", the same for a model that reads a one at
        its token's place; "numbers", the next timestep's
    token_ids : (outputs,), which id each output speaks of
    recognised : how that was told, in words
    """

    kind: Literal["tokens", "one_hot", "numbers"]
    token_ids: Array
    recognised: str


def next_of(model: Model, offset: int | None = None) -> Next:
    """What the outputs of a model say of the next timestep.

    Parameters
    ----------
    offset : the token id of output 0, where it is known better

    Raises
    ------
    BadInput
        For a model that says nothing of it, and why.
    """
    network = model.network
    if not network.head:
        raise BadInput(f"The model {model.id} has no head, and so says nothing of what comes next.")
    if not network.predicts_prefixes or any(
        isinstance(x, (Flatten, Pooling)) for x in network.head
    ):
        raise BadInput(
            f"The model {model.id} needs the whole sequence for each answer (it reads backwards, "
            "has a fixed length, or its head reads all timesteps), so it cannot go on step by step."
        )
    outputs = network.outputs
    if network.embedding is None:
        return _of_numbers(model, outputs)
    rows, vocabulary = len(network.embedding.table), model.vocabulary
    if offset is not None:
        if not 0 <= offset <= rows - outputs:
            raise BadInput(
                f"offset is {offset}, but the {outputs} outputs and {rows:,} token ids of the "
                f"model {model.id} leave 0 to {rows - outputs}."
            )
        return Next(
            "tokens", np.arange(outputs) + offset, f"output 0 is token id {offset}, as asked"
        )
    if (
        isinstance(vocabulary, WordList)
        and outputs > 1
        and all(map(vocabulary.knows, model.labels))
    ):
        ids = np.array([vocabulary.id_of(label) for label in model.labels])
        return Next("tokens", ids, "its labels are tokens of its vocabulary")
    if outputs == rows and outputs > 2:
        said = f"it has an output for each of its {rows:,} token ids"
        return Next("tokens", np.arange(outputs), said)
    raise BadInput(
        f"The model {model.id} does not predict the next token: it has {outputs} "
        f"output{'s' * (outputs != 1)} for {rows:,} token ids, and its labels are no tokens. If "
        "its outputs are the tokens from some id on, send that id as offset."
    )


def _of_numbers(model: Model, outputs: int) -> Next:
    network, features = model.network, model.network.features
    if outputs != features:
        raise BadInput(
            f"The model {model.id} reads {features} numbers a timestep and gives {outputs}, so its "
            "answer cannot be read as the next timestep."
        )
    if network.gives_probabilities and outputs > 1:
        said = f"it reads {features} numbers and gives as many probabilities: one token each"
        return Next("one_hot", np.arange(outputs), said)
    said = f"it reads {features} number{'s' * (features > 1)} a timestep and gives as many"
    return Next("numbers", np.arange(outputs), said)


def _text_of(model: Model, found: Next, output: int) -> str:
    """The token that an output speaks of."""
    token_id = int(found.token_ids[output])
    word = model.vocabulary.word_of(token_id) if model.vocabulary else None
    if word is None and found.kind == "one_hot":
        word = model.labels[output]
    return str(token_id) if word is None else word


MOST_TEXTS = 2_000
"""Tokens of a vocabulary that are named in a model's summary."""


def next_row(model: Model) -> dict[str, Any] | None:
    """What a model's outputs say of the next timestep; null where they say nothing of it.

    Returns
    -------
    `kind` and `recognised` as in `Next`, and of tokens `texts`, which each output speaks of, or
    null where there are too many
    """
    try:
        found = next_of(model)
    except BadInput:
        return None
    row = {"kind": found.kind, "recognised": found.recognised}
    if found.kind == "numbers":
        return row
    few = len(found.token_ids) <= MOST_TEXTS
    texts = [_text_of(model, found, k) for k in range(len(found.token_ids))] if few else None
    return row | {"texts": texts}


@dataclass(frozen=True)
class Generation:
    """A request that has been checked against its model: nothing can go wrong from here on."""

    model: Model
    next: Next
    inputs: Array
    reader: Reader
    length: int
    sampling: Sampling
    seed: int

    @classmethod
    def of(cls, wanted: GenerateQuestion, model: Model, settings: Settings) -> Generation:
        """Check a request to its model.

        Raises
        ------
        BadInput, TooLarge
            For what does not fit the model, or a limit.
        """
        _check(wanted)
        found = next_of(model, wanted.offset)
        asked = StepQuestion(
            sentence=wanted.sentence,
            token_ids=wanted.token_ids,
            inputs=wanted.inputs,
            model=model.id,
        )
        tokens, inputs = read_inputs(asked, model, settings)
        total = len(tokens) + wanted.length
        if total > settings.max_tokens:
            raise TooLarge(
                f"{len(tokens):,} timesteps came and {wanted.length:,} are to follow; the limit is "
                f"{settings.max_tokens} together. Send a shorter beginning, or ask for a shorter "
                "length."
            )
        check_cost(model, total, settings)
        states = None
        if wanted.initial_state is not None:
            layer = next(iter(model.network.recurrent.values()))
            states = read_initial_states(wanted.initial_state, layer, model)
        seed = secrets.randbelow(2**31) if wanted.seed is None else wanted.seed
        sampling = Sampling(wanted.temperature, wanted.top_k)
        reader = Reader(model.network, states)
        return cls(model, found, inputs, reader, wanted.length, sampling, seed)

    def steps(self) -> Iterator[dict[str, Any]]:
        """Each token, or each timestep's numbers, as it is made."""
        if self.next.kind == "numbers":
            for row in islice(forecast(self.reader, self.inputs), self.length):
                yield {"output": row}
            return
        random = np.random.default_rng(self.seed)
        one_hot = self.next.kind == "one_hot"
        choices = write(
            self.reader, self.inputs, self.next.token_ids, self.sampling, random, one_hot
        )
        for choice in islice(choices, self.length):
            yield self._token(choice)

    def _token(self, choice: Choice) -> dict[str, Any]:
        shown = np.argsort(-choice.probabilities, kind="stable")[:ALTERNATIVES]
        named = [self._named(int(k), choice) for k in shown if choice.probabilities[k] > 0]
        return {**self._named(choice.output, choice), "alternatives": named}

    def _named(self, output: int, choice: Choice) -> dict[str, Any]:
        token_id = int(self.next.token_ids[output])
        return {
            "text": _text_of(self.model, self.next, output),
            "id": token_id,
            "probability": float(choice.probabilities[output]),
        }

    def answer(self, steps: Sequence[dict[str, Any]] | None = None) -> dict[str, Any]:
        """Everything at once.

        Parameters
        ----------
        steps : those that were made already
        """
        made = list(self.steps()) if steps is None else list(steps)
        answer: dict[str, Any] = {
            "model": self.model.id,
            "recognised": self.next.recognised,
            "state": self.state(),
        }
        if self.next.kind == "numbers":
            return answer | {"outputs": [step["output"] for step in made]}
        vocabulary = self.model.vocabulary
        texts = [step["text"] for step in made]
        joined = vocabulary.join(texts) if isinstance(vocabulary, WordList) else " ".join(texts)
        return answer | {"text": joined, "tokens": made, "seed": self.seed}

    def state(self) -> dict[str, Any]:
        """The states after everything but the last token or timestep, which is to be sent next."""
        states = self.reader.states or {}
        named = {
            name: {part: array[0] for part, array in state.items()}
            for name, state in states.items()
        }
        first = next(iter(named.values()), {})
        return {**first, "layers": named} if len(named) > 1 else dict(first)


def _check(wanted: GenerateQuestion) -> None:
    if wanted.length < 1:
        raise BadInput(f"length is {wanted.length}, but at least 1 is needed.")
    if not 0 <= wanted.temperature <= HOTTEST:  # nor NaN
        raise BadInput(
            f"temperature is {wanted.temperature}, but it goes from 0 (always the likeliest) over "
            f"1 (the model's own probabilities) to {HOTTEST:g}."
        )
    if wanted.top_k is not None and wanted.top_k < 1:
        raise BadInput(f"top_k is {wanted.top_k}, but at least 1 is needed; leave it out for all.")
    if wanted.seed is not None and not 0 <= wanted.seed < 2**63:
        raise BadInput(f"seed is {wanted.seed}, but it goes from 0 to {2**63 - 1}.")
