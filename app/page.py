"""What the page opens with: the state in its address, computed before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .api.common import encode
from .api.models import model_row, summary
from .api.reading import request_from_query
from .api.task import Task
from .errors import UserError
from .registry import Registry
from .schemas import StepRequest
from .settings import Settings

OPENING_SENTENCE = "Good Day"

_TRACE_FIELDS = ("sentence", "model", "layer", "return_sequences", "return_state", "pins")


def page_context(
    query: Mapping[str, str], registry: Registry, settings: Settings
) -> tuple[dict[str, Any], UserError | None]:
    """The template's variables for the state in a query string.

    What is not part of the trace (the cursor, the theme) is left to the page itself. A state that
    cannot be computed keeps what was typed, and shows why, over the opening sentence's trace.

    Returns
    -------
    context : the template's variables
    error : what was wrong with the query, or None
    """
    fields = {name: query[name] for name in _TRACE_FIELDS if query.get(name)}
    sentence = query.get("sentence", OPENING_SENTENCE)
    error = None
    try:
        wanted = request_from_query(({"sentence": OPENING_SENTENCE} | fields).items())
        if "sentence" in query:
            wanted.sentence = sentence  # an empty one is an error to be shown, not the default
        task = _task(wanted, registry, settings)
    except UserError as refused:
        error = refused
        task = _task(StepRequest(sentence=OPENING_SENTENCE), registry, settings)
    trace = task.answer()
    boot = {
        "trace": trace,
        "models": [model_row(model) for model in registry],
        "summary": summary(task.model, len(task.tokens)),
        "error": error and {"detail": error.detail},
        "limits": {"characters": settings.max_characters, "tokens": settings.max_tokens},
    }
    return {
        "boot": in_script(encode(boot).decode()),
        "models": boot["models"],
        "training": settings.training,
        "model": model_row(task.model),
        "sentence": sentence,
        "words": trace["tokens"],
        "theme": query.get("theme", ""),
    }, error


def _task(wanted: StepRequest, registry: Registry, settings: Settings) -> Task:
    wanted.include = ["preactivations"]
    return Task.of(wanted, registry, settings)


def in_script(json: str) -> str:
    """Make JSON safe inside a script element, where only "<" could end it or open a comment."""
    return json.replace("<", "\\u003c")
