"""`/api/step`: a sentence in, every gate out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...service.question import StepQuestion
from ...service.step import Task
from ...settings import Settings
from ..find_model import find_model
from ..negotiation import PARAMETER, RESPONSE, VARY, answer_as, chosen_format
from ..responses import FAULTS, json_response
from ..schemas.step_answer import StepAnswer
from ..schemas.step_request import StepRequest
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
    if len(body) > LARGE_BODY:
        return await _respond(request, await run_in_threadpool(read_body, body, settings), True)
    # by hand: FastAPI's own way costs more than the LSTM
    return await _respond(request, read_body(body, settings))


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
    return await _respond(request, read_query(request.scope["query_string"]))


ENDPOINTS = {("/api/step", "POST"): post_step, ("/api/step", "GET"): get_step}
"""Asked past the router, by path and method."""


async def _respond(request: Request, wanted: StepQuestion, large: bool = False) -> Response:
    """Answer a small question at once, a large one in its turn beside the event loop.

    Parameters
    ----------
    large : whether even to read what was sent takes long
    """
    state = request.app.state
    name = chosen_format(request.scope)
    model = await find_model(request, wanted.model)
    if large:
        task = await run_in_threadpool(Task.of, wanted, model, state.settings)
    else:
        task = Task.of(wanted, model, state.settings)
    if not name and not task.is_large(state.settings.large_answer):
        return json_response(task.answer(), headers=VARY)
    return await state.lane.make(
        request, lambda: answer_as(name, task.answer(), 4 * task.cost.kept)
    )
