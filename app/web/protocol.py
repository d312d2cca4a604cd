"""HTTP as uvicorn speaks it, with bounds on a request's head and on waiting.

``uvicorn --http app.web.protocol:BoundedProtocol``. Uvicorn's fast parser takes heads of any size,
and neither of its parsers ends a connection whose head is not finished or whose answer is not read.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 64 * 1024
"""Bytes of a request's first line and headers."""
HEAD_SECONDS = 10.0
"""How long a head may take to arrive, from the connection or from its first byte."""
SEND_SECONDS = 60.0
"""How long a visitor may read nothing of what waits for them."""
TOO_LARGE = "The request's head is too large."


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head = 0  # bytes of one that is not finished
        self._in_head = True
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Wait for a head, but not for ever."""
        super().connection_made(transport)
        self._timer = self.loop.call_later(HEAD_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        for timer in (self._timer, self._unread):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless it is a head that has grown too large."""
        if self._in_head:
            if self._timer is None:
                self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)
            self._head += len(data)
            # what comes with a head's end may be a body, which others bound
            if self._head > LARGEST_HEAD + len(data):
                self.send_400_response(TOO_LARGE)
                return
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """A head is finished."""
        self._in_head, self._head = False, 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """A request is finished: what comes next is another one's head."""
        self._in_head = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        """More waits for the visitor than the connection holds."""
        super().pause_writing()
        self._unread = self.loop.call_later(SEND_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """The visitor has read."""
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()
