"""The application: static files, templates, routes, and what an error becomes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from starlette.exceptions import HTTPException

from . import __version__
from .core.errors import (
    NO_ROOM,
    BadInput,
    Busy,
    NotFound,
    SwitchedOff,
    TooLarge,
    Unsupported,
    UserError,
    is_full,
)
from .export import router as export_router
from .jobs import Jobs
from .settings import Settings, from_environment
from .storage.epochs import Epochs
from .storage.registry import Registry
from .storage.visitor_models import VisitorModels
from .web.help import router as help_router
from .web.lifespan import lifespan
from .web.middleware import (
    BodyLimit,
    Conditional,
    Metrics,
    Observe,
    Origins,
    RateLimit,
    SecurityHeaders,
    print_line,
    security_headers,
    silence_access_log,
)
from .web.openapi import describe_api
from .web.page import page_context
from .web.responses import explain, json_response
from .web.routes import router
from .web.routes.models import model_row
from .web.schemas import Health
from .web.site import read_site

KEPT_IN_MEMORY = 512 * 2**20
"""Bytes of weights of visitors' models that are held in memory."""
STATUS: dict[type[UserError], int] = {
    SwitchedOff: 403,
    NotFound: 404,
    TooLarge: 413,
    Unsupported: 415,
    BadInput: 422,
    Busy: 429,
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings : limits and switches; from the environment if None
    """
    settings = settings or from_environment()
    app = FastAPI(
        title="LSTM cell visualizer",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # it would record addresses, and with them what was typed
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    directory = Path(settings.model_dir) if settings.model_dir else None
    registry = app.state.registry = Registry.shipped(
        VisitorModels(directory, limit=settings.model_count, memory=KEPT_IN_MEMORY)
    )
    epochs = directory / "epochs" if directory else None  # where all servers that share it look
    registry.epochs = Epochs(epochs, limit=settings.model_count)
    for name in filter(None, settings.models.split(os.pathsep)):
        registry.publish(Path(name))
    app.state.jobs = Jobs(
        registry.epochs,
        keep=lambda model: model_row(registry.add(model)),
        running=settings.training_jobs,
        waiting=settings.training_waiting,
        seconds=settings.training_seconds,
    )
    site = app.state.site = read_site(settings.reload)

    app.include_router(router)
    app.include_router(export_router)
    app.include_router(help_router)
    app.mount("/static", site.assets, name="static")
    _add_pages(app, site.templates)
    _add_errors(app)
    app.openapi = cache(lambda: describe_api(app))

    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Put everything around the routes; what is added last sees a request first."""
    app.add_middleware(
        BodyLimit,
        limits={
            "/api/step": settings.max_inputs_body,
            "/api/train": settings.max_training_body,
            "/api/models": settings.max_upload,
            "": settings.max_body,
        },
        timeout=settings.body_timeout,
    )
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=1)
    app.add_middleware(Conditional)
    if settings.rate_limit or settings.change_rate_limit:
        app.add_middleware(
            RateLimit, requests=settings.rate_limit, changes=settings.change_rate_limit
        )
    app.add_middleware(Origins, hosts=settings.allowed_hosts.split())
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors or "'none'")
    if settings.log_requests:
        silence_access_log()
    if settings.log_requests or settings.metrics:
        metrics = Metrics() if settings.metrics else None
        log = print_line if settings.log_requests else None
        app.add_middleware(Observe, log=log, metrics=metrics)
        if metrics:
            _add_metrics(app, metrics)


def _add_metrics(app: FastAPI, metrics: Metrics) -> None:
    @app.get("/metrics", include_in_schema=False)
    async def read_metrics() -> Response:
        headers = {"Content-Type": metrics.content_type, "Cache-Control": "no-store"}
        return Response(metrics.text(), headers=headers)


def _add_pages(app: FastAPI, templates: Environment) -> None:
    @app.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        state = request.app.state
        context, error = page_context(request.query_params, state.registry, state.settings)
        html = templates.get_template("index.html").render(context)
        status = STATUS[type(error)] if error else 200
        return HTMLResponse(html, status, headers={"Cache-Control": "no-cache"})

    @app.get("/docs", include_in_schema=False)
    def docs() -> Response:
        html = templates.get_template("docs.html").render(openapi_url=app.openapi_url)
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    @app.get("/healthz", response_model=Health, tags=["operation"], summary="200 when ready")
    async def healthz() -> Response:
        return json_response({"status": "ok"})


def _add_errors(app: FastAPI) -> None:
    """Give every error the one shape, {"detail": text}."""

    @app.exception_handler(UserError)
    async def user_error(request: Request, error: UserError) -> Response:
        return json_response({"detail": error.detail}, STATUS[type(error)])

    @app.exception_handler(OSError)
    async def disk_error(request: Request, error: OSError) -> Response:
        if not is_full(error):
            raise error
        return json_response({"detail": NO_ROOM}, 507)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return json_response({"detail": explain(error.errors())}, 422)

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        text = str(error.detail)
        if error.status_code == 404:
            text = "There is nothing at this address. The page is at /, the API's list at /docs."
        answer = json_response({"detail": text}, error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    @app.exception_handler(Exception)
    async def crash(request: Request, error: Exception) -> Response:
        detail = "The server failed. This is its fault, not yours."
        answer = json_response({"detail": detail}, 500)
        # this answer is made outside of everything else
        answer.headers.update(security_headers(app.state.settings.frame_ancestors or "'none'"))
        return answer


app = create_app()
