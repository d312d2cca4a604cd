"""How long an answer may wait for a visitor who does not read it."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL = 32 * 1024
"""Bytes of an answer in one piece, which the server's own buffer takes without waiting."""


class SendTimeout:
    """Give an answer up whose next piece is not taken in time, and with it what it holds.

    Parameters
    ----------
    app
        What answers.
    seconds
        How long a piece of an answer may wait.
    """

    def __init__(self, app: ASGIApp, seconds: float = 30.0) -> None:
        self.app = app
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        in_pieces = False

        async def send_in_time(message: Message) -> None:
            nonlocal in_pieces
            in_pieces = in_pieces or message.get("more_body", False)
            if not in_pieces and len(message.get("body", b"")) <= SMALL:
                await send(message)
                return
            try:
                async with asyncio.timeout(self.seconds):
                    await send(message)
            except TimeoutError:
                raise Unread from None

        try:
            await self.app(scope, receive, send_in_time)
        except Unread:
            return  # the server closes a connection whose answer was not sent to its end


class Unread(Exception):
    """Ends an answer that nobody takes; never leaves `SendTimeout`."""
