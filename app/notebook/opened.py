"""A model that is open: what it is, and what it does with a sequence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.errors import BadInput
from ..core.model import Model
from ..core.modelfile import to_bytes
from ..service.question import question_of
from ..service.step import Task
from ..settings import Settings
from .trace import Trace

if TYPE_CHECKING:
    from ..storage.registry import Registry
    from .generated import Generated

LIMITS = Settings(
    max_characters=10**6,
    max_tokens=10**5,
    max_numbers=5 * 10**7,
    max_kept=10**10,
    max_products=10**15,
)
"""One's own machine answers one person."""


@dataclass(frozen=True, repr=False)
class OpenedModel:
    """A model whose gates can be looked at.

    Attributes
    ----------
    model : the network, with its title, vocabulary, labels and provenance
    """

    model: Model

    def __repr__(self) -> str:
        cells = ", ".join(
            f"{layer.name} ({layer.cell.name}, {layer.weights.features} -> {layer.units})"
            for layer in self.model.network.recurrent.values()
        )
        assumed = "".join(f"\n  assumed: {sentence}" for sentence in self.assumed)
        return f"{self.model.title} ({self.model.provenance['kind']}): {cells}{assumed}"

    @property
    def layers(self) -> list[str]:
        """Names of the recurrent layers; each direction is a layer of its own."""
        return list(self.model.network.recurrent)

    @property
    def labels(self) -> list[str]:
        """Names of the outputs; none for a model without a head."""
        return list(self.model.labels)

    @property
    def assumed(self) -> list[str]:
        """What the weights do not say, and was taken for granted; one sentence each."""
        return list(self.model.card.get("detected", {}).get("assumed", ()))

    @property
    def registry(self) -> Registry:
        """The shipped models, and this one beside them."""
        from ..storage.registry import Registry

        shipped = Registry.shipped()
        shipped.models[self.model.id] = self.model
        return shipped

    def trace(
        self,
        sequence: str | Sequence[Any] | np.ndarray | Any,
        *,
        layer: str | None = None,
        initial_state: Mapping[str, Any] | None = None,
        pins: Iterable[Mapping[str, Any]] = (),
    ) -> Trace:
        """Read a sequence, and keep every gate and state of one layer.

        Parameters
        ----------
        sequence : a sentence, for a model with a vocabulary; token ids (timesteps,), for one with
            an embedding; numbers (timesteps, features), for one without. A batch of one will do,
            and so will a tensor on the CPU.
        layer : one of `layers`; the first if None
        initial_state : `hidden_state` and `cell_state`, (units,) each; zeros if None
        pins : gates held at a value: mappings of timestep (from 1), gate, unit (from 0, None for
            all) and value

        Raises
        ------
        UserError
            Saying what was expected, what came, and what to do.
        """
        wanted: dict[str, Any] = {"model": self.model.id, "layer": layer}
        wanted |= self._given(sequence)
        if initial_state is not None:
            state = {k: np.asarray(v, float).ravel().tolist() for k, v in initial_state.items()}
            wanted["initial_state"] = state
        wanted["pins"] = [dict(pin) for pin in pins]
        return Trace(self, wanted, self.answer(wanted, "preactivations"))

    def generate(
        self,
        sequence: str | Sequence[Any] | np.ndarray | Any,
        *,
        length: int | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
        seed: int | None = None,
        initial_state: Mapping[str, Any] | None = None,
        offset: int | None = None,
    ) -> Generated:
        """Go on from a sequence, each token or timestep read in its turn.

        Parameters
        ----------
        sequence : as in `trace`
        length : how many tokens or timesteps; None for as many as `/api/generate` takes
        temperature : what logits are divided by; 0 takes the likeliest token every time
        top_k : how many of the likeliest may be drawn; None for all
        seed : the same seed makes the same choices
        initial_state : the `state` of an earlier run, to go on from with its last token
        offset : the token id that output 0 speaks of, where it is not recognised

        Raises
        ------
        UserError
            For a model whose head says neither the next token nor the next numbers, and for wrong
            input.
        """
        from ..service.generation import DEFAULT_LENGTH, GenerateQuestion, Generation
        from .generated import Generated

        wanted = GenerateQuestion(
            **self._given(sequence),
            model=self.model.id,
            length=DEFAULT_LENGTH if length is None else length,
            temperature=temperature,
            top_k=top_k,
            seed=seed,
            initial_state=initial_state,
            offset=offset,
        )
        return Generated.of(Generation.of(wanted, self.model, LIMITS).answer())

    def answer(self, wanted: Mapping[str, Any], *include: str, **more: Any) -> dict[str, Any]:
        """The answer of `/api/step`, with arrays in place of lists."""
        question = question_of({**wanted, **more, "include": list(include)})
        return Task.of(question, self.model, LIMITS).answer()

    def to_bytes(self) -> bytes:
        """Our own model file, which `load` and the page take back."""
        return to_bytes(self.model)

    def _given(self, sequence: Any) -> dict[str, Any]:
        """The field of a request that holds the sequence."""
        network = self.model.network
        if isinstance(sequence, str):
            self._check_words()
            return {"sentence": sequence}
        array = np.asarray(sequence.detach() if hasattr(sequence, "detach") else sequence)
        if array.dtype.kind not in "iuf":
            kind = "a sentence, token ids" if network.embedding else "numbers"
            raise BadInput(f"{self.model.title} reads {kind}; a {type(sequence).__name__} came.")
        if network.embedding is not None:
            return {"token_ids": _ids(array)}
        if array.ndim == 1 and network.features == 1:
            array = array[:, np.newaxis]
        if array.ndim == 3 and len(array) == 1:
            array = array[0]
        if array.ndim != 2:
            raise BadInput(
                f"{self.model.title} reads numbers of shape (timesteps, {network.features}); an "
                f"array of shape {array.shape} came."
            )
        return {"inputs": array.astype(float).tolist()}

    def _check_words(self) -> None:
        """Refuse a sentence where none is read, naming what is."""
        network, title = self.model.network, self.model.title
        if network.embedding is None:
            shape = f"(timesteps, {network.features})"
            raise BadInput(f"{title} reads numbers of shape {shape}; a sentence came.")
        if not self.model.vocabulary:
            raise BadInput(
                f"{title} has no vocabulary and reads token ids, as in trace([3, 1, 4]). Open it "
                "with load(..., vocabulary=...) to give it sentences."
            )


def _ids(array: np.ndarray) -> list[int]:
    """One row of token ids."""
    if array.ndim == 2 and len(array) == 1:
        array = array[0]
    if array.ndim != 1 or not np.array_equal(array, array.astype(np.int64)):
        raise BadInput(
            "Token ids are whole numbers of shape (timesteps,); an array of "
            f"{array.dtype} of shape {array.shape} came."
        )
    return array.astype(np.int64).tolist()
