"""The network after every epoch of a training, each a model of its own: `<id>@<epoch>`."""

from __future__ import annotations

import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from ..core.errors import NotFound, shorten
from ..core.model import Model
from ..core.modelfile import read_file

_SNAPSHOT = re.compile(r"([A-Za-z0-9_-]{8,64})@(\d{1,6})")


class Epochs:
    """One folder for each training, one model file in it for each epoch.

    Parameters
    ----------
    directory : where the folders are; None makes a place that goes when the server goes
    limit : how many trainings there may be; the oldest go first
    """

    def __init__(self, directory: Path | None = None, limit: int = 256) -> None:
        self._limit = limit
        self._directory = directory
        self._temporary: tempfile.TemporaryDirectory[str] | None = None

    @property
    def directory(self) -> Path:
        """Where the folders are, made when first needed."""
        if self._directory is None:
            self._temporary = _temporary_directory()
            self._directory = Path(self._temporary.name)
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._directory

    def folder(self, training: str) -> Path:
        """Where the epochs of a training are."""
        return self.directory / training

    def path(self, training: str, epoch: int) -> Path:
        """The model file of an epoch."""
        return self.folder(training) / f"{training}@{epoch}.safetensors"

    def get(self, snapshot: str) -> Model:
        """The model `<id>@<epoch>`.

        Raises
        ------
        NotFound
            Where there is no such epoch.
        """
        found = _SNAPSHOT.fullmatch(snapshot)
        path = self.path(found[1], int(found[2])) if found else None
        if path is None or not path.is_file():
            raise NotFound(
                f"There is no model {shorten(snapshot)}. A training's epochs are not kept for ever."
            )
        return _read(path, path.stat().st_mtime_ns)

    def forget(self, training: str) -> None:
        """Remove the epochs of a training."""
        shutil.rmtree(self.folder(training), ignore_errors=True)

    def close(self) -> None:
        """Remove what was only kept for as long as the server runs."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def thin_out(self) -> None:
        """Remove the epochs of the oldest trainings beyond the limit."""
        folders = []
        for folder in self.directory.iterdir():
            try:
                folders.append((folder.stat().st_mtime, folder.name))
            except OSError:  # another server was faster
                continue
        for _, training in sorted(folders)[: max(0, len(folders) - self._limit)]:
            self.forget(training)


def _temporary_directory() -> tempfile.TemporaryDirectory[str]:
    """A place for as long as the server runs; a read-only container has one in memory alone."""
    try:
        return tempfile.TemporaryDirectory(prefix="lstm-viz-")
    except OSError:
        return tempfile.TemporaryDirectory(prefix="lstm-viz-", dir="/dev/shm")


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Model:
    """A model file; its time of change makes sure that it is today's."""
    del changed
    return read_file(path)
