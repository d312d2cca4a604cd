"""The API's description of itself, with what FastAPI cannot see."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from .schemas.corpora import CorpusRequest, MatchRequest
from .schemas.generate import GenerateRequest
from .schemas.step_request import StepRequest
from .schemas.training import TrainRequest

_FAULT = {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}}
_ANY: dict[str, Any] = {
    "400": {"description": "Not a request this server reads", "content": _FAULT},
    "429": {"description": "Too many requests from this address", "content": _FAULT},
}
_READS: dict[str, Any] = {"304": {"description": "Not modified"}}
_CHANGES: dict[str, Any] = {
    "403": {"description": "From another site's page", "content": _FAULT},
    "507": {"description": "The server's disk is full", "content": _FAULT},
}


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document.

    It includes the bodies that routes parse by themselves, and the answers that requests get
    before they reach a route.
    """
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for model in (StepRequest, GenerateRequest, TrainRequest, MatchRequest, CorpusRequest):
        body = model.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= body.pop("$defs", {}) | {model.__name__: body}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            own = _READS if method == "get" else _CHANGES
            operation["responses"] = _ANY | own | operation["responses"]
    return document
