"""What to do with a model that is more than a chain of layers that are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.errors import BadInput, Unsupported

ALONE = "The recurrent layer alone can be looked at, with its inputs as numbers: "
GUIDE = 'See "A model with more in it" at /help/own-model.'


class Misfit(BadInput):
    """Layers whose sizes form no chain: one between them may not be known."""


@contextmanager
def naming(way: str) -> Iterator[None]:
    """Let a refusal of a layer, or of the order of the layers, end in the way out.

    Raises
    ------
    Unsupported, BadInput
        What was refused within, with the way out behind it.
    """
    try:
        yield
    except Unsupported as error:
        raise Unsupported(f"{error.detail} {way}".strip()) from None
    except Misfit as error:
        raise BadInput(f"{error.detail} {way}".strip()) from None


def of_pytorch(module: str) -> str:
    """The way out for a state dict.

    Parameters
    ----------
    module : the recurrent layer's name in it, such as "encoder.lstm"; "" for none
    """
    if not module:
        own = "k.startswith(('weight_', 'bias_'))"
        return f"{ALONE}save {{k: v for k, v in state.items() if {own}}}. {GUIDE}"
    name = module[:60]
    plain = all(part.isidentifier() for part in name.split("."))
    layer = f"module.{name}" if plain else f"module.get_submodule({name!r})"
    return (
        f"{ALONE}save {{k: v for k, v in state.items() if k.startswith({name + '.'!r})}}, "
        f"or in Python from_torch({layer}). {GUIDE}"
    )


def of_keras(layer: str) -> str:
    """The way out for a Keras model, by the name of its recurrent layer."""
    return f"{ALONE}in Python from_keras(model.get_layer({layer[:60]!r})). {GUIDE}"


OF_ONNX = f"{ALONE}in Python from_torch(module.lstm) or from_keras(model.layers[k]). {GUIDE}"
