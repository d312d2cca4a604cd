"""`models`: what is there without bringing anything."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from .output import console, put


def models(
    format: Annotated[Literal["table", "json"], typer.Option(help="For people or programs.")] = (
        "table"
    ),
) -> None:
    """List the shipped models."""
    from ..service.encoding import encode
    from ..service.summaries import model_row
    from ..storage.registry import Registry

    rows = [model_row(model) for model in Registry.shipped()]
    if format == "json":
        put(encode({"models": rows}) + b"\n", None)
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name in ("id", "weights", "layers", "reads", "parameters", "title"):
        table.add_column(name, justify="right" if name == "parameters" else "left")
    for row in rows:
        layers = ", ".join(f"{layer['cell']} {layer['units']}" for layer in row["layers"])
        about = (row["provenance"]["kind"], layers, row["reads"]["kind"])
        table.add_row(row["id"], *about, f"{row['total_parameters']:,}", row["title"])
    console().print(table)
