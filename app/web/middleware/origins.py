"""Who may ask for changes: the server's own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .refusal import refuse

SAFE = {"GET", "HEAD", "OPTIONS"}


class Origins:
    """Refuse a change that another site's page asks for (403).

    There are no cookies, but a server at home or in a lecture hall is reached from inside alone,
    and a page from outside could use a visitor's browser to get in. Requests that no page makes,
    as those of curl and scripts, have neither header and pass.

    Parameters
    ----------
    app
        What answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        changes = scope["type"] == "http" and scope["method"] not in SAFE
        if not changes or not is_foreign(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        detail = "This comes from another site's page. Use the page of this server, or a script."
        await refuse(403, detail)(scope, receive, send)


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
