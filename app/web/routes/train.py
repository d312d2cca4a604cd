"""`/api/train`: start a training, see where it stands, follow it, cancel it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...core.errors import SwitchedOff
from ...jobs import Job, Jobs
from ...jobs.training_run import TrainingPlan
from ...settings import Settings
from ...storage.names import reading_name
from ..events import EVENTS_RESPONSE, follow
from ..responses import FAULTS, json_response
from ..schemas.basic import Fault
from ..schemas.training import JobRef, JobState
from ..training_request import read_plan, read_request

router = APIRouter(tags=["training"])

JobId = Annotated[str, Path(description="What POST /api/train answered")]
Responses = dict[int | str, dict[str, Any]]
_FAULTS: Responses = {status: FAULTS[status] for status in (404, 422)}
_START: Responses = {
    403: {"model": Fault, "description": "From another site's page, or training is switched off"},
    429: {"model": Fault, "description": "Too many trainings, or requests from this address"},
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
    responses=_FAULTS | EVENTS_RESPONSE,
    response_class=Response,
    summary="Follow a training",
)
async def follow_job(
    request: Request,
    job: JobId,
    last_event_id: Annotated[str, Header(description="The last event that came")] = "",
) -> Response:
    """What has happened so far comes at once, the rest as it happens."""
    jobs: Jobs = request.app.state.jobs
    return follow(jobs.get(job), last_event_id)


def state_of(jobs: Jobs, job: Job[TrainingPlan]) -> dict[str, Any]:
    """A training in all its parts."""
    plan, outcome = job.plan, job.outcome
    return {
        "job": job.id,
        "reading_id": reading_name(job.id),
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
