"""Reading model files of other frameworks: a new format is one file and one row in `IMPORTERS`.

Formats are told apart by content, never by name. No reader runs code from a file, follows a
reference out of it, or makes arrays of more than `buffer.MAX_BYTES`.
"""

from __future__ import annotations

import json
from dataclasses import replace

from ..core.errors import BadInput, UserError
from . import keras, onnx, own, pytorch
from .advice_files import shown
from .base import OPTIONS, Imported, Importer, Options
from .refused import refuse
from .several import Files, read_together

IMPORTERS = (
    Importer("LSTM cell visualizer", own.match, own.read),
    Importer("Keras", keras.match, keras.read),
    Importer("PyTorch", pytorch.match, pytorch.read),
    Importer("ONNX", onnx.match, onnx.read),
)


def read_model(name: str, data: memoryview, options: Options | None = None) -> Imported:
    """Read a model file.

    Parameters
    ----------
    name : the file's, for words alone
    data : the file
    options : what the owner says about a file that does not say it itself

    Raises
    ------
    Unsupported
        For a file of another kind, or with something in it that is not read; it is named.
    BadInput, TooLarge
        For a file that is damaged, or too large.
    """
    for importer in IMPORTERS:
        if importer.match(data):
            try:
                return with_name(importer.read(data, options or {}), name)
            except UserError as error:
                error.detail = named_as(error.detail, name)
                raise
            except MemoryError:
                raise
            except Exception as error:  # a file that contradicts itself in a way not thought of
                raise BadInput(
                    f"This {importer.name} file cannot be read: its parts do not fit together."
                ) from error
    raise refuse(name, data)


FILES = ("model.keras", "model.weights.h5", "model.safetensors", "model.onnx", "model.pt")
"""What the files are called in the code that importers give to compare with."""


def with_name(found: Imported, name: str) -> Imported:
    """The same with the file's own name in the code to compare with."""
    return replace(found, snippet=named_as(found.snippet, name))


def named_as(text: str, name: str) -> str:
    """Text with the file's own name in its code, in place of what files are usually called."""
    for usual in FILES:
        text = text.replace(f"({json.dumps(usual)})", f"({json.dumps(shown(name))})")
        text = text.replace(f"({json.dumps(usual)},", f"({json.dumps(shown(name))},")
    return text


def read_files(files: Files, options: Options | None = None) -> Imported:
    """Read a model that is in one file or in several, such as a configuration and its weights.

    Raises
    ------
    UserError
        As `read_model`; and where several files are no model together.
    """
    if len(files) == 1:
        return read_model(*files[0], options)
    return read_together(files, options or {})


__all__ = ["IMPORTERS", "OPTIONS", "Imported", "Importer", "Options", "read_files", "read_model"]
