"""`generate`: a model goes on from a text or a series."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from ..service.encoding import encode
from .output import put
from .sequence import read_sequence
from .trace import Sequence


def generate(
    sequence: Sequence,
    model: Annotated[
        str, typer.Option(help="A model whose head says what comes next: its file, or an id.")
    ] = "writer",
    length: Annotated[int, typer.Option(help="Tokens or timesteps.")] = 60,
    temperature: Annotated[
        float, typer.Option(help="0 takes the likeliest token, 1 the model's own probabilities.")
    ] = 1.0,
    top_k: Annotated[
        int | None, typer.Option(help="Draw from this many of the likeliest tokens.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same text.")] = None,
    offset: Annotated[
        int | None, typer.Option(help="The token id of output 0, where it is not recognised.")
    ] = None,
    format: Annotated[Literal["text", "json"], typer.Option(help="What to write.")] = "text",
) -> None:
    """Go on from a text or a series, a token or a timestep at a time.

    What is written is what comes after it.
    """
    from ..notebook import load

    opened = load(model)
    made = opened.generate(
        read_sequence(sequence, opened.model),
        length=length,
        temperature=temperature,
        top_k=top_k,
        seed=seed,
        offset=offset,
    )
    if format == "json":
        put(encode(vars(made)) + b"\n", None)
    elif made.text is not None:
        put(f"{made.text.rstrip()}\n".encode(), None)
    else:
        assert made.outputs is not None
        rows = (",".join(f"{number:g}" for number in row) for row in made.outputs.tolist())
        put("\n".join([*rows, ""]).encode(), None)
