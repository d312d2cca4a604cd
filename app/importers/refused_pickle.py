"""Pickles that are not read, by the classes that they name; nothing in them is run."""

from __future__ import annotations

import zlib

from .advice_files import lines

LOOKED_AT = 64 * 1024
"""Bytes at either end in which the names of classes are looked for."""


def name_pickle(name: str, data: memoryview) -> str:
    """What a pickle is of, and what to do with it; "" for a file that is none."""
    head = bytes(data[:LOOKED_AT])
    if _is_zlib(head):
        return f"This is a file of joblib, compressed, which holds a pickle. {RUNS} {_joblib(name)}"
    if not _is_pickle(head):
        return ""
    seen = head + bytes(data[-LOOKED_AT:])
    if kind := of_another_library(head, seen):
        return f"{kind[0]} {_advice(kind[1], name)}"
    return f"This is a Python pickle. {NO_TENSORS}"


def _is_pickle(head: bytes) -> bool:
    """Whether it begins with the number of a pickle's protocol, or as older ones do."""
    if len(head) > 1 and head[0] == 0x80:
        return 2 <= head[1] <= 5
    return head.startswith((b"ccopy_reg\n", b"c__builtin__\n", b"ccollections\n", b"(dp", b"}q"))


def _is_zlib(head: bytes) -> bool:
    """Whether it is a pickle that zlib has deflated."""
    if not head.startswith(b"x"):
        return False
    try:
        return _is_pickle(zlib.decompressobj().decompress(head, 64))
    except zlib.error:
        return False


NO_TENSORS = (
    "Nothing in it was run, and it names no tensors of PyTorch. Where a PyTorch model is in it, "
    f"save its weights:\n{lines('torch_state', '')}"
)
RUNS = "A pickle can run any code on the machine that opens it, so it is not opened here."


def of_another_library(head: bytes, seen: bytes) -> tuple[str, str] | None:
    """What a pickle is, and of which library, where it is neither PyTorch's nor unknown."""
    if b"deserialize_model_from_bytecode" in seen or b"keras" in head[:400]:
        return f"This is a pickle of a Keras model. {RUNS}", "keras"
    if b"joblib" in seen or b"NumpyArrayWrapper" in seen:
        return f"This is a file of joblib, which holds a pickle. {RUNS}", "joblib"
    if b"sklearn" in seen:
        return f"This is a pickle of scikit-learn. {RUNS}", "sklearn"
    return None


def _advice(kind: str, name: str) -> str:
    if kind == "sklearn":
        return (
            "scikit-learn has no LSTM: it may be a scaler, or another part of what your model "
            'needs. Bring the recurrent model itself, saved by model.save("model.keras").'
        )
    if kind == "joblib":
        return _joblib(name)
    return (
        "Where you trust the file, since what is in it is run, these lines turn it into one that "
        "is read; they need the Keras that wrote it (tf_keras for Keras 2):\n"
        f"{lines('keras_pickle', name)}"
    )


def _joblib(name: str) -> str:
    return (
        "Where it holds a Keras model, and you trust the file, since what is in it is run, these "
        f"lines turn it into one that is read:\n{lines('keras_joblib', name)}\n"
        "A scaler of scikit-learn is no model: bring the recurrent model itself."
    )
