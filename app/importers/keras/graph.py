"""The layers of a Keras model, and which of them reads which tensor of which other one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ...core.errors import BadInput, Unsupported
from .config import MODELS, RECURRENT, Config
from .old import CUDNN, WRAPPED

MAX_TENSORS = 1000
"""How many values of one call are looked at, however they are nested."""
JOINS = {"Concatenate": "concat", "Add": "sum", "Average": "ave", "Multiply": "mul"}
"""Layers that make one tensor of two -> our own word for it."""
CUTS = ("GetItem", "SlicingOpLambda")
"""What `x[:, -1]` becomes in a file of Keras 3 and of Keras 2."""
MASK_MAKERS = ("NotEqual", "Any")
"""The operations by which Keras 3 writes down that an Embedding, or a Masking, makes a mask."""
WITH_STATES = {"Bidirectional", WRAPPED, *CUDNN, *RECURRENT}
"""Classes of layers that can be given states to start from."""


class Link(NamedTuple):
    """One tensor: of which layer, of which of its calls, and which of those that it returns."""

    layer: str
    call: int
    tensor: int


class Call(NamedTuple):
    """What one call of a layer reads."""

    inputs: list[Link]
    states: list[Link]
    mask: list[Link]
    key: Any


class Step(NamedTuple):
    """A layer on the way from input to output.

    Attributes
    ----------
    place : among the layers of the file
    tensors : which of those that it returns go on: one, or two that are joined
    join : how they are joined, as a bidirectional layer's merge_mode; "" for one
    key : of a cut, where it is made
    masked : whether it is given a mask by hand, or by Keras 3
    """

    place: int
    tensors: tuple[int, ...] = (0,)
    join: str = ""
    key: Any = None
    masked: bool = False


class Graph:
    """The connections of a Sequential or functional model.

    Parameters
    ----------
    kind, config : of the model
    rows : class and configuration of each layer, in the file's order
    """

    def __init__(self, kind: str, config: Config, rows: Sequence[tuple[str, Config]]) -> None:
        names = [str(row.get("name") or "") for _, row in rows]
        clear = len(set(names)) == len(names) and all(names)
        self.names = names if clear else [f"{name} {place}" for place, name in enumerate(names)]
        self.kinds = [kind for kind, _ in rows]
        self._places = {name: place for place, name in enumerate(self.names)}
        self._sequential = kind == "Sequential"
        self._layers: list[Any] = config.get("layers") or []
        self._config = config

    def outputs(self) -> list[Link]:
        """The tensors that the model returns."""
        if self._sequential:
            return [Link(self.names[-1], 0, 0)] if self.names else []
        return _links(self._config.get("output_layers"), "output_layers")

    def inputs(self) -> list[str]:
        """Names of the layers that the model's inputs are."""
        if self._sequential:
            return self.names[:1]
        return [link.layer for link in _links(self._config.get("input_layers"), "input_layers")]

    def place(self, name: str) -> int:
        """Where a layer stands in the file.

        Raises
        ------
        BadInput
            For a name that no layer has.
        """
        if name not in self._places:
            raise BadInput("The layers of the functional model are not connected to one another.")
        return self._places[name]

    def call(self, link: Link) -> Call:
        """What a layer read to make a tensor."""
        place = self.place(link.layer)
        if self._sequential:
            before = [Link(self.names[place - 1], 0, 0)] if place else []
            return Call(before, [], [], None)
        nodes = self._layers[place].get("inbound_nodes", [])
        if not isinstance(nodes, list):
            raise BadInput(f"The connections of {link.layer[:60]} are not a list.")
        call = link.call
        if self.kinds[place] in MODELS:
            if len(nodes) > 1:
                raise Unsupported(f"{link.layer[:60]} is a model that is used more than once.")
            call = 0  # Keras 2 counts the call that it was made by too
        if not 0 <= call < max(1, len(nodes)):
            raise BadInput("A connection of the functional model leads nowhere.")
        return _call(nodes[call], self.kinds[place], self._places) if nodes else _NOTHING

    def calls(self) -> Iterator[tuple[str, Call]]:
        """Every call of every layer."""
        for place, name in enumerate(self.names):
            nodes = [] if self._sequential else self._layers[place].get("inbound_nodes", [])
            for number in range(len(nodes) if isinstance(nodes, list) and nodes else 1):
                yield name, self.call(Link(name, number, 0))

    def chain(self, link: Link) -> list[Step]:
        """The way from the model's input to a tensor.

        Raises
        ------
        Unsupported
            Naming the layer at which it branches.
        """
        steps, seen, inputs = list[Step](), set[tuple[str, int]](), self.inputs()
        while True:
            if (link.layer, link.call) in seen:
                raise BadInput("The layers of the functional model are connected in a cycle.")
            seen.add((link.layer, link.call))
            step, call = self.step(link)
            if any(step.place == other.place for other in steps):
                raise Unsupported(
                    f"{link.layer[:60]} is used more than once, one use behind another: not read."
                )
            steps.append(step)
            name = self.names[step.place]
            if name in inputs:
                return steps[::-1]
            link = self._only(name, call)

    def step(self, link: Link) -> tuple[Step, Call]:
        """The layer that makes a tensor, and what it reads; of joined states their layer."""
        place, call = self.place(link.layer), self.call(link)
        join = JOINS.get(self.kinds[place])
        if join is None:
            return Step(place, (link.tensor,), key=call.key, masked=bool(call.mask)), call
        sources = {(source.layer, source.call) for source in call.inputs}
        if len(call.inputs) == 2 and len(sources) == 1:
            source = self.place(call.inputs[0].layer)
            if self.kinds[source] == "Bidirectional" and self._last_axis(place):
                both = call.inputs[0].tensor, call.inputs[1].tensor
                return Step(source, both, join), self.call(call.inputs[0])
        return Step(place), call

    def _last_axis(self, place: int) -> bool:
        """Whether what is joined are the numbers of one row, and not rows."""
        row = self._layers[place].get("config")
        return not isinstance(row, dict) or row.get("axis", -1) in (-1, 1)

    def _only(self, name: str, call: Call) -> Link:
        """The one tensor that a layer reads."""
        if call.states:
            raise Unsupported(
                f"{name[:60]} starts from a state that another layer makes, which is not read."
            )
        if len(call.inputs) != 1:
            raise Unsupported(
                f"The functional model branches at {name[:60]}, which has {len(call.inputs)} "
                "inputs. Models whose layers form a chain are read."
            )
        for mask in call.mask:
            if self.kinds[self.place(mask.layer)] not in MASK_MAKERS:
                raise Unsupported(
                    f"{name[:60]} is given a mask of its own by {mask.layer[:60]}, which is not "
                    "read. The masks of Embedding (mask_zero) and Masking are."
                )
        return call.inputs[0]


