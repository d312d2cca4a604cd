"""Several files that are one model: a configuration and its weights, and what is told by names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from ..core.errors import BadInput, UserError
from . import keras
from .base import Imported, Options
from .refused import refuse_several

MAX_JSON = 16 * 1024 * 1024
"""Bytes of a configuration; those of the largest models have a few hundred thousand."""

Files = Sequence[tuple[str, memoryview]]


def json_of(data: memoryview) -> Any:
    """What a file of JSON holds; None for a file of another kind."""
    if len(data) > MAX_JSON or not bytes(data[:64]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return None
    try:
        return orjson.loads(bytes(data).removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


def read_together(files: Files, options: Options) -> Imported:
    """Read a model that was brought in two files or more.

    Raises
    ------
    UserError
        Where they are no model together, saying what would be.
    """
    names = [name for name, _ in files]
    if len(set(names)) < len(names):
        raise BadInput("Two of the files have the same name. Bring each of them once.")
    found: dict[str, Mapping[str, Any]] = {}
    for name, data in files:
        content = json_of(data)
        if keras.is_configuration(content) or keras.is_tensorflow_js(content):
            found[name] = content
    if len(found) != 1:
        raise refuse_several(files)
    ((name, content),) = found.items()
    rest = {other: data for other, data in files if other != name}
    try:
        return keras.read_beside(content, rest, options)
    except UserError:
        raise
    except Exception as error:  # files that contradict themselves in a way not thought of
        raise BadInput("These files cannot be read: their parts do not fit together.") from error
