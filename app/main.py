"""`uvicorn app.main:app`: the application, put together."""

from __future__ import annotations

import os
from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from . import __version__
from .core import one_thread  # noqa: F401  # pyright: ignore  # before NumPy
from .core.model import Model
from .corpus.extra import missing
from .corpus.shipped import shipped_corpora
from .export import router as export_router
from .jobs import CorpusJobs, Jobs
from .jobs.file_reading import FileReaders
from .service.corpora import Corpora, serve_models
from .service.summaries import own_row
from .settings import Settings, from_environment
from .storage.epochs import Epochs
from .storage.registry import Registry
from .storage.visitor_corpora import VisitorCorpora
from .storage.visitor_models import VisitorModels
from .web import pages
from .web.errors import add_errors, answer_to
from .web.help import router as help_router
from .web.lane import Lane
from .web.lifespan import lifespan
from .web.middleware import Metrics, add_middleware
from .web.openapi import describe_api
from .web.routes import router, step
from .web.site import read_site


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
        # it would send visitors to whichever host they named
        redirect_slashes=False,
        lifespan=lifespan,
        # it would record addresses, and with them what was typed
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.settings = settings
    directory = Path(settings.model_dir) if settings.model_dir else None
    registry = app.state.registry = Registry.shipped(
        VisitorModels(
            directory,
            limit=settings.model_count,
            memory=settings.model_memory,
            disk=settings.model_disk,
        )
    )
    epochs = directory / "epochs" if directory else None  # where all servers that share it look
    registry.epochs = Epochs(epochs, limit=settings.model_count, size=settings.model_disk)
    for name in filter(None, settings.models.split(os.pathsep)):
        registry.publish(Path(name))
    corpora = app.state.corpora = Corpora()
    places = [] if missing() else shipped_corpora()
    places += [Path(name) for name in settings.corpora.split(os.pathsep) if name]
    serve_models(corpora, registry.models, [corpora.publish(place) for place in places])
    app.state.jobs = Jobs(
        registry.epochs,
        keep=partial(_keep, registry),
        discard=registry.remove,
        running=settings.training_jobs,
        waiting=settings.training_waiting,
        seconds=settings.training_seconds,
    )
    private = corpora.private = VisitorCorpora(
        directory / "corpora" if directory else None,
        limit=settings.corpus_count,
        size=settings.model_disk,
    )
    app.state.corpus_jobs = CorpusJobs(
        private,
        running=settings.training_jobs,
        waiting=settings.training_waiting,
        seconds=settings.training_seconds,
    )
    app.state.readers = FileReaders(
        seconds=settings.reading_seconds, memory=settings.reading_memory
    )
    app.state.lane = Lane()
    app.state.site = read_site(settings.reload)
    app.state.metrics = Metrics() if settings.metrics else None

    for each in (router, export_router, help_router, pages.router):
        app.include_router(each)
    if settings.metrics:
        app.include_router(pages.metrics_router)
    app.mount("/static", app.state.site.assets, name="static")
    add_errors(app)
    app.openapi = cache(lambda: describe_api(app))
    add_middleware(app, settings, app.state.metrics, step.ENDPOINTS, answer_to)
    return app


def _keep(registry: Registry, model: Model) -> dict[str, Any]:
    """Take a trained model in. Returns its row, for its owner."""
    owner = registry.add(model)
    return own_row(registry.get(owner), owner)


def __getattr__(name: str) -> Any:
    """Make `app` when a server asks for it: whoever brings settings of their own makes one."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["app"] = create_app()
    return globals()["app"]
