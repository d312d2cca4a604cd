"""How a view asks for runs, and what is known of a page that is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ...core.model import Model
from ...core.network import Run
from ...core.text import WordList
from ...settings import Settings
from ..question import StepQuestion
from ..step import Task

Fields = dict[str, Any]
"""A question as JSON: the fields of `/api/step`, and those of a view's own."""
Extra = Mapping[str, Any]
"""A view's own fields."""


class Models(Protocol):
    """Where models are looked up, such as the registry."""

    def get(self, model_id: str) -> Model:
        """The model of that id; NotFound where there is none."""
        ...


class Ask:
    """Answers questions as `/api/step` does; the last run serves whatever else is asked of it.

    Parameters
    ----------
    models : where the models are
    settings : the limits that hold
    """

    def __init__(self, models: Models, settings: Settings) -> None:
        self.models = models
        self.settings = settings
        self._last: tuple[StepQuestion, Run] | None = None

    def __call__(self, question: StepQuestion, *include: str, **more: Any) -> dict[str, Any]:
        """The answer to a question, with these optional parts.

        Raises
        ------
        UserError
            As `Task.of` and `Task.run`.
        """
        task = self.task(replace(question, include=include, **more))
        return task.answer(self._run(task))

    def task(self, question: StepQuestion) -> Task:
        """A question made ready to run."""
        return Task.of(question, self.models.get(question.model), self.settings)

    def join(self, question: StepQuestion, texts: Sequence[str]) -> str:
        """Words, or a text's characters, as the sentence that its model splits into them."""
        vocabulary = self.models.get(question.model).vocabulary
        return (vocabulary.join if isinstance(vocabulary, WordList) else " ".join)(texts)

    def _run(self, task: Task) -> Run:
        asked = replace(task.wanted, include=(), unit=None, label=None)
        if self._last is None or self._last[0] != asked:
            self._last = asked, task.run()
        return self._last[1]


@dataclass(frozen=True)
class Saved:
    """The state of a page that is saved.

    Attributes
    ----------
    task : what the page reads
    near : the cursor's timestep, from 1
    words : to be tried in the place of one
    shipped : ids of the models that are there for everybody
    """

    task: Task
    near: int
    words: tuple[str, ...]
    shipped: frozenset[str]


def asked_input(question: StepQuestion) -> Fields:
    """What is read, as it was given.

    Raises
    ------
    StopIteration
        Never for a question that `Task.of` took.
    """
    given = ((name, getattr(question, name)) for name in ("sentence", "token_ids", "inputs"))
    name, value = next((name, value) for name, value in given if value is not None)
    return {name: value}


def without_gradients_by_unit(run: Mapping[str, Any]) -> dict[str, Any]:
    """A run for a view that draws norms alone, without each timestep's derivatives."""
    steps = [
        {name: value for name, value in step.items() if not name.startswith("gradient")}
        for step in run["steps"]
    ]
    norms = {name: value for name, value in run["gradients"].items() if name != "initial_state"}
    return {**run, "steps": steps, "gradients": norms}
