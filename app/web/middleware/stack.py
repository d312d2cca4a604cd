"""Everything that stands around the routes, in its order."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from ...settings import Settings
from .bodies import BodyLimit
from .conditional import Conditional
from .direct import Direct, Endpoint, OnError
from .headers import SecurityHeaders
from .hosts import Hosts
from .observe import Metrics, Observe, print_line, silence_access_log
from .origins import Origins
from .rates import RateLimit
from .sending import SendTimeout

DENSE = (
    "application/octet-stream",
    "application/x-npz",
    "font/woff2",
    "image/png",
    "text/event-stream",
)
"""What compression takes long over and leaves as large as it was, and events, which it would hold
back. Of what is served here: a longer list costs each request."""


def add_middleware(
    app: FastAPI,
    settings: Settings,
    metrics: Metrics | None,
    endpoints: Mapping[tuple[str, str], Endpoint],
    on_error: OnError,
) -> None:
    """Put everything around the routes; what is added last sees a request first.

    Parameters
    ----------
    endpoints, on_error : as in `Direct`
    """
    app.add_middleware(Direct, endpoints=endpoints, on_error=on_error)
    app.add_middleware(
        BodyLimit,
        limits={
            "/api/step": settings.max_inputs_body,
            "/api/generate": settings.max_inputs_body,
            "/api/corpora": settings.max_corpus_body,
            "/api/corpora/": settings.max_inputs_body,
            "/api/train": settings.max_training_body,
            "/api/train/": settings.max_small_body,
            "/api/models": settings.max_upload,
            "/api/models/": settings.max_small_body,
            "": settings.max_body,
        },
        timeout=settings.body_timeout,
    )
    app.add_middleware(
        GZipMiddleware, minimum_size=1_000, compresslevel=1, exclude_content_types=DENSE
    )
    app.add_middleware(Conditional)
    if settings.rate_limit or settings.change_rate_limit:
        app.add_middleware(
            RateLimit, requests=settings.rate_limit, changes=settings.change_rate_limit
        )
    app.add_middleware(Origins)
    app.add_middleware(Hosts, names=settings.allowed_hosts.split())
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors or "'none'")
    app.add_middleware(SendTimeout, seconds=settings.send_timeout)
    if settings.log_requests:
        silence_access_log()
    if settings.log_requests or metrics:
        log = print_line if settings.log_requests else None
        app.add_middleware(Observe, log=log, metrics=metrics)
