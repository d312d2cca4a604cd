"""Where visitors' corpora lie: a folder each, under the reading name of its job."""

from __future__ import annotations

import shutil
from pathlib import Path

from .eviction import Kept, Room, leaving
from .names import OWNER, READING, reading_name
from .temporary import temporary_directory


class VisitorCorpora:
    """One folder for each corpus that a visitor had built.

    Parameters
    ----------
    directory : where the folders are; None makes a place that goes when the server goes
    limit : how many there may be; the oldest go first
    size : bytes that all of them may take
    """

    def __init__(
        self, directory: Path | None = None, limit: int = 32, size: int = 8 * 2**30
    ) -> None:
        self._directory = directory
        self._room = Room(limit, size)
        self._temporary: Path | None = None

    @property
    def directory(self) -> Path:
        """Where the folders are, made when first needed."""
        if self._directory is None:
            self._directory = self._temporary = temporary_directory(self)
        self._directory.mkdir(parents=True, exist_ok=True)
        return self._directory

    def folder(self, name: str) -> Path:
        """Where a corpus lies, by either of its names."""
        return self.directory / reading_name(name)

    def find(self, name: str) -> Path | None:
        """The folder of a corpus, where there is one."""
        if self._directory is None or not (OWNER.fullmatch(name) or READING.fullmatch(name)):
            return None
        folder = self.folder(name)
        return folder if folder.is_dir() else None

    def remove(self, owner: str) -> bool:
        """Remove a corpus; False where there is none."""
        folder = self.find(owner)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return folder is not None

    def thin_out(self) -> None:
        """Remove the oldest beyond the limits."""
        folders = []
        for folder in self.directory.iterdir():
            try:
                size = sum(file.stat().st_size for file in folder.rglob("*"))
                folders.append(Kept(folder.stat().st_mtime, folder.name, size))
            except OSError:  # another server was faster
                continue
        newest = max(folders).name if folders else ""
        for name in leaving(folders, self._room, newest):
            shutil.rmtree(self.directory / name, ignore_errors=True)

    def close(self) -> None:
        """Remove what was only kept for as long as the server runs."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
