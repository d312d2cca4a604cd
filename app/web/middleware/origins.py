"""Who may ask: the server's own names, and for changes only its own pages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .refusal import refuse

SAFE = {"GET", "HEAD", "OPTIONS"}
PROBE = "/healthz"
"""A load balancer asks for it by a replica's bare address."""


class Origins:
    """Refuse a change that another site's page asks for (403), and a foreign `Host` (400).

    There are no cookies, but a server at home or in a lecture hall is reached from inside alone,
    and a page from outside could use a visitor's browser to get in. Requests that no page makes,
    as those of curl and scripts, have neither header and pass.

    Parameters
    ----------
    app
        What answers.
    hosts
        Names that the server goes by; ``*.school.example`` stands for every name below. None: any.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        self.app = app
        self.hosts = [host.lower() for host in hosts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or (scope["method"] in SAFE and not self.hosts):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self.hosts and scope["path"] != PROBE and not self.knows(headers.get("host", "")):
            detail = "This server does not go by that name. Use the address you were given for it."
            await refuse(400, detail)(scope, receive, send)
        elif scope["method"] not in SAFE and is_foreign(headers):
            detail = (
                "This comes from another site's page. Use the page of this server, or a script."
            )
            await refuse(403, detail)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def knows(self, host: str) -> bool:
        """Whether a `Host` header names this server, at any port."""
        name = re.sub(r":\d+$", "", host.lower())
        return any(
            name == known or (known.startswith("*.") and name.endswith(known[1:]))
            for known in self.hosts
        )


def is_foreign(headers: Headers) -> bool:
    """Whether a request comes from a page of another origin, as far as its browser says."""
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none", "cross-site"):  # no page can forge it
        return site == "cross-site"
    origin = headers.get("origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True
