"""Reading a request to `POST /api/corpora`: a form with a file, or JSON with texts."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from ..core.errors import BadInput
from ..jobs.corpus_run import CorpusPlan, ending_of
from ..settings import Settings
from .find_model import find_model
from .forms import is_form, open_form
from .json_size import measure
from .responses import explain
from .schemas.corpora import CORPUS_REQUEST, CorpusRequest
from .step_request import check_names, once

NAMES = frozenset(name.encode() for name in CorpusRequest.model_fields)
FIELDS = ("file", *CorpusRequest.model_fields)


async def read_corpus_plan(request: Request) -> CorpusPlan:
    """What is to be built.

    Raises
    ------
    BadInput, TooLarge
        For what is not of the form.
    NotFound
        For a model that is not there.
    """
    settings: Settings = request.app.state.settings
    if is_form(request):
        wanted, data, name = await _read_form(request, settings)
    else:
        body = await request.body()
        wanted = await run_in_threadpool(_read_json, body, settings)
        data, name = None, "texts.txt"
    if data is None:
        if not wanted.texts:
            raise BadInput("Send texts, or in a form a file of them in the field file.")
        # a line break would make two of one
        lines = (" ".join(text.splitlines()) for text in wanted.texts)
        data = "\n".join(lines).encode()
    return CorpusPlan(
        model=await find_model(request, wanted.model),
        texts=data,
        ending=ending_of(name),
        title=wanted.title or ("Your texts" if name == "texts.txt" else name[:100]),
        text=wanted.text,
        label=wanted.label,
        limit=settings.max_tokens,
        numbers=settings.corpus_numbers,
    )


def _read_json(body: bytes, settings: Settings) -> CorpusRequest:
    check_names(measure(body, settings.max_values, settings.max_containers), NAMES)
    try:
        wanted = CORPUS_REQUEST.validate_json(body, strict=True)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    json.loads(body, object_pairs_hook=once)
    return wanted


async def _read_form(
    request: Request, settings: Settings
) -> tuple[CorpusRequest, bytes | None, str]:
    """The fields of a form, its file, and the file's name."""
    most = settings.max_corpus_body
    async with open_form(request, max_files=1, max_fields=len(FIELDS), max_part_size=most) as form:
        fields: dict[str, Any] = once(form.multi_items())
        for field in fields:
            if field not in FIELDS:
                raise BadInput(
                    f"There is no field {field[:40]!r}. The fields are: {', '.join(FIELDS)}."
                )
        file, data, name = fields.pop("file", None), None, "texts.txt"
        if file is not None:
            if not isinstance(file, UploadFile):
                raise BadInput("file must be a file: curl needs an @ before its name.")
            data, name = await file.read(), file.filename or name
    if isinstance(fields.get("texts"), str):
        fields["texts"] = fields["texts"].splitlines()
    if data is not None and "texts" in fields:
        raise BadInput("Send either file or texts, not both.")
    try:
        wanted = CORPUS_REQUEST.validate_python(fields)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    return wanted, data, name
