"""All trainings of a server."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..core.errors import NO_ROOM, Busy, SwitchedOff, UserError, is_full
from ..core.model import Model
from ..core.modelfile import read_file
from ..storage.epochs import Epochs
from .job import Job
from .pool import Pool
from .training_run import TrainingPlan
from .worker import out_of_time, work


class Jobs(Pool[TrainingPlan]):
    """The trainings of one server.

    Parameters
    ----------
    epochs : where the network after each epoch goes
    keep : takes a finished model in, and says in a row what it is
    discard : removes one again, by the training's id
    running, waiting, seconds : as `Pool` takes them
    """

    noun = "training"
    more = " A model that it finished is still there."

    def __init__(
        self,
        epochs: Epochs,
        keep: Callable[[Model], dict[str, Any]],
        discard: Callable[[str], object] = lambda owner: None,
        running: int = 2,
        waiting: int = 8,
        seconds: float = 600.0,
    ) -> None:
        super().__init__(running, waiting, seconds)
        self.epochs = epochs
        self.keep = keep
        self.discard = discard

    def ready(self) -> None:
        """See that the epochs have a place.

        Raises
        ------
        SwitchedOff
            Where there is none.
        """
        try:
            self.epochs.thin_out()
        except OSError as error:
            if is_full(error):
                raise
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
                raise Busy(self.no_process) from None
            raise SwitchedOff(
                "Training needs a directory to write to, and this server has none. Set "
                "LSTM_VIZ_MODEL_DIR to one."
            ) from None

    def work(self, job: Job[TrainingPlan]) -> tuple[Callable[..., object], tuple[Any, ...]]:
        """A training, with the folder of its epochs."""
        return work, (job.plan, self.epochs.folder(job.id), self.seconds)

    def cancelled(self, job: Job[TrainingPlan]) -> str:
        """After which epoch that was."""
        done = f"after epoch {job.epochs[-1]['epoch']}" if job.epochs else "before its first epoch"
        return f"Cancelled {done}."

    def out_of_time(self, job: Job[TrainingPlan]) -> None:
        """Keep the last epoch."""
        last = job.epochs[-1]["epoch"] if job.epochs else None
        self._fail(job, out_of_time(self.seconds, last), last)

    def forget(self, job: Job[TrainingPlan]) -> None:
        """Its epochs go where they left no model."""
        if not job.outcome.get("model"):
            self.epochs.forget(job.id)

    def take(self, job: Job[TrainingPlan], message: tuple) -> None:
        """Act on what the process says."""
        match message:
            case ("epoch", row):
                job.report(row)
            case ("done", epoch):
                try:
                    model = self._keep(job, epoch)
                    if not job.end("done", model=model, epoch=epoch):
                        self.discard(job.id)  # it was cancelled while it was being kept
                except (OSError, UserError) as error:
                    text = f"The model is trained, but could not be kept. {_reason(error)}"
                    job.end("failed", detail=text, model=None)
            case (_, detail, epoch):
                self._fail(job, detail, epoch)

    def _fail(self, job: Job[TrainingPlan], detail: str, epoch: int | None) -> None:
        """Say what went wrong, and keep what there is."""
        model = None
        if epoch is not None:
            try:
                model = self._keep(job, epoch)
            except (OSError, UserError) as error:
                detail = f"{detail} It could not be kept. {_reason(error)}"
        job.end("failed", detail=detail, model=model, epoch=epoch)

    def _keep(self, job: Job[TrainingPlan], epoch: int) -> dict[str, Any]:
        """Make the network of an epoch the training's model."""
        return self.keep(replace(read_file(self.epochs.path(job.id, epoch)), id=job.id))


def _reason(error: OSError | UserError) -> str:
    """In a visitor's words; a fault of the disk names places that are nobody's business."""
    if isinstance(error, UserError):
        return error.detail
    return NO_ROOM if is_full(error) else "The server cannot write to its disk."
