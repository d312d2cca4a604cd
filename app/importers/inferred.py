"""A network from weights alone: what their shapes decide, and what has to be taken for granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

from ..core.errors import BadInput
from ..core.network import (
    ACTIVATIONS,
    Activation,
    AllLayers,
    Bidirectional,
    Dense,
    Embedding,
    Flatten,
    LastTimestep,
    Layer,
    Pooling,
    Recurrent,
)
from .assumed import Assumed, Undecided
from .base import Options
from .dense_order import check_order, in_order_said, order_of_dense
from .inferred_order import MAX_ORDERED, Chain, Stack, chains, fit, the_chain

READS = (
    *("last_state", "last_timestep", "every", "max", "average", "flatten", "all_layers"),
    "cell_state",
)
FEW = (2, 3)
"""So many times the hidden states are seldom those of so many timesteps."""


@dataclass(frozen=True)
class Hints:
    """What is known of a network beside its weights.

    Attributes
    ----------
    activations : dense layer's name -> its activation
    state_activation : what stands between the hidden states and the dense layers; None where
        nothing is known
    made : whether the dense layers are given in the order in which they were made
    """

    activations: Mapping[str, str] = field(default_factory=dict)
    state_activation: str | None = None
    made: bool = False


def arrange(
    embedding: Embedding | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    options: Options,
    final: str = "linear",
    hints: Hints | None = None,
) -> tuple[list[Layer], list[str]]:
    """Put layers in the order in which their sizes fit, and say what was taken for granted.

    Parameters
    ----------
    options : `reads`, how the head reads the hidden states, one of `READS`; `activations`, of the
        dense layers; `state_activation`, of the hidden states before these; `before`, which of
        them stand before the recurrent layers; `dense_order`, the order in which they are
        computed; `mask_zero`, whether token 0 is padding
    final : activation of the last dense layer where nobody says
    hints : what is known beside the weights; None where these are all there is, as in Keras's
        files, which have no activations between layers

    Raises
    ------
    BadInput
        Where no order fits, or an option is wrong.
    """
    if not recurrent:
        raise BadInput("The file has no weights of an LSTM, GRU or simple RNN.")
    assumed: list[str] = []
    if embedding is not None:
        mask_zero = _flag(options, "mask_zero")
        embedding = replace(embedding, mask_zero=bool(mask_zero))
        words = "Token 0 is a word like any other, not padding (mask_zero)."
        assumed.append(
            Assumed(
                *(words, "mask_zero", bool(mask_zero), (False, True)), said=mask_zero is not None
            )
        )
    start = embedding.table.shape[1] if embedding else None
    dense, order = in_order_said(dense, options)
    chain, name, said = _chain(start, recurrent, dense, options)
    check_order(chain, order)
    assumed += _said_of_dense(start, recurrent, dense, chain, name, said, options)
    before, stack, _ = chain
    heads, more = order_of_dense(chain, name, options, hints)
    assumed += more
    stack = [returning(layer, sequences=True) for layer in stack]
    stack[-1] = returning(stack[-1], sequences=name not in ("last_state", "cell_state"))
    if name == "cell_state":
        stack[-1] = giving_cell_state(stack[-1])
    activations = _activations(options, before, heads, final, hints or Hints())
    between, more = _between(options, heads, hints)
    assumed += more
    if dense:
        words = f"Activations of the dense layers: {', '.join(activations)} (activations)."
        given = options.get("activations") is not None
        of = [layer.name for layer in (*before, *heads)]
        assumed.append(
            Assumed(*(words, "activations", activations, ACTIVATIONS), said=given, of=of)
        )
    before, heads = (
        [replace(x, activation=a) for x, a in zip(each, names, strict=True)]
        for each, names in (
            (before, activations[: len(before)]),
            (heads, activations[len(before) :]),
        )
    )
    reader = _READERS.get(name) if heads or said else None
    first: list[Layer] = [] if embedding is None else [embedding]
    reading = ([reader] if reader else []) + between
    return [*first, *before, *stack, *reading, *heads], assumed


def giving_cell_state(layer: Stack) -> Stack:
    """A layer that gives its last cell state in place of the hidden state.

    Raises
    ------
    BadInput
        For a cell without one.
    """
    parts = (layer.forward, layer.backward) if isinstance(layer, Bidirectional) else (layer,)
    if any("cell_state" not in part.cell.states for part in parts):
        raise BadInput(f"{layer.name[:60]} has no cell state, so reads cannot be cell_state.")
    given = [replace(part, gives="cell_state", zero_output_for_mask=False) for part in parts]
    if isinstance(layer, Bidirectional):
        return replace(layer, forward=given[0], backward=given[1])
    return given[0]


def _between(
    options: Options, heads: Sequence[Dense], hints: Hints | None
) -> tuple[list[Activation], list[str]]:
    """What stands between the hidden states and the dense layers, and a word on it."""
    said: Any = options.get("state_activation")
    if said is not None and said not in ACTIVATIONS:
        raise BadInput(f"The option state_activation may be: {', '.join(ACTIVATIONS)}.")
    if hints is None or not heads:
        return [], []
    name = said or hints.state_activation or "linear"
    what = "Nothing stands" if name == "linear" else f"The activation {name} stands"
    words = f"{what} between the hidden states and {heads[0].name} (state_activation: {name})."
    found = [] if name == "linear" else [Activation("state_activation", name)]
    choice = Assumed(words, "state_activation", name, ACTIVATIONS, said=said is not None)
    return found, [choice]


def _chain(
    start: int | None, recurrent: Sequence[Stack], dense: Sequence[Dense], options: Options
) -> tuple[Chain, str, bool]:
    """The layers in their order, how the head reads them, and whether that was said.

    Of several chains that fit, one whose head reads a single hidden state goes before one that
    reads all of them, and one with nothing before the recurrent layers before the others.
    """
    said: Any = options.get("reads")
    if said is not None and said not in READS:
        raise BadInput(f"The option reads must be one of {', '.join(READS)}.")
    names = _before(options, dense)
    if said is not None:
        return the_chain(start, recurrent, dense, names, reading=said), said, True
    found = {
        name: chain
        for name in ("last_state", "flatten", "all_layers")
        if (chain := next(chains(start, recurrent, dense, names, reading=name), None))
    }
    least = min((chain.against_numbers for chain in found.values()), default=0)
    found = {name: chain for name, chain in found.items() if chain.against_numbers == least}
    if "all_layers" in found and "last_state" not in found and len(recurrent) > 1:
        _check_decided(found, len(recurrent))
    for name, chain in found.items():
        _check_many(name, chain)
        return chain, name, False
    units = {layer.units for layer in recurrent}
    name = "last_state" if any(len(x.kernel) in units for x in dense) else "flatten"
    return the_chain(start, recurrent, dense, names, reading=name), name, False


def _check_many(name: str, chain: Chain) -> None:
    """Refuse to take two or three times as many numbers for so many timesteps."""
    stack = chain.recurrent
    if name != "flatten" or not chain.heads:
        return
    width, units = len(chain.heads[0].kernel), stack[-1].units
    if width // units not in FEW:
        return
    raise Undecided(
        f"{chain.heads[0].name} reads {width} numbers, {width // units} times the {units} hidden "
        f"states of {stack[-1].name}: those of {width // units} timesteps side by side, or what is "
        "not read, such as h beside c, or a maximum beside an average. Say reads: flatten for the "
        "former; or open the recurrent layer alone by the option layer.",
        *("reads", ("flatten",)),
    )


def _check_decided(found: Mapping[str, Chain], layers: int) -> None:
    """Refuse to guess between the states of all layers, and those of some timesteps."""
    head = found["all_layers"].heads[:1]
    if not head:
        return
    width = len(head[0].kernel)
    raise Undecided(
        f"{head[0].name} reads {width} numbers: the last hidden states of all {layers} recurrent "
        "layers side by side, as h_n has them, or those of several timesteps of the last layer. "
        "Say in the option reads which: all_layers or flatten.",
        *("reads", ("all_layers", "flatten")),
    )


def _before(options: Options, dense: Sequence[Dense]) -> list[str] | None:
    names: Any = options.get("before")
    known = [layer.name for layer in dense]
    if names is None:
        return None
    if not isinstance(names, list) or not all(name in known for name in names):
        raise BadInput(
            "The option before must list the dense layers that stand before the recurrent ones, "
            f"by their names; they are: {', '.join(name[:60] for name in known[:8])}."
        )
    return names


def _said_of_dense(
    start: int | None,
    recurrent: Sequence[Stack],
    dense: Sequence[Dense],
    chain: Chain,
    name: str,
    said: bool,
    options: Options,
) -> list[str]:
    """What was taken for granted of where dense layers stand, and what they read."""
    found: list[str] = []
    named = [layer.name for layer in chain.before]
    places = [[x.name for x in other.before] for other in chains(start, recurrent, dense)]
    places = [names for k, names in enumerate(places) if names not in places[:k]]
    elsewhere = next((names for names in places if names), [])
    words = ""
    if named:
        words = (
            f"Before the recurrent layer stands {', '.join(named)}, which reads "
            f"{len(chain.before[0].kernel)} numbers a timestep (before)."
        )
    elif elsewhere:
        words = (
            f"{', '.join(elsewhere)} stands behind the recurrent layer, and not before it (before)."
        )
    if words:
        given = options.get("before") is not None
        values = places if named in places else [named, *places]
        found.append(Assumed(words, "before", named, values, said=given))
    if chain.heads:
        words = f"The dense layer reads {_WORDS[name]} (reads: {name})."
        fitting = _ways(start, recurrent, dense, options)
        found.append(Assumed(words, "reads", name, fitting, said=said))
    return found


def _ways(
    start: int | None, recurrent: Sequence[Stack], dense: Sequence[Dense], options: Options
) -> list[str]:
    """The ways to read the hidden states that fit."""
    names = _before(options, dense)
    last = recurrent[-1]
    cell = (last.forward if isinstance(last, Bidirectional) else last).cell
    return [
        way
        for way in READS
        if (way != "cell_state" or ("cell_state" in cell.states))
        and (way != "all_layers" or len(recurrent) > 1)
        and next(chains(start, recurrent, dense, names, reading=way), None)
    ]


def fits_in_other_orders(stack: Sequence[Stack], start: int | None) -> bool:
    """Whether recurrent layers of several classes would fit one another in other orders too.

    Layers of one class are numbered in the order in which they are computed.
    """
    kinds = [_kind(layer) for layer in stack]
    if len(set(kinds)) < 2 or len(stack) > MAX_ORDERED:
        return False
    orders = [
        order
        for order in permutations(stack)
        if fit(order, start) and all(_of(order, kind) == _of(stack, kind) for kind in set(kinds))
    ]
    return len(orders) > 1


def _kind(layer: Stack) -> str:
    return type(layer).__name__ if isinstance(layer, Bidirectional) else layer.cell.class_name


def _of(layers: Sequence[Stack], kind: str) -> list[str]:
    return [layer.name for layer in layers if _kind(layer) == kind]


_WORDS = {
    "last_state": "the last hidden state, of each direction its own",
    "last_timestep": "the hidden state of the last timestep",
    "every": "every hidden state",
    "max": "the maximum over the timesteps",
    "average": "the average over the timesteps",
    "flatten": "all hidden states side by side",
    "all_layers": "the last hidden states of all recurrent layers side by side",
    "cell_state": "the last cell state",
}


def _flag(options: Options, key: str) -> bool | None:
    value = options.get(key)
    if value is not None and not isinstance(value, bool):
        raise BadInput(f"The option {key} must be true or false.")
    return value


_READERS: dict[str, Layer] = {
    "last_timestep": LastTimestep("last_timestep"),
    "max": Pooling("pooling", "max"),
    "average": Pooling("pooling", "average"),
    "flatten": Flatten("flatten"),
    "all_layers": AllLayers("all_layers"),
}


def _activations(
    options: Options, before: Sequence[Dense], heads: Sequence[Dense], final: str, hints: Hints
) -> list[str]:
    names: Any = options.get("activations")
    count = len(before) + len(heads)
    if names is None:
        usual = ["linear"] * len(before) + ["relu"] * (len(heads) - 1) + [final] * bool(heads)
        layers = [*before, *heads]
        return [hints.activations.get(x.name, a) for x, a in zip(layers, usual, strict=True)]
    if not isinstance(names, list) or len(names) != count:
        raise BadInput(f"The option activations must name {count}, one for each dense layer.")
    if any(not isinstance(name, str) or name not in ACTIVATIONS for name in names):
        raise BadInput(f"The option activations may name: {', '.join(ACTIVATIONS)}.")
    return names


def returning(layer: Stack, *, sequences: bool) -> Stack:
    """A layer that gives all its hidden states, or the last one alone."""
    if isinstance(layer, Recurrent):
        return replace(layer, return_sequences=sequences)
    both = (layer.forward, layer.backward)
    forward, backward = (
        replace(each, return_sequences=sequences, zero_output_for_mask=sequences) for each in both
    )
    return replace(layer, forward=forward, backward=backward)
