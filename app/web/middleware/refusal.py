"""The answer of whatever refuses a request before a route sees it."""

from __future__ import annotations

from starlette.responses import JSONResponse


def refuse(status: int, detail: str, **headers: str) -> JSONResponse:
    """Make an error of the one shape that all errors have."""
    return JSONResponse({"detail": detail}, status, headers=headers)
