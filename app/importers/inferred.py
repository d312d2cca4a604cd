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
from .base import Options
from .inferred_order import MAX_ORDERED, Chain, Stack, chains, fit, the_chain

READS = ("last_state", "last_timestep", "every", "max", "average", "flatten", "all_layers")


class Undecided(BadInput):
    """Two readings of a file fit equally; the text names the option that decides."""


@dataclass(frozen=True)
class Hints:
    """What is known of a network beside its weights.

    Attributes
    ----------
    activations : dense layer's name -> its activation
    state_activation : what stands between the hidden states and the dense layers; None where
        nothing is known
    """

    activations: Mapping[str, str] = field(default_factory=dict)
    state_activation: str | None = None


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
        them stand before the recurrent layers; `mask_zero`, whether token 0 is padding
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
    assumed = []
    if embedding is not None:
        mask_zero = _flag(options, "mask_zero")
        embedding = replace(embedding, mask_zero=bool(mask_zero))
        if mask_zero is None:
            assumed.append("Token 0 is a word like any other, not padding (mask_zero).")
    start = embedding.table.shape[1] if embedding else None
    chain, name, said = _chain(start, recurrent, dense, options)
    assumed += _said_of_dense(chain, list(chains(start, recurrent, dense)), name, said, options)
    before, stack, heads = chain
    stack = [returning(layer, sequences=True) for layer in stack]
    stack[-1] = returning(stack[-1], sequences=name != "last_state")
    activations = _activations(options, before, heads, final, hints or Hints())
    between, more = _between(options, heads, hints)
    assumed += more
    if dense and options.get("activations") is None:
        assumed.append(f"Activations of the dense layers: {', '.join(activations)} (activations).")
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


def _between(
    options: Options, heads: Sequence[Dense], hints: Hints | None
) -> tuple[list[Activation], list[str]]:
    """What stands between the hidden states and the dense layers, and a word on it if assumed."""
    said: Any = options.get("state_activation")
    if said is not None and said not in ACTIVATIONS:
        raise BadInput(f"The option state_activation may be: {', '.join(ACTIVATIONS)}.")
    if hints is None or not heads:
        return [], []
    name = said or hints.state_activation or "linear"
    what = "Nothing stands" if name == "linear" else f"The activation {name} stands"
    words = f"{what} between the hidden states and {heads[0].name} (state_activation: {name})."
    found = [] if name == "linear" else [Activation("state_activation", name)]
    return found, [] if said else [words]


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
        return chain, name, False
    units = {layer.units for layer in recurrent}
    name = "last_state" if any(len(x.kernel) in units for x in dense) else "flatten"
    return the_chain(start, recurrent, dense, names, reading=name), name, False


def _check_decided(found: Mapping[str, Chain], layers: int) -> None:
    """Refuse to guess between the states of all layers, and those of some timesteps."""
    head = found["all_layers"].heads[:1]
    if not head:
        return
    width = len(head[0].kernel)
    raise Undecided(
        f"{head[0].name} reads {width} numbers: the last hidden states of all {layers} recurrent "
        "layers side by side, as h_n has them, or those of several timesteps of the last layer. "
        "Say in the option reads which: all_layers or flatten."
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
    chain: Chain, others: Sequence[Chain], name: str, said: bool, options: Options
) -> list[str]:
    """What was taken for granted of where dense layers stand, and what they read."""
    found = []
    named = ", ".join(layer.name for layer in chain.before)
    if chain.before and options.get("before") is None:
        found.append(
            f"Before the recurrent layer stands {named}, which reads "
            f"{len(chain.before[0].kernel)} numbers a timestep (before)."
        )
    elif options.get("before") is None:
        elsewhere = next((other.before for other in others if other.before), [])
        if elsewhere:
            maybe = ", ".join(layer.name for layer in elsewhere)
            found.append(f"{maybe} comes after the recurrent layer, not before it (before).")
    if chain.heads and not said:
        found.append(f"The dense layer reads {_WORDS[name]} (reads: {name}).")
    return found


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
