"""Which names a server goes by."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from .refusal import refuse

PROBE = "/healthz"
"""A load balancer asks for it by a replica's bare address, or by none."""
LOCAL = ("localhost", "127.0.0.1", "[::1]")
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1")
PORT = re.compile(rb":\d{1,5}$")


class Hosts:
    """Refuse a request whose `Host` is not one of the server's names (400).

    On a loopback address, where nobody else is to reach it, a server goes by its local names alone
    unless it is told others: a page from outside could lead its own name there (DNS rebinding) and
    would then be taken for ours. A request with two hosts, or none, is refused everywhere, as one
    program takes the first and another the last. Starlette's TrustedHostMiddleware looks at the
    first alone, and answers in another form than all our errors have.

    Parameters
    ----------
    app
        What answers.
    names
        Names that the server goes by; ``*.school.example`` stands for every name below. None: any,
        but on a loopback address `LOCAL`.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str] = ()) -> None:
        self.app = app
        self.names = [name.lower().encode() for name in names]
        self.local = [name.encode() for name in LOCAL]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] == PROBE:
            await self.app(scope, receive, send)
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1:
            came = "none" if not hosts else f"{len(hosts)}"
            detail = f"A request names one host; {came} came. Send one Host header."
            await refuse(400, detail)(scope, receive, send)
        elif not self.knows(hosts[0], scope.get("server")):
            detail = (
                "This server does not go by that name. Use the address you were given for it; "
                "whoever runs it can add names in LSTM_VIZ_ALLOWED_HOSTS."
            )
            await refuse(400, detail)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def knows(self, host: bytes, server: tuple[str, int | None] | None) -> bool:
        """Whether a `Host` header names this server, at any port.

        Parameters
        ----------
        server : the address and port at which the request came in
        """
        names = self.names
        if not names:
            if server is None or not LOOPBACK.fullmatch(server[0] or ""):
                return True
            names = self.local
        name = PORT.sub(b"", host.lower())
        return any(
            name == known or (known.startswith(b"*.") and name.endswith(known[1:]))
            for known in names
        )
