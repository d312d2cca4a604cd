"""`serve`: the page and the API."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from ..settings import from_environment
from ..storage.registry import Registry, id_of_file

Model = Annotated[
    list[str] | None,
    typer.Option(help="A model file of any kind to serve, or an id; may be given again."),
]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    model: Model = None,
    corpus: Annotated[
        list[Path] | None, typer.Option(help="A corpus to serve; may be given again.")
    ] = None,
) -> None:
    """Serve the page and the API."""
    import uvicorn

    from ..importers.files import open_model
    from ..main import create_app
    from ..web.protocol import BoundedProtocol

    shipped = Registry.shipped().models
    files = [Path(name).resolve() for name in model or () if name not in shipped]
    for path in files:
        open_model(path, id_of_file(path))  # so that a wrong one is an error now
    settings = from_environment()
    corpora = [*filter(None, settings.corpora.split(os.pathsep)), *map(str, corpus or ())]
    together = [*filter(None, settings.models.split(os.pathsep)), *map(str, files)]
    first = next(iter(model or ()), "")
    query = f"/?model={first if first in shipped else id_of_file(Path(first))}" if first else ""
    print(f"LSTM cell visualizer: http://{host}:{port}{query}", flush=True)
    uvicorn.run(
        create_app(
            replace(settings, models=os.pathsep.join(together), corpora=os.pathsep.join(corpora))
        ),
        http=BoundedProtocol,
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
