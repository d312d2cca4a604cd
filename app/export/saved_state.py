"""What a page that is saved shows besides its trace, and all that it may ask while it stays so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..service.step import Task
from ..service.views import VIEWS, Fields, Saved, asked_input, vanishing
from ..storage.registry import Registry
from .answers import Answers


@dataclass(frozen=True)
class SavedState:
    """The state of the page.

    Attributes
    ----------
    saved : what the views need to know
    other : fields in place of the page's own, of the run that it is compared with
    """

    saved: Saved
    other: Fields

    @classmethod
    def of(cls, query: Mapping[str, str], task: Task, registry: Registry) -> SavedState:
        """Read it from what the page's address would say."""
        words = dict.fromkeys(filter(None, re.split(r"[\s,;]+", query.get("swaps", ""))))
        near = query.get("timestep", "")
        at = int(near) if near.isascii() and near.isdecimal() and len(near) < 10 else None
        known = frozenset(model.id for model in registry)
        saved = Saved(task, at or len(task.tokens), tuple(words), known)
        return cls(saved, _other_run(query.get("compare", ""), task, known))

    @property
    def changes(self) -> tuple[str, ...]:
        """Ids of the parts that show changes, where there are any to show."""
        held = bool(self.saved.task.wanted.pins)
        swapped = self.saved.words and self.saved.task.model.labels
        shown = {"hold": held, "compare": held or self.other, "swaps": swapped}
        return tuple(name for name, there in shown.items() if there)


def _other_run(compare: str, task: Task, known: frozenset[str]) -> Fields:
    """Fields of the run that is compared with: another sentence's, or another model's."""
    kind, _, what = compare.partition(",")
    what = re.sub("%25", "%", re.sub("%2C", ",", what.partition(",")[0], flags=re.IGNORECASE))
    if kind == "sentence" and task.wanted.sentence is not None and what.strip():
        return {"sentence": what}
    return {"model": what} if kind == "model" and what in known else {}


def ask_everything(state: SavedState, answers: Answers) -> None:
    """Ask whatever the page may ask while its input, its model and its changes stay."""
    task = state.saved.task
    answers.model(task.model, len(task.tokens))
    answers.head(task.model, len(task.tokens))
    for fields in _traces(task):
        answers.step(fields | {"include": ["preactivations"]})
    if state.saved.shipped >= {vanishing.LSTM, vanishing.RNN}:
        for model_id, timesteps in vanishing.heads(state.saved):
            answers.head(answers.registry.get(model_id), timesteps)
    for name, layer in task.model.network.recurrent.items():
        answers.weights_of_layer(task.model, name, layer)
    for base in _runs(task):
        answers.step(base)
        _ask_other(state.other, base, answers)
        for name, view in VIEWS.items():
            for fields in view.questions(state.saved, base):
                answers.view(name, fields)


def _pins(task: Task) -> Fields:
    return {"pins": [pin._asdict() for pin in task.wanted.pins]} if task.wanted.pins else {}


def _traces(task: Task) -> Iterator[Fields]:
    """As the page asks for its trace: of the layer in its address, or of one that is chosen."""
    given = asked_input(task.wanted) | {"model": task.model.id}
    chosen: Fields = {} if task.wanted.layer is None else {"layer": task.wanted.layer}
    yield given
    for name in task.model.network.recurrent:
        yield given | {"layer": name}
    if task.wanted.pins:
        yield given | chosen | _pins(task)


def _runs(task: Task) -> Iterator[Fields]:
    """What gives a run again: each layer's, and with the gates that are held."""
    given = asked_input(task.wanted) | {"model": task.model.id}
    for name in task.model.network.recurrent:
        yield given | {"layer": name}
    if task.wanted.pins:
        yield given | {"layer": task.layer.name} | _pins(task)


def _ask_other(other: Fields, base: Fields, answers: Answers) -> None:
    """Ask for the run to compare with, and for what the numbers of that run are made of."""
    free = {name: value for name, value in base.items() if name != "pins"}
    if "model" in other:
        free.pop("layer")
    run = answers.step(free | other) if other else None
    if run is None:
        return
    model, layer = answers.registry.get(run["model"]["id"]), run["layer"]
    answers.head(model, len(run["tokens"]))
    if "model" in other:
        for unit in range(layer["units"]):
            answers.weights(model, layer["name"], unit)
