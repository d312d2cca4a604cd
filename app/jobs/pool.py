"""Runs in processes of their own: a few run, a few wait, and the rest are refused."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from ..core.errors import Busy, NotFound, shorten
from .job import Job

REMEMBERED = 100
"""Runs that have ended and can still be asked about."""
GRACE = 15.0
"""Seconds that a process may take to notice that its time is up, before it is stopped."""

_CONTEXT = multiprocessing.get_context("spawn")
P = TypeVar("P")


class Pool(Generic[P]):
    """The runs of one kind of one server; a subclass says what a run is.

    Parameters
    ----------
    running, waiting : how many may, at a time
    seconds : how long one may take
    """

    noun = "run"
    more = ""
    """What can be said to whoever asks for a run that is not known any more."""

    def __init__(self, running: int = 2, waiting: int = 8, seconds: float = 600.0) -> None:
        self.running = running
        self.waiting = waiting
        self.seconds = seconds
        self._lock = threading.Lock()
        self._jobs: dict[str, Job[P]] = {}
        self._processes: dict[str, BaseProcess] = {}
        self._stopped = False

    def ready(self) -> None:
        """See that there is a place to write to; raises a UserError where there is none."""

    def work(self, job: Job[P]) -> tuple[Callable[..., object], tuple[Any, ...]]:
        """What the process calls, and with what before the connection that it reports to."""
        raise NotImplementedError

    def take(self, job: Job[P], message: tuple) -> None:
        """Act on what the process says."""
        raise NotImplementedError

    def out_of_time(self, job: Job[P]) -> None:
        """End a run that took too long."""
        raise NotImplementedError

    def cancelled(self, job: Job[P]) -> str:
        """What is said of a run that is cancelled now."""
        raise NotImplementedError

    def forget(self, job: Job[P]) -> None:
        """Remove what a run that is not remembered any more has left."""

    @property
    def no_process(self) -> str:
        """What is said where the system gives no process."""
        return f"The server has too much open to begin a {self.noun}. Try again in some seconds."

    def start(self, plan: P) -> Job[P]:
        """Begin a run, or have it wait for its turn.

        Raises
        ------
        Busy
            Where too many wait already.
        SwitchedOff
            Where there is no place to write to.
        """
        self.ready()
        with self._lock:
            open_ones = sum(not job.ended for job in self._jobs.values())
            if open_ones >= self.running + self.waiting or self._stopped:
                raise Busy(
                    f"{self.running} {self.noun}s are running and {self.waiting} are waiting, "
                    "which is the limit. Try again when one of them has ended."
                )
            job = Job(secrets.token_urlsafe(16), plan)
            self._jobs[job.id] = job
            self._forget_oldest()
        self._fill()
        return job

    def get(self, job_id: str) -> Job[P]:
        """Look a run up.

        Raises
        ------
        NotFound
            Where there is none of that id, or the server has been started again since.
        """
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFound(
                f"There is no {self.noun} {shorten(job_id)}. It may have ended long ago, or the "
                f"server has been started again since.{self.more}"
            ) from None

    def place(self, job: Job[P]) -> int | None:
        """How many are before a waiting run, itself included; None where it does not wait."""
        waiting = [other for other in tuple(self._jobs.values()) if other.state == "waiting"]
        return waiting.index(job) + 1 if job in waiting else None

    def cancel(self, job_id: str) -> Job[P]:
        """Stop a run; one that has ended stays as it is."""
        job = self.get(job_id)
        if job.end("cancelled", detail=self.cancelled(job), model=None):
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
        """Drop runs that ended long ago."""
        ended = [job for job in self._jobs.values() if job.ended]
        for job in ended[: max(0, len(ended) - REMEMBERED)]:
            del self._jobs[job.id]
            self.forget(job)

    def _fill(self) -> None:
        """Start those whose turn it is."""
        with self._lock:
            free = self.running - sum(job.state == "running" for job in self._jobs.values())
            waiting = [job for job in self._jobs.values() if job.state == "waiting"]
            if self._stopped:
                return
            begun = [job for job in waiting[: max(0, free)] if job.begin()]
        for job in begun:
            # its name may end up in a log, so it does not have the run's in it
            watcher = threading.Thread(target=self._run, args=(job,), name=self.noun, daemon=True)
            try:
                watcher.start()
            except RuntimeError:  # the system has no thread to give
                job.end("failed", detail=self.no_process, model=None)

    def _run(self, job: Job[P]) -> None:
        """See one run to its end, however that comes; runs in a thread of its own."""
        try:
            self._watch(job)
        except (OSError, RuntimeError, MemoryError):
            job.end("failed", detail=self.no_process, model=None)
        except Exception:
            text = f"The {self.noun} broke down. This is the server's fault, not yours."
            job.end("failed", detail=text, model=None)
            raise
        finally:
            self._fill()

    def _begin(self, job: Job[P]) -> tuple[BaseProcess, Connection]:
        """Start a run's process, or leave nothing behind."""
        ours, theirs = _CONTEXT.Pipe(duplex=False)
        try:
            target, arguments = self.work(job)
            process = _CONTEXT.Process(target=target, args=(*arguments, theirs), daemon=True)
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        return process, ours

    def _watch(self, job: Job[P]) -> None:
        process, ours = self._begin(job)
        self._processes[job.id] = process
        deadline = time.monotonic() + self.seconds + GRACE
        try:
            while not job.ended and not self._stopped:
                if not ours.poll(max(0.0, deadline - time.monotonic())):
                    self.out_of_time(job)
                    break
                self.take(job, ours.recv())
        except EOFError:
            if not self._stopped:
                text = f"The {self.noun}'s process was ended from outside."
                job.end("failed", detail=text, model=None)
        finally:
            process.kill()
            process.join()
            ours.close()
            del self._processes[job.id]
