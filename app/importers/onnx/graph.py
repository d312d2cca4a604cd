"""ONNX's graph, as far as recurrent networks use it: nodes, their attributes, and constants.

The numbers of messages and fields are those of onnx.proto, versions 3 to 13 of the format.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...core.cells import Array
from ...core.errors import TooLarge, Unsupported
from ..advice_files import lines
from ..binary.buffer import Buffer
from ..binary.protobuf import BYTES, FIXED32, VARINT, fields, floats, integers, signed

MAX_NODES = 20_000
DTYPES = {
    1: "<f4",
    2: "u1",
    3: "i1",
    4: "<u2",
    5: "<i2",
    6: "<i4",
    7: "<i8",
    9: "u1",
    10: "<f2",
    11: "<f8",
    12: "<u4",
    13: "<u8",
    16: "bfloat16",
}


@dataclass
class OnnxNode:
    """One operation."""

    op: str = ""
    name: str = ""
    domain: str = ""
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class OnnxGraph:
    """What a model computes.

    Attributes
    ----------
    constants : initialisers by name
    inputs : name -> sizes, 0 for one that may vary, or None where no shape is given; without the
        initialisers
    """

    nodes: list[OnnxNode] = field(default_factory=list)
    constants: dict[str, Array] = field(default_factory=dict)
    inputs: dict[str, tuple[int, ...] | None] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    producer: str = ""
    opset: int = 0


def read_graph(data: memoryview) -> OnnxGraph:
    """Parse a model.

    Raises
    ------
    BadInput
        For bytes that are no model, or contradict themselves.
    Unsupported
        For weights in other files.
    """
    file, graph, found = Buffer(data, "ONNX file"), OnnxGraph(), False
    version = ""
    for number, wire, value in fields(file):
        if wire != BYTES or isinstance(value, int):
            continue
        if number == 2:
            graph.producer = _text(value)[:40]
        elif number == 3:
            version = _text(value)[:20]
        elif number == 7:
            found = True
            _graph(value, graph, file)
        elif number == 8:
            graph.opset = max(graph.opset, _opset(value, file))
    if not found:
        raise file.damaged("it holds no graph")
    graph.producer = f"{graph.producer} {version}".strip()
    for name in graph.constants:
        graph.inputs.pop(name, None)
    return graph


def read_body(data: memoryview) -> OnnxGraph:
    """Parse the graph within an operation, such as a loop's.

    Raises
    ------
    BadInput, TooLarge, Unsupported
        As `read_graph` does.
    """
    file, graph = Buffer(data, "ONNX file"), OnnxGraph()
    _graph(data, graph, file)
    return graph


def _text(value: int | memoryview) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, memoryview) else ""


def _opset(value: memoryview, file: Buffer) -> int:
    """The version of the default set of operations; 0 for another set."""
    domain, version = "", 0
    for number, wire, part in fields(Buffer(value, file.what)):
        if number == 1 and wire == BYTES:
            domain = _text(part)
        elif number == 2 and wire == VARINT and isinstance(part, int):
            version = part
    return version if domain in ("", "ai.onnx") else 0


def _graph(data: memoryview, graph: OnnxGraph, file: Buffer) -> None:
    for number, wire, value in fields(Buffer(data, file.what)):
        if wire != BYTES or isinstance(value, int):
            continue
        if number == 1:
            if len(graph.nodes) >= MAX_NODES:
                raise TooLarge(f"The graph has more than {MAX_NODES:,} operations.")
            graph.nodes.append(_node(value, file))
        elif number == 5:
            if len(graph.constants) >= MAX_NODES:
                raise TooLarge(f"The graph has more than {MAX_NODES:,} constants.")
            name, array = _tensor(value, file)
            graph.constants[name] = array
        elif number == 11:
            name, sizes = _value_info(value, file)
            graph.inputs[name] = sizes
        elif number == 12:
            graph.outputs.append(_value_info(value, file)[0])


def _one(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, kind)


def _all(kind: type) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(isinstance(v, kind) for v in value)


def _node(data: memoryview, file: Buffer) -> OnnxNode:
    node = OnnxNode()
    for number, wire, value in fields(Buffer(data, file.what)):
        if wire != BYTES or isinstance(value, int):
            continue
        if number == 1:
            node.inputs.append(_text(value))
        elif number == 2:
            node.outputs.append(_text(value))
        elif number == 3:
            node.name = _text(value)[:100]
        elif number == 4:
            node.op = _text(value)[:60]
        elif number == 5:
            name, content = _attribute(value, file)
            if content is not None:
                node.attributes[name] = _of_its_kind(name, content, file)
        elif number == 7:
            node.domain = _text(value)[:60]
    return node


KINDS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("axes", "ends", "perm", "split", "starts", "value_ints"), _all(int)),
    **dict.fromkeys(("activation_alpha", "activation_beta", "value_floats"), _all(float)),
    **dict.fromkeys(("activations",), _all(str)),
    **dict.fromkeys(("alpha", "beta", "clip", "value_float"), _one(float)),
    **dict.fromkeys(("approximate", "direction"), _one(str)),
    **dict.fromkeys(("value",), _one(np.ndarray)),
    **dict.fromkeys(
        (
            *("allowzero", "axis", "batch_axis", "end", "input_forget", "keepdims", "layout"),
            *("linear_before_reset", "num_outputs", "num_scan_inputs", "start", "time_axis", "to"),
            *("transA", "transB", "value_int"),
        ),
        _one(int),
    ),
    **dict.fromkeys(("body", "else_branch", "then_branch"), _one(memoryview)),
}
"""What the attributes that are read must be."""


def _of_its_kind(name: str, content: Any, file: Buffer) -> Any:
    if name in KINDS and not KINDS[name](content):
        raise file.damaged(
            f"the attribute {name} of an operation is of another type than it must be"
        )
    return content


def _attribute(data: memoryview, file: Buffer) -> tuple[str, Any]:
    """Name and value: a number, text, an array, or a list of those; of a graph its bytes."""
    name, single, many = "", None, []
    for number, wire, value in fields(Buffer(data, file.what)):
        if number == 1:
            name = _text(value)
        elif number == 2 and wire == FIXED32 and isinstance(value, memoryview):
            (single,) = struct.unpack("<f", value)
        elif number == 3 and isinstance(value, int):
            single = signed(value)
        elif number == 4:
            single = _text(value)
        elif number == 5 and isinstance(value, memoryview):
            single = _tensor(value, file)[1]
        elif number == 6 and isinstance(value, memoryview):
            single = value
        elif number == 7:
            many += floats(value, file.what)
        elif number == 8:
            many += integers(value, file.what)
        elif number == 9:
            many.append(_text(value))
    return name, many or single


def _tensor(data: memoryview, file: Buffer) -> tuple[str, Array]:
    """Name and numbers of a constant."""
    name, shape, kind, raw, numbers = "", [], 0, None, []
    for number, _, value in fields(Buffer(data, file.what)):
        if number == 1:
            shape += integers(value, file.what)
        elif number == 2 and isinstance(value, int):
            kind = value
        elif number == 4:
            numbers += floats(value, file.what)
        elif number in (5, 7):
            numbers += integers(value, file.what)
        elif number == 8:
            name = _text(value)
        elif number == 9 and isinstance(value, memoryview):
            raw = value
        elif number == 10 and isinstance(value, memoryview):
            if len(value) % 8:
                raise file.damaged("a constant is cut off")
            numbers += struct.unpack(f"<{len(value) // 8}d", value)
        elif number == 13 or (number == 14 and value == 1):
            raise Unsupported(
                f"The weights {name[:60]!r} lie in another file (external data). Save them inside "
                f"the model:\n{lines('onnx_inside', 'model.onnx')}"
            )
    if kind not in DTYPES:
        return name, np.empty(0, np.float32)  # strings and the like, which no layer needs
    if raw is not None:
        part = Buffer(raw, file.what)
        file.spend(len(raw))
        return name, part.array(0, len(raw), shape, DTYPES[kind])
    return name, _listed(numbers, shape, kind, file)


def _listed(numbers: list[float], shape: list[int], kind: int, file: Buffer) -> Array:
    """A constant whose numbers are fields of their own; half floats are sent as their bits."""
    if any(n < 0 for n in shape) or len(shape) > 8 or np.prod(shape, dtype=float) != len(numbers):
        raise file.damaged("a constant has another shape than numbers")
    file.spend(8 * len(numbers))
    dtype = DTYPES[kind]
    try:
        if dtype in ("<f2", "bfloat16"):
            bits = np.array(numbers, np.uint16)
            return Buffer(bits.tobytes(), file.what).array(0, bits.nbytes, shape, dtype)
        wide = np.float32 if np.dtype(dtype).kind == "f" else np.int64
        return np.array(numbers, wide).reshape(shape)
    except (OverflowError, ValueError):
        raise file.damaged("a constant's numbers are out of range") from None


def _value_info(data: memoryview, file: Buffer) -> tuple[str, tuple[int, ...] | None]:
    """Name and sizes of an input or output."""
    name, sizes = "", None
    for number, _, value in fields(Buffer(data, file.what)):
        if number == 1:
            name = _text(value)
        elif number == 2 and isinstance(value, memoryview):
            sizes = _sizes(value, file)
    return name, sizes


def _sizes(data: memoryview, file: Buffer) -> tuple[int, ...] | None:
    for number, _, tensor in fields(Buffer(data, file.what)):
        if number == 1 and isinstance(tensor, memoryview):
            for inner, _, shape in fields(Buffer(tensor, file.what)):
                if inner == 2 and isinstance(shape, memoryview):
                    axes = fields(Buffer(shape, file.what))
                    return tuple(_size(axis, file) for n, _, axis in axes if n == 1)
    return None


def _size(data: int | memoryview, file: Buffer) -> int:
    """One axis: its length, or 0 where it has a name in place of one, or a number below zero."""
    if isinstance(data, int):
        return 0
    found = fields(Buffer(data, file.what))
    size = next((n for number, _, n in found if number == 1 and isinstance(n, int)), 0)
    return max(0, signed(size))
