"""The fidelity card: how a brought model is computed here, for its owner to check."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.network import (
    Bidirectional,
    Embedding,
    Masking,
    Network,
    Recurrent,
)
from .base import Imported

SIGMOIDS = {
    "sigmoid": "the logistic sigmoid",
    "hard_sigmoid": "the hard sigmoid of Keras 3, x / 6 + 0.5",
    "hard_sigmoid_2": "the hard sigmoid of Keras 1 and 2 and of ONNX, 0.2 x + 0.5",
}
"""What the gates go through, where its name is not all that one must know."""
NOT_COMPARED = "not compared yet: paste what your framework gives"


def fidelity(found: Imported) -> dict[str, str]:
    """What is done with every input: label -> one phrase.

    What the importer has said itself stands first, in its words.
    """
    network = found.network
    card = {
        **found.detected,
        "activations": _activations(network),
        "biases": found.detected.get("biases") or _biases(network),
        "masking": _masking(network),
        "initial state": _initial(network),
        "padding": _padding(network),
        "left out": ", ".join(found.left_out) or "nothing",
        "compared": NOT_COMPARED,
    }
    return {label: text for label, text in card.items() if text}


def _each(network: Network) -> Iterator[Recurrent]:
    """The recurrent layers, of two directions the forward one."""
    for layer in network.layers:
        if isinstance(layer, Recurrent):
            yield layer
        elif isinstance(layer, Bidirectional):
            yield layer.forward


def _by_layer(said: dict[str, str]) -> str:
    """One phrase where it is the same for all layers, else one for each."""
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{name}: {text}" for name, text in said.items())


def _activations(network: Network) -> str:
    said = {}
    for layer in _each(network):
        cell = layer.cell
        gates = SIGMOIDS.get(cell.recurrent_activation, cell.recurrent_activation)
        said[layer.name] = cell.activation + (f", gates {gates}" if cell.gates else "")
    return _by_layer(said)


def _biases(network: Network) -> str:
    said = {}
    for layer in _each(network):
        one = "one for each gate" if layer.cell.gates else "one"
        apart = layer.weights.bias.ndim == 2
        text = "input and recurrent bias kept apart" if apart else one
        said[layer.name] = text if layer.use_bias else "none"
    return _by_layer(said)


def _masking(network: Network) -> str:
    for layer in network.layers:
        if isinstance(layer, Embedding) and layer.mask_zero:
            return "token 0 is padding: at its timestep the state is repeated"
        if isinstance(layer, Masking):
            return f"a timestep of nothing but {layer.value:g} is padding: the state is repeated"
    return "none: every timestep is read"


def _initial(network: Network) -> str:
    own = [layer.name for layer in _each(network) if layer.initial_state is not None]
    return f"the file's own, of {', '.join(own[:8])}" if own else "zeros"


def _padding(network: Network) -> str:
    length = network.fixed_timesteps
    if length is None:
        return "none: sequences of any length are read as they are"
    filled = "token 0" if network.embedding else "zeros"
    return f"a sequence of fewer than {length} timesteps is filled up with {filled}, in front"


def compared(*, matches: bool, numbers: int, largest: float, of: str) -> str:
    """What its owner found who held the model to what a framework gave.

    Parameters
    ----------
    numbers : how many of `of`, such as "the model's output"
    largest : difference between one of them here and there
    """
    count = f"{numbers:,} {'number' if numbers == 1 else 'numbers'}"
    difference = f"largest difference {largest:.1g}"
    if matches:
        return f"by its owner, with what a framework gave: {count} of {of} match, {difference}"
    return f"by its owner, with what a framework gave: {of} differs, {difference}"
