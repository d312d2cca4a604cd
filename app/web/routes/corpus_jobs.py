"""`POST /api/corpora`: a visitor's own texts through a model, and how far that is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...core.errors import NotFound, SwitchedOff
from ...jobs import CorpusJobs, Job
from ...jobs.corpus_run import CorpusPlan
from ...service.corpora import Corpora
from ...settings import Settings
from ...storage.names import READING, reading_name
from ..corpus_request import read_corpus_plan
from ..events import EVENTS_RESPONSE, follow
from ..responses import FAULTS, json_response
from ..schemas.basic import Fault
from ..schemas.corpora import CorpusJobRef, CorpusJobState

router = APIRouter(tags=["corpora"])
JobId = Annotated[str, Path(description="What POST /api/corpora answered")]
Responses = dict[int | str, dict[str, Any]]
_FAULTS: Responses = {status: FAULTS[status] for status in (404, 422)}
_START: Responses = {
    403: {"model": Fault, "description": "From another site's page, or uploads are switched off"},
    429: {"model": Fault, "description": "Too many at a time, or requests from this address"},
    503: {"model": Fault, "description": "What corpora need is not installed"},
}


@router.post(
    "/corpora",
    status_code=202,
    response_model=CorpusJobRef,
    responses=FAULTS | _START,
    summary="Bring texts, and see what a model's units do over them",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/CorpusRequest"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "description": "The same fields; texts one a line, or a file of them.",
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        }
    },
)
async def start(request: Request) -> Response:
    """Lines, CSV, JSONL or Parquet, up to 5 MB.

    The corpus is listed nowhere: who knows the name `corpus` can ask it, who knows `job` can also
    remove it.
    """
    settings: Settings = request.app.state.settings
    if not settings.uploads:
        raise SwitchedOff("Uploads are switched off on this server. Run your own to bring texts.")
    plan = await read_corpus_plan(request)
    jobs: CorpusJobs = request.app.state.corpus_jobs
    job = await run_in_threadpool(jobs.start, plan)
    answer = json_response({"job": job.id, "corpus": reading_name(job.id)}, 202)
    answer.headers["Location"] = f"/api/corpora/jobs/{job.id}"
    return answer


@router.get(
    "/corpora/jobs/{job}",
    response_model=CorpusJobState,
    responses=_FAULTS,
    summary="How far a corpus is",
)
async def get_job(request: Request, job: JobId) -> Response:
    """Its progress, and its name at the end."""
    jobs: CorpusJobs = request.app.state.corpus_jobs
    return json_response(_state(jobs, jobs.get(job)))


@router.delete(
    "/corpora/jobs/{job}",
    response_model=CorpusJobState,
    responses=_FAULTS,
    summary="Stop building a corpus",
)
async def cancel(request: Request, job: JobId) -> Response:
    """One that is built stays; it is removed at /api/corpora."""
    jobs: CorpusJobs = request.app.state.corpus_jobs
    return json_response(_state(jobs, await run_in_threadpool(jobs.cancel, job)))


@router.get(
    "/corpora/jobs/{job}/events",
    responses=_FAULTS | EVENTS_RESPONSE,
    response_class=Response,
    summary="Follow the building of a corpus",
)
async def follow_job(
    request: Request,
    job: JobId,
    last_event_id: Annotated[str, Header(description="The last event that came")] = "",
) -> Response:
    """`progress` after each part, then `done` with the name `corpus`, or `failed`."""
    jobs: CorpusJobs = request.app.state.corpus_jobs
    return follow(jobs.get(job), last_event_id)


@router.delete(
    "/corpora/{corpus}",
    status_code=204,
    response_class=Response,
    responses={
        404: FAULTS[404],
        403: {"model": Fault, "description": "Everybody's, or a name for reading alone"},
    },
    summary="Remove a corpus that you had built",
)
async def delete(
    request: Request, corpus: Annotated[str, Path(description="The `job` it was built by")]
) -> Response:
    """It is gone for good."""
    corpora: Corpora = request.app.state.corpora
    if corpus in corpora.served or READING.fullmatch(corpus):
        raise SwitchedOff(
            "This is a name for reading. A corpus is removed by the job that was answered when it "
            "was built."
        )
    if not await run_in_threadpool(corpora.private.remove, corpus):
        raise NotFound("There is no such corpus any more.")
    return Response(status_code=204)


def _state(jobs: CorpusJobs, job: Job[CorpusPlan]) -> dict[str, Any]:
    told = [event.data for event in job.events if event.name == "progress"]
    return {
        "job": job.id,
        "corpus": reading_name(job.id),
        "title": job.plan.title,
        "state": job.state,
        "place": jobs.place(job),
        "progress": told[-1] if told else None,
        "detail": job.outcome.get("detail"),
    }
