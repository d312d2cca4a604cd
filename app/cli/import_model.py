"""`import`: a model of another framework, made one of ours."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ..core.errors import BadInput
from .output import busy, check_place, put, visible

if TYPE_CHECKING:
    from ..notebook import OpenedModel

Reads = Literal[
    "last_state",
    "last_timestep",
    "every",
    "max",
    "average",
    "flatten",
    "all_layers",
    "cell_state",
]


def bring(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=".keras, .h5, .pt, .safetensors or .onnx")
    ],
    out: Annotated[Path, typer.Option(help="Where to write the .safetensors file.")],
    vocabulary: Annotated[
        Path | None, typer.Option(help="One word per line, JSON, or a Keras Tokenizer.")
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="An output's name; once for each.")
    ] = None,
    title: Annotated[str, typer.Option(help="What to call the model.")] = "",
    reads: Annotated[
        Reads | None, typer.Option(help="How a head without a description reads the states.")
    ] = None,
    before: Annotated[
        list[str] | None,
        typer.Option(help="A dense layer before the recurrent one, by its name; or none."),
    ] = None,
    activation: Annotated[
        list[str] | None, typer.Option(help="Of each dense layer of weights alone, in order.")
    ] = None,
    mask_zero: Annotated[bool | None, typer.Option(help="Whether token 0 is padding.")] = None,
    merge_mode: Annotated[
        Literal["concat", "sum", "ave", "mul"] | None,
        typer.Option(help="How weights alone join two directions."),
    ] = None,
    nonlinearity: Annotated[
        Literal["tanh", "relu"] | None, typer.Option(help="Of PyTorch's nn.RNN.")
    ] = None,
    state_activation: Annotated[
        str, typer.Option(help="Between the hidden states and the dense layer, as of PyTorch.")
    ] = "",
    order: Annotated[
        list[str] | None,
        typer.Option(help="A recurrent layer's or module's name, the one computed first in front."),
    ] = None,
    repeats: Annotated[
        int | None, typer.Option(help="Timesteps a last state is repeated for, before a decoder.")
    ] = None,
    part: Annotated[str, typer.Option(help="Which of several weights in a checkpoint.")] = "",
    cell_activation: Annotated[
        str, typer.Option(help="Of the candidate and the states, where weights alone came.")
    ] = "",
    gate_activation: Annotated[
        str, typer.Option(help="Of the gates, where weights alone came.")
    ] = "",
    backwards: Annotated[
        list[str] | None, typer.Option(help="A recurrent layer that reads from the end.")
    ] = None,
    layer: Annotated[str, typer.Option(help="The recurrent layer to open on its own.")] = "",
    fed: Annotated[
        Literal["ids", "numbers"] | None,
        typer.Option(help="What a recurrent layer on its own reads."),
    ] = None,
    dense_order: Annotated[
        list[str] | None, typer.Option(help="A dense layer's name, the first one first.")
    ] = None,
) -> None:
    """Make a Keras, PyTorch or ONNX model one of ours."""
    from ..notebook import load

    check_place(out, file, vocabulary)
    if out.suffix != ".safetensors":
        raise BadInput(f"--out must end in .safetensors; {out.name} does not.")
    with busy(f"reading {file.name}"), _label_by_label(label):
        opened = load(
            file,
            vocabulary=vocabulary,
            labels=label,
            title=title,
            reads=reads,
            before=[] if before == ["none"] else before or None,
            activations=activation or None,
            mask_zero=mask_zero,
            merge_mode=merge_mode,
            nonlinearity=nonlinearity,
            state_activation=state_activation or None,
            order=order or None,
            repeats=repeats,
            part=part or None,
            cell_activation=cell_activation or None,
            gate_activation=gate_activation or None,
            backwards=backwards or None,
            layer=layer or None,
            fed=fed,
            dense_order=dense_order or None,
        )
        put(opened.to_bytes(), out)
    for line in _report(opened, out):
        print(visible(line))


@contextmanager
def _label_by_label(labels: list[str] | None) -> Iterator[None]:
    """Say how several labels are given, where one with commas was and did not fit."""
    try:
        yield
    except BadInput as error:
        if not (labels and len(labels) == 1 and "," in labels[0] and "to name" in error.detail):
            raise
        each = " ".join(f"--label {shlex.quote(part.strip())}" for part in labels[0].split(","))
        raise BadInput(f"{error.detail} Repeat the option: {each}") from None


def _report(opened: OpenedModel, out: Path) -> list[str]:
    """What was detected, and what was taken for granted."""
    model = opened.model
    found = dict(model.card.get("detected", {}))
    assumed = found.pop("assumed", ())
    for unshown in ("snippet", "choices"):
        found.pop(unshown, None)
    lines = [f"{out}: {model.title}"]
    for layer in model.network.recurrent.values():
        size = f"{layer.weights.features} features -> {layer.units} units"
        lines.append(f"  layer {layer.name}: {layer.cell.name}, {size}")
    lines += [f"  {name}: {value}" for name, value in found.items()]
    return lines + [f"  assumed: {sentence}" for sentence in assumed]
