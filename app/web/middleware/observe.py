"""What an operator sees of each request: one line of JSON, and counters for Prometheus.

Neither ever holds what the visitor typed: the address is the route's template, without its query.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{1,64}")
"""What is taken over from the proxy in front; anything else would end up in the log as it is."""
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
NO_ROUTE = "none"


class Metrics:
    """Counters of one server process, in the form that Prometheus reads."""

    def __init__(self) -> None:
        # only here: a server that is not watched does not load it
        import prometheus_client as prometheus

        self.registry = prometheus.CollectorRegistry()
        prometheus.ProcessCollector(registry=self.registry)
        prometheus.GCCollector(registry=self.registry)
        self._generate = prometheus.generate_latest
        self.content_type = prometheus.CONTENT_TYPE_LATEST
        self._seconds = prometheus.Histogram(
            "lstm_viz_request_seconds",
            "From a request's first line to its answer's last byte.",
            ["method", "route", "status"],
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
            registry=self.registry,
        )
        self._open = prometheus.Gauge(
            "lstm_viz_requests_open", "Requests being answered.", registry=self.registry
        )

    def begin(self) -> None:
        """Count a request that has come."""
        self._open.inc()

    def end(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has been answered."""
        self._open.dec()
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def text(self) -> bytes:
        """All counters."""
        return self._generate(self.registry)


class Observe:
    """Log and count requests, and give each an id, which the answer carries.

    Parameters
    ----------
    app
        What answers.
    log
        What a line goes to, or None.
    metrics
        Where to count, or None.
    """

    def __init__(
        self,
        app: ASGIApp,
        log: Callable[[dict[str, Any]], None] | None = None,
        metrics: Metrics | None = None,
    ) -> None:
        self.app = app
        self.log = log
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and look at the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
        if not REQUEST_ID.fullmatch(request_id):
            request_id = uuid4().hex.encode()
        status, sent = 500, 0

        async def watch(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id)]
            sent += len(message.get("body", b""))
            await send(message)

        start = time.perf_counter()
        if self.metrics:
            self.metrics.begin()
        try:
            await self.app(scope, receive, watch)
        finally:
            seconds = time.perf_counter() - start
            method, route = known_method(scope["method"]), route_of(scope)
            if self.metrics:
                self.metrics.end(method, route, status, seconds)
            if self.log:
                line = {
                    "request_id": request_id.decode(),
                    "method": method,
                    "route": route,
                    "status": status,
                    "milliseconds": round(1_000 * seconds, 2),
                    "bytes": sent,
                }
                self.log(line)


def route_of(scope: Scope) -> str:
    """The template of the route that answered, such as `/api/models/{id}`."""
    if scope["path"].startswith("/static/"):
        return "/static"
    if "endpoint" not in scope:
        return NO_ROUTE
    template = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        before, _, after = template.rpartition(f"/{value}")
        template = f"{before}/{{{name}}}{after}"
    return template


def known_method(method: str) -> str:
    """The method; a made-up one would be one more row for each request."""
    return method if method in METHODS else "OTHER"


def print_line(line: dict[str, Any]) -> None:
    """Write one line of JSON to standard output."""
    print(orjson.dumps(line).decode(), flush=True)


def silence_access_log() -> None:
    """Stop the server's own log of requests, whose lines hold what was typed."""
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
