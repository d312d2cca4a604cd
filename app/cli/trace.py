"""`trace`: a sentence in, every gate out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..core.errors import BadInput
from .output import check_place, console, put
from .sequence import read_sequence

if TYPE_CHECKING:
    from ..notebook import OpenedModel, Trace

Format = Literal["table", "json", "csv", "npz"]
Include = StrEnum("Include", ["preactivations", "memory", "gradients", "attributions", "updates"])
Model = Annotated[str, typer.Option(help="A shipped model's id, or the path of a model file.")]
Sequence = Annotated[
    str,
    typer.Argument(
        metavar="SEQUENCE", help="Words, token ids or numbers, as the model reads; - is stdin."
    ),
]


def trace(
    sequence: Sequence,
    model: Model = "article",
    layer: Annotated[str | None, typer.Option(help="A recurrent layer; default the first.")] = None,
    unit: Annotated[int | None, typer.Option(help="One unit's rows, or shares of memory.")] = None,
    label: Annotated[str | None, typer.Option(help="Of gradients and attributions.")] = None,
    include: Annotated[
        list[Include] | None,
        typer.Option(metavar="PART", help=f"Repeatable: {', '.join(Include)}."),
    ] = None,
    format: Annotated[Format | None, typer.Option(help="Default: what --out ends in.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write to a file instead of the screen.")] = None,
) -> None:
    """Show every gate at every timestep of a sentence."""
    from ..notebook import load

    format = format or _format_of(out)
    if out is not None:
        check_place(out, model)
        if format == "table":
            raise BadInput(f"{out.name} is to be a table. Give --format json, csv or npz.")
    opened = load(model)
    traced = opened.trace(read_sequence(sequence, opened.model), layer=layer)
    if format == "table" and not include:
        _show(opened, traced, unit)
        return
    if format == "table":
        raise BadInput("A table has the gates and states alone. Give --format json, csv or npz.")
    data = traced.to_bytes(format, *include or (), unit=unit, label=label)
    put(data + b"\n" * (out is None and format == "json"), out)


def _format_of(out: Path | None) -> Format:
    """What the file's name says, else a table."""
    names: dict[str, Format] = {".json": "json", ".csv": "csv", ".npz": "npz"}
    if out is None:
        return "table"
    if out.suffix in (".html", ".htm"):
        raise BadInput(f"The page is written by export: lstm-viz export {out}")
    if out.suffix not in names:
        raise BadInput(f"{out.name} ends in none of {', '.join(names)}. Give --format.")
    return names[out.suffix]


def _show(opened: OpenedModel, traced: Trace, unit: int | None) -> None:
    from .table import FOOTNOTE, heading, last_line, table

    units = range(traced.layer["units"])
    if unit is not None and unit not in units:
        raise BadInput(f"--unit is {unit}, but the layer has units 0 to {units[-1]}.")
    screen = console()
    screen.print(heading(opened, traced))
    screen.print(table(opened, traced, units if unit is None else [unit]))
    if not all(traced.known):
        screen.print(FOOTNOTE)
    if line := last_line(traced):
        screen.print(line)
