"""All trainings: a few run, a few wait, and the rest are refused."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.process import BaseProcess
from typing import Any

from ..core.errors import NO_ROOM, Busy, NotFound, SwitchedOff, UserError, is_full, shorten
from ..core.model import Model
from ..core.modelfile import read_file
from ..storage.epochs import Epochs
from .job import Job
from .training_run import TrainingPlan
from .worker import out_of_time, work

REMEMBERED = 100
"""Trainings that have ended and can still be asked about."""
GRACE = 15.0
"""Seconds that a process may take to notice that its time is up, before it is stopped."""

_CONTEXT = multiprocessing.get_context("spawn")


class Jobs:
    """The trainings of one server.

    Parameters
    ----------
    epochs : where the network after each epoch goes
    keep : takes a finished model in, and says in a row what it is
    running, waiting : how many may, at a time
    seconds : how long one may take
    """

    def __init__(
        self,
        epochs: Epochs,
        keep: Callable[[Model], dict[str, Any]],
        running: int = 2,
        waiting: int = 8,
        seconds: float = 600.0,
    ) -> None:
        self.epochs = epochs
        self.keep = keep
        self.running = running
        self.waiting = waiting
        self.seconds = seconds
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._processes: dict[str, BaseProcess] = {}
        self._stopped = False

    def start(self, plan: TrainingPlan) -> Job:
        """Begin a training, or have it wait for its turn.

        Raises
        ------
        Busy
            Where too many wait already.
        SwitchedOff
            Where there is no place to keep the epochs.
        """
        try:
            self.epochs.thin_out()
        except OSError as error:
            if is_full(error):
                raise
            raise SwitchedOff(
                "Training needs a directory to write to, and this server has none. Set "
                "LSTM_VIZ_MODEL_DIR to one."
            ) from None
        with self._lock:
            open_ones = sum(not job.ended for job in self._jobs.values())
            if open_ones >= self.running + self.waiting or self._stopped:
                raise Busy(
                    f"{self.running} trainings are running and {self.waiting} are waiting, which "
                    "is the limit. Try again when one of them has ended."
                )
            job = Job(secrets.token_urlsafe(16), plan)
            self._jobs[job.id] = job
            self._forget_oldest()
        self._fill()
        return job

    def get(self, job_id: str) -> Job:
        """Look a training up.

        Raises
        ------
        NotFound
            Where there is none of that id, or the server has been started again since.
        """
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFound(
                f"There is no training {shorten(job_id)}. It may have ended long ago, or the "
                "server has been started again since. A model that it finished is still there."
            ) from None

    def place(self, job: Job) -> int | None:
        """How many are before a waiting training, itself included; None where it does not wait."""
        waiting = [other for other in tuple(self._jobs.values()) if other.state == "waiting"]
        return waiting.index(job) + 1 if job in waiting else None

    def cancel(self, job_id: str) -> Job:
        """Stop a training; one that has ended stays as it is."""
        job = self.get(job_id)
        done = f"after epoch {job.epochs[-1]['epoch']}" if job.epochs else "before its first epoch"
        if job.end("cancelled", detail=f"Cancelled {done}.", model=None):
            process = self._processes.get(job.id)
            if process is not None:
                process.kill()
            self._fill()
        return job

    def stop(self) -> None:
        """Stop everything at once: the server is about to end."""
        with self._lock:
            self._stopped = True
        for process in tuple(self._processes.values()):
            process.kill()
        for job in tuple(self._jobs.values()):
            job.close()

    def _forget_oldest(self) -> None:
        """Drop trainings that ended long ago, with their epochs where they left no model."""
        ended = [job for job in self._jobs.values() if job.ended]
        for job in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._jobs[job.id]
            if not job.outcome.get("model"):
                self.epochs.forget(job.id)

    def _fill(self) -> None:
        """Start those whose turn it is."""
        with self._lock:
            free = self.running - sum(job.state == "running" for job in self._jobs.values())
            waiting = [job for job in self._jobs.values() if job.state == "waiting"]
            if self._stopped:
                return
            begun = [job for job in waiting[: max(0, free)] if job.begin()]
        for job in begun:
            name = f"training {job.id}"
            threading.Thread(target=self._run, args=(job,), name=name, daemon=True).start()

    def _run(self, job: Job) -> None:
        """Watch over one training from its start to its end; runs in a thread of its own."""
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        arguments = (job.plan, self.epochs.folder(job.id), self.seconds, theirs)
        process = _CONTEXT.Process(target=work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        self._processes[job.id] = process
        deadline = time.monotonic() + self.seconds + GRACE
        try:
            while not job.ended and not self._stopped:
                if not ours.poll(max(0.0, deadline - time.monotonic())):
                    last = job.epochs[-1]["epoch"] if job.epochs else None
                    self._fail(job, out_of_time(self.seconds, last), last)
                    break
                self._take(job, ours.recv())
        except EOFError:
            if not self._stopped:
                job.end(
                    "failed", detail="The training's process was ended from outside.", model=None
                )
        finally:
            process.kill()
            process.join()
            ours.close()
            del self._processes[job.id]
            self._fill()

    def _take(self, job: Job, message: tuple) -> None:
        """Act on what the process says."""
        match message:
            case ("epoch", row):
                job.report(row)
            case ("done", epoch):
                try:
                    job.end("done", model=self._keep(job, epoch), epoch=epoch)
                except (OSError, UserError) as error:
                    text = f"The model is trained, but could not be kept. {_reason(error)}"
                    job.end("failed", detail=text, model=None)
            case (_, detail, epoch):
                self._fail(job, detail, epoch)

    def _fail(self, job: Job, detail: str, epoch: int | None) -> None:
        """Say what went wrong, and keep what there is."""
        model = None
        if epoch is not None:
            try:
                model = self._keep(job, epoch)
            except (OSError, UserError) as error:
                detail = f"{detail} It could not be kept. {_reason(error)}"
        job.end("failed", detail=detail, model=model, epoch=epoch)

    def _keep(self, job: Job, epoch: int) -> dict[str, Any]:
        """Make the network of an epoch the training's model."""
        return self.keep(replace(read_file(self.epochs.path(job.id, epoch)), id=job.id))


def _reason(error: OSError | UserError) -> str:
    """In a visitor's words; a fault of the disk names places that are nobody's business."""
    if isinstance(error, UserError):
        return error.detail
    return NO_ROOM if is_full(error) else "The server cannot write to its disk."
