"""The lines of Keras that build a network."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from .layers import (
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    Masking,
    PassThrough,
    Pooling,
    Recurrent,
    Repeat,
)

POOLING = {"max": "GlobalMaxPooling1D", "average": "GlobalAveragePooling1D"}
RENAMED = {"hard_sigmoid_2": "hard_sigmoid", "leaky_relu_0.01": "leaky_relu"}
"""Activations of other versions and frameworks -> Keras's own of that name, a little different."""


def keras_lines(
    layers: Sequence[Layer], shape: Sequence[int | None], distributed: Collection[str] = ()
) -> list[str]:
    """A `Sequential` model, built layer by layer.

    Parameters
    ----------
    shape : of one input: (timesteps,) of token ids or (timesteps, features)
    distributed : names of the dense layers that are wrapped in a `TimeDistributed`
    """
    size = ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "")
    lines = [
        "from keras import Input, Sequential, layers",
        f"model = Sequential([Input(({size}))])",
    ]
    for layer in layers:
        if note := _note(layer):
            lines.append(f"# {note}")
        if call := _call(layer):
            wrapped = f"TimeDistributed(layers.{call})" if layer.name in distributed else call
            lines.append(f"model.add(layers.{wrapped})")
        if isinstance(layer, Recurrent) and layer.restores_order and layer.return_sequences:
            lines.append("model.add(layers.Lambda(lambda h: h[:, ::-1]))")
    return lines


def _call(layer: Layer) -> str:
    """The layer itself; "" for one that does nothing after training, or that Keras lacks."""
    if any(_lacking(each) for each in _directions(layer)):
        return ""
    if isinstance(layer, Recurrent):
        return _recurrent(layer)
    if isinstance(layer, Bidirectional):
        return _bidirectional(layer)
    if isinstance(layer, Embedding):
        rows, size = layer.table.shape
        return _written("Embedding", f"{rows}", f"{size}", "mask_zero=True" * layer.mask_zero)
    if isinstance(layer, Dense):
        return _written(
            "Dense",
            str(layer.kernel.shape[1]),
            _named("activation", layer.activation, "linear"),
            "use_bias=False" * (not layer.use_bias),
        )
    if isinstance(layer, Masking):
        return _written("Masking", f"{layer.value:g}" * (layer.value != 0))
    if isinstance(layer, Activation):
        return f'Activation("{RENAMED.get(layer.activation, layer.activation)}")'
    if isinstance(layer, Pooling):
        return f"{POOLING[layer.kind]}()"
    if isinstance(layer, Repeat):
        return f"RepeatVector({layer.timesteps})"
    if isinstance(layer, LastTimestep):
        return "Lambda(lambda h: h[:, -1])"
    return "Flatten()" if isinstance(layer, Flatten) else ""


def _recurrent(layer: Recurrent) -> str:
    cell, layout = layer.cell, layer.cell.layouts["keras"]
    flags = {
        "use_bias=False": not layer.use_bias,
        **dict.fromkeys(layout.arguments, True),
        "return_sequences=True": layer.return_sequences,
        "go_backwards=True": layer.go_backwards,
        "zero_output_for_mask=True": layer.zero_output_for_mask,
    }
    return _written(
        layout.name,
        str(layer.weights.units),
        _named("activation", cell.activation, "tanh"),
        _named("recurrent_activation", cell.recurrent_activation, "sigmoid") if cell.gates else "",
        *(name for name, said in flags.items() if said),
    )


def _bidirectional(layer: Bidirectional) -> str:
    """Keras turns the copy of the forward layer round, and zeroes what is masked, by itself."""
    forward, backward = (
        _recurrent(replace(each, zero_output_for_mask=False)) for each in _directions(layer)
    )
    copied = _recurrent(replace(layer.forward, go_backwards=True, zero_output_for_mask=False))
    return _written(
        "Bidirectional",
        f"layers.{forward}",
        "" if backward == copied else f"backward_layer=layers.{backward}",
        _named("merge_mode", layer.merge_mode, "concat"),
    )


def _directions(layer: Layer) -> tuple[Recurrent, ...]:
    if isinstance(layer, Bidirectional):
        return layer.forward, layer.backward
    return (layer,) if isinstance(layer, Recurrent) else ()


def _lacking(layer: Recurrent) -> str:
    """What a layer is where Keras has no such layer, else nothing."""
    if layer.weights.peephole is not None:
        return f"{layer.cell.noun} with peepholes"
    if layer.weights.projection is not None:
        return f"{layer.cell.noun} with a projection"
    return "" if "keras" in layer.cell.layouts else layer.cell.noun


def _note(layer: Layer) -> str:
    """What the line cannot say."""
    if isinstance(layer, AllLayers):
        return "here the last states of all recurrent layers stand side by side: no Sequential"
    if isinstance(layer, PassThrough):
        return f"{layer.type}: at work in training alone"
    directions = _directions(layer)
    if lacking := next(filter(None, map(_lacking, directions)), ""):
        return f"{layer.name}: {lacking}, which Keras does not have"
    if any(each.initial_state is not None for each in directions):
        return f"{layer.name} begins with a state of its own, not with zeros"
    if any(each.gives != "hidden_state" for each in directions):
        return f"{layer.name} gives its cell state here, which a Sequential cannot say"
    used = {name for x in directions for name in (x.cell.activation, x.cell.recurrent_activation)}
    if isinstance(layer, (Dense, Activation)):
        used.add(layer.activation)
    if "hard_sigmoid_2" in used:
        return "hard_sigmoid is that of Keras 2"
    return "leaky_relu has a slope of 0.01" if "leaky_relu_0.01" in used else ""


def _named(key: str, name: str, usual: str) -> str:
    """An argument, where it is not as usual."""
    return "" if name == usual else f'{key}="{RENAMED.get(name, name)}"'


def _written(name: str, *arguments: str) -> str:
    return f"{name}({', '.join(filter(None, arguments))})"
