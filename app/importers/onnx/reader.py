"""ONNX models: what PyTorch's exporters and Keras write, or a bare LSTM, GRU or RNN node.

The graph is followed with symbols in place of tensors: each remembers which layers made it and
what its axes mean. What cannot be followed is named only if the model's output depends on it, and
if its recurrent layers are not written out either (onnx_unrolled.py).
"""

from __future__ import annotations

from ...core.cells import CELLS, Cell
from ...core.errors import BadInput, Unsupported
from ...core.network import Bidirectional, Network, Recurrent
from ..assumed import choices, chosen
from ..base import Imported, Options, build, numpy_inputs, refuse_unused, settle_flatten
from ..binary.buffer import Buffer
from ..binary.protobuf import fields
from .graph import OnnxGraph, read_graph
from .part import Part, names_of, open_part, other_answers
from .recurrent import NODES
from .symbols import Symbol, Unread
from .trace import follow, states_of
from .unrolled import LOOPS, ONE_LENGTH, read_unrolled


def match(data: memoryview) -> bool:
    """Whether the file begins as an ONNX model: its version, then another known field."""
    if bytes(data[:1]) != b"\x08":
        return False
    try:
        start = Buffer(data, "ONNX file")
        for place, (number, wire, _) in enumerate(fields(start)):
            if place == 0 and (number, wire) != (1, 0):
                return False
            if not 1 <= number <= 26:
                return False
            if number == 7 and wire == 2:
                return True
    except BadInput:
        return True  # it began well: let the reader say what is wrong
    return False


def read(data: memoryview, options: Options) -> Imported:
    """Follow the graph from its input to its output.

    Raises
    ------
    BadInput
        For a file that is damaged, or whose weights do not fit, or an option.
    Unsupported
        Naming the operation that is not read.
    """
    refuse_unused(options, ("layer",), "the graph of an ONNX model says everything itself")
    graph = read_graph(data)
    values = follow(graph)
    outputs = [values.get(name) for name in graph.outputs]
    found = [v for v in outputs if isinstance(v, Symbol) and v.has_recurrent]
    if not found:
        why = next((v.why for v in outputs if isinstance(v, Unread)), "")
        return _unrolled(graph, why, options)
    refuse_unused(options, (), "the model is read whole")
    answer = max(found, key=lambda v: len(v.layers))
    network = build(settle_flatten(answer.layers))
    return Imported(
        format="ONNX",
        network=network,
        detected=_detected(graph, network.layers),
        assumed=_assumed(graph),
        snippet=_snippet(network, graph),
        left_out=other_answers(graph, values, answer),
    )


def _opened(graph: OnnxGraph, why: str, options: Options) -> Imported:
    """The recurrent part of a graph, fed with what the operation before it gives."""
    part = open_part(graph, why, options)
    several = chosen(options.get("layer"), names_of(graph))
    network = build(settle_flatten(part.layers))
    return Imported(
        format="ONNX",
        network=network,
        detected=_detected(graph, network.layers),
        assumed=(part.said(network), *_assumed(graph)),
        choices=choices(several),
        snippet=_part_snippet(network, graph, part),
        left_out=part.left_out,
    )


def _part_snippet(network: Network, graph: OnnxGraph, part: Part) -> str:
    """What the part reads and what it gives, of ONNX Runtime."""
    read = next(iter(graph.inputs), "input")
    return f"""\
import numpy as np, onnx, onnxruntime
model = onnx.load("model.onnx")
names = [{part.fed!r}, {part.gives!r}]  # what the part reads, to be sent here, and what it gives
model.graph.output.extend(onnx.ValueInfoProto(name=name) for name in names)
session = onnxruntime.InferenceSession(model.SerializeToString())
inputs = np.zeros({tuple(size or 1 for size in graph.inputs.get(read) or ())}, np.float32)
session.run(names, {{{read!r}: inputs}})  # what the whole model reads"""


def _unrolled(graph: OnnxGraph, why: str, options: Options) -> Imported:
    """A model with its layers written out; else a part of it.

    Parameters
    ----------
    why : its nodes alone could not be followed
    """
    try:
        network, agreement, timesteps = read_unrolled(graph)
    except Unsupported as error:
        if any(node.op in NODES for node in graph.nodes):
            return _opened(graph, why or error.detail, options)
        looped = any(node.op in LOOPS for node in graph.nodes) or error.detail == ONE_LENGTH
        why = f"{why or _nothing(graph)} {error.detail if looped else ''}".strip()
        raise Unsupported(why) from None
    written = (
        f"The file is for sequences of {timesteps} timesteps; those of other lengths are read in "
        "the same way."
    )
    fixed = not timesteps or network.fixed_timesteps is not None
    return Imported(
        format="ONNX",
        network=network,
        detected=_detected(graph, network.layers) | {"layers": WRITTEN, "agreement": agreement},
        assumed=() if fixed else (written,),
        snippet=_snippet(network, graph),
    )


WRITTEN = "found in operations: a loop, or timesteps one after the other"


def _nothing(graph: OnnxGraph) -> str:
    ops = ", ".join(sorted({node.op for node in graph.nodes})[:20]) or "none"
    return f"This ONNX file has no LSTM, GRU or RNN that its output depends on. It has: {ops}."


def _assumed(graph: OnnxGraph) -> tuple[str, ...]:
    told = any(node.op in NODES and any(node.inputs[4:5]) for node in graph.nodes)
    found = ["Every sequence is read whole (sequence_lens)."] if told else []
    if states := states_of(graph):
        found.append(
            f"Every sequence starts from zeros, in place of the inputs {', '.join(states)} of the "
            "model. Send initial_state for another state."
        )
    return tuple(found)


def _detected(graph: OnnxGraph, layers: tuple) -> dict[str, str]:
    recurrent = [x for x in layers if isinstance(x, (Recurrent, Bidirectional))]
    names = {(x.forward if isinstance(x, Bidirectional) else x).cell.name for x in recurrent}
    cells = [CELLS[name] for name in sorted(names)]
    orders = dict.fromkeys(_order(cell) for cell in cells if cell.gates)
    found = {"written by": graph.producer or "not said", "operations": f"version {graph.opset}"}
    if orders:
        found["gate order"] = "; ".join(orders)
    found["biases"] = (
        "input and recurrent bias kept apart"
        if any(cell.two_biases for cell in cells)
        else "input and recurrent bias summed"
    )
    return found


def _order(cell: Cell) -> str:
    """ONNX's order of the gates, and what became of it."""
    layout = cell.layouts["onnx"]
    if "keras" in cell.layouts:
        return f"{layout.letters}, brought into Keras's"
    switches = ", ".join(f"{name}=1" for name, on in layout.settings.items() if on)
    return f"{layout.letters}, with {switches}; kept as {', '.join(cell.gates)}"


def _snippet(network: Network, graph: OnnxGraph) -> str:
    """What ONNX Runtime gives."""
    more = "".join(
        f", {name!r}: np.zeros({tuple(size or 1 for size in graph.inputs[name] or ())}, np.float32)"
        for name in states_of(graph)
    )
    return f"""\
import numpy as np, onnxruntime
session = onnxruntime.InferenceSession("model.onnx")
name = session.get_inputs()[0].name
{numpy_inputs(network)}
# exported with batch_first=False: np.swapaxes(inputs, 0, 1), timesteps first
session.run(None, {{name: inputs{more}}})"""
