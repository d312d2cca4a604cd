"""What the page opens with: the state in its address, computed before it is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ..core.cells import CELLS, Cell
from ..core.errors import BadInput, UserError
from ..core.model import Model
from ..service.encoding import encode
from ..service.question import StepQuestion
from ..service.step import Task
from ..service.summaries import WHOLE_LAYER, model_row, reads, summary
from ..settings import Settings
from ..storage.names import reading_name
from ..storage.registry import Registry
from .guide import step_query
from .site import read_guide
from .step_request import request_from_query

OPENING = {
    "sentence": "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location.",
    "model": "place",
}
"""What a page opens with whose address says nothing of what is read (`OPENING` in store.js)."""

FIRST_SENTENCE = "Good Day"
"""What a model reads whose address names the model alone."""

TEXT = ("words", "characters")
"""What a model reads that is given a sentence."""

_READ = ("sentence", "token_ids", "inputs", "model")

_TRACE_FIELDS = ("token_ids", "model", "layer", "return_sequences", "return_state", "pins")


def page_context(
    query: Mapping[str, str],
    registry: Registry,
    settings: Settings,
    write: Callable[[dict[str, Any]], str] | None = None,
) -> tuple[dict[str, Any], UserError | None]:
    """The template's variables for the state in a query string.

    What is not part of the trace (the cursor, the theme) is left to the page itself. A state that
    cannot be computed keeps what was typed, and shows why, over the opening sentence's trace.

    Parameters
    ----------
    query : what the address says
    registry : where the models are
    settings : the limits that hold
    write : how what the page begins with is written into it; as JSON in a script if None

    Returns
    -------
    context : the template's variables
    error : what was wrong with the query, or None
    """
    error = None
    query = _opened(query)
    try:
        task = asked_task(query, registry, settings)
        trace = task.answer()
    except UserError as refused:
        error = refused
        task, trace = _opening(query.get("model", ""), registry, settings)
    sentence = query.get("sentence", _first_sentence(task.model))
    boot = {
        "trace": trace,
        "models": [model_row(model) for model in registry],
        "summary": summary(task.model, len(task.tokens)),
        "error": error and {"detail": error.detail},
        "limits": {
            "characters": settings.max_characters,
            "tokens": settings.max_tokens,
            "whole_layer": WHOLE_LAYER,
        },
    }
    return {
        "boot": (write or in_script)(boot),
        "models": boot["models"],
        "training": settings.training,
        "cells": [(cell.name, _title(cell)) for cell in CELLS.values()],
        "uploads": settings.uploads,
        "upload_limit": settings.max_upload,
        "model": model_row(task.model),
        "sentence": sentence,
        "words": trace["tokens"],
        "address": _address(task),
        "theme": query.get("theme", ""),
        "asked_lens": query.get("lens", ""),
    }, error


def _title(cell: Cell) -> str:
    """What people call a cell, without the article and with a capital."""
    noun = cell.noun.partition(" ")[2]
    return noun[0].upper() + noun[1:]


def with_reading_names(query: Mapping[str, str], public: Collection[str]) -> dict[str, str]:
    """The same query with the names that models are read under in place of their owners'.

    An address is shown, sent on and saved, and none may give a model away.

    Parameters
    ----------
    public : ids of the models that are everybody's, which have one name
    """
    named = dict(query)
    if "model" in named and named["model"] not in public:
        named["model"] = reading_name(named["model"])
    kind, comma, other = named.get("compare", "").partition(",")
    if kind == "model" and comma:
        name, *rest = other.split(",")
        name = name if name in public else reading_name(name)
        named["compare"] = ",".join([kind, name, *rest])
    return named


def asked_task(query: Mapping[str, str], registry: Registry, settings: Settings) -> Task:
    """What a query string asks for, made ready to run.

    Raises
    ------
    UserError
        As `/api/step`.
    """
    query = _opened(query)
    fields = {name: query[name] for name in _TRACE_FIELDS if query.get(name)}
    wanted = request_from_query(fields.items())
    return _task(_with_input(wanted, registry.get(wanted.model), query), registry, settings)


def _opened(query: Mapping[str, str]) -> Mapping[str, str]:
    """The query, and where it says nothing of what is read, the guide's step or the opening."""
    if any(name in query for name in _READ):
        return query
    return {**OPENING, **step_query(query, read_guide()), **query}


def _with_input(wanted: StepQuestion, model: Model, query: Mapping[str, str]) -> StepQuestion:
    """Words, token ids or numbers, whichever the model reads: from the query, or its example."""
    found = reads(model)
    wanted, ids = replace(wanted, sentence=None, token_ids=None), wanted.token_ids
    if found["kind"] in TEXT:
        # an empty sentence is an error to be shown, not the default
        return replace(wanted, sentence=query.get("sentence", _first_sentence(model)))
    if found["kind"] == "token_ids":
        return replace(wanted, token_ids=ids or found["example"])
    inputs = query.get("inputs")
    return replace(
        wanted, inputs=_numbers(inputs, found["features"]) if inputs else found["example"]
    )


def _first_sentence(model: Model) -> str:
    """What a model reads whose address names the model alone; one of characters has its own."""
    found = reads(model)
    return found.get("example", FIRST_SENTENCE) if found["kind"] in TEXT else FIRST_SENTENCE


def _numbers(text: str, features: int) -> list[list[float]]:
    """Timesteps parted by semicolons or lines, their numbers by commas; a single one by either."""
    rows = [row for row in text.replace(";", "\n").splitlines() if row.strip()]
    try:
        numbers = [[float(number) for number in row.split(",")] for row in rows]
    except ValueError:
        raise BadInput(
            "The inputs in the address are not numbers. Separate numbers with commas and "
            "timesteps with semicolons."
        ) from None
    if not all(math.isfinite(number) for row in numbers for number in row):
        raise BadInput("The inputs in the address hold a number that is not finite.")
    if features == 1 and len(numbers) == 1:
        return [[number] for number in numbers[0]]
    return numbers


def _opening(model_id: str, registry: Registry, settings: Settings) -> tuple[Task, dict[str, Any]]:
    """What is shown where a state cannot be: a model of numbers or ids with its own example."""
    with suppress(UserError):  # there is no such model, or it is too large for any sequence
        model = registry.get(model_id)
        if reads(model)["kind"] != "words":  # which have no example
            task = _task(_with_input(StepQuestion(model=model_id), model, {}), registry, settings)
            return task, task.answer()
    task = _task(StepQuestion(sentence=FIRST_SENTENCE), registry, settings)
    return task, task.answer()


def _address(task: Task) -> str:
    """Where the API has the same by address; numbers are too long for one."""
    wanted = task.wanted
    given = {"sentence": wanted.sentence} if wanted.sentence is not None else {}
    if wanted.token_ids:
        given = {"token_ids": ",".join(map(str, wanted.token_ids))}
    return f"/api/step?{urlencode(given | {'model': task.model.id})}" if given else "/docs"


def _task(wanted: StepQuestion, registry: Registry, settings: Settings) -> Task:
    return Task.of(
        replace(wanted, include=["preactivations"]), registry.get(wanted.model), settings
    )


def in_script(content: Any) -> str:
    """JSON that is safe inside a script element, where only "<" could end it or open a comment."""
    return encode(content).decode().replace("<", "\\u003c")
