"""Files that are not read: what they are, why not, and what to send in their place."""

from __future__ import annotations

from ..core.errors import BadInput, Unsupported, UserError
from .binary.archive import SIGNATURE as ZIP
from .binary.archive import Archive

STATE_DICT = """\
import torch
from safetensors.torch import save_file
state = torch.load("model.pt", map_location="cpu", weights_only=True)
state = state.get("state_dict", state)  # a checkpoint: its key may be another, such as "model"
save_file(state, "model.safetensors")"""
WHOLE_MODULE = """\
For a whole module, which torch.save(model) wrote, the third and fourth line are this one; it runs \
what is in the file, so use it only for a file that you trust:
state = torch.load("model.pt", map_location="cpu", weights_only=False).state_dict()"""
KERAS = """\
import tensorflow as tf
model = tf.keras.models.load_model("folder")
model.save("model.keras")"""
PICKLE = (
    "It holds a pickle, which can run any code on the machine that opens it, so it is not opened. "
    f"These lines turn it into a file that is read:\n{STATE_DICT}\n{WHOLE_MODULE}"
)
SAVED = f"It is a graph without a list of layers. Three lines turn it into one:\n{KERAS}"

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


def refuse(name: str, data: memoryview) -> UserError:
    """Say what a file is that no importer reads."""
    head = bytes(data[:512])
    if not head:
        return BadInput("The file is empty. Send a model file.")
    if head.startswith(ZIP):
        return _archive(data)
    if _is_pickle(head):
        return Unsupported(f"This is a Python pickle (.pt, .pth or .pkl). {PICKLE}")
    if head[4:8] == b"TFL3":
        return Unsupported(f"This is a TensorFlow Lite model. {SAVED}")
    if b"saved_model" in name.lower().encode(errors="replace") or b"\x12\x05serve" in head:
        return Unsupported(f"This is the graph of a TensorFlow SavedModel. {SAVED}")
    if head[257:262] == b"ustar":
        return Unsupported(f"This is a tar archive. {READ}")
    for signature, what in SIGNATURES:
        if head.lower().startswith(signature.lower()):
            return Unsupported(f"This is {what}. {READ}")
    if all(byte >= 32 or byte in b"\t\r\n" for byte in head):
        return Unsupported(f"This is a text file. {READ}")
    return Unsupported(f"This is not a model file: its content is of no known kind. {READ}")


READ = (
    "These are read: Keras (.keras, .h5, .weights.h5), a PyTorch state_dict in .safetensors, ONNX, "
    "and model files downloaded here."
)


def _is_pickle(head: bytes) -> bool:
    """Whether it begins with the number of a pickle's protocol."""
    return len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= 5


def _archive(data: memoryview) -> UserError:
    names = Archive(data).names
    if any(name.endswith("data.pkl") for name in names):
        return Unsupported(f"This is a PyTorch file (.pt or .pth). {PICKLE}")
    if any(name.endswith("saved_model.pb") for name in names):
        return Unsupported(f"This is a TensorFlow SavedModel in a zip archive. {SAVED}")
    if any(name.endswith((".npy", ".npz")) for name in names):
        return Unsupported(f"This is an archive of NumPy arrays (.npz). {READ}")
    listed = ", ".join(name[:40] for name in names[:4])
    return Unsupported(f"This is a zip archive of {len(names)} files ({listed}). {READ}")
