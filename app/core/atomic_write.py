"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

OUTPUTS = (1, 2)
"""Descriptors of standard output and standard error."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, all of it or nothing.

    It is written beside its place and then renamed, so that a crash leaves the old file or the new.
    A link stays one: what it points to is written. A pipe or a device cannot be replaced and takes
    the data as it is, and so does a file that standard output goes to.

    Raises
    ------
    OSError
        Naming the file that was to be written.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        found = None  # or a link to what is not there yet
    if found is not None and (descriptor := _output(found)):
        _pour(path, data, os.dup(descriptor))
    elif found is not None and not stat.S_ISREG(found.st_mode):
        _pour(path, data, os.open(path, os.O_WRONLY))
    else:
        _replace(path, data)


def write_synced(path: Path, data: bytes) -> None:
    """Write a file that nobody looks at yet, and wait until the disk has it.

    Raises
    ------
    OSError
        Also where there is such a file.
    """
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _output(found: os.stat_result) -> int | None:
    """The standard output or error that goes to the same place, if one does."""
    for descriptor in OUTPUTS:
        try:
            if os.path.samestat(found, os.fstat(descriptor)):
                return descriptor
        except OSError:
            continue  # closed
    return None


def _pour(path: Path, data: bytes, descriptor: int) -> None:
    """Write to what is open, and close it."""
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _replace(path: Path, data: bytes) -> None:
    """Write beside a file, and put that in its place."""
    import tempfile  # slow to load, and most runs write nothing

    place = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name[:60]}.")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # a temporary file is its owner's alone
        os.replace(name, place)
        sync_directory(place.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def sync_directory(place: Path) -> None:
    """Have the disk know the names in a directory, of which a rename or a removal is one.

    Where directories cannot be opened (Windows) or synced (some network file systems), the system
    does so by itself.
    """
    try:
        handle = os.open(place, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
