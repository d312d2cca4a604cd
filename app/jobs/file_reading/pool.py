"""The processes that read files: a few, kept for the next file, ended by whatever harms them."""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from ...core.errors import BadInput, Busy, TooLarge, Unavailable
from .process import serve
from .request import REFUSALS, FileAnswer, FileRequest

MIB = 2**20
SMALL = 4 * MIB
"""Bytes of a file up to which a process is kept for the next: memory comes back from it."""
MOST_ANSWER = MIB
BUSY = "Other model files are being read. Try again in some seconds."

_CONTEXT = multiprocessing.get_context("spawn")


class FileReaders:
    """Processes that read one file at a time each.

    Parameters
    ----------
    running, waiting : how many files may, at a time
    seconds : how long one may take to be read
    memory : bytes that it may take
    """

    def __init__(
        self, running: int = 2, waiting: int = 8, seconds: float = 30.0, memory: int = 1024 * MIB
    ) -> None:
        self.seconds = seconds
        self.memory = memory
        self._room = threading.BoundedSemaphore(running + waiting)
        self._readers: queue.LifoQueue[FileReader] = queue.LifoQueue()
        self._all = [FileReader(memory) for _ in range(running)]
        for reader in self._all:
            self._readers.put(reader)

    def read(self, request: FileRequest, files: Sequence[memoryview]) -> None:
        """Have files that are one model read, and the model written where the request says.

        Raises
        ------
        Busy
            Where too many files wait already, or one waited too long.
        UserError
            Of the kind that the importers raise; for a file that took too many seconds or too much
            memory, or broke what reads it, too.
        OSError
            Where the disk is full.
        """
        if not self._room.acquire(blocking=False):
            raise Busy(BUSY)
        try:
            try:
                reader = self._readers.get(timeout=self.seconds)
            except queue.Empty:
                raise Busy(BUSY) from None
            try:
                answer = reader.read(request, files, self.seconds)
            finally:
                self._readers.put(reader)
        finally:
            self._room.release()
        _raise_what_it_says(answer, self.memory)

    def stop(self) -> None:
        """End all processes: the server is about to."""
        for reader in self._all:
            reader.end()


class FileReader:
    """One process, started when there is something to read."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def read(self, request: FileRequest, files: Sequence[memoryview], seconds: float) -> FileAnswer:
        """Ask the process, and end it where it takes too long or has had much to do.

        Raises
        ------
        BadInput
            For a file that the process did not survive.
        """
        connection, process = self._started()
        late = threading.Event()

        def too_late() -> None:
            late.set()
            with contextlib.suppress(ValueError):  # it has just answered, and been closed
                process.kill()

        watch = threading.Timer(seconds, too_late)
        watch.daemon = True
        keep = False
        try:
            watch.start()
            connection.send_bytes(request.encoded())
            for data in files:
                connection.send_bytes(data)
            answer = FileAnswer.decoded(connection.recv_bytes(MOST_ANSWER))
            keep = sum(map(len, files)) <= SMALL and answer.state in ("written", "refused")
            return answer
        except (EOFError, OSError, ValueError, TypeError, RuntimeError):
            why = (
                f"took longer than {seconds:g} seconds, which is the limit"
                if late.is_set()
                else "broke what reads it"
            )
            Path(request.written).unlink(missing_ok=True)
            raise BadInput(
                f"Reading this file {why}. Save the model again, without what it needs for "
                "training, and send that."
            ) from None
        finally:
            watch.cancel()
            if not keep:
                self.end()

    def end(self) -> None:
        """End the process, if there is one."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if connection is not None:
            connection.close()

    def _started(self) -> tuple[Connection, BaseProcess]:
        if self._process is not None and self._connection is not None and self._process.is_alive():
            return self._connection, self._process
        self.end()
        try:
            ours, theirs = _CONTEXT.Pipe()
            try:
                process = _CONTEXT.Process(
                    target=serve, args=(theirs, self._memory), name="file reader", daemon=True
                )
                process.start()
            except OSError:
                ours.close()
                raise
            finally:
                theirs.close()
        except OSError:
            raise Unavailable(
                "The server has too much open to read another file. Try again in some seconds."
            ) from None
        self._process, self._connection = process, ours
        return ours, process


def _raise_what_it_says(answer: FileAnswer, memory: int) -> None:
    if answer.state == "memory":
        raise TooLarge(
            f"Reading this file takes more than {memory // MIB:,} MiB of memory, which is the "
            "limit. Save the model without what it needs for training, and send that."
        )
    if answer.state == "refused":
        refused = REFUSALS.get(answer.kind, BadInput)(answer.detail)
        refused.choices = answer.choices
        raise refused
    if answer.state == "disk":
        raise OSError(answer.number, "the model cannot be written")
