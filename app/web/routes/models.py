"""`/api/models`: which models there are, how they are built, and their weights."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from ...service.summaries import GUIDE_TIMESTEPS, head_weights, layer_weights, model_row, summary
from ...storage.registry import Registry
from ..responses import FAULTS, json_response
from ..schemas import GateWeights, HeadWeights, ModelList, Summary

router = APIRouter(responses=FAULTS)

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
    registry: Registry = request.app.state.registry
    return json_response(summary(registry.get(id), timesteps))


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
    state = request.app.state
    return json_response(layer_weights(state.registry.get(id), layer, unit, state.settings))


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
    state = request.app.state
    return json_response(head_weights(state.registry.get(id), timesteps, state.settings))
