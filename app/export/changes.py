"""What was changed when the page was saved, in its section 10: gates, another run, other words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..service.step import Task
from ..storage.registry import Registry
from .answers import Answers, Question

MOST_WORDS = 16
"""Words tried in a word's place at once (`MOST` in swaps.js)."""
NUMBERS = 1_000_000
"""Of runs with another word in one file; beyond that they are those near the cursor."""


@dataclass(frozen=True)
class Changes:
    """What section 10 of a saved page shows.

    Attributes
    ----------
    held : whether gates are held
    other : what to ask of a base in place of its own, for the run that it is compared with
    words : to be tried in the place of one
    near : the cursor's timestep, from 1
    size : how many numbers a run has
    """

    held: bool
    other: Question
    words: tuple[str, ...]
    near: int
    size: int

    @classmethod
    def of(cls, query: Mapping[str, str], task: Task, registry: Registry) -> Changes:
        """Read them from what the page's address would say."""
        own = "sentence" in query or task.wanted.sentence is not None
        kind, _, what = query.get("compare", "").partition(",")
        what = re.sub("%25", "%", re.sub("%2C", ",", what.partition(",")[0], flags=re.IGNORECASE))
        other: Question = {}
        if kind == "sentence" and own and what.strip():
            other = {"sentence": what}
        if kind == "model" and any(model.id == what for model in registry):
            other = {"model": what}
        words = dict.fromkeys(filter(None, re.split(r"[\s,;]+", query.get("swaps", ""))))
        tried = tuple(words)[:MOST_WORDS] if own and task.model.labels else ()
        near = query.get("timestep", "")
        at = int(near) if re.fullmatch("[0-9]{1,9}", near) else len(task.tokens)
        size = len(task.tokens) * (6 * task.layer.weights.units + task.layer.weights.features)
        return cls(bool(task.wanted.pins), other, tried, at, size)

    @property
    def parts(self) -> tuple[str, ...]:
        """Ids of the parts of the section that have something to show."""
        shown = {"hold": self.held, "compare": self.held or self.other, "swaps": self.words}
        return tuple(name for name, there in shown.items() if there)

    def ask(self, base: Question, answers: Answers) -> None:
        """Ask for the other runs.

        Parameters
        ----------
        base : what gives the page's run again
        """
        free = {name: value for name, value in base.items() if name != "pins"}
        if "model" in self.other:
            free.pop("layer")
        if self.other and (run := answers.step(free | self.other)):
            self._ask_arithmetic(run, answers)
        tokens = base["sentence"].split(" ") if "sentence" in base and self.words else []
        by_distance = sorted(range(len(tokens)), key=lambda k: abs(k + 1 - self.near))
        for k in by_distance[: NUMBERS // (self.size * len(self.words) or 1) or 1]:
            for word in self.words:  # with its own word it has been asked
                sentence = " ".join([*tokens[:k], word, *tokens[k + 1 :]])
                answers.step(base | {"sentence": sentence})

    def _ask_arithmetic(self, run: Question, answers: Answers) -> None:
        """Ask for what the numbers of the other run are made of, where that is not the page's."""
        model, layer = answers.registry.get(run["model"]["id"]), run["layer"]
        answers.head(model, len(run["tokens"]))
        if "model" in self.other:
            for unit in range(layer["units"]):
                answers.weights(model, layer["name"], unit)
