"""Following an ONNX graph from operation to operation."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ...core.cells import Array
from ...core.errors import Unsupported
from ...core.network import Activation, Bidirectional, Dense, Embedding, PassThrough, Recurrent
from ..base import checked
from .activations import ACTIVATIONS, activation_of
from .axes import AXES
from .constants import fold
from .graph import OnnxGraph, OnnxNode
from .halves import joined, scaled
from .ids import settle
from .recurrent import NODES, PEEPING, read_recurrent
from .symbols import DIRECTIONS, FEATURES, Asked, Filled, Symbol, Unread

Value = Array | Symbol | Unread | Filled | Asked | None
Values = Sequence[Value]

NEEDED = {"Add": 2, "Div": 2, "Mul": 2, "Gather": 2, "Gemm": 2, "MatMul": 2}
"""How many inputs an operation has at least, where it is more than one."""
ON_HALVES = (
    *("Add", "Cast", "Concat", "Gather", "Identity", "Mul", "Slice", "Squeeze", "Transpose"),
)
"""What may be done with one direction of a layer before, or as, the two are joined."""
RESHAPING = (
    *("Cast", "Concat", "Expand", "Identity", "Reshape", "Slice", "Squeeze", "Tile"),
    *("Transpose", "Unsqueeze"),
)


ON_STATES = (*RESHAPING, "Gather", "Split")
"""What may be done with states to start from before a layer takes them."""

WRITTEN_OUT = ("Loop", "Scan")
_LOOP = (
    "it is not recognised as that of an LSTM, a GRU or a simple RNN. Save the model itself as a "
    ".keras file and bring that."
)


class Names:
    """Names for layers, from those of the nodes, no two the same."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, node: OnnxNode) -> str:
        """The node's own name, or its operation's."""
        own = re.sub(r"[^A-Za-z0-9_.-]+", "_", node.name).strip("_")[:60] or node.op.lower()
        name, number = own, 1
        while name in self._given:
            name, number = f"{own}_{number}", number + 1
        self._given.add(name)
        return name


def follow(graph: OnnxGraph, fed: str = "") -> dict[str, Value]:
    """What each name of the graph stands for.

    Parameters
    ----------
    fed : the first output of a recurrent node that is to be fed with numbers of its own, and to
        start from zeros, whatever the graph gives it; "" for none
    """
    values: dict[str, Value] = dict(graph.constants)
    for name, sizes in graph.inputs.items():
        axes = ("0", "1", FEATURES)[: 2 if sizes and len(sizes) == 2 else 3]
        first, second = (*(sizes or ()), 0, 0)[:2]
        values[name] = Symbol((), axes, sizes=(first, second))
    for name in states_of(graph):
        values[name] = Asked(name)
    names = Names()
    for node in graph.nodes:
        read = [values.get(name) if name else None for name in node.inputs]
        if fed and node.op in NODES and label(node) == fed:
            read = [*read, *[None] * (7 - len(read))]
            if read[0] is not None:
                read[0] = Symbol((), ("0", "1", FEATURES))
            read[5:7] = [x if isinstance(x, (np.ndarray, Filled)) else None for x in read[5:7]]
        for name, value in zip(node.outputs, _results(node, read, names), strict=False):
            if name:
                values[name] = value
    return values


def label(node: OnnxNode) -> str:
    """What a recurrent node is known by: its own name, or that of the first thing it gives."""
    return node.name or next(filter(None, node.outputs), "")


def states_of(graph: OnnxGraph) -> list[str]:
    """The inputs of a graph that are no more than states to start from."""
    makers = {name: node for node in graph.nodes for name in node.outputs}
    waiting = [name for node in graph.nodes if node.op in NODES for name in node.inputs[5:7]]
    read = {name for node in graph.nodes if node.op in NODES for name in node.inputs[:1]}
    found: list[str] = []
    for _ in range(len(graph.nodes) + len(waiting)):
        if not waiting:
            break
        name = waiting.pop()
        maker = makers.get(name)
        if name in graph.inputs and name not in read and name not in found:
            found.append(name)
        elif maker is not None and maker.op in ON_STATES:
            waiting += maker.inputs[:1]
    return [name for name in graph.inputs if name in found]


