"""`/api/views`: what each view of the page needs beyond the trace."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from ...core.errors import BadInput
from ...service.encoding import encode_in_pieces
from ...service.views import VIEWS, Ask, split_fields, view_named
from ..responses import FAULTS, JsonInPieces
from ..step_request import read_body

router = APIRouter()


@router.post(
    "/views/{view}",
    response_model=dict,
    responses=FAULTS,
    summary="What a view of the page needs: memory, scores, swaps, vanishing",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
async def post_view(
    request: Request, view: Annotated[str, Path(description=f"Of {', '.join(VIEWS)}")]
) -> Response:
    """The fields of `/api/step`; swaps also takes `timestep` and `words`, vanishing `added`."""
    found = view_named(view)
    try:
        sent = orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise BadInput(f"The body is not valid JSON: {error}.") from None
    if not isinstance(sent, dict):
        raise BadInput("The body must be a JSON object with the fields of /api/step.")
    fields, own = split_fields(found, sent)
    question = read_body(orjson.dumps(fields))
    ask = Ask(request.app.state.registry, request.app.state.settings)
    return JsonInPieces(
        await run_in_threadpool(lambda: encode_in_pieces(found.answer(ask, question, own)))
    )
