"""Large answers, one after the other, beside the small ones that the event loop gives itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from ..core.errors import Busy
from .responses import Pieces

BUSY = "Others' large answers are being made. Try again in some seconds, or ask for less."
SENDING = 256 * 2**20
"""Bytes of large answers that may be on their way to visitors at a time."""


@dataclass
class Lane:
    """Where large answers are made.

    More at a time than there are processors to spare would only take turns, and each would take its
    memory; small answers would wait for all of them. What is made and not yet sent is counted too:
    visitors who read slowly hold up the next large answer, not the server.

    Attributes
    ----------
    waiting : how many may wait for their turn
    seconds : how long one may wait
    sending : bytes that may be on their way
    """

    waiting: int = 32
    seconds: float = 30.0
    sending: int = SENDING
    _turns: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(max(1, (os.cpu_count() or 2) - 1))
    )
    _queue: int = 0
    _sent: asyncio.Event = field(default_factory=asyncio.Event)
    _bytes: int = 0

    async def make(self, request: Request, work: Callable[[], Response]) -> Response:
        """Make an answer in a thread when its turn has come.

        Raises
        ------
        Busy
            Where too many wait, or one has waited too long.
        """
        if self._queue >= self.waiting:
            raise Busy(BUSY)
        self._queue += 1
        try:
            async with asyncio.timeout(self.seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise Busy(BUSY) from None
        finally:
            self._queue -= 1
        try:
            await self._room()
            if await request.is_disconnected():
                return Response(status_code=204)  # nobody is there to read it
            answer = await run_in_threadpool(work)
        finally:
            self._turns.release()
        if isinstance(answer, Pieces):
            self._bytes += answer.size
            answer.when_done = partial(self._done, answer.size)
        return answer

    async def _room(self) -> None:
        """Wait until less is on its way."""
        try:
            async with asyncio.timeout(self.seconds):
                while self._bytes >= self.sending:
                    self._sent.clear()
                    await self._sent.wait()
        except TimeoutError:
            raise Busy(BUSY) from None

    def _done(self, size: int) -> None:
        self._bytes -= size
        self._sent.set()
