"""Reading a request to train: as JSON, or as a form with a CSV file."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from ..core.errors import BadInput
from ..core.grammars import GRAMMARS
from ..jobs.training_run import (
    Labelled,
    Limits,
    TrainingPlan,
    check_sentences,
    check_size,
    check_text,
    decode,
    read_csv,
    read_series,
)
from ..settings import Settings
from .forms import is_form, open_form
from .json_size import measure
from .responses import explain
from .schemas.training import TRAIN_REQUEST, LabelledIn, TrainRequest
from .step_request import check_names, once

OWN_TITLE = "My own model"
SOURCES = ("grammar", "sentences", "csv", "text", "series")


async def read_request(request: Request) -> TrainRequest:
    """The fields of a request.

    Raises
    ------
    BadInput
        For a body that is neither JSON nor a form, and for fields not of their form.
    """
    if is_form(request):
        fields = await _read_form(request)
        return await run_in_threadpool(_validate, fields)
    settings: Settings = request.app.state.settings
    return await run_in_threadpool(_read_json, await request.body(), settings)


NAMES = frozenset(
    name.encode() for model in (TrainRequest, LabelledIn) for name in model.model_fields
)
MOST_FIELDS = 30
SPARE = 2
"""So much of what the sentences may hold is counted: a few too many are told as such."""


def _read_json(body: bytes, settings: Settings) -> TrainRequest:
    most = 100 + SPARE * settings.training_sentences
    size = measure(body, 3 * most, most)
    check_names(size, NAMES)
    try:
        wanted = TRAIN_REQUEST.validate_json(body, strict=True)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    if size.names.total() > len(wanted.model_fields_set) + 2 * len(wanted.sentences or ()):
        json.loads(body, object_pairs_hook=once)
    return wanted


async def _read_form(request: Request) -> dict[str, Any]:
    """The fields of a form; the file's text stands in for `csv`."""
    settings: Settings = request.app.state.settings
    most = settings.max_training_body
    async with open_form(request, max_files=1, max_fields=MOST_FIELDS, max_part_size=most) as form:
        fields = once(form.multi_items())
        if "file" in fields:
            file = fields["file"]
            if not isinstance(file, UploadFile):
                raise BadInput("file must be a file: curl needs an @ before its name.")
            fields["file"] = await run_in_threadpool(decode, await file.read())
    if "sentences" in fields:
        raise BadInput("A form has no sentences. Send them as a CSV file, or all of it as JSON.")
    if "file" in fields:
        if "csv" in fields:
            raise BadInput("Send either file or csv, not both.")
        fields["csv"] = fields.pop("file")
    return {name: value for name, value in fields.items() if value != ""}


def _validate(fields: dict[str, Any]) -> TrainRequest:
    try:
        return TRAIN_REQUEST.validate_python(fields)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None


def read_plan(wanted: TrainRequest, settings: Settings) -> TrainingPlan:
    """What is to be learned, checked from end to end.

    Raises
    ------
    BadInput
        For what cannot be learned.
    TooLarge
        For more than one training may be given.
    """
    given = [name for name in SOURCES if getattr(wanted, name) is not None]
    if len(given) != 1:
        came = " and ".join(given) or "none of them"
        raise BadInput(f"Send exactly one of {', '.join(SOURCES[:-1])} and series; {came} came.")
    limits = Limits(
        sentences=settings.training_sentences,
        characters=settings.max_characters,
        words=settings.max_tokens,
    )
    rows = [Labelled(row.text, row.label) for row in wanted.sentences or ()]
    if wanted.csv is not None:
        rows = read_csv(wanted.csv, limits)
    grammar = wanted.grammar or ""
    known = OWN_TITLE
    if grammar in GRAMMARS:
        plural = "" if wanted.epochs == 1 else "s"
        known = f"{GRAMMARS[grammar].title} ({wanted.epochs} epoch{plural})"
    plan = TrainingPlan(
        title=wanted.title or known,
        sentences=check_sentences(rows, limits) if given[0] in ("sentences", "csv") else (),
        grammar=grammar,
        text="" if wanted.text is None else check_text(wanted.text),
        series=() if wanted.series is None else read_series(wanted.series),
        examples=min(wanted.examples, limits.sentences),
        cell=wanted.cell,
        units=wanted.units,
        features=wanted.features,
        epochs=wanted.epochs,
        learning_rate=wanted.learning_rate,
        seed=wanted.seed,
    )
    check_size(plan)
    return plan
