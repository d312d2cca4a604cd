"""What all routes share: encoding an answer, and saying what is wrong with a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import Any

from fastapi import Response
from starlette.concurrency import iterate_in_threadpool
from starlette.types import Receive, Scope, Send

from ..core.errors import shorten
from ..service.encoding import encode
from .schemas.basic import Fault

FAULTS: dict[int | str, dict[str, Any]] = {
    404: {"model": Fault, "description": "No such model or layer"},
    408: {"model": Fault, "description": "The body did not arrive in time"},
    413: {"model": Fault, "description": "Over a limit"},
    422: {"model": Fault, "description": "Wrong input, and what to do about it"},
}


PIECE = 256 * 1024
"""Bytes."""


class Pieces(Response):
    """An answer whose pieces are sent one after the other.

    Parameters
    ----------
    pieces : a list, whose length is announced, or an iterator, which is asked in a thread
    size : bytes that the answer holds until it is sent; those of the list if None
    """

    media_type = "application/json"

    def __init__(
        self,
        pieces: list[bytes] | Iterator[bytes],
        headers: Mapping[str, str] | None = None,
        size: int | None = None,
    ) -> None:
        length = {}
        if isinstance(pieces, list):
            size = sum(map(len, pieces))
            length = {"Content-Length": str(size)}
        super().__init__(headers={**(headers or {}), **length})
        if not length:
            del self.headers["content-length"]
        self.pieces = pieces
        self.size = size or 0
        self.when_done: Callable[[], None] = lambda: None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces, each when the connection has room for it."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            await send(start)
            async for piece, more in self._each():
                await send({"type": "http.response.body", "body": piece, "more_body": more})
                await asyncio.sleep(0)  # a connection that is fast never waits, but others would
        finally:
            self.when_done()

    async def _each(self) -> AsyncIterator[tuple[bytes, bool]]:
        """Each piece, and whether more will come."""
        if isinstance(self.pieces, list):
            self.pieces.reverse()
            while self.pieces:  # what has been sent is let go
                yield self.pieces.pop(), bool(self.pieces)
            return
        async for piece in iterate_in_threadpool(self.pieces):
            yield piece, True
        yield b"", False


def cut(data: bytes) -> list[bytes]:
    """A long answer in pieces."""
    return [data[start : start + PIECE] for start in range(0, len(data), PIECE)]


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
