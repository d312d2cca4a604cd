"""What all routes share: encoding an answer, and saying what is wrong with a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Response
from starlette.types import Receive, Scope, Send

from ..core.errors import shorten
from ..service.encoding import encode
from .schemas import Fault

FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"model": Fault, "description": "No such model or layer"},
    408: {"model": Fault, "description": "The body did not arrive in time"},
    413: {"model": Fault, "description": "Over a limit"},
    422: {"model": Fault, "description": "Wrong input, and what to do about it"},
}


class JsonInPieces(Response):
    """An answer of JSON whose pieces are sent one after the other."""

    media_type = "application/json"

    def __init__(self, pieces: list[bytes], headers: Mapping[str, str] | None = None) -> None:
        length = sum(map(len, pieces))
        super().__init__(headers={**(headers or {}), "Content-Length": str(length)})
        self.pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces, each when the connection has room for it."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        *most, last = self.pieces
        for piece in most:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": last})


def json_response(
    content: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with `content` as JSON."""
    return Response(encode(content), status, headers, media_type="application/json")


def explain(faults: Iterable[Any]) -> str:
    """Say what is wrong with each field and what came, but never the whole of it.

    Parameters
    ----------
    faults : the errors of a Pydantic ValidationError or a FastAPI RequestValidationError
    """
    lines = []
    for fault in list(faults)[:5]:
        came = fault.get("input")
        got = ""
        if fault["type"] != "json_invalid" and isinstance(came, (str, int, float)):
            got = f" (got {shorten(came if isinstance(came, str) else str(came))})"
        where = ".".join(str(part)[:40] for part in fault["loc"]) or "body"
        lines.append(f"{where}: {_MESSAGES.get(fault['type'], fault['msg'])}{got}.")
    return " ".join(lines)


_MESSAGES = {
    "extra_forbidden": "there is no such field; the fields are listed at /docs",
    "finite_number": "must be a finite number, not NaN or Infinity",
    "string_pattern_mismatch": "must not hold the character NUL, nor others that are not shown",
}