def _results(node: OnnxNode, read: Values, names: Names) -> Sequence[Value]:
    """What a node's outputs stand for."""
    count = len(node.outputs)
    if node.op in WRITTEN_OUT:
        return [Unread(f"The operation {node.op} is not read: {_LOOP}")] * count
    settled = settle(node.op, read)
    if settled is not None:
        return [settled] * count
    lost = next((value for value in read if isinstance(value, Unread)), None)
    if lost is not None:
        return [lost] * count
    asked = next((value for value in read if isinstance(value, Asked)), None)
    if asked is not None and node.op not in NODES:
        return [asked if node.op in ON_STATES else _no_state(node)] * count
    halves = [v for v in read if isinstance(v, Symbol) and v.part is not None]
    if halves and node.op not in ON_HALVES:
        return [Unread(f"The operation {node.op} reads one direction of a layer alone.")] * count
    if node.domain not in ("", "ai.onnx"):
        return [Unread(f"The operation {node.op} of {node.domain} is not read.")] * count
    if node.op in NODES:
        return _recurrent(node, read, names)
    if not any(isinstance(value, Symbol) for value in read):
        return [_constant(node, read)] * count
    found = _OPERATIONS.get(node.op) if len(read) >= NEEDED.get(node.op, 1) else None
    result = found(node, read, names) if found else None
    if result is None:
        inputs = ", ".join(name or "nothing" for name in node.inputs[:4])
        result = Unread(
            f"The operation {node.op} ({node.name or node.outputs[:1]}) on {inputs} is not read: "
            "the model is not a chain of an embedding, recurrent layers, pooling and dense layers."
        )
    return [result] * count


def _no_state(node: OnnxNode) -> Unread:
    return Unread(f"The operation {node.op} computes with states that are inputs: not read.")


def _constant(node: OnnxNode, read: Values) -> Value:
    """Arithmetic without the input: shapes, and states to start from."""
    first = read[0] if read else None
    if node.op == "ConstantOfShape":
        value = node.attributes.get("value")
        return Filled(
            float(value.ravel()[0]) if isinstance(value, np.ndarray) and value.size else 0
        )
    if any(isinstance(value, Filled) for value in read):
        return _filled(node.op, read)
    arrays = [value if isinstance(value, np.ndarray) else None for value in read]
    if node.op == "Expand" and isinstance(first, np.ndarray):
        return Filled(float(first.ravel()[0])) if first.size == 1 else first
    result = fold(node.op, node.attributes, arrays)
    return (
        Unread(f"The operation {node.op} on constants is not read.") if result is None else result
    )


def _filled(op: str, read: Values) -> Value:
    """What is the same number everywhere, of whatever size, stays so in another shape."""
    parts = read if op == "Concat" else read[:1]
    numbers = {
        value.value if isinstance(value, Filled) else float(value.flat[0])
        for value in parts
        if isinstance(value, Filled)
        or (isinstance(value, np.ndarray) and value.size and (value == value.flat[0]).all())
    }
    whole = all(isinstance(value, (Filled, np.ndarray)) for value in parts)
    if op in RESHAPING and whole and len(numbers) == 1:
        return Filled(numbers.pop())
    return Unread(f"The operation {op} on constants of unknown size is not read.")


