"""A place for what is only kept for as long as the server runs."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path


def temporary_directory(user: object) -> Path:
    """A directory that goes when its user goes, at the latest with the process.

    A read-only container has one in memory alone.
    """
    try:
        path = tempfile.mkdtemp(prefix="lstm-viz-")
    except OSError:
        path = tempfile.mkdtemp(prefix="lstm-viz-", dir="/dev/shm")
    weakref.finalize(user, shutil.rmtree, path, ignore_errors=True)
    return Path(path)
