"""What runs in a training's own process."""

from __future__ import annotations

import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..core.errors import NO_ROOM, UserError, is_full
from ..core.model import Model
from ..core.modelfile import write
from ..core.training import Diverged, Epoch
from .child import begin
from .training_run import TrainingData, TrainingPlan, better, learn, model_of, prepare, sample_of


def work(plan: TrainingPlan, folder: Path, seconds: float, connection: Connection) -> None:
    """Train, and say after every epoch where it stands.

    What is sent: `("epoch", row)`, then one of `("done", epoch)`, the epoch whose network was best,
    and `("failed", detail, epoch)` with the last epoch that makes sense, or None.

    Parameters
    ----------
    folder : where a model file is written after every epoch; its name is that of the training
    seconds : how long it may take
    """
    begin()
    try:
        connection.send(_train(plan, folder, seconds, connection))
    except UserError as refused:
        connection.send(("failed", refused.detail, None))
    except Exception as error:
        text = NO_ROOM
        if not (isinstance(error, OSError) and is_full(error)):
            traceback.print_exc(file=sys.stderr)
            text = "The training broke down. This is the server's fault, not yours."
        connection.send(("failed", text, None))


def _train(plan: TrainingPlan, folder: Path, seconds: float, connection: Connection) -> tuple:
    deadline = time.monotonic() + seconds
    folder.mkdir(parents=True, exist_ok=True)
    prepared = prepare(plan)
    number, best = 0, None
    try:
        for epoch in learn(prepared):
            number = epoch.epoch
            best = epoch if best is None or better(epoch, best) else best
            model = _keep(prepared, epoch, folder)
            connection.send(("epoch", row_of(epoch) | sample_of(prepared, model)))
            if time.monotonic() > deadline and epoch.epoch < epoch.epochs:
                return ("failed", out_of_time(seconds, number), number)
    except Diverged as diverged:
        return ("failed", diverged.detail, diverged.last.epoch)
    return ("done", best.epoch if best else 0)


def _keep(prepared: TrainingData, epoch: Epoch, folder: Path) -> Model:
    name = f"{folder.name}@{epoch.epoch}"
    model = model_of(prepared, epoch, name)
    write(model, folder / f"{name}.safetensors")
    return model


def row_of(epoch: Epoch) -> dict[str, Any]:
    """An epoch in numbers."""
    return {
        "epoch": epoch.epoch,
        "epochs": epoch.epochs,
        "loss": epoch.loss,
        "accuracy": epoch.accuracy,
        "val_loss": epoch.val_loss,
        "val_accuracy": epoch.val_accuracy,
        "seconds_left": round(epoch.seconds_left, 1),
    }


def out_of_time(seconds: float, epoch: int | None) -> str:
    """What is said of a training that took too long."""
    kept = "" if epoch is None else f" The network as it was after epoch {epoch} is kept."
    return (
        f"Training took longer than {seconds:g} seconds, which is the limit.{kept} Choose fewer "
        "sentences, units or epochs."
    )
