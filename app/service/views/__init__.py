"""What each view of the page needs beyond the trace: one function a view, behind one route.

The page asks `POST /api/views/{view}`; a saved page holds the same functions' answers to every
question that its state allows. A new view is one file and one row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...core.errors import BadInput, NotFound, shorten
from ..question import StepQuestion
from . import memories, memory, scores, swaps, vanishing
from .asking import Ask, Extra, Fields, Saved, asked_input


@dataclass(frozen=True)
class View:
    """One row of the table.

    Attributes
    ----------
    answer : (ask, question, fields of the view's own) -> what the view needs
    questions : (what is saved, fields that give its run again) -> the fields of all questions that
        a page in that state may ask
    own : the view's own fields, besides those of `/api/step`, and their types
    """

    answer: Callable[[Ask, StepQuestion, Extra], dict[str, Any]]
    questions: Callable[[Saved, Fields], Iterator[Fields]]
    own: Mapping[str, type]


VIEWS = {
    "memory": View(memory.answer, memory.questions, memory.OWN),
    "memories": View(memories.answer, memories.questions, memories.OWN),
    "scores": View(scores.answer, scores.questions, scores.OWN),
    "swaps": View(swaps.answer, swaps.questions, swaps.OWN),
    "vanishing": View(vanishing.answer, vanishing.questions, vanishing.OWN),
}


def view_named(name: str) -> View:
    """A row of the table.

    Raises
    ------
    NotFound
        Naming the views there are.
    """
    if name not in VIEWS:
        raise NotFound(f"There is no view {shorten(name)}. The views are: {', '.join(VIEWS)}.")
    return VIEWS[name]


def split_fields(view: View, fields: Fields) -> tuple[Fields, Fields]:
    """Fields of `/api/step`, and those of the view's own.

    Raises
    ------
    BadInput
        For a field of the view's own that is not of its type.
    """
    own = {name: value for name, value in fields.items() if name in view.own}
    for name, value in own.items():
        kind = view.own[name]
        texts = kind is not list or all(isinstance(item, str) for item in value)
        if type(value) is not kind or not texts:
            expected = "a list of texts" if kind is list else "a whole number"
            raise BadInput(f"{name} must be {expected} (got {shorten(str(value))}).")
    return {name: value for name, value in fields.items() if name not in own}, own


__all__ = [
    "VIEWS",
    "Ask",
    "Extra",
    "Fields",
    "Saved",
    "View",
    "asked_input",
    "split_fields",
    "vanishing",
    "view_named",
]
