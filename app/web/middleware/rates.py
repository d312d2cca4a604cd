"""How often one address may ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import ceil

from starlette.types import ASGIApp, Receive, Scope, Send

from .origins import SAFE
from .refusal import refuse

QUESTIONS = ("/api/step", "/api/views/", "/api/generate")
"""Beginnings of the paths to which is sent what changes nothing."""

FREE = ("/static/", "/healthz", "/metrics")
"""Beginnings of the paths that cost nothing."""
REMEMBERED = 10_000
"""How many addresses are counted; the one that has been silent longest is forgotten."""


class Bucket:
    """Tokens that come back at a steady rate, for each of many addresses.

    Parameters
    ----------
    a_minute : how many come back in a minute, and how many there can be
    clock : seconds
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most = a_minute
        self.clock = clock
        self.left: dict[str, tuple[float, float]] = {}  # tokens and when, the latest address last

    def take(self, address: str) -> float:
        """Take a token. Returns the seconds to wait for one: 0 where one was there."""
        now = self.clock()
        tokens, before = self.left.pop(address, (float(self.most), now))
        tokens = min(self.most, tokens + (now - before) * self.most / 60)
        taken = tokens >= 1
        self.left[address] = (tokens - taken, now)
        if len(self.left) > REMEMBERED:
            del self.left[next(iter(self.left))]
        return 0.0 if taken else (1 - tokens) * 60 / self.most


class RateLimit:
    """Refuse an address that asks too often (429).

    Parameters
    ----------
    app
        What answers.
    requests
        Requests a minute, or 0 for any number.
    changes
        The same for those that upload, train or delete.
    clock
        Seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        requests: int = 0,
        changes: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app = app
        self.requests = Bucket(requests, clock) if requests else None
        self.changes = Bucket(changes, clock) if changes else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        wait = 0.0
        if scope["type"] == "http" and not scope["path"].startswith(FREE):
            address = (scope.get("client") or ("",))[0]
            for bucket in (self.requests, self.changes if changes_something(scope) else None):
                wait = max(wait, bucket.take(address)) if bucket else wait
        if not wait:
            await self.app(scope, receive, send)
            return
        seconds = ceil(wait)
        detail = f"Too many requests from this address. Try again in {seconds} s."
        await refuse(429, detail, **{"Retry-After": str(seconds)})(scope, receive, send)


def changes_something(scope: Scope) -> bool:
    """Whether a request uploads, trains or deletes: all that is sent but a sentence to read."""
    return scope["method"] not in SAFE and not scope["path"].startswith(QUESTIONS)
