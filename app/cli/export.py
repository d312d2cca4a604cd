"""`export`: the page as one file that needs no server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..errors import BadInput
from .output import busy, check_place, put
from .sequence import read_sequence
from .trace import Model


def export(
    out: Annotated[Path, typer.Argument(metavar="PAGE.HTML")],
    sentence: Annotated[
        str, typer.Option(help="Words, token ids or numbers, as the model reads; - is stdin.")
    ] = "Good Day",
    model: Model = "article",
    layer: Annotated[str | None, typer.Option(help="A recurrent layer; default the first.")] = None,
    timestep: Annotated[int, typer.Option(min=1, help="Where the cursor stands.")] = 1,
    unit: Annotated[int | None, typer.Option(min=0, help="Which unit is looked at.")] = None,
    label: Annotated[str | None, typer.Option(help="Of gradients and attributions.")] = None,
    theme: Annotated[Literal["light", "dark"] | None, typer.Option()] = None,
) -> None:
    """Write the page with a sentence as one HTML file."""
    from ..notebook import load

    check_place(out)
    opened = load(model)
    traced = opened.trace(read_sequence(sentence, opened.model), layer=layer)
    if timestep > len(traced):
        raise BadInput(f"--timestep is {timestep}, but the sequence has {len(traced)}.")
    with busy("computing everything the page can ask"):
        page = traced.page(timestep=timestep, unit=unit, label=label, theme=theme).encode()
        put(page, out)
    print(f"{out}: {len(page):,} bytes")
