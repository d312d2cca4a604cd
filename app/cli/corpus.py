"""`corpus`: what units do over many texts: build it, and ask it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .output import busy, console, put

if TYPE_CHECKING:
    from ..corpus.building import Control, Progress

corpus = typer.Typer(
    name="corpus",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What a network's units do over many texts.",
)

Directory = Annotated[Path, typer.Argument(help="A directory that corpus build has made.")]
Layer = Annotated[str | None, typer.Option(help="A recurrent layer; default the first.")]
Quantity = Annotated[str | None, typer.Option(help="A gate or state; default hidden_state.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, as the API has it.")]


@corpus.command(
    epilog="""\b
Examples:
  lstm-viz corpus build reviews.csv --model my.keras --out reviews
  lstm-viz corpus build 'logs/*.jsonl' --text message --label level --model m.pt --out logs
  lstm-viz corpus build s3://bucket/texts.parquet --model m.onnx --out c --scheduler tcp://s:8786"""
)
def build(
    texts: Annotated[list[str], typer.Argument(help="Files, patterns, or fsspec addresses.")],
    model: Annotated[str, typer.Option(help="A model file of any kind, or a shipped one's id.")],
    out: Annotated[Path, typer.Option(help="The directory that becomes the corpus.")],
    vocabulary: Annotated[
        Path | None, typer.Option(help="The words of the embedding's rows, if the file has none.")
    ] = None,
    text: Annotated[str, typer.Option(help="The column of texts.")] = "",
    label: Annotated[str, typer.Option(help="The column of labels.")] = "",
    keep: Annotated[
        str, typer.Option(help="Gates and states to keep, separated by commas; default all.")
    ] = "",
    scheduler: Annotated[str, typer.Option(help="Of a Dask cluster: tcp://host:8786.")] = "",
    workers: Annotated[
        int, typer.Option(min=0, help="Processes on this machine; 0: one for each processor.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Timesteps of a text.")] = 400,
    too_long: Annotated[str, typer.Option(help="cut longer texts, or refuse them.")] = "cut",
    floor: Annotated[int, typer.Option(min=1, help="How often a word must occur.")] = 5,
    title: Annotated[str, typer.Option(help="What to call the corpus.")] = "",
    as_json: AsJson = False,
) -> None:
    """Run texts through a model and keep every gate and state.

    Ctrl-C makes a corpus of what has been read by then; the same command goes on with it.
    """
    from ..core.errors import BadInput
    from ..corpus.building import build as build_corpus
    from ..corpus.plan import Plan
    from ..corpus.texts import Source
    from ..notebook import load

    if too_long not in ("cut", "refuse"):
        raise BadInput(f"--too-long must be cut or refuse, not {too_long}.")
    plan = Plan(
        load(model, vocabulary=vocabulary).model,
        Source(tuple(texts), text, label),
        out,
        tuple(name.strip() for name in keep.split(",") if name.strip()),
        limit,
        too_long,
        floor,
        title,
    )
    with _progress() as control:
        told = build_corpus(
            plan, scheduler=scheduler, workers=workers or os.cpu_count() or 1, control=control
        )
    if as_json:
        _put_json({name: value for name, value in told.items() if name != "parts"})
    else:
        print(_result(told, out))


def _result(told: dict[str, Any], out: Path) -> str:
    """What came of a build, in a line, and what has not been read in another."""
    lines = [f"{out}: {told['sentences']:,} texts, {told['tokens']:,} timesteps"]
    left = {
        "empty": "empty",
        "cut": f"cut to {told['limit']}",
        "refused": f"longer than {told['limit']} and left out",
    }
    counted = [f"{told[name]:,} {text}" for name, text in left.items() if told[name]]
    if told["unknown"]:
        counted.append(f"{told['unknown']:,} words unknown to the model")
    if counted:
        lines.append(", ".join(counted))
    if len(told["labels"]) == 1:
        lines.append(f"all texts have the one label {told['labels'][0]['label']!r}")
    if not told["complete"]:
        lines.append("stopped early: the same command goes on with the rest")
    return "\n".join(lines)


