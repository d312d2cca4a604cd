"""A model file of any kind that is read, from a disk one trusts."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

from ..core import modelfile
from ..core.errors import UserError
from ..core.model import Model
from . import own, read_model
from .base import Options
from .naming import as_model


def open_model(path: Path, model_id: str, options: Options | None = None, **names: Any) -> Model:
    """Read a model file: Keras, PyTorch, ONNX, or one of ours, which stays what it is.

    Parameters
    ----------
    options : what the owner says about a file that does not say it itself
    names : `vocabulary`, `labels` and `title`, as `as_model` takes them

    Raises
    ------
    UserError
        Of the kind that `read_model` raises, naming the file.
    OSError
        For a file that cannot be opened.
    """
    try:
        data = _view(path)
        if own.match(data) and not options and not any(names.values()):
            return modelfile.read(bytes(data), model_id)
        return as_model(read_model(path.name, data, options), model_id, path.name, **names)
    except UserError as error:
        raise type(error)(f"{path}: {error.detail}") from None


def _view(path: Path) -> memoryview:
    """The file's bytes, where they are."""
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
