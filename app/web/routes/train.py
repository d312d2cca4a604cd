"""`/api/train`: start a training, see where it stands, follow it, cancel it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from ...core.errors import SwitchedOff
from ...jobs import Event, Job, Jobs
from ...settings import Settings
from ..responses import FAULTS, encode, json_response
from ..schemas import Fault, JobRef, JobState
from ..training_request import read_plan, read_request

HEARTBEAT = 10.0
"""Seconds of silence after which a comment is sent, so that no proxy takes the stream for dead."""
EVENT_ID = re.compile(r"[0-9]{1,9}")
"""No training has more events; Python refuses to read a number of thousands of digits."""
RETRY = 2_000
"""Milliseconds after which a browser whose connection broke asks again."""

router = APIRouter(tags=["training"])

JobId = Annotated[str, Path(description="What POST /api/train answered")]
Responses = dict[int | str, dict[str, Any]]
_FAULTS: Responses = {status: FAULTS[status] for status in (404, 422)}
_START: Responses = {
    403: {"model": Fault, "description": "From another site's page, or training is switched off"},
    429: {"model": Fault, "description": "Too many trainings, or requests from this address"},
}
_FOLLOW: Responses = {
    200: {
        "description": (
            "Server-sent events: `epoch` after each, then `done` with the `model`, or `failed` "
            "with a `detail`. They are numbered, and `Last-Event-ID` says from where to go on."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {"description": "Everything has been sent; do not connect again"},
}


@router.post(
    "/train",
    status_code=202,
    response_model=JobRef,
    responses=FAULTS | _START,
    summary="Train a model on labelled sentences",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/TrainRequest"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "description": "The same fields, and the CSV as a file.",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        }
    },
)
async def start(request: Request) -> Response:
    """Send exactly one of `grammar`, `sentences`, `csv` and, in a form, `file`.

    The training runs by itself; ask for its state, or follow its events.
    """
    settings: Settings = request.app.state.settings
    if not settings.training:
        raise SwitchedOff("Training is switched off on this server. Run your own to train models.")
    wanted = await read_request(request)
    plan = await run_in_threadpool(read_plan, wanted, settings)
    jobs: Jobs = request.app.state.jobs
    job = await run_in_threadpool(jobs.start, plan)
    answer = json_response({"job": job.id}, 202)
    answer.headers["Location"] = f"/api/train/{job.id}"
    return answer


@router.get(
    "/train/{job}", response_model=JobState, responses=_FAULTS, summary="Where a training stands"
)
async def get_job(request: Request, job: JobId) -> Response:
    """Its epochs so far, and its model at the end."""
    jobs: Jobs = request.app.state.jobs
    return json_response(state_of(jobs, jobs.get(job)))


@router.delete(
    "/train/{job}", response_model=JobState, responses=_FAULTS, summary="Cancel a training"
)
async def cancel(request: Request, job: JobId) -> Response:
    """One that has ended stays as it is; its model is deleted at /api/models."""
    jobs: Jobs = request.app.state.jobs
    return json_response(state_of(jobs, jobs.cancel(job)))


@router.get(
    "/train/{job}/events",
    responses=_FAULTS | _FOLLOW,
    response_class=Response,
    summary="Follow a training",
)
async def follow(
    request: Request,
    job: JobId,
    last_event_id: Annotated[str, Header(description="The last event that came")] = "",
) -> Response:
    """What has happened so far comes at once, the rest as it happens."""
    jobs: Jobs = request.app.state.jobs
    found = jobs.get(job)
    after = int(last_event_id) if EVENT_ID.fullmatch(last_event_id) else 0
    if found.ended and after >= len(found.events):
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_stream(found, after), headers=headers)


async def _stream(job: Job, after: int) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=RETRY)
    async for event in job.follow(after, HEARTBEAT):
        yield KEEPALIVE_COMMENT if event is None else _written(event)


def _written(event: Event) -> bytes:
    return format_sse_event(
        id=str(event.id), event=event.name, data_str=encode(event.data).decode()
    )


def state_of(jobs: Jobs, job: Job) -> dict[str, Any]:
    """A training in all its parts."""
    plan, outcome = job.plan, job.outcome
    return {
        "job": job.id,
        "title": plan.title,
        "state": job.state,
        "place": jobs.place(job),
        "settings": {
            "grammar": plan.grammar or None,
            "sentences": plan.count,
            "cell": plan.cell,
            "units": plan.units,
            "features": plan.features,
            "epochs": plan.epochs,
            "learning_rate": plan.learning_rate,
            "seed": plan.seed,
        },
        "epochs": job.epochs,
        "model": outcome.get("model"),
        "model_epoch": outcome.get("epoch"),
        "detail": outcome.get("detail"),
    }
