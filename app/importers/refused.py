"""Files that are not read: what they are, why not, and what to bring in their place."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import BadInput, Unsupported, UserError
from .advice_files import lines, shown
from .binary.archive import SIGNATURE as ZIP
from .binary.archive import Archive
from .refused_json import name_json
from .refused_pickle import name_pickle

READ = (
    "These are read: Keras (.keras, .h5, .weights.h5, to_json() with weights), PyTorch (.pt, .pth, "
    ".ckpt, .safetensors), ONNX, TensorFlow.js layers models, and model files downloaded here."
)
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x93NUMPY", "a NumPy array (.npy)"),
    (b"\x1f\x8b", "compressed by gzip"),
    (b"BZh", "compressed by bzip2"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GGUF", "a GGUF file of a large language model"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"<!DOCTYPE", "a web page"),
    (b"<html", "a web page"),
)
TABLE_MAGIC = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"
"""How the index of a TensorFlow checkpoint ends: LevelDB's number for a table."""


def saved_model(folder: str) -> str:
    """What to do with a SavedModel.

    Parameters
    ----------
    folder : the name of the folder that holds it
    """
    return (
        "It is a graph; the list of layers is beside it only where Keras 2 saved it. Where it did, "
        "these lines turn the folder into a file that is read (Keras itself has not read it since "
        f"TensorFlow 2.16):\n{lines('saved_model', folder)}\n"
        "What model.export() of Keras 3 wrote has no layers any more, and neither has what its "
        "TFSMLayer makes of it: bring the model that it was exported from, saved by "
        'model.save("model.keras").'
    )


TFLITE = (
    "This is a TensorFlow Lite model: a graph made for a device, whose layers nothing brings back. "
    'Bring the Keras model that it was made of, saved by model.save("model.keras").'
)


def checkpoint(name: str) -> str:
    """What to do with a TensorFlow checkpoint, of which one file came."""
    stem = shown(name).partition(".index")[0].partition(".data-")[0]
    return (
        "This is a part of a TensorFlow checkpoint, which holds weights but not the layers that "
        "they are of. The code that builds the model turns it into a file that is read:\n"
        f"{lines('checkpoint', stem)}"
    )


def refuse(name: str, data: memoryview) -> UserError:
    """Say what a file is that no importer reads."""
    head = bytes(data[:512])
    if not head:
        return BadInput(f"The file {shown(name)} is empty. Bring a model file.")
    if head.startswith(ZIP):
        return _archive(name, data)
    return Unsupported(_named(name, data, head))


def _named(name: str, data: memoryview, head: bytes) -> str:
    if text := name_pickle(name, data):
        return text
    if head[4:8] == b"TFL3":
        return TFLITE
    if "saved_model" in name.lower() or b"\x12\x05serve" in head or b"saved_model_main_op" in head:
        return f"This is the graph of a TensorFlow SavedModel. {saved_model('folder')}"
    if bytes(data[-8:]) == TABLE_MAGIC or ".data-00" in name:
        return checkpoint(name)
    if head[257:262] == b"ustar":
        return f"This is a tar archive. {READ}"
    for signature, what in SIGNATURES:
        if head.lower().startswith(signature.lower()):
            return f"This is {what}. {READ}"
    if text := name_json(name, data):
        return text
    if all(byte >= 32 or byte in b"\t\r\n" for byte in head):
        return f"This is a text file. {READ}"
    return f"This is not a model file: its content is of an unknown kind. {READ}"


def _archive(name: str, data: memoryview) -> UserError:
    names = Archive(data).names
    inside = next((member for member in names if member.endswith("saved_model.pb")), None)
    if inside is not None:
        folder = inside.rpartition("/")[0].rpartition("/")[2] or shown(name).partition(".")[0]
        what = "This is a TensorFlow SavedModel in a zip archive. Unpack it."
        return Unsupported(f"{what} {saved_model(folder)}")
    if any(member.endswith((".npy", ".npz")) for member in names):
        return Unsupported(f"This is an archive of NumPy arrays (.npz). {READ}")
    listed = ", ".join(member[:40] for member in names[:4])
    return Unsupported(f"This is a zip archive of {len(names)} files ({listed}). {READ}")


def refuse_several(files: Sequence[tuple[str, memoryview]]) -> UserError:
    """Say what files are that are no model together."""
    for name, data in files:
        text = _named(name, data, bytes(data[:512])) if len(data) else ""
        if "SavedModel" in text or "TensorFlow checkpoint" in text:
            return Unsupported(text)
    listed = ", ".join(shown(name) for name, _ in files[:6])
    return BadInput(
        f"{len(files)} files came ({listed}), which are no model together. Bring one model file; "
        "or the JSON that model.to_json() gives, together with its weights (.h5); or "
        "TensorFlow.js's model.json, together with its .bin files."
    )
