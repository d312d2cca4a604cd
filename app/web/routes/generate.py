"""`/api/generate`: a model goes on from what it was given, a token or a timestep at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, format_sse_event

from ...service.generation import Generation
from ...settings import Settings
from ..find_model import find_model
from ..responses import FAULTS, encode, json_response
from ..schemas.generate import GENERATE_REQUEST, GenerateAnswer, GenerateRequest
from ..schemas.step_request import StateIn
from ..step_request import read_json

EVENTS = "text/event-stream"
NAMES = frozenset(
    name.encode() for model in (GenerateRequest, StateIn) for name in model.model_fields
)
HEADERS = {"Vary": "Accept"}
RESPONSES: dict[int | str, dict[str, Any]] = {
    **FAULTS,
    200: {
        "content": {
            EVENTS: {
                "schema": {
                    "type": "string",
                    "description": (
                        "Where Accept asks for it: `token` (or `output`) with each as it is made, "
                        "then `done` with the whole answer."
                    ),
                }
            }
        }
    },
}

router = APIRouter()


@router.post(
    "/generate",
    response_model=GenerateAnswer,
    response_model_exclude_none=True,
    responses=RESPONSES,
    summary="Go on from a text or a series, a token or a timestep at a time",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/GenerateRequest"}}
            },
        }
    },
)
async def post_generate(request: Request) -> Response:
    """For models whose head says the next token, or the next timestep's numbers."""
    state = request.app.state
    settings: Settings = state.settings
    body = await request.body()
    form = await run_in_threadpool(read_json, body, settings, GENERATE_REQUEST, NAMES)
    wanted = form.question()
    model = await find_model(request, wanted.model)
    generation = await run_in_threadpool(Generation.of, wanted, model, settings)
    if EVENTS in request.headers.get("accept", ""):
        headers = {**HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return EventSourceResponse(_events(generation), headers=headers)
    return await state.lane.make(
        request, lambda: json_response(generation.answer(), headers=HEADERS)
    )


def _events(generation: Generation) -> Iterator[bytes]:
    made = []
    for step in generation.steps():
        made.append(step)
        yield _event("output" if "output" in step else "token", step)
    yield _event("done", generation.answer(made))


def _event(name: str, data: dict[str, Any]) -> bytes:
    return format_sse_event(event=name, data_str=encode(data).decode())
