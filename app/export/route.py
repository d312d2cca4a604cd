"""`GET /api/export`: the page as a file."""

from __future__ import annotations

import threading
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ..core.errors import Busy
from ..web.responses import FAULTS
from ..web.step_request import once
from .page import exported_page, file_name

WRITING = threading.BoundedSemaphore(2)
"""How many files are written at a time: a large model's takes seconds, and some ten megabytes."""

router = APIRouter(prefix="/api", tags=["api"])

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}}, "description": "One HTML file that needs no server"}
}


@router.get(
    "/export",
    response_class=Response,
    responses=FAULTS | _FILE,
    summary="The page as one file that works without a server",
)
def export(
    request: Request,
    sentence: Annotated[str | None, Query(description="As everywhere; default: Good Day")] = None,
    model: Annotated[str | None, Query(description="An id from /api/models")] = None,
) -> Response:
    """The page's whole query string is read: what its address says is the state of the file."""
    query = once(request.query_params.multi_items())
    state = request.app.state
    if not WRITING.acquire(blocking=False):
        raise Busy("Other pages are being saved. Try again in some seconds.")
    try:
        html = exported_page(query, state.registry, state.settings, state.site)
    finally:
        WRITING.release()
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(query)}"',
        "Cache-Control": "no-store",
    }
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)
