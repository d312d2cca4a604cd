"""The answers that a saved page gives itself: asked here, before it is written.

Many hold the same parts: the steps are those of the trace, whatever else was asked for. So every
part is written once, and questions and answers are trees of references: the number of a part, or,
below zero, that of a list of parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import orjson

from ..core.errors import UserError
from ..core.model import Model
from ..core.network import Run
from ..service.encoding import encode
from ..service.question import question_of
from ..service.step import Task
from ..service.summaries import head_weights, layer_weights, summary
from ..settings import Settings
from ..storage.registry import Registry

Question = dict[str, Any]
PARTS = {"include", "unit", "label"}
"""Fields of a question that change what is said of a run, not the run."""
Kept = Mapping[str, tuple[str, ...]]
"""Fields of an answer, and of each what is kept of it, or of its rows; empty: everything."""


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
        self._ran: Any = None, None

    def step(self, question: Question, keep: Kept | None = None) -> dict[str, Any] | None:
        """Ask `/api/step`.

        Parameters
        ----------
        question : the body that the page sends
        keep : what the page reads of this answer; all of it if None

        Returns
        -------
        The answer, or None where it was refused, which is recorded too
        """
        try:
            wanted = question_of(question)
            task = Task.of(wanted, self.registry.get(wanted.model), self.settings)
            answer = task.answer(self._run(question, task))
        except UserError as refused:
            self._add("/api/step", question, refused.detail)
            return None
        kept = answer if keep is None else _kept(answer, keep)
        self._add("/api/step", question, self.shared(kept))
        return answer

    def model(self, model: Model, timesteps: int) -> None:
        """Ask for a model's summary."""
        path = f"{_address(model.id)}?timesteps={timesteps}"
        self._add(path, None, self.shared(summary(model, timesteps)))

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

    def _run(self, question: Question, task: Task) -> Run:
        """The run that a question is about; the last one serves whatever else is asked of it."""
        asked = {name: value for name, value in question.items() if name not in PARTS}
        if asked != self._ran[0]:
            self._ran = asked, task.run()
        return self._ran[1]

    def _add(self, path: str, body: Question | None, said: Any) -> None:
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


def _kept(answer: Mapping[str, Any], keep: Kept) -> dict[str, Any]:
    """The fields that are read, and what is read of them."""
    return {
        name: _fields(answer[name], fields) if fields else answer[name]
        for name, fields in keep.items()
    }


def _fields(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        return {name: _single(value[name]) for name in names if name in value}
    return [_fields(row, names) for row in value]


def _single(value: Any) -> Any:
    """Arrays of what is read in part are for drawing alone, and need no double precision."""
    return value.astype(np.float32) if isinstance(value, np.ndarray) else value


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
