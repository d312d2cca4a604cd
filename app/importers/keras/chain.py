"""The order in which the layers of a Keras model are computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...core.errors import BadInput, Unsupported
from .layers import Config

MASK_MAKER = "NotEqual"
"""The operation by which Keras 3 writes down that an Embedding makes a mask."""


def chain(kind: str, config: Config, names: Sequence[str]) -> list[int]:
    """Places of the layers in the order in which data passes through them.

    Raises
    ------
    Unsupported
        For a functional model that branches.
    """
    if kind == "Sequential":
        return list(range(len(names)))
    layers = config["layers"]
    places = {name: place for place, name in enumerate(names)}
    before: dict[str, list[str]] = {}
    for name, layer in zip(names, layers, strict=True):
        if layer.get("class_name") != MASK_MAKER:
            before[name] = list(_inputs(name, layer.get("inbound_nodes", [])))
    first, last = (_only(config.get(key), key) for key in ("input_layers", "output_layers"))
    order, name = [], last
    while True:
        if name not in places or name not in before or len(order) > len(names):
            raise BadInput("The layers of the functional model are not connected to one another.")
        order.append(places[name])
        if name == first:
            break
        if len(before[name]) != 1:
            raise Unsupported(
                f"The functional model branches at {name[:60]}, which has {len(before[name])} "
                "inputs. Models whose layers form a chain are read."
            )
        name = before[name][0]
    return order[::-1]


def _only(value: Any, key: str) -> str:
    """The name of the one input or output of a model: ["name", 0, 0], or a list of such."""
    rows = [value] if isinstance(value, list) and value and isinstance(value[0], str) else value
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise BadInput(f"The configuration's {key} is not a list of layers.")
    if len(rows) != 1:
        raise Unsupported(f"The model has {len(rows)} {key.replace('_', ' ')}. One is read.")
    return str(rows[0][0])


def _inputs(name: str, nodes: Any) -> Iterator[str]:
    """Names of the layers whose output a layer reads."""
    if not isinstance(nodes, list):
        raise BadInput(f"The connections of {name[:60]} are not a list.")
    if len(nodes) > 1:
        raise Unsupported(f"The layer {name[:60]} is used {len(nodes)} times. Once is read.")
    for node in nodes:
        if isinstance(node, dict):  # Keras 3
            yield from _tensors(node.get("args"))
            kwargs = node.get("kwargs")
            state = kwargs.get("initial_state") if isinstance(kwargs, dict) else None
            if list(_tensors(state)):
                raise Unsupported(
                    f"{name[:60]} starts from a state that another layer makes, which is not read."
                )
        elif isinstance(node, list):  # Keras 2: [["name", 0, 0, {}], ...]
            yield from (str(row[0]) for row in node if isinstance(row, list) and row)


def _tensors(value: Any) -> Iterator[str]:
    """Names in the histories of tensors, however they are nested."""
    waiting, seen = [value], 0
    while waiting and seen < 1000:
        item, seen = waiting.pop(), seen + 1
        if isinstance(item, list):
            waiting += item[::-1]
        elif isinstance(item, dict) and item.get("class_name") == "__keras_tensor__":
            config = item.get("config")
            history = config.get("keras_history") if isinstance(config, dict) else None
            if not isinstance(history, list) or not history:
                raise BadInput("A connection of the functional model leads nowhere.")
            if len(history) > 2 and history[2] != 0:
                raise Unsupported(
                    f"{str(history[0])[:60]} gives more than one tensor that is used."
                )
            yield str(history[0])
