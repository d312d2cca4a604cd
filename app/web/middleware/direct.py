"""A way past the router for what is asked most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]
OnError = Callable[[Request, Exception], Awaitable[Response]]


class Direct:
    """Ask a route's function by its path and method.

    The router tries one route after another, and a route of FastAPI's resolves what its function
    depends on: together they cost more than a small trace. The function is a route all the same,
    which documents it.

    Parameters
    ----------
    app
        What answers everything else.
    endpoints
        Functions of a request alone, by path and method.
    on_error
        What a request gets whose function raises.
    """

    def __init__(
        self, app: ASGIApp, endpoints: Mapping[tuple[str, str], Endpoint], on_error: OnError
    ) -> None:
        self.app = app
        self.endpoints = endpoints
        self.on_error = on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        endpoint = None
        if scope["type"] == "http":
            endpoint = self.endpoints.get((scope["path"], scope["method"]))
        if endpoint is None:
            await self.app(scope, receive, send)
            return
        scope["endpoint"] = endpoint
        request = Request(scope, receive)
        try:
            answer = await endpoint(request)
        except Exception as error:
            answer = await self.on_error(request, error)
        await answer(scope, receive, send)
