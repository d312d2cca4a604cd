"""The directory that servers share: one file for each model, and a mark for each that was deleted.

No lock is needed, and none that a network file system might not have. A deletion first leaves its
mark and then removes the file; whoever puts a file in its place looks for the mark before and
after; and no server serves a model that has one. So a deletion is final from its mark on, whatever
else is happening, and wherever a process is killed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..core.atomic_write import sync_directory
from ..core.errors import Unavailable, UserError, is_full
from ..core.model import Model
from ..core.modelfile import read_file
from .eviction import Kept
from .names import is_owner, reading_name

SUFFIX = ".safetensors"
DELETED = "deleted"
"""The folder of marks."""
SPOILT = "The file of this model is damaged on the server. It can still be deleted."
UNFINISHED = f".*{SUFFIX}.*"
"""Files that a writer has not yet renamed, or never will: it was killed."""
ABANDONED = 3600.0
"""Seconds after which nobody writes to such a file any more, on this server or another."""
REMEMBERED = 7 * 86_400.0
"""Seconds for which a mark stays. No write that began before a deletion ends later than that."""


class Version(NamedTuple):
    """What tells one content of a file from another."""

    number: int
    changed: int
    size: int

    @classmethod
    def of(cls, found: os.stat_result) -> Version:
        """The version of a file; it stays when the file is put in its place."""
        return cls(found.st_ino, found.st_mtime_ns, found.st_size)


class ModelDirectory:
    """Model files by reading name.

    A file's time of change is that of its content, its time of access that of the last use.

    Raises
    ------
    Unavailable
        By every method, where the file system refuses; a full one is an OSError, which has a
        status of its own.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self._marks = place / DELETED
        place.mkdir(parents=True, exist_ok=True)
        self._give_reading_names()

    def path(self, name: str) -> Path:
        """Where a model is."""
        return self.place / f"{name}{SUFFIX}"

    def unfinished(self, name: str) -> Path:
        """Where one is written, before it is put in its place."""
        return self.place / f".{name}{SUFFIX}.{secrets.token_hex(4)}"

    def version(self, name: str) -> Version | None:
        """The version of a model, None where there is none or it has been deleted."""
        with faults_named():
            try:
                found = self.path(name).stat()
            except FileNotFoundError:
                return None
            if self._is_deleted(name):
                return None
        return Version.of(found)

    def read(self, name: str) -> Model | None:
        """Read a model, None where there is none.

        Raises
        ------
        Unavailable
            Where its file cannot be read, or is damaged.
        """
        with faults_named():
            try:
                return read_file(self.path(name))
            except FileNotFoundError:
                return None
            except UserError:
                raise Unavailable(SPOILT) from None

    def put(self, written: Path, name: str) -> bool:
        """Put a file in its place, for good; False where the model has been deleted meanwhile."""
        path = self.path(name)
        with faults_named():
            if self._is_deleted(name):
                return False
            os.replace(written, path)
            sync_directory(self.place)
            if not self._is_deleted(name):
                return True
            path.unlink(missing_ok=True)
        return False

    def remove(self, name: str) -> bool:
        """Delete a model on all servers at once; False where there is none."""
        path = self.path(name)
        with faults_named():
            if not path.exists() or self._is_deleted(name):
                return False
            try:
                first = self._mark(name)
            except OSError as error:
                if not is_full(error):
                    raise
                path.unlink(missing_ok=True)  # which makes room for the mark
                first = self._mark(name)
            path.unlink(missing_ok=True)
            sync_directory(self.place)
        return first  # else somebody else was faster

    def evict(self, name: str) -> None:
        """Make room: nobody asked for it, and so it leaves no mark."""
        try:
            self.path(name).unlink(missing_ok=True)
        except OSError:
            return  # it is another's file, and stays

    def touch(self, name: str) -> None:
        """Note that a model has been used."""
        path = self.path(name)
        try:
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
        except OSError:
            return  # gone, or another's: then it is as if it had not been used

    def kept(self) -> list[Kept]:
        """All models with their sizes, and when they were last used."""
        found = []
        for path in self.place.glob(f"*{SUFFIX}"):
            try:
                status = path.stat()
            except OSError:  # another server was faster
                continue
            found.append(Kept(max(status.st_atime, status.st_mtime), path.stem, status.st_size))
        return found

    def sweep(self) -> None:
        """Remove what writers left unfinished, and marks, once nobody can need them any more."""
        unfinished = (*self.place.glob(UNFINISHED), *self.place.glob(f"epochs/*/{UNFINISHED}"))
        for path in unfinished:
            _remove_older(path, ABANDONED)
        for mark in self._marks.glob("*"):
            self.path(mark.name).unlink(missing_ok=True)  # its deletion was cut short
            _remove_older(mark, REMEMBERED)

    def spoilt(self) -> Iterator[tuple[str, str]]:
        """The models that cannot be read: the beginning of the name, and the reason."""
        for kept in self.kept():
            path = self.path(kept.name)
            try:
                read_file(path)
                os.utime(path, (kept.used, path.stat().st_mtime))  # looking is no use
            except FileNotFoundError:  # another server has removed it
                continue
            except OSError as error:
                yield shown(kept.name), error.strerror or "it cannot be read"
            except UserError as error:
                yield shown(kept.name), error.detail

    def _is_deleted(self, name: str) -> bool:
        return (self._marks / name).exists()

    def _mark(self, name: str) -> bool:
        """Leave the mark of a deletion; False where it is there."""
        self._marks.mkdir(exist_ok=True)
        try:
            handle = os.open(self._marks / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
        except FileExistsError:
            return False
        os.close(handle)
        sync_directory(self._marks)
        return True

    def _give_reading_names(self) -> None:
        """Rename what an older version of the server kept under the names of owners."""
        folders = [path for path in self.place.glob("epochs/*") if is_owner(path.name)]
        models = [path for path in self.place.glob(f"*{SUFFIX}") if is_owner(path.stem)]
        epochs = [path for folder in folders for path in folder.glob(f"*{SUFFIX}")]
        for path in (*models, *epochs, *folders):
            name = reading_name(path.name.removesuffix(SUFFIX))
            suffix = SUFFIX if path.name.endswith(SUFFIX) else ""
            try:
                path.rename(path.with_name(f"{name}{suffix}"))
            except OSError:  # another server was faster, or it may not
                continue


def shown(name: str) -> str:
    """As much of a name as a log may hold: it finds a file, and opens no model."""
    return f"{name[:6]}…"


@contextmanager
def faults_named() -> Iterator[None]:
    """Say of a fault of the disk what a visitor may know: it names no place.

    A full disk stays an OSError, which has a status of its own.
    """
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise OSError(error.errno, "no room") from None
        raise Unavailable(
            "The server cannot reach its store of models. Try again later, or tell whoever runs it."
        ) from None


def _remove_older(path: Path, seconds: float) -> None:
    try:
        if time.time() - path.stat().st_mtime > seconds:
            path.unlink()
    except OSError:  # another server was faster
        return
