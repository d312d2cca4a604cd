"""Looking a model up without keeping anybody waiting."""

from __future__ import annotations

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from ..core.model import Model
from ..storage.registry import Registry


async def find_model(request: Request, model_id: str) -> Model:
    """The model of an id; a visitor's own may have to be read from its file first.

    Raises
    ------
    NotFound
        Where there is none.
    """
    registry: Registry = request.app.state.registry
    found = registry.models.get(model_id)
    return found or await run_in_threadpool(registry.get, model_id)
