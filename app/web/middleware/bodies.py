"""Limits on bodies: how large they may be, and how long they may stop arriving."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .refusal import refuse


class BodyLimit:
    """Refuse a body that is too large (413) or stops arriving (408).

    A declared length is judged before anything is read, an undeclared one while it arrives.

    Parameters
    ----------
    app
        What answers.
    limits
        Most bytes of a body by the beginning of its path; the longest beginning that fits counts.
        ``""`` is everything else and must be there.
    timeout
        Seconds to wait for the next piece of a body.
    """

    def __init__(self, app: ASGIApp, limits: Mapping[str, int], timeout: float = 20.0) -> None:
        self.app = app
        self.limits = sorted(limits.items(), key=lambda item: len(item[0]), reverse=True)
        self.timeout = timeout

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body watched."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if not length and "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return

        limit = self.limit(scope["path"])
        if length.isdecimal() and int(length) > limit:
            await close_after(413, too_large(limit, f"{int(length):,}"))(scope, receive, send)
            return
        body = Body(receive, send, limit, self.timeout)
        try:
            await self.app(scope, body.receive, body.send)
        except Exception:
            if body.refusal is None and not body.gone:  # else it is how the reading ended
                raise
        if body.refusal is not None and not body.started:
            await body.refusal(scope, receive, send)

    def limit(self, path: str) -> int:
        """Most bytes of a body sent to a path."""
        return next(limit for beginning, limit in self.limits if path.startswith(beginning))


class BodyRefused(Exception):
    """Ends the reading of a body; never leaves `BodyLimit`."""


class Body:
    """One request's body while it arrives, and its answer while it leaves."""

    def __init__(self, receive: Receive, send: Send, limit: int, timeout: float) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._timeout = timeout
        self._received = 0
        self._complete = False
        self.started = False
        self.gone = False  # the visitor, in the middle of the body
        self.refusal: JSONResponse | None = None

    async def receive(self) -> Message:
        """Next message, or `BodyRefused` where it is late or one byte too many."""
        if self._complete:
            return await self._receive()
        try:
            async with asyncio.timeout(self._timeout):
                message = await self._receive()
        except TimeoutError:
            detail = (
                f"The body stopped arriving: nothing came for {self._timeout:g} seconds. "
                "Send it again, without a pause."
            )
            self.refusal = close_after(408, detail)
            raise BodyRefused from None
        self.gone = message["type"] == "http.disconnect"
        self._received += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._received > self._limit:
            self.refusal = close_after(413, too_large(self._limit, "more"))
            raise BodyRefused
        return message

    async def send(self, message: Message) -> None:
        """Hand the answer on, unless the body was refused, when ours is the answer, or cut off."""
        if (self.refusal is None and not self.gone) or self.started:
            self.started = True
            await self._send(message)


def close_after(status: int, detail: str) -> JSONResponse:
    """Refuse a body that is not read to its end, so that the connection is of no use."""
    return refuse(status, detail, Connection="close")


def too_large(limit: int, came: str) -> str:
    """Text for a body over its limit."""
    return f"The body is too large: at most {limit:,} bytes are read here, {came} came. Send less."
