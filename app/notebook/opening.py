"""Where a model comes from: a name, a file, or an object of another framework in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from ..core.errors import BadInput, NotFound, shorten
from ..storage.shipped import shipped_ids, shipped_model
from .opened import OpenedModel

if TYPE_CHECKING:
    from ..importers import Imported

Words = str | Path | Sequence[str] | Mapping[str, int] | None
"""A file's path, a list of words, or a map of words to ids."""


def load(
    source: str | Path,
    *,
    vocabulary: Words = None,
    labels: Sequence[str] | None = None,
    title: str = "",
    **options: Any,
) -> OpenedModel:
    """Open a model.

    Parameters
    ----------
    source : the id of a shipped model, such as "place", or the path of a model file: Keras,
        PyTorch (.pt, .ckpt, .safetensors), ONNX, or one of ours; a Path is never an id
    vocabulary : the words of the embedding's rows, where the file has none
    labels : names of the outputs
    title : what to call it
    options : what a file of weights alone does not say, by the names in `importers.OPTIONS`:
        `reads` (how the head reads the hidden states), `activations` (of the dense layers),
        `layer` and more; see docs/own-model.md

    Raises
    ------
    UserError
        Saying what was expected, what came, and what to do.
    OSError
        For a file that cannot be opened.
    """
    path = Path(source)
    if isinstance(source, str) and source in shipped_ids():
        return OpenedModel(shipped_model(source))
    if isinstance(source, str) and not path.suffix and not path.exists():
        known = ", ".join(shipped_ids())
        raise NotFound(
            f"There is no model {shorten(str(source))}: no file of that name, and the shipped "
            f"models are {known}."
        )
    from ..importers.files import open_model  # the readers, which shipped models do without
    from ..storage.registry import id_of_file

    names = _names(vocabulary, labels, title)
    return OpenedModel(open_model(path, id_of_file(path), _checked(options), **names))


def from_torch(
    module: Any,
    *,
    vocabulary: Words = None,
    labels: Sequence[str] | None = None,
    title: str = "",
    **options: Any,
) -> OpenedModel:
    """Open a `torch.nn.Module`: an `nn.LSTM`, `nn.GRU` or `nn.RNN`, or a model with some in it.

    See `load` for the rest. Its weights are copied: train on, and open it again.
    """
    from ..importers.pytorch import live as live_pytorch

    _check_weights(module)
    found = live_pytorch.read(module, _checked(options))
    return _opened(found, module, _names(vocabulary, labels, title))


def from_keras(
    model: Any,
    *,
    vocabulary: Words = None,
    labels: Sequence[str] | None = None,
    title: str = "",
) -> OpenedModel:
    """Open a `keras.Model`, or one of its recurrent layers.

    See `load` for the rest. Its weights are copied: train on, and open it again.
    """
    from ..importers.keras import live as live_keras

    return _opened(live_keras.read(model), model, _names(vocabulary, labels, title))


def _check_weights(module: Any) -> None:
    """Refuse weights without their module, and a module without its weights."""
    if isinstance(module, Mapping):
        raise BadInput(
            "A mapping came, such as a state_dict(), which does not say what its layers are. Give "
            'the module itself, or save the weights with torch.save(state, "model.pt") and load() '
            "that file."
        )
    state = module.state_dict() if hasattr(module, "state_dict") else {}
    if name := next((k for k, v in state.items() if getattr(v, "is_meta", False)), None):
        raise BadInput(
            f"The weights {name} are on the device meta, which holds no numbers. Load the weights "
            "into the module first, for instance after module.to_empty(device='cpu')."
        )


def _opened(found: Imported, source: Any, names: dict[str, str]) -> OpenedModel:
    from ..importers.naming import as_model

    kind = type(source).__name__
    return OpenedModel(as_model(found, f"my-{kind.lower()}", kind, **names))


def _names(vocabulary: Words, labels: Sequence[str] | None, title: str) -> dict[str, str]:
    """What a model is to be called, as texts."""
    words = ""
    if isinstance(vocabulary, str | Path):
        from ..importers.vocabulary import read_text

        words = read_text(Path(vocabulary).read_bytes(), f"The vocabulary {vocabulary}")
    elif vocabulary is not None:
        mapping = isinstance(vocabulary, Mapping)
        words = orjson.dumps(dict(vocabulary) if mapping else list(vocabulary)).decode()
    names = orjson.dumps(list(labels)).decode() if labels else ""
    return {"vocabulary": words, "labels": names, "title": title}


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    from ..importers import OPTIONS

    if unknown := options.keys() - set(OPTIONS):
        raise BadInput(f"There is no option {min(unknown)}. There are: {', '.join(OPTIONS)}.")
    return {name: value for name, value in options.items() if value is not None}
