"""`/api/views`: what each view of the page needs beyond the trace."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Request, Response

from ...core.errors import BadInput
from ...service.views import VIEWS, Ask, split_fields, view_named
from ..json_size import measure
from ..responses import FAULTS, json_response
from ..step_request import read_body

router = APIRouter()


@router.post(
    "/views/{view}",
    response_model=dict,
    responses=FAULTS,
    summary="What a view of the page needs: memory, memories, scores, swaps, vanishing",
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
    """The fields of `/api/step`.

    Besides them swaps takes `timestep` and `words`, memories `timestep`, vanishing `added`.
    """
    state, found = request.app.state, view_named(view)
    body = await request.body()
    measure(body, state.settings.max_values, state.settings.max_containers)
    try:
        sent = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"The body is not valid JSON: {error}.") from None
    if not isinstance(sent, dict):
        raise BadInput("The body must be a JSON object with the fields of /api/step.")
    fields, own = split_fields(found, sent)
    question = read_body(orjson.dumps(fields), state.settings)
    ask = Ask(state.registry, state.settings)
    return await state.lane.make(request, lambda: json_response(found.answer(ask, question, own)))
