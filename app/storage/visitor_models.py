"""The models that visitors brought or trained, each under names that nobody can guess.

With a directory they lie there, one file each, and survive a restart; several servers may share
it. Without one they are kept in memory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.atomic_write import write_synced
from ..core.errors import NotFound
from ..core.model import Model
from ..core.modelfile import read_file, to_bytes
from .directory import ModelDirectory, Version, faults_named
from .eviction import Kept, Room, leaving
from .names import READING, is_owner, new_owner, reading_name
from .size import size_of
from .temporary import temporary_directory

GIB = 2**30
TOUCH = 60.0
"""Seconds between two notes that a model has been used."""
GONE = "There is no such model: perhaps it has been removed already."


@dataclass(frozen=True)
class Held:
    """A model in memory, which content of its file it is, and what it takes."""

    model: Model
    version: Version | None
    size: int


class VisitorModels:
    """Models by name, the one that was not used for the longest time out first.

    What is read can be asked for by either name of a model, what is changed by its owner's alone.

    Parameters
    ----------
    directory : where they lie; None for memory alone
    limit : how many there may be
    memory : bytes that those take which are held in memory, words and labels included
    disk : bytes that their files take in the directory
    """

    def __init__(
        self, directory: Path | None, limit: int, memory: int, disk: int = 8 * GIB
    ) -> None:
        self._files = ModelDirectory(directory) if directory is not None else None
        self._in_memory, self._on_disk = Room(limit, memory), Room(limit, disk)
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._touched: dict[str, float] = {}
        self._visitors: dict[str, str] = {}
        self._lock = threading.Lock()
        self._temporary: Path | None = None

    def add(self, model: Model, visitor: str = "") -> str:
        """Keep a model: it is written, read back as any server would read it, and then kept.

        Parameters
        ----------
        visitor : who brought it, as far as that can be told, so that whoever brings many pushes
            out their own

        Returns
        -------
        Its owner's name: the model's own id where that is one, else a new one.

        Raises
        ------
        BadInput, TooLarge
            For a model that could not be read back.
        NotFound
            Where a model of that name has been deleted.
        """
        owner = model.id if is_owner(model.id) else new_owner()
        written = self.unfinished(owner)
        self._write(model, written)
        self.take(written, owner, visitor)
        return owner

    @staticmethod
    def _write(model: Model, written: Path) -> None:
        data = to_bytes(model)
        try:
            with faults_named():
                write_synced(written, data)
        except BaseException:
            written.unlink(missing_ok=True)
            raise

    def unfinished(self, owner: str) -> Path:
        """Where a model's file is written, before `take` reads it and puts it in its place."""
        name = reading_name(owner)
        if self._files is not None:
            return self._files.unfinished(name)
        with self._lock, faults_named():
            if self._temporary is None:
                self._temporary = temporary_directory(self)
        return self._temporary / f".{name}.safetensors.{new_owner()}"

    def take(self, written: Path, owner: str, visitor: str = "") -> Model:
        """Keep the model of a file that `unfinished` gave a place to.

        Raises
        ------
        BadInput, TooLarge
            For what no server could read back.
        NotFound
            Where a model of that name has been deleted.
        """
        name = reading_name(owner)
        try:
            with faults_named():
                model = replace(read_file(written), id=name)
                version = Version.of(written.stat())
            if self._files is not None and not self._files.put(written, name):
                raise NotFound(GONE)
        finally:
            written.unlink(missing_ok=True)
        with self._lock:
            self._visitors[name] = visitor
        self._hold(model, version)
        self._make_room(name)
        return model

    def get(self, name: str) -> Model | None:
        """The model of either name, None where there is none. Its id is its reading name.

        Raises
        ------
        Unavailable
            Where the model is there, but its file cannot be read.
        """
        name = reading_name(name)
        if not READING.fullmatch(name):
            return None
        with self._lock:
            held = self._held.get(name)
            if held is not None:
                self._held.move_to_end(name)
        if self._files is None:
            return held and held.model
        version = self._files.version(name)
        if version is None:
            self._forget(name)
            return None
        if held is None or held.version != version:
            model = self._files.read(name)
            if model is None or self._files.version(name) is None:  # deleted while it was read
                self._forget(name)
                return None
            self._hold(model, version)
        else:
            model = held.model
        self._note_use(name)
        return model

    def rename(self, owner: str, title: str) -> Model | None:
        """Give a model another title; None where there is none, or not any more."""
        return self._change(owner, lambda model: replace(model, title=title))

    def compare(self, owner: str, words: str) -> Model | None:
        """Keep with a model what came of a comparison; None where there is none."""

        def with_words(model: Model) -> Model:
            detected = {**model.card.get("detected", {}), "compared": words}
            return replace(model, card={**model.card, "detected": detected})

        return self._change(owner, with_words)

    def _change(self, owner: str, change: Callable[[Model], Model]) -> Model | None:
        model = self.get(owner) if is_owner(owner) else None
        if model is None:
            return None
        changed = change(model)
        if self._files is None:
            with self._lock:  # a deletion waits, or has been
                if model.id not in self._held:
                    return None
                self._held[model.id] = replace(self._held[model.id], model=changed)
            return changed
        written = self._files.unfinished(model.id)
        self._write(changed, written)
        try:
            return self.take(written, owner, self._visitors.get(model.id, ""))
        except NotFound:
            return None

    def remove(self, owner: str) -> bool:
        """Remove a model for good, on all servers at once; False where there is none."""
        if not is_owner(owner):
            return False
        name = reading_name(owner)
        if self._files is None:
            return self._forget(name)
        removed = self._files.remove(name)
        self._forget(name)
        return removed

    def check(self) -> None:
        """Sweep away what killed writers left, and log the files that are no models, and why.

        These are skipped: nobody finds a model in them, and they hurt no other.
        """
        if self._files is None:
            return
        self._files.sweep()
        for name, why in self._files.spoilt():
            logging.getLogger(__name__).warning("%s is skipped: %s", name, why)

    def _hold(self, model: Model, version: Version | None) -> None:
        """Hold a model in memory; with a directory, the longest unused make room for it."""
        held = Held(model, version, size_of(model))
        with self._lock:
            self._held[model.id] = held
            self._held.move_to_end(model.id)
            if self._files is not None:
                for name in leaving(self._all_held(), self._in_memory, model.id):
                    del self._held[name]
                    self._touched.pop(name, None)

    def _all_held(self) -> list[Kept]:
        """Those in memory, by the order of their use."""
        return [
            Kept(place, name, held.size, "" if self._files else self._visitors.get(name, ""))
            for place, (name, held) in enumerate(self._held.items())
        ]

    def _make_room(self, newest: str) -> None:
        """Remove the models that were not used for the longest time, beyond the limits."""
        if self._files is None:
            with self._lock:
                gone = leaving(self._all_held(), self._in_memory, newest)
        else:
            files = self._files.kept()
            with self._lock:
                names = {each.name for each in files}
                self._visitors = {n: who for n, who in self._visitors.items() if n in names}
                kept = [each._replace(visitor=self._visitors.get(each.name, "")) for each in files]
            gone = leaving(kept, self._on_disk, newest)
            for name in gone:
                self._files.evict(name)
        for name in gone:
            self._forget(name)

    def _note_use(self, name: str) -> None:
        now = time.monotonic()
        if self._files is not None and now - self._touched.get(name, -TOUCH) >= TOUCH:
            self._touched[name] = now
            self._files.touch(name)

    def _forget(self, name: str) -> bool:
        """Drop what is known of a model; False where it is not in memory."""
        with self._lock:
            self._touched.pop(name, None)
            self._visitors.pop(name, None)
            return self._held.pop(name, None) is not None
