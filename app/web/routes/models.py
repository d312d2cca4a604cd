"""`/api/models`: which models there are, how they are built, and their weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from ...core.model import Model
from ...service.encoding import encode_in_pieces
from ...service.summaries import GUIDE_TIMESTEPS, head_weights, layer_weights, model_row, summary
from ..find_model import find_model
from ..lane import Lane
from ..responses import FAULTS, Pieces, json_response
from ..schemas.models import GateWeights, HeadWeights, ModelList, Summary

router = APIRouter(responses=FAULTS)

SMALL = 50_000
"""Weights that are encoded in a few milliseconds."""
ModelId = Annotated[str, Path(description="An id from /api/models")]


@router.get("/models", response_model=ModelList, summary="The models anybody may use")
async def list_models(request: Request) -> Response:
    """Every shipped model in a line."""
    return json_response({"models": [model_row(model) for model in request.app.state.registry]})


@router.get("/models/{id}", response_model=Summary, summary="A model's layers, as Keras's summary")
async def get_model(
    request: Request,
    id: ModelId,
    timesteps: Annotated[int, Query(ge=1, le=10_000)] = GUIDE_TIMESTEPS,
) -> Response:
    """Output shapes and parameter counts for sequences of `timesteps`."""
    return json_response(summary(await find_model(request, id), timesteps))


@router.get(
    "/models/{id}/weights",
    response_model=dict[str, GateWeights],
    summary="A recurrent layer's weights, gate by gate",
)
async def get_weights(
    request: Request,
    id: ModelId,
    layer: Annotated[str | None, Query(description="Default: the first recurrent layer")] = None,
    unit: Annotated[int | None, Query(description="One unit's columns only")] = None,
) -> Response:
    """Each gate's kernel, recurrent kernel and bias, from Keras's layout."""
    model, settings = await find_model(request, id), request.app.state.settings
    return await _numbers(request, model, lambda: layer_weights(model, layer, unit, settings))


@router.get(
    "/models/{id}/head",
    response_model=HeadWeights,
    summary="The weights that make the answer of the hidden states",
)
async def get_head(
    request: Request,
    id: ModelId,
    timesteps: Annotated[int, Query(ge=1, le=10_000)] = GUIDE_TIMESTEPS,
) -> Response:
    """The dense layer of a head without hidden layers, for sequences of `timesteps`."""
    model, settings = await find_model(request, id), request.app.state.settings
    return await _numbers(request, model, lambda: head_weights(model, timesteps, settings))


async def _numbers(request: Request, model: Model, make: Callable[[], dict[str, Any]]) -> Response:
    """Answer with weights: those of a large model beside the event loop."""
    if model.network.size.products < SMALL:
        return json_response(make())
    lane: Lane = request.app.state.lane
    return await lane.make(request, lambda: Pieces(encode_in_pieces(make())))
