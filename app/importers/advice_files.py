"""Lines that make a file that is read of one that is not, each tried in the versions it names.

`TRIED` says when and with what; docs/own-model.md has it as a table, and a test compares the two.
"""

from __future__ import annotations

import json
from typing import NamedTuple


class Tried(NamedTuple):
    """Lines of code, the versions they were tried in, and the day."""

    lines: str
    versions: str
    day: str


TRIED: dict[str, Tried] = {
    "saved_model": Tried(
        """\
import tf_keras  # pip install tf_keras
model = tf_keras.models.load_model({name})
model.save("model.keras")""",
        "tf_keras 2.21.0, TensorFlow 2.21.0",
        "2026-12-01",
    ),
    "checkpoint": Tried(
        """\
import tf_keras  # pip install tf_keras
model = build()  # as your code builds it, with tf_keras in place of keras
model.load_weights({name})
model.save("model.keras")""",
        "tf_keras 2.21.0, TensorFlow 2.21.0",
        "2026-12-01",
    ),
    "keras_pickle": Tried(
        """\
import pickle
with open({name}, "rb") as file:
    model = pickle.load(file)
model.save("model.keras")""",
        "tf_keras 2.21.0, Keras 3.15.1",
        "2026-12-01",
    ),
    "torch_state": Tried(
        """\
import torch
torch.save(model.state_dict(), "model.pt")""",
        "PyTorch 2.13.0",
        "2026-12-01",
    ),
    "onnx_inside": Tried(
        """\
import onnx
onnx.save(onnx.load({name}), "one_file.onnx")""",
        "onnx 1.23.2",
        "2026-12-01",
    ),
    "keras_joblib": Tried(
        """\
import joblib
joblib.load({name}).save("model.keras")""",
        "joblib 1.6.0, tf_keras 2.21.0, Keras 3.15.1",
        "2026-12-01",
    ),
}


def lines(which: str, name: str) -> str:
    """The lines, with the file's own name in them."""
    return TRIED[which].lines.format(name=json.dumps(shown(name)))


def shown(name: str) -> str:
    """A file's name as text: without a folder, or what is no letter."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in plain if c.isprintable())[:80] or "model"
