"""Corpora that visitors have built of their own texts."""

from __future__ import annotations

import errno
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ..core.errors import NO_ROOM, BadInput, Busy, SwitchedOff, UserError, is_full
from ..core.model import Model
from ..corpus.building import Control, Progress, build
from ..corpus.extra import missing, need
from ..corpus.plan import Plan
from ..corpus.texts import READERS, Source
from ..storage.visitor_corpora import VisitorCorpora
from .child import begin
from .job import Job
from .pool import Pool

TEXTS = "texts"
"""The file of a visitor's texts, beside the folder, while they are read."""


@dataclass(frozen=True)
class CorpusPlan:
    """A corpus that a visitor wants built.

    Attributes
    ----------
    texts : the content of a file
    ending : what kind of file it is: one of those of `texts.READERS`, or "txt"
    text, label : columns, as `Source` takes them
    numbers : gates and states that may be kept; reading ends where there are more
    """

    model: Model
    texts: bytes
    ending: str
    title: str
    text: str = ""
    label: str = ""
    limit: int = 400
    numbers: int = 100_000_000


def ending_of(name: str) -> str:
    """The kind of a file, by its name."""
    ending = name.rpartition(".")[2].lower()
    return ending if ending in READERS else "txt"


class CorpusJobs(Pool[CorpusPlan]):
    """The corpora that are being built on one server.

    Parameters
    ----------
    kept : where they go
    running, waiting, seconds : as `Pool` takes them
    """

    noun = "corpus"
    more = " A corpus that it finished is still there."

    def __init__(
        self, kept: VisitorCorpora, running: int = 2, waiting: int = 8, seconds: float = 600.0
    ) -> None:
        super().__init__(running, waiting, seconds)
        self.kept = kept

    def ready(self) -> None:
        """See that corpora can be built, and have a place.

        Raises
        ------
        Unavailable
            Saying what to install.
        SwitchedOff
            Where there is no place.
        """
        for name in missing():
            need(name)
        try:
            self.kept.thin_out()
        except OSError as error:
            if is_full(error):
                raise
            if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
                raise Busy(self.no_process) from None
            raise SwitchedOff(
                "A corpus needs a directory to write to, and this server has none. Set "
                "LSTM_VIZ_MODEL_DIR to one."
            ) from None

    def work(self, job: Job[CorpusPlan]) -> tuple[Callable[..., object], tuple[Any, ...]]:
        """A build, with the folder that becomes the corpus."""
        return build_for_visitor, (job.plan, self.kept.folder(job.id), self.seconds)

    def take(self, job: Job[CorpusPlan], message: tuple) -> None:
        """Act on what the process says."""
        match message:
            case ("progress", told):
                job.report(told, "progress")
            case ("done", _):
                job.end("done", corpus=self.kept.folder(job.id).name)
            case (_, detail):
                job.end("failed", detail=detail)
                self.kept.remove(job.id)

    def out_of_time(self, job: Job[CorpusPlan]) -> None:
        """It should have ended by itself before."""
        job.end("failed", detail=f"It took longer than {self.seconds:g} seconds.")
        self.kept.remove(job.id)

    def cancelled(self, job: Job[CorpusPlan]) -> str:
        """What has been built goes too."""
        return "Cancelled."

    def cancel(self, job_id: str) -> Job[CorpusPlan]:
        """Stop building a corpus, or remove one that is built."""
        job = super().cancel(job_id)
        if not job.outcome.get("corpus"):
            self.kept.remove(job_id)
        return job


def build_for_visitor(
    plan: CorpusPlan, folder: Path, seconds: float, connection: Connection
) -> None:
    """Build, and say after every part how far it is: what runs in a process of its own.

    What is sent: `("progress", row)`, then one of `("done", None)` and `("failed", detail)`.
    """
    begin()
    try:
        _build(plan, folder, seconds, connection)
        connection.send(("done", None))
    except UserError as refused:
        # a visitor need not know where on the server it lies
        detail = refused.detail.replace(f"{folder.parent}/", "").replace(str(folder.parent), "")
        connection.send(("failed", detail))
    except Exception as error:
        text = NO_ROOM
        if not (isinstance(error, OSError) and is_full(error)):
            traceback.print_exc(file=sys.stderr)
            text = "The corpus broke down. This is the server's fault, not yours."
        connection.send(("failed", text))


def _build(plan: CorpusPlan, folder: Path, seconds: float, connection: Connection) -> None:
    deadline, tokens = time.monotonic() + seconds, [0]
    layers = plan.model.network.recurrent.values()
    width = sum(
        layer.weights.units * len(layer.cell.blocks + layer.cell.states) for layer in layers
    )

    def report(progress: Progress) -> None:
        if progress.stage == "reading":
            tokens[0] = progress.tokens
        connection.send(("progress", progress._asdict()))

    def stopped() -> bool:
        return time.monotonic() > deadline or tokens[0] * width > plan.numbers

    between = folder.with_name(f".{folder.name}")
    between.mkdir(parents=True, exist_ok=True)
    try:
        path = between / f"{TEXTS}.{plan.ending}"
        path.write_bytes(plan.texts)
        source = Source((str(path),), plan.text, plan.label)
        wanted = Plan(plan.model, source, folder, limit=plan.limit, title=plan.title)
        try:
            build(wanted, control=Control(report, stopped))
        except UserError as refused:
            raise BadInput(refused.detail.replace(f"{path}: ", "")) from None
    finally:
        shutil.rmtree(between, ignore_errors=True)
