"""The network after every epoch of a training, each a model of its own: `<name>@<epoch>`.

Like a model, a training has an owner's name and a reading name, and its folder has the latter.
"""

from __future__ import annotations

import re
import shutil
from functools import lru_cache
from pathlib import Path

from ..core.errors import NotFound, shorten
from ..core.model import Model
from ..core.modelfile import read_file
from .directory import faults_named
from .eviction import Kept, Room, leaving
from .names import reading_name
from .temporary import temporary_directory

_SNAPSHOT = re.compile(r"([A-Za-z0-9_-]{8,64})@(\d{1,6})")


class Epochs:
    """One folder for each training, one model file in it for each epoch.

    Parameters
    ----------
    directory : where the folders are; None makes a place that goes when the server goes
    limit : how many trainings there may be; the oldest go first
    size : bytes that all of them may take
    """

    def __init__(
        self, directory: Path | None = None, limit: int = 256, size: int = 8 * 2**30
    ) -> None:
        self._limit = limit
        self._bytes = size
        self._directory = directory
        self._temporary: Path | None = None

    @property
    def directory(self) -> Path:
        """Where the folders are, made when first needed."""
        if self._directory is None:
            self._directory = self._temporary = temporary_directory(self)
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._directory

    def folder(self, training: str) -> Path:
        """Where the epochs of a training are."""
        return self.directory / reading_name(training)

    def path(self, training: str, epoch: int) -> Path:
        """The model file of an epoch."""
        name = reading_name(training)
        return self.folder(training) / f"{name}@{epoch}.safetensors"

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
            raise _gone(snapshot)
        with faults_named():
            try:
                return _read(path, path.stat().st_mtime_ns)
            except FileNotFoundError:  # removed in between
                raise _gone(snapshot) from None

    def forget(self, training: str) -> None:
        """Remove the epochs of a training."""
        shutil.rmtree(self.folder(training), ignore_errors=True)

    def close(self) -> None:
        """Remove what was only kept for as long as the server runs."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def thin_out(self) -> None:
        """Remove the epochs of the oldest trainings beyond the limits."""
        folders = []
        for folder in self.directory.iterdir():
            try:
                size = sum(file.stat().st_size for file in folder.iterdir())
                folders.append(Kept(folder.stat().st_mtime, folder.name, size))
            except OSError:  # another server was faster
                continue
        newest = max(folders).name if folders else ""
        for training in leaving(folders, Room(self._limit, self._bytes), newest):
            self.forget(training)


def _gone(snapshot: str) -> NotFound:
    return NotFound(
        f"There is no model {shorten(snapshot)}. A training's epochs are not kept for ever."
    )


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> Model:
    """A model file; its time of change makes sure that it is today's."""
    del changed
    return read_file(path)
