"""The models that visitors brought or trained, each under an id that nobody can guess.

With a directory they lie there, one file each, and survive a restart; several servers may share
it. Without one they are kept in memory.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..core.errors import UserError
from ..core.model import Model
from ..core.modelfile import read_file, write
from ..core.modelfile.conversion import arrays_of

ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
"""What an id may look like: nothing that could lead out of a directory."""
TOUCH = 60.0
"""Seconds between two notes that a model has been used."""
UNFINISHED = ".*.safetensors.*"
"""Files that a writer has not yet renamed, or never will: it was killed."""
ABANDONED = 3600.0
"""Seconds after which nobody writes to such a file any more, on this server or another."""


def new_id() -> str:
    """An id that nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


class VisitorModels:
    """Models by id, the one that was not used for the longest time out first.

    Parameters
    ----------
    directory : where they lie; None for memory alone
    limit : how many there may be
    memory : bytes of weights that are held in memory
    """

    def __init__(self, directory: Path | None, limit: int, memory: int) -> None:
        self._directory = directory
        self._limit = limit
        self._memory = memory
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._touched: dict[str, float] = {}
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)

    def add(self, model: Model) -> Model:
        """Keep a model, under its own id where that is one nobody can guess, else a new one."""
        if not ID.fullmatch(model.id):
            model = replace(model, id=new_id())
        if self._directory is not None:
            path = self._path(self._directory, model.id)
            write(model, path)
            self._numbers[model.id] = path.stat().st_ino
            self._thin_out(self._directory)
        with self._lock:
            self._hold(model)
        return model

    def get(self, model_id: str) -> Model | None:
        """The model of that id, None where there is none."""
        if not ID.fullmatch(model_id):
            return None
        with self._lock:
            model = self._models.get(model_id)
            if model is not None:
                self._models.move_to_end(model_id)
        if self._directory is None:
            return model
        path = self._path(self._directory, model_id)
        if time.monotonic() - self._touched.get(model_id, -TOUCH) < TOUCH and model is not None:
            return model
        try:
            os.utime(path)  # fails where it has been removed, perhaps by another server
            number = path.stat().st_ino  # another one where another server has renamed the model
            known = model if self._numbers.get(model_id) == number else None
            found = known or read_file(path)
        except (OSError, UserError):
            self._forget(model_id)
            return None
        with self._lock:
            self._touched[model_id] = time.monotonic()
            self._numbers[model_id] = number
            self._hold(found)
        return found

    def remove(self, model_id: str) -> bool:
        """Remove a model for good; False where there is none."""
        if self.get(model_id) is None:
            return False
        if self._directory is not None:
            self._path(self._directory, model_id).unlink(missing_ok=True)
        self._forget(model_id)
        return True

    def check(self) -> None:
        """Sweep away what killed writers left, and log the files that are no models, and why.

        These are skipped: nobody finds a model in them, and they hurt no other.
        """
        if self._directory is None:
            return
        sweep(self._directory)
        for path, why in spoilt(self._directory):
            logging.getLogger(__name__).warning("%s is skipped: %s", path.name, why)

    @staticmethod
    def _path(directory: Path, model_id: str) -> Path:
        return directory / f"{model_id}.safetensors"

    def _forget(self, model_id: str) -> None:
        with self._lock:
            self._models.pop(model_id, None)
            self._touched.pop(model_id, None)
            self._numbers.pop(model_id, None)

    def _hold(self, model: Model) -> None:
        """Hold a model in memory, and drop the longest unused ones beyond the limits."""
        self._models[model.id] = model
        self._models.move_to_end(model.id)
        total = sum(map(_size, self._models.values()))
        while len(self._models) > 1 and (len(self._models) > self._limit or total > self._memory):
            dropped, old = self._models.popitem(last=False)
            self._touched.pop(dropped, None)
            self._numbers.pop(dropped, None)
            total -= _size(old)

    def _thin_out(self, directory: Path) -> None:
        """Remove the files that were not used for the longest time, beyond the limit."""
        used = []
        for path in directory.glob("*.safetensors"):
            try:
                used.append((path.stat().st_mtime, path))
            except OSError:  # another server was faster
                continue
        for _, path in sorted(used)[: max(0, len(used) - self._limit)]:
            path.unlink(missing_ok=True)
            self._forget(path.stem)


def sweep(directory: Path) -> None:
    """Remove files that a writer left unfinished long ago, those of trainings' epochs too."""
    for path in (*directory.glob(UNFINISHED), *directory.glob(f"epochs/*/{UNFINISHED}")):
        try:
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()
        except OSError:  # another server was faster
            continue


def spoilt(directory: Path) -> Iterator[tuple[Path, str]]:
    """The files that ought to be models and cannot be read, each with the reason."""
    for path in sorted(directory.glob("*.safetensors")):
        try:
            read_file(path)
        except FileNotFoundError:  # another server has removed it
            continue
        except OSError as error:
            yield path, error.strerror or "it cannot be read"
        except UserError as error:
            yield path, error.detail


def _size(model: Model) -> int:
    return sum(a.nbytes for layer in model.network.layers for a in arrays_of(layer).values())
