"""The answers that a saved page gives itself: asked here, before it is written.

Many hold the same parts: the steps are those of the trace, whatever else was asked for. So every
part is written once, and questions and answers are trees of references: the number of a part, or,
below zero, that of a list of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson

from ..core.errors import UserError
from ..core.model import Model
from ..core.network import Recurrent
from ..service.encoding import encode
from ..service.question import question_of
from ..service.summaries import WHOLE_LAYER, head_weights, layer_weights, summary
from ..service.views import VIEWS, Ask, Fields, split_fields
from ..settings import Settings
from ..storage.registry import Registry


class Answers:
    """Questions as the page asks them, and what the API answers.

    Parameters
    ----------
    registry : where the models are
    settings : the limits that hold
    """

    def __init__(self, registry: Registry, settings: Settings) -> None:
        self.registry = registry
        self.settings = settings
        self._questions: dict[bytes, tuple[str, Any, Any]] = {}
        self._parts: dict[bytes, int] = {}
        self._lists: dict[tuple[int, ...], int] = {}
        self._ask = Ask(registry, settings)

    def step(self, fields: Fields) -> dict[str, Any] | None:
        """Ask `/api/step`.

        Parameters
        ----------
        fields : the body that the page sends

        Returns
        -------
        The answer, or None where it was refused, which is recorded too
        """
        return self._record("/api/step", fields, lambda: self._run(fields))

    def view(self, name: str, fields: Fields) -> None:
        """Ask `/api/views/{name}`."""
        asked, own = split_fields(VIEWS[name], fields)
        self._record(
            f"/api/views/{name}",
            fields,
            lambda: VIEWS[name].answer(self._ask, question_of(asked), own),
        )

    def _run(self, fields: Fields) -> dict[str, Any]:
        question = question_of(fields)
        return self._ask(question, *question.include)

    def _record(
        self, path: str, fields: Fields, answer: Callable[[], dict[str, Any]]
    ) -> dict[str, Any] | None:
        try:
            found = answer()
        except UserError as refused:
            self._add(path, fields, refused.detail)
            return None
        self._add(path, fields, self.shared(found))
        return found

    def model(self, model: Model, timesteps: int) -> None:
        """Ask for a model's summary."""
        path = f"{_address(model.id)}?timesteps={timesteps}"
        self._add(path, None, self.shared(summary(model, timesteps)))

    def weights_of_layer(self, model: Model, name: str, layer: Recurrent) -> None:
        """Ask for a layer's weights: whole where it is small, else unit by unit."""
        units, features = layer.weights.units, layer.weights.features
        whole = 4 * units * (features + units + 1) <= WHOLE_LAYER
        for unit in [None] if whole else range(units):
            self.weights(model, name, unit)

    def weights(self, model: Model, layer: str, unit: int | None) -> None:
        """Ask for a layer's weights, or one unit's."""
        of_unit = "" if unit is None else f"&unit={unit}"
        path = f"{_address(model.id)}/weights?layer={_component(layer)}{of_unit}"
        answer = layer_weights(model, layer, unit, self.settings)
        self._add(path, None, self.shared(answer))

    def head(self, model: Model, timesteps: int) -> None:
        """Ask for the weights that make the answers."""
        path = f"{_address(model.id)}/head?timesteps={timesteps}"
        try:
            said = self.shared(head_weights(model, timesteps, self.settings))
        except UserError as refused:
            said = refused.detail
        self._add(path, None, said)

    def written(self) -> dict[str, Any]:
        """Questions, parts and lists of parts, to be encoded as JSON."""
        return {
            "questions": list(self._questions.values()),
            "parts": [orjson.Fragment(data) for data in self._parts],
            "lists": list(self._lists),
        }

    def _add(self, path: str, body: Fields | None, said: Any) -> None:
        """Keep a question and its first answer, or the text of a refusal."""
        key = orjson.dumps((path, body), option=orjson.OPT_SORT_KEYS)
        self._questions.setdefault(key, (path, body and self.shared(body), said))

    def shared(self, value: Any) -> Any:
        """A tree of references; a list's items are shared one by one, as rows of longer ones."""
        if isinstance(value, Mapping):
            return {name: self.shared(inner) for name, inner in value.items()}
        if not _has_rows(value):
            return self._part(value)
        rows = tuple(self._part(row) for row in value)
        return -1 - self._lists.setdefault(rows, len(self._lists))

    def _part(self, value: Any) -> int:
        return self._parts.setdefault(encode(value), len(self._parts))


def _has_rows(value: Any) -> bool:
    """Whether something is a list of lists or of mappings."""
    if isinstance(value, np.ndarray):
        return value.ndim > 1
    return (
        isinstance(value, (list, tuple))
        and len(value) > 0
        and isinstance(value[0], (Mapping, list, tuple, np.ndarray))
    )


def _address(model_id: str) -> str:
    return f"/api/models/{_component(model_id)}"


def _component(text: str) -> str:
    """As the browser's encodeURIComponent."""
    return quote(text, safe="-_.!~*'()")