def _recurrent(node: OnnxNode, read: Values, names: Names) -> Sequence[Value]:
    """Y, Y_h and Y_c of an LSTM, GRU or RNN."""
    x, *rest = [*read, *[None] * (8 - len(read))]
    layout = bool(node.attributes.get("layout"))
    where = 1 if layout else 0
    if not isinstance(x, Symbol) or len(x.axes) != 3 or x.axes[2] != FEATURES:
        return [Unread(f"{node.op} does not read a sequence of the model's input.")] * 3
    time, batch = x.axes[where], x.axes[1 - where]
    if {time, batch} != {"0", "1"} or x.time not in (None, time):
        return [Unread(f"{node.op} reads along another axis than the time.")] * 3
    _check_lengths(node, rest[3], x.sizes[int(time)])
    weights = [*rest[:3], rest[6] if node.op in PEEPING else None]
    constants = [value if isinstance(value, np.ndarray) else None for value in weights]
    if any(w is not None and c is None for w, c in zip(weights[2:], constants[2:], strict=True)):
        constants[0] = None  # a bias, or peepholes, that are no constants either
    initial = {
        state: _state(value, layout, node)
        for state, value in zip(("hidden_state", "cell_state"), rest[4:6], strict=True)
        if value is not None
        and not isinstance(value, Asked)
        and not (isinstance(value, Filled) and value.value == 0)
    }
    layer = read_recurrent(node, names.give(node), constants, initial)
    size = layer.units
    sequence = replace(x.then(layer, size), time=time)
    y = sequence.with_axes(
        *((batch, time, DIRECTIONS, FEATURES) if layout else (time, DIRECTIONS, batch, FEATURES))
    )
    last = sequence.instead(_last(layer)).with_axes(
        *((batch, DIRECTIONS, FEATURES) if layout else (DIRECTIONS, batch, FEATURES))
    )
    return y, last, _cell_state(last)


def _check_lengths(node: OnnxNode, lengths: Value, timesteps: int) -> None:
    """Refuse what would end a sequence before its last timestep.

    An input of the model is fine: here every sequence is read whole.
    """
    if lengths is None or (isinstance(lengths, Symbol) and not lengths.layers):
        return
    if isinstance(lengths, np.ndarray) and timesteps and (lengths == timesteps).all():
        return
    raise Unsupported(
        f"{node.name or node.op} is told where each sequence ends (sequence_lens), and that is "
        "neither its whole length nor an input of the model: not read. Export it without."
    )


def _last(layer: Recurrent | Bidirectional) -> Recurrent | Bidirectional:
    """The same layer, giving its last hidden state alone."""
    if isinstance(layer, Recurrent):
        return replace(layer, return_sequences=False)
    return replace(
        layer,
        forward=replace(layer.forward, return_sequences=False),
        backward=replace(layer.backward, return_sequences=False),
    )


def _cell_state(last: Symbol) -> Symbol | Unread:
    """The last cell state, in place of the last hidden state."""
    layer = last.recurrent
    parts = (layer.forward, layer.backward) if isinstance(layer, Bidirectional) else (layer,)
    if any(part is None or "cell_state" not in part.cell.states for part in parts):
        return Unread("The model's output depends on a cell state that does not exist.")
    given = [replace(part, gives="cell_state") for part in parts if part is not None]
    if isinstance(layer, Bidirectional):
        return last.instead(replace(layer, forward=given[0], backward=given[1]))
    return last.instead(given[0])


def _state(value: Value, layout: bool, node: OnnxNode) -> Array:
    """A constant state to start from, (directions, units): the same for every sequence."""
    if isinstance(value, np.ndarray) and value.ndim == 3:
        state = value.swapaxes(0, 1) if layout else value
        directions = 1 + (node.attributes.get("direction") == "bidirectional")
        if len(state) == directions and state.shape[1] and (state == state[:, :1]).all():
            return state[:, 0]
    raise Unsupported(
        f"{node.name or node.op} starts from a state that the model computes, or another one for "
        "each sequence. Export it with zeros, or with one state."
    )


def _gather(node: OnnxNode, read: Values, names: Names) -> Value:
    """Rows of a table are an embedding; a place on an axis is a cut."""
    table, ids = read[0], read[1]
    if isinstance(table, np.ndarray) and isinstance(ids, Symbol) and table.ndim == 2:
        if (node.attributes.get("axis") or 0) != 0 or ids.layers:
            return None
        name = names.give(node)
        layer = Embedding(name, checked(table, name, (None, None)))
        return replace(ids, axes=("0", "1", FEATURES)).then(layer, table.shape[1])
    return _by_axes(node, read, names)


