"""Limits on bodies: how large they may be, and how long they may stop arriving."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .refusal import refuse

CLOSE = {"Connection": "close"}
"""A body that is not read to its end leaves a connection that is of no more use."""


class BodyLimit:
    """Refuse a body that is too large (413) or stops arriving (408).

    A declared length is judged before anything is read; an undeclared one is counted while it
    arrives, by Starlette, whose error the application turns into an answer.

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
        self.limited = [
            (beginning, limits[beginning], RequestBodyLimitMiddleware(app, limits[beginning]))
            for beginning in sorted(limits, key=len, reverse=True)
        ]
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
        limit, app = next(
            (limit, app)
            for beginning, limit, app in self.limited
            if scope["path"].startswith(beginning)
        )
        digits = length.lstrip("0")
        if digits.isdecimal() and (len(digits) > 18 or int(digits) > limit):
            came = f"{int(digits):,}" if len(digits) <= 18 else "many more"
            await refuse(413, too_large(limit, came), **CLOSE)(scope, receive, send)
            return
        await app(scope, timed(receive, self.timeout), send)


def timed(receive: Receive, seconds: float) -> Receive:
    """The same messages, but none of a body that is later than it may be.

    Raises
    ------
    HTTPException
        408, when it is late.
    """
    complete = False

    async def receive_in_time() -> Message:
        nonlocal complete
        if complete:  # what is waited for now is that the visitor goes away
            return await receive()
        try:
            async with asyncio.timeout(seconds):
                message = await receive()
        except TimeoutError:
            detail = (
                f"The body stopped arriving: nothing came for {seconds:g} seconds. "
                "Send it again, without a pause."
            )
            raise HTTPException(408, detail, CLOSE) from None
        complete = not message.get("more_body", False)
        return message

    return receive_in_time


def too_large(limit: int, came: str) -> str:
    """Text for a body over its limit."""
    return f"The body is too large: at most {limit:,} bytes are read here, {came} came. Send less."