@contextmanager
def _progress() -> Iterator[Control]:
    """A bar on standard error, where that is a terminal; the first Ctrl-C stops in good order."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    from ..corpus.building import Control

    stopped: list[bool] = []
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), BarColumn())
    to = Console(stderr=True)
    with Bar(*columns, console=to, transient=True, disable=not to.is_terminal) as bar:
        task = bar.add_task("reading", total=None)

        def show(progress: Progress) -> None:
            text = progress.stage
            if progress.stage == "reading":
                text += f", {progress.tokens:,} timesteps"
            if progress.seconds_left is not None:
                text += f", {progress.seconds_left:,.0f} s left"
            bar.update(task, completed=progress.done, total=progress.parts, description=text)

        def stop(number: int, frame: object) -> None:
            del number, frame
            stopped.append(True)
            signal.signal(signal.SIGINT, before)  # the next one ends it at once

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield Control(report=show, stopped=lambda: bool(stopped))
        finally:
            signal.signal(signal.SIGINT, before)


@corpus.command()
def units(
    directory: Directory,
    unit: Annotated[int | None, typer.Option(help="All there is to say of this one.")] = None,
    layer: Layer = None,
    quantity: Quantity = None,
    sort: Annotated[str, typer.Option(help="unit, mean, deviation, ..., saturation.")] = "unit",
    page: Annotated[int, typer.Option(min=1, help="Sixty units each.")] = 1,
    as_json: AsJson = False,
) -> None:
    """What each unit does, or one of them."""
    from ..corpus.opened import Corpus
    from .corpus_tables import show_unit, show_units

    opened = Corpus.open(directory)
    if unit is not None:
        told = opened.unit(unit, layer, quantity)
        _put_json(told) if as_json else console().print(show_unit(told))
        return
    told = opened.units(layer, quantity, sort, page)
    _put_json(told) if as_json else console().print(show_units(told))


@corpus.command()
def match(
    directory: Directory,
    sentence: Annotated[str, typer.Argument(help="As the model of the corpus reads it.")],
    start: Annotated[int, typer.Option("--from", min=1, help="First timestep of the range.")],
    end: Annotated[int, typer.Option("--to", min=1, help="Last timestep of the range.")],
    layer: Layer = None,
    quantity: Quantity = None,
    threshold: Annotated[
        float | None, typer.Option(help="From which value on a unit is on; default 0.3.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=100, help="How many ranges.")] = 20,
    as_json: AsJson = False,
) -> None:
    """More like this: ranges of the corpus that share a range's units."""
    from ..corpus.opened import Corpus
    from ..service.corpora import MatchQuestion, answer_match
    from ..settings import from_environment
    from .corpus_tables import show_match

    opened = Corpus.open(directory)
    wanted = MatchQuestion(
        start, end, sentence, layer=layer, quantity=quantity, threshold=threshold, most=most
    )
    with busy("looking"):
        told = answer_match(opened, wanted, from_environment())
    _put_json(told) if as_json else console().print(show_match(told))


@corpus.command()
def export(
    directory: Directory,
    out: Annotated[Path, typer.Option(help="Where the file goes: .csv, .json or .parquet.")],
    layer: Layer = None,
    unit: Annotated[
        int | None, typer.Option(help="This unit's gates and states at every word.")
    ] = None,
) -> None:
    """The pages of all units as one file, or one unit's values at every word."""
    from ..corpus.opened import Corpus
    from .output import check_place

    check_place(out)
    with busy("writing"):
        Corpus.open(directory).export(out, layer, unit)


def _put_json(told: dict[str, Any]) -> None:
    from ..service.encoding import encode

    put(encode(told) + b"\n", None)
