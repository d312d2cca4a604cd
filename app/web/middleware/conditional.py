"""HEAD wherever there is GET, and "not modified" for an answer that the visitor has."""

from __future__ import annotations

from hashlib import blake2b

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_TAGGED = 256 * 1024
"""Bytes. What is larger costs more to hash than a small answer to make."""
KEPT = {b"cache-control", b"etag", b"vary"}
"""The headers that a "not modified" repeats."""

ROUTED = ("endpoint", "path_params")
"""What the router leaves in a request, for those who look at it afterwards."""


class Conditional:
    """Answer HEAD from GET, give answers to GET a tag, and send 304 where the tag is known.

    The tag is of the bytes that are sent, compressed ones included. Answers that bring their own
    tag, and those that come in pieces, stay as they are.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, send)
        inner = dict(scope, method="GET") if answer.head else scope
        await self.app(inner, receive, answer.send)
        scope.update({key: inner[key] for key in ROUTED if key in inner})


class _Answer:
    """One answer to GET or HEAD on its way out."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.head = scope["method"] == "HEAD"
        self._known = b", ".join(
            value for name, value in scope["headers"] if name == b"if-none-match"
        )
        self._send = send
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            start, self._start = self._start, None
            if not more and start["status"] == 200 and len(body) <= LARGEST_TAGGED:
                body = self._tag(start, body)
            await self._send(start)
            if self.head:
                await self._send({"type": "http.response.body"})
        if not self.head:
            await self._send({"type": "http.response.body", "body": body, "more_body": more})

    def _tag(self, start: Message, body: bytes) -> bytes:
        """Put a tag on an answer, or turn it into a 304; what is then left of its body."""
        headers = dict(start["headers"])
        if b"etag" in headers:
            return body
        tag = b'"%s"' % blake2b(body, digest_size=12).hexdigest().encode()
        start["headers"] = [*start["headers"], (b"etag", tag)]
        if b"cache-control" not in headers:
            start["headers"].append((b"cache-control", b"no-cache"))
        if tag not in self._known and self._known != b"*":
            return body
        start["status"] = 304
        start["headers"] = [item for item in start["headers"] if item[0] in KEPT]
        return b""
