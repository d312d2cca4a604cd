"""`export`: the page as one file that needs no server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ..core.errors import BadInput
from .output import busy, check_place, put
from .sequence import read_sequence
from .trace import Model

if TYPE_CHECKING:
    from ..core.model import Model as LoadedModel


def export(
    out: Annotated[Path, typer.Argument(metavar="PAGE.HTML")],
    sentence: Annotated[
        str | None,
        typer.Option(
            help="Words, token ids or numbers, as the model reads; - is stdin. "
            'Default "Good Day", or the model\'s own example of ids or numbers.'
        ),
    ] = None,
    model: Model = "article",
    layer: Annotated[str | None, typer.Option(help="A recurrent layer; default the first.")] = None,
    timestep: Annotated[int, typer.Option(min=1, help="Where the cursor stands.")] = 1,
    unit: Annotated[int | None, typer.Option(min=0, help="The selected unit.")] = None,
    label: Annotated[str | None, typer.Option(help="Of gradients and attributions.")] = None,
    theme: Annotated[Literal["light", "dark"] | None, typer.Option()] = None,
) -> None:
    """Write the page with a sentence as one HTML file."""
    from ..notebook import load

    check_place(out, model)
    if out.suffix not in (".html", ".htm"):
        raise BadInput(f"The page is HTML: its name must end in .html; {out.name} does not.")
    opened = load(model)
    traced = opened.trace(_sequence(sentence, opened.model), layer=layer)
    if timestep > len(traced):
        raise BadInput(f"--timestep is {timestep}, but the sequence has {len(traced)}.")
    with busy("computing everything the page can ask"):
        page = traced.page(timestep=timestep, unit=unit, label=label, theme=theme).encode()
        put(page, out)
    print(f"{out}: {len(page):,} bytes")


def _sequence(given: str | None, model: LoadedModel) -> Any:
    """What was given; else what the served page opens with."""
    from ..service.summaries import reads
    from ..web.page import FIRST_SENTENCE

    if given is None:
        return reads(model).get("example", FIRST_SENTENCE)
    try:
        return read_sequence(given, model)
    except BadInput as error:
        raise BadInput(f"--sentence: {error.detail}") from None