def _dense(node: OnnxNode, read: Values, names: Names) -> Value:
    """A product with a constant matrix, and of a Gemm its bias."""
    x, kernel, bias = [*read, None][:3]
    if node.op == "Gemm":
        a = node.attributes
        if a.get("transA") or a.get("alpha", 1.0) != 1 or a.get("beta", 1.0) != 1:
            return None
        if isinstance(kernel, np.ndarray) and kernel.ndim == 2 and a.get("transB"):
            kernel = kernel.T
    if not isinstance(x, Symbol) or not isinstance(kernel, np.ndarray) or kernel.ndim != 2:
        return None
    if x.axes[-1] != FEATURES or DIRECTIONS in x.axes or x.part is not None:
        return None
    name = names.give(node)
    outputs = kernel.shape[1]
    use_bias = isinstance(bias, np.ndarray)
    layer = Dense(
        name=name,
        kernel=checked(kernel, name, (None, None)),
        bias=checked(bias.reshape(-1), name, (outputs,)) if use_bias else _zeros(outputs),
        activation="linear",
        use_bias=use_bias,
    )
    return x.then(layer, outputs)


def _zeros(count: int) -> Array:
    return np.zeros(count, np.float32)


def _add(node: OnnxNode, read: Values, names: Names) -> Value:
    """A constant added to a product is its bias; two directions may be added to one another."""
    if both := joined(read, "sum"):
        return both
    x, bias = read[:2] if isinstance(read[0], Symbol) else read[1::-1]
    if not isinstance(x, Symbol) or not isinstance(bias, np.ndarray):
        return None
    last = x.layers[-1] if x.layers else None
    if not isinstance(last, Dense) or last.use_bias or last.activation != "linear":
        return None
    if bias.size != last.bias.size:
        return None
    bias = checked(bias.reshape(-1), last.name, (bias.size,))
    return x.instead(replace(last, bias=bias, use_bias=True))


def _multiply(node: OnnxNode, read: Values, names: Names) -> Value:
    """Two directions multiplied by one another, or half of their sum."""
    return joined(read, "mul") or scaled(node.op, read)


def _activation(node: OnnxNode, read: Values, names: Names) -> Value:
    """An activation, which is a dense layer's own where it follows one."""
    (x,) = read[:1]
    if not isinstance(x, Symbol) or DIRECTIONS in x.axes or x.axes[-1:] != (FEATURES,):
        return None
    name = activation_of(node, len(x.axes))
    if name is None:
        return None
    last = x.layers[-1] if x.layers else None
    if isinstance(last, Dense) and last.activation == "linear":
        return x.instead(replace(last, activation=name))
    return x.then(Activation(names.give(node), name))


def _same(node: OnnxNode, read: Values, names: Names) -> Value:
    x = read[0]
    if node.op == "Dropout" and isinstance(x, Symbol):
        return x.then(PassThrough(names.give(node), "Dropout"))
    return x


def _by_axes(node: OnnxNode, read: Values, names: Names) -> Value:
    """What turns, cuts, joins or pools axes."""
    if not isinstance(read[0], Symbol):
        return None
    result = AXES[node.op](node, read)
    if result is None or isinstance(result, (Symbol, np.ndarray)):
        return result
    return result(names.give(node))


_OPERATIONS: dict[str, Callable[[OnnxNode, Values, Names], Value]] = {
    **dict.fromkeys(AXES, _by_axes),
    **dict.fromkeys(ACTIVATIONS, _activation),
    **dict.fromkeys(("Identity", "Cast", "Dropout"), _same),
    **dict.fromkeys(("Gemm", "MatMul"), _dense),
    "Add": _add,
    "Div": _multiply,
    "Mul": _multiply,
    "Gather": _gather,
}
