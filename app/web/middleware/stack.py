"""Everything that stands around the routes, in its order."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from ...settings import Settings
from .bodies import BodyLimit
from .conditional import Conditional
from .headers import SecurityHeaders
from .hosts import Hosts
from .observe import Metrics, Observe, print_line, silence_access_log
from .origins import Origins
from .rates import RateLimit
from .sending import SendTimeout

DENSE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream", "application/x-npz")
"""What compression takes long over and leaves as large as it was."""


def add_middleware(app: FastAPI, settings: Settings, metrics: Metrics | None) -> None:
    """Put everything around the routes; what is added last sees a request first."""
    app.add_middleware(
        BodyLimit,
        limits={
            "/api/step": settings.max_inputs_body,
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
