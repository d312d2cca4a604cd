"""`serve`: the page and the API."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ..registry import id_of_file

Model = Annotated[
    list[Path] | None,
    typer.Option("--model", help="A model file to serve besides; may be given again."),
]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    model: Model = None,
) -> None:
    """Serve the page and the API."""
    import uvicorn

    from ..modelfile import read_file

    files = [path.resolve() for path in model or ()]
    for path in files:
        read_file(path)  # so that a wrong one is an error now
    if files:
        known = os.environ.get("LSTM_VIZ_MODELS", "").split(os.pathsep)
        together = [*filter(None, known), *map(str, files)]
        os.environ["LSTM_VIZ_MODELS"] = os.pathsep.join(together)
    query = f"/?model={id_of_file(files[0])}" if files else ""
    print(f"LSTM cell visualizer: http://{host}:{port}{query}", flush=True)
    uvicorn.run(
        "app.main:app",
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
