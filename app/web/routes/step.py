"""`/api/step`: a sentence in, every gate out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...service.encoding import encode_in_pieces
from ...service.question import StepQuestion
from ...service.step import Task
from ...settings import Settings
from ..negotiation import PARAMETER, RESPONSE, VARY, answer_as, chosen_format
from ..responses import FAULTS, JsonInPieces, json_response
from ..schemas import StepAnswer, StepRequest
from ..step_request import read_body, read_query

router = APIRouter()
LARGE_BODY = 32 * 1024
"""Bytes of a body that takes milliseconds to read, and so is not read on the event loop."""
ANSWERS = FAULTS | {200: RESPONSE}


@router.post(
    "/step",
    response_model=StepAnswer,
    responses=ANSWERS,
    summary="Run a sentence through a model and get every gate at every timestep",
    openapi_extra={
        "parameters": [PARAMETER],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/StepRequest"}}
            },
        },
    },
)
async def post_step(request: Request) -> Response:
    """Send exactly one of `sentence`, `token_ids` and `inputs`."""
    body = await request.body()
    settings: Settings = request.app.state.settings

    def read() -> Task:  # by hand: FastAPI's own way costs more than the LSTM
        return _task(request, read_body(body, settings))

    large = len(body) > LARGE_BODY
    return await _respond(request, await run_in_threadpool(read) if large else read())


@router.get(
    "/step",
    response_model=StepAnswer,
    responses=ANSWERS,
    summary="The same by address",
    openapi_extra={
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": field.description or "",
                "schema": {"type": "string"},
            }
            for name, field in StepRequest.model_fields.items()
            if name != "inputs"
        ]
        + [PARAMETER]
    },
)
async def get_step(request: Request) -> Response:
    """Lists are comma-separated; `initial_state` and `pins` are JSON."""
    return await _respond(request, _task(request, read_query(request.scope["query_string"])))


def _task(request: Request, wanted: StepQuestion) -> Task:
    state = request.app.state
    return Task.of(wanted, state.registry.get(wanted.model), state.settings)


async def _respond(request: Request, task: Task) -> Response:
    settings: Settings = request.app.state.settings
    name = chosen_format(request.scope)
    large = task.is_large(settings.large_answer)
    if name:
        return await run_in_threadpool(lambda: answer_as(name, task.answer(), large))
    if not large:
        return json_response(task.answer(), headers=VARY)
    return JsonInPieces(await run_in_threadpool(lambda: encode_in_pieces(task.answer())), VARY)
