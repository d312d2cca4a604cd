"""What is not the API: the page, its documentation, and whether the server is ready."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from .errors import STATUS
from .middleware import Metrics
from .page import page_context, with_reading_names
from .responses import json_response
from .schemas.basic import Health

router = APIRouter()
metrics_router = APIRouter()
REVALIDATE = {"Cache-Control": "no-cache"}


@router.get("/", include_in_schema=False)
def page(request: Request) -> Response:
    """The page in the state of its address."""
    query, state = dict(request.query_params), request.app.state
    if (named := with_reading_names(query, state.registry.models)) != query:
        return RedirectResponse(f"/?{urlencode(named)}", 303, {"Cache-Control": "no-store"})
    context, error = page_context(request.query_params, state.registry, state.settings)
    html = state.site.templates.get_template("index.html").render(context)
    return HTMLResponse(html, STATUS[type(error)] if error else 200, headers=REVALIDATE)


@router.get("/docs", include_in_schema=False)
def docs(request: Request) -> Response:
    """The API's documentation, from files of ours."""
    app = request.app
    html = app.state.site.templates.get_template("docs.html").render(openapi_url=app.openapi_url)
    return HTMLResponse(html, headers=REVALIDATE)


@router.get("/healthz", response_model=Health, tags=["operation"], summary="200 when ready")
async def healthz() -> Response:
    """Nothing is asked of anything else."""
    return json_response({"status": "ok"})


@metrics_router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """The counters of this process."""
    kept: Metrics = request.app.state.metrics
    headers = {"Content-Type": kept.content_type, "Cache-Control": "no-store"}
    return Response(kept.text(), headers=headers)
