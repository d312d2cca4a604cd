"""Our own model files, as the download gives them."""

from __future__ import annotations

from ..core import modelfile
from ..core.modelfile.safetensors import looks_like_safetensors
from .base import Imported, Options, refuse_unused

KEY = b'"lstm_viz"'


def match(data: memoryview) -> bool:
    """Whether the file is a safetensors file that describes a model of ours in its metadata."""
    if not looks_like_safetensors(data):
        return False
    size = int.from_bytes(data[:8], "little")
    return KEY in bytes(data[8 : 8 + min(size, modelfile.MAX_HEADER)])


def read(data: memoryview, options: Options) -> Imported:
    """Read a model file.

    Raises
    ------
    BadInput
        For a file that is damaged, or an option: it says everything itself.
    """
    refuse_unused(
        options, (), "a file of ours says everything itself; options go with the original file"
    )
    model = modelfile.read(bytes(data), "imported")
    return Imported(
        format="LSTM cell visualizer (.safetensors)",
        network=model.network,
        detected={"first made as": str(model.provenance.get("kind", ""))},
        vocabulary=model.vocabulary,
        labels=model.labels,
        title=model.title,
        description=model.description,
        left_out=tuple(map(str, model.provenance.get("left_out", ()))),
    )