_NOTHING = Call([], [], [], None)


def _links(value: Any, key: str) -> list[Link]:
    """Tensors of a model's configuration: ["name", 0, 0], or a list of such."""
    rows = [value] if isinstance(value, list) and value and isinstance(value[0], str) else value
    if isinstance(rows, dict):  # by the names of the outputs
        rows = list(rows.values())
    if not isinstance(rows, list) or not rows or not all(map(_is_link, rows)):
        raise BadInput(f"The configuration's {key} is not a list of layers.")
    return [Link(*row[:3]) for row in rows]


def _is_link(value: Any) -> bool:
    """Whether it is a name and two numbers."""
    return (
        isinstance(value, list)
        and len(value) >= 3
        and isinstance(value[0], str)
        and all(type(n) is int for n in value[1:3])
    )


def _call(node: Any, kind: str, known: dict[str, int]) -> Call:
    if isinstance(node, dict):
        return _of_keras_3(node, kind)
    if isinstance(node, list):
        return _of_keras_2([node] if _is_link(node) else node, kind, known)
    raise BadInput("A connection of the functional model is neither a list nor an object.")


def _of_keras_3(node: dict[str, Any], kind: str) -> Call:
    args, kwargs = node.get("args"), node.get("kwargs")
    args = args if isinstance(args, list) else []
    kwargs = kwargs if isinstance(kwargs, dict) else {}
    key = args[1] if kind in CUTS and len(args) > 1 else None
    inputs = list(_tensors(args))
    states = list(_tensors(kwargs.get("initial_state")))
    if kind in WITH_STATES:
        inputs, states = inputs[:1], inputs[1:] + states
    named = {k: v for k, v in kwargs.items() if k not in ("initial_state", "mask")}
    more = [link for value in named.values() for link in _tensors(value)]
    return Call(inputs + more, states, list(_tensors(kwargs.get("mask"))), key)


def _of_keras_2(rows: list[Any], kind: str, known: dict[str, int]) -> Call:
    """[["name", 0, 0, {...}], ...], the states of a recurrent layer behind its input."""
    inputs, states, mask, key = list[Link](), list[Link](), list[Link](), None
    for row in rows:
        if not _is_link(row):
            raise BadInput("A connection of the functional model leads nowhere.")
        inputs.append(Link(*row[:3]))
        named = row[3] if len(row) > 3 and isinstance(row[3], dict) else {}
        for name, value in named.items():
            if name == "slice_spec":
                key = value.get("value") if isinstance(value, dict) else value
                continue
            found = list(_plain_links(value, known))
            (states if name == "initial_state" else mask if name == "mask" else inputs).extend(
                found
            )
    if kind in WITH_STATES:
        inputs, states = inputs[:1], inputs[1:] + states
    return Call(inputs, states, mask, key)


def _nested(value: Any) -> Iterator[Any]:
    """Everything in lists within lists, in its order."""
    waiting, seen = [value], 0
    while waiting and seen < MAX_TENSORS:
        item, seen = waiting.pop(), seen + 1
        if isinstance(item, list) and not _is_link(item):
            waiting += item[::-1]
        else:
            yield item


def _plain_links(value: Any, known: dict[str, int]) -> Iterator[Link]:
    """Tensors among the arguments of Keras 2, which look like any list."""
    return (Link(*x[:3]) for x in _nested(value) if _is_link(x) and x[0] in known)


def _tensors(value: Any) -> Iterator[Link]:
    """Tensors among the arguments of Keras 3, however they are nested."""
    for item in _nested(value):
        if not isinstance(item, dict) or item.get("class_name") != "__keras_tensor__":
            continue
        config = item.get("config")
        history = config.get("keras_history") if isinstance(config, dict) else None
        if not isinstance(history, list) or not _is_link(history):
            raise BadInput("A connection of the functional model leads nowhere.")
        yield Link(*history[:3])
