"""The recurrent part of a Keras model that is more than a chain of layers that are read.

It goes back from a recurrent layer as far as every layer is read and has one input, and forward to
one of the model's outputs where that can be done, else to the last recurrent layer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from ...core.errors import BadInput, Unsupported
from ..assumed import GUIDE, Undecided
from .graph import JOINS, MASK_MAKERS, WITH_STATES, Graph, Link, Step

Reads = Callable[[Step], bool]
"""Whether the layer of a step is read."""
INPUTS = ("InputLayer", "TextVectorization")


class Part(NamedTuple):
    """Some of a model's layers, one after the other.

    Attributes
    ----------
    steps : on the way through it, without the model's input
    fed : the layer whose output it reads; "" where that is the model's own input
    started : the layer whose states it would start from; "" where it starts from zeros anyway
    whole : whether it ends in an output of the model
    """

    steps: list[Step]
    fed: str
    started: str
    whole: bool


def parts_of(
    graph: Graph, reads: Reads, wanted: str | None, why: str, within: Collection[str] = ()
) -> list[Part]:
    """The part around a recurrent layer: with what answers on top of it, and without.

    Parameters
    ----------
    wanted : the recurrent layer's name; None where there is one, or all are in one part
    why : the model is not read whole; one sentence
    within : names of the models within that have recurrent layers

    Raises
    ------
    Unsupported
        For a model without a recurrent layer that is read.
    BadInput
        For one with several that are apart, and a layer that there is not.
    """
    names = _recurrent(graph, within)
    readable = readable_of(graph, reads, within)
    if not readable:
        raise Unsupported(why)
    if wanted is not None and wanted not in readable:
        raise BadInput(f"The option layer must be one of {_listed(readable)}.")
    found = [_part(graph, reads, wanted or readable[0], to_output) for to_output in (True, False)]
    held = {graph.names[step.place] for step in found[1].steps + found[0].steps}
    if wanted is None and not set(names) <= held:
        raise Undecided(
            f"{why.partition('. ')[0].rstrip('.')}. It has several recurrent layers, which are not "
            "one behind the other. Say in the option layer which of them is to be opened: "
            f"{_listed(readable)}. {GUIDE}",
            *("layer", readable),
        )
    return found


def readable_of(graph: Graph, reads: Reads, within: Collection[str] = ()) -> list[str]:
    """The recurrent layers that are read, and the models within that have some."""
    return [name for name in _recurrent(graph, within) if reads(Step(graph.place(name)))]


def _recurrent(graph: Graph, within: Collection[str]) -> list[str]:
    return [
        name
        for name, kind in zip(graph.names, graph.kinds, strict=True)
        if kind in WITH_STATES or name in within
    ]


def _listed(names: list[str]) -> str:
    return ", ".join(name[:60] for name in names[:12])


def _part(graph: Graph, reads: Reads, name: str, to_output: bool) -> Part:
    head = _to_output(graph, reads, name) if to_output else None
    following = head if head is not None else _onwards(graph, reads, name)
    before, fed, started = _back(graph, reads, name)
    return Part([*before, *following], fed, started, head is not None)


def _back(graph: Graph, reads: Reads, name: str) -> tuple[list[Step], str, str]:
    """What stands before a layer, what that reads, and whose states it would start from."""
    steps, started, seen = list[Step](), "", set[str]()
    call = graph.call(Link(name, 0, 0))
    while True:
        if call.states:
            started = started or call.states[0].layer
        if len(call.inputs) != 1:
            return steps[::-1], _several(call.inputs), started
        link = call.inputs[0]
        kind = graph.kinds[graph.place(link.layer)]
        if kind in INPUTS:
            return steps[::-1], "", started
        step, following = graph.step(link)
        if link.layer in seen or not reads(step):
            return steps[::-1], link.layer, started
        if kind == "Embedding" and not _reads_input(graph, link):
            return steps[::-1], link.layer, started
        seen.add(link.layer)
        steps.append(step)
        if not following.inputs:  # a Sequential without an InputLayer
            return steps[::-1], "", started
        call = following


def _several(inputs: list[Link]) -> str:
    return " and ".join(dict.fromkeys(link.layer for link in inputs))


def _reads_input(graph: Graph, link: Link) -> bool:
    """Whether an embedding is given the model's own ids."""
    inputs = graph.call(link).inputs
    return not inputs or graph.kinds[graph.place(inputs[0].layer)] in INPUTS


def _to_output(graph: Graph, reads: Reads, name: str) -> list[Step] | None:
    """From a layer to the first of the model's outputs that can be reached; None for none."""
    for output in graph.outputs():
        steps, link = list[Step](), output
        for _ in graph.names:
            step, call = graph.step(link)
            if not reads(step):
                break
            steps.append(step)
            if graph.names[step.place] == name:
                return steps[::-1]
            if len(call.inputs) != 1 or call.states:
                break
            link = call.inputs[0]
    return None


def _onwards(graph: Graph, reads: Reads, name: str) -> list[Step]:
    """From a layer to the last recurrent one that alone reads what the one before gives."""
    steps, last = [Step(graph.place(name))], 1
    for _ in graph.names:
        readers = [
            (reader, call)
            for reader, call in graph.calls()
            if any(link.layer == name for link in call.inputs + call.states)
        ]
        if len(readers) != 1:
            break
        name, call = readers[0]
        step = Step(graph.place(name), key=call.key)
        plain = [link.tensor for link in call.inputs] == [0] and not call.states
        if not plain or not reads(step):
            break
        steps.append(step)
        if graph.kinds[step.place] in WITH_STATES:
            last = len(steps)
    return steps[:last]


def left_out(graph: Graph, part: Part) -> list[str]:
    """The layers of the model that are not in the part, each with its class."""
    held = {step.place for step in part.steps}
    quiet = (*INPUTS, *MASK_MAKERS)
    joined = any(step.join for step in part.steps)
    return [
        f"{name} ({kind})"
        for place, (name, kind) in enumerate(zip(graph.names, graph.kinds, strict=True))
        if place not in held and kind not in quiet and not (joined and kind in JOINS)
    ]
