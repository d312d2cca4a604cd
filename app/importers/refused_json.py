"""Files of JSON that are not read by themselves: configurations, and weights of other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from .advice_files import shown

MAX_JSON = 16 * 1024 * 1024


def name_json(name: str, data: memoryview) -> str:
    """What a file of JSON is, and what to bring; "" for a file of another kind."""
    head = bytes(data[:64]).lstrip(b"\xef\xbb\xbf \t\r\n")
    if len(data) > MAX_JSON or not head.startswith((b"{", b"[")):
        return ""
    try:
        content = orjson.loads(bytes(data).removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return "This begins like JSON, but is none: it is damaged, or cut off. Save it again."
    return _named(shown(name), content)


def _named(name: str, content: Any) -> str:
    if not isinstance(content, Mapping):
        return OTHER
    if "weightsManifest" in content or "modelTopology" in content:
        return (
            f"{name} is the description of a TensorFlow.js model; its weights lie in files beside "
            f"it ({_shards(content)}). Bring them together, all at once."
        )
    if content.get("class_name") == "Tokenizer" or "word_index" in content:
        return f"{name} is a vocabulary and no model: bring it beside one, in the field vocabulary."
    if "class_name" in content and "config" in content:
        return (
            f"{name} is the configuration of a Keras model, as model.to_json() gives it, without "
            "weights. Bring it together with its weights, both files at once: those of "
            'model.save_weights("model.weights.h5"). Or the whole model: model.save("model.keras").'
        )
    if content.get("architecture") and "weights" in content:
        return (
            f"{name} is a model of Neural Amp Modeler (NAM), whose numbers stand in one list. "
            "Bring the PyTorch checkpoint of its training (.ckpt or .pt)."
        )
    if "in_shape" in content and "layers" in content:
        return (
            f"{name} is a model for RTNeural: weights as JSON, in its own form. Bring the Keras or "
            "PyTorch model that it was exported from."
        )
    if "state_dict" in content and "model_data" in content:
        return (
            f"{name} is a PyTorch state_dict written as JSON, as GuitarML's programs read it. "
            "Bring the state_dict itself, as torch.save wrote it."
        )
    return OTHER


OTHER = (
    "This is JSON, but no description of a model that is known here. Read are the JSON of "
    "model.to_json() together with its weights (.h5), and TensorFlow.js's model.json together with "
    "its .bin files."
)


def _shards(content: Mapping[str, Any]) -> str:
    groups = content.get("weightsManifest")
    rows = [group.get("paths") for group in groups or [] if isinstance(group, Mapping)]
    paths = [str(path)[:60] for row in rows if isinstance(row, list) for path in row]
    return ", ".join(paths[:6]) or "such as group1-shard1of1.bin"
