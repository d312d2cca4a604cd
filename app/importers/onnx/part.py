"""The recurrent part of an ONNX graph that is more than a chain of layers that are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, Layer, Network, Recurrent
from ..assumed import GUIDE, Undecided
from ..base import Options, what_it_reads
from .graph import OnnxGraph, OnnxNode
from .recurrent import NODES
from .symbols import Symbol
from .trace import RESHAPING, Value, follow, label

QUIET = {*RESHAPING, "Constant", "ConstantOfShape", "Flatten", "Shape", "Split"}
"""Operations that are no layers, and so are not named as left out."""


@dataclass(frozen=True)
class Part:
    """Some layers of a graph.

    Attributes
    ----------
    name : of the recurrent node
    fed : what it reads in the graph; "" where that is followed back to the model's input
    gives : what the last layer of the part gives in the graph
    answers : whether it ends in an output of the model
    started : whether the graph gives it a state to start from
    why : the model is not read whole; one sentence
    """

    name: str
    layers: Sequence[Layer]
    fed: str
    gives: str
    answers: bool
    started: bool
    why: str
    left_out: tuple[str, ...]

    def said(self, network: Network) -> str:
        """That a part is opened, why, and what it reads."""
        reason = self.why.partition(". ")[0].rstrip(".")
        fed = what_it_reads(network, self.fed)
        begun = " It starts from zeros; send initial_state for others." if self.started else ""
        answers = "" if self.answers else " What answers on top of it is left out."
        return f"Only a part of the model is opened: {reason}. {fed}{begun}{answers}"


def open_part(graph: OnnxGraph, why: str, options: Options) -> Part:
    """The part around a recurrent node.

    Raises
    ------
    Unsupported
        For nodes that are not read themselves.
    Undecided
        For several nodes that are not one behind the other.
    """
    nodes = [node for node in graph.nodes if node.op in NODES]
    names = names_of(graph)
    wanted: Any = options.get("layer")
    if wanted is not None and wanted not in names:
        raise BadInput(f"The option layer must be one of {', '.join(names[:12])}.")
    plain = follow(graph)
    heads = [node for node in nodes if not _followed(node, plain)]
    node = nodes[names.index(wanted)] if wanted is not None else (heads or nodes)[0]
    fed = "" if _followed(node, plain) else label(node)
    values = follow(graph, fed) if fed else plain
    part = _around(graph, node, fed, values, why)
    held = sum(isinstance(layer, (Recurrent, Bidirectional)) for layer in part.layers)
    if wanted is None and held < len(nodes):
        raise Undecided(
            f"{why.partition('. ')[0].rstrip('.')}. It has several recurrent layers, which are not "
            "one behind the other. Say in the option layer which of them is to be opened: "
            f"{', '.join(name[:60] for name in names[:12])}. {GUIDE}",
            *("layer", names),
        )
    return part


def names_of(graph: OnnxGraph) -> list[str]:
    """What its recurrent nodes are known by."""
    return [label(node) for node in graph.nodes if node.op in NODES]


def _followed(node: OnnxNode, values: Mapping[str, Value]) -> bool:
    """Whether a recurrent node is read from the model's input on."""
    return any(isinstance(values.get(name), Symbol) for name in node.outputs if name)


def _around(
    graph: OnnxGraph, node: OnnxNode, fed: str, values: Mapping[str, Value], why: str
) -> Part:
    own = next((name for name in node.outputs if isinstance(values.get(name), Symbol)), None)
    if own is None:
        raise Unsupported(why)
    first = values[own]
    assert isinstance(first, Symbol)
    answers = [
        (name, value)
        for name in graph.outputs
        if isinstance(value := values.get(name), Symbol)
        and [x.name for x in value.layers[: len(first.layers)]] == [x.name for x in first.layers]
    ]
    gives, chosen = own, first
    if answers:
        gives, chosen = max(answers, key=lambda each: len(each[1].layers))
    else:
        gives, chosen = _last_recurrent(graph, first, values, own)
    held = _made(graph, values, chosen) | _of_sizes(graph)
    left = [
        f"{other.name or other.outputs[0]} ({other.op})"[:80]
        for other in graph.nodes
        if id(other) not in held and other.op not in QUIET and _matters(other, values)
    ]
    return Part(
        *(label(node), chosen.layers, node.inputs[0] if fed else "", gives, bool(answers)),
        started=any(node.inputs[5:7]) and fed != "",
        why=why,
        left_out=tuple(dict.fromkeys(left)),
    )


def _last_recurrent(
    graph: OnnxGraph, first: Symbol, values: Mapping[str, Value], own: str
) -> tuple[str, Symbol]:
    """The last recurrent layer that is read from what the first one gives on."""
    found = own, first
    for node in graph.nodes:
        value = values.get(node.outputs[0]) if node.op in NODES and node.outputs else None
        if isinstance(value, Symbol) and len(value.layers) > len(found[1].layers):
            names = [layer.name for layer in value.layers[: len(first.layers)]]
            if names == [layer.name for layer in first.layers]:
                found = node.outputs[0], value
    return found


def _made(graph: OnnxGraph, values: Mapping[str, Value], chosen: Symbol) -> set[int]:
    """The nodes that made the layers that are read."""
    names = {layer.name for layer in chosen.layers}
    found = set[int]()
    for node in graph.nodes:
        for name in node.outputs:
            value = values.get(name)
            if isinstance(value, Symbol) and {layer.name for layer in value.layers} <= names:
                found.add(id(node))
    return found


def _of_sizes(graph: OnnxGraph) -> set[int]:
    """The nodes that compute with the sizes of tensors, and not with their numbers."""
    sizes, found = set[str](), set[int]()
    for node in graph.nodes:
        given = [name for name in node.inputs if name and name not in graph.constants]
        if node.op == "Shape" or (given and sizes.issuperset(given)) or not given:
            sizes.update(node.outputs)
            found.add(id(node))
    return found


def _matters(node: OnnxNode, values: Mapping[str, Value]) -> bool:
    """Whether a node computes with more than constants."""
    return any(not _is_constant(values.get(name)) for name in node.outputs if name)


def _is_constant(value: Value) -> bool:
    return value is None or type(value).__name__ in ("ndarray", "Filled")


def other_answers(graph: OnnxGraph, values: Mapping[str, Value], chosen: Symbol) -> tuple[str, ...]:
    """Outputs of the model that are neither its answer here nor states on the way to it."""
    names = [layer.name for layer in chosen.layers]
    return tuple(
        f"{name[:60]} (a second output)"
        for name in graph.outputs
        if not isinstance(value := values.get(name), Symbol)
        or not {layer.name for layer in value.layers} <= set(names)
    )
