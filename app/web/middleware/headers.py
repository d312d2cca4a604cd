"""The security headers of every answer."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


def content_security_policy(frame_ancestors: str = "'none'") -> str:
    """Policy of every answer: nothing inline but style attributes, nothing from elsewhere.

    Plotly sets style attributes, draws heatmaps as ``data:`` images and exports through ``blob:``.
    """
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {frame_ancestors}",
        ]
    )


def security_headers(frame_ancestors: str = "'none'") -> dict[str, str]:
    """The headers by name.

    Parameters
    ----------
    frame_ancestors : who may show the page in a frame, as in the policy's directive of that name
    """
    return {
        "content-security-policy": content_security_policy(frame_ancestors),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }


class SecurityHeaders:
    """Add the security headers to every answer.

    Scripts and styles obey the policy of the page that loads them and need none of their own; a
    page of a hundred of them would be a tenth larger by it.

    Parameters
    ----------
    app
        What answers.
    frame_ancestors
        As in `security_headers`.
    """

    def __init__(self, app: ASGIApp, frame_ancestors: str = "'none'") -> None:
        self.app = app
        named = security_headers(frame_ancestors)
        self.headers = [(name.encode(), value.encode()) for name, value in named.items()]
        self.of_parts = [item for item in self.headers if item[0] == b"x-content-type-options"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        headers = self.of_parts if is_part(scope["path"]) else self.headers

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        await self.app(scope, receive, send_with_headers)


def is_part(path: str) -> bool:
    """Whether a path names a script or a style sheet."""
    return path.startswith("/static/") and path.endswith((".js", ".css"))
