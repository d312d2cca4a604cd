"""`train`: a model from a CSV file or a grammar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..core.errors import BadInput
from .output import check_place

if TYPE_CHECKING:
    from ..core.training import Epoch
    from ..jobs.training_run import TrainingData, TrainingPlan

Data = Annotated[
    Path | None,
    typer.Argument(metavar="[DATA.CSV]", help="UTF-8; the first row names text and label."),
]
Out = Annotated[Path, typer.Option("--out", help="Where to write the model.", show_default=True)]


def train(
    data: Data = None,
    out: Out = Path("model.safetensors"),
    grammar: Annotated[str, typer.Option(help="place or sentiment, in place of a file.")] = "",
    text: Annotated[
        Path | None, typer.Option(help="A text, in place of a file: for a model that writes on.")
    ] = None,
    series: Annotated[
        Path | None, typer.Option(help="CSV of numbers, likewise: for a model that forecasts.")
    ] = None,
    title: Annotated[str, typer.Option(help="What to call the model.")] = "",
    cell: Annotated[
        str, typer.Option(help="Such as gru or mgu; a wrong name lists them.")
    ] = "lstm",
    units: Annotated[int, typer.Option(min=1, max=512, help="Of the recurrent layer.")] = 8,
    features: Annotated[int, typer.Option(min=1, max=512, help="Of the embedding.")] = 8,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the training data.")] = 30,
    learning_rate: Annotated[float, typer.Option(help="Of Adam; it decays to a tenth.")] = 0.02,
    examples: Annotated[int, typer.Option(min=100, help="Of a grammar.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same model.")] = 0,
) -> None:
    """Train a model on labelled sentences, on a text or on a series of numbers."""
    from ..jobs.training_run import (
        Limits,
        TrainingPlan,
        check_sentences,
        check_size,
        check_text,
        decode,
        read_csv,
        read_series,
    )

    given = [source for source in (data, grammar or None, text, series) if source is not None]
    if len(given) != 1:
        raise BadInput("Give either a CSV file, --grammar, --text or --series.")
    if learning_rate <= 0:
        raise BadInput(f"--learning-rate must be greater than 0, not {learning_rate:g}.")
    file = data or text or series
    check_place(out, file)
    limits = Limits()
    rows = read_csv(decode(data.read_bytes()), limits) if data else []
    plan = TrainingPlan(
        title=title or (file.stem if file else grammar),
        sentences=check_sentences(rows, limits) if data else (),
        grammar=grammar,
        text=check_text(decode(text.read_bytes())) if text else "",
        series=read_series(decode(series.read_bytes())) if series else (),
        examples=examples,
        cell=cell,
        units=units,
        features=features,
        epochs=epochs,
        learning_rate=learning_rate,
        seed=seed,
    )
    check_size(plan)
    _run(plan, out)


def _run(plan: TrainingPlan, out: Path) -> None:
    from ..core.modelfile import write
    from ..core.training import Diverged
    from ..jobs.training_run import better, learn, model_of, prepare

    with _progress(plan) as show:
        prepared, best = prepare(plan), None
        try:
            for epoch in learn(prepared):
                best = epoch if best is None or better(epoch, best) else best
                show(epoch)
        except Diverged as diverged:
            write(model_of(prepared, diverged.last, out.stem), out)
            raise
    assert best is not None  # there is always an epoch 0
    write(model_of(prepared, best, out.stem), out)
    print(_result(prepared, best, out))


def _result(prepared: TrainingData, epoch: Epoch, out: Path) -> str:
    where = f"epoch {epoch.epoch} of {epoch.epochs}"
    if epoch.accuracy is None:
        loss = epoch.loss if epoch.val_loss is None else epoch.val_loss
        return f"{out}: a forecaster, loss {loss:.3f} on what was held out, {where}"
    accuracy = f"{epoch.accuracy:.1%} right"
    if epoch.val_accuracy is not None:
        accuracy = f"{epoch.val_accuracy:.1%} right on the held-out examples"
    return f"{out}: {len(prepared.labels)} labels, {accuracy}, {where}"


@contextmanager
def _progress(plan: TrainingPlan) -> Iterator:
    """A bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    quiet = not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=quiet) as bar:
        task = bar.add_task("reading", total=plan.epochs)

        def show(epoch: Epoch) -> None:
            loss, accuracy = epoch.loss, epoch.accuracy
            if epoch.val_loss is not None and epoch.val_accuracy is not None:
                loss, accuracy = epoch.val_loss, epoch.val_accuracy
            text = f"loss {loss:.3f}"
            if accuracy is not None:
                text += f"  accuracy {accuracy:.1%}"
            bar.update(task, completed=epoch.epoch, description=text)

        yield show
