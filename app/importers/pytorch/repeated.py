"""A decoder that reads the encoder's last state again and again, which no weights say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.errors import BadInput
from ...core.modelfile.layers import MAX_REPEATS
from ...core.network import Layer, Repeat
from ..assumed import NUMBER, Assumed
from ..base import Options
from ..inferred import returning
from ..inferred_order import gives, reads
from .order import LAST
from .weights import Group

VALUES = (None, NUMBER)


def repeat_state(
    layers: Sequence[Layer], groups: Sequence[Group], options: Options
) -> tuple[list[Layer], list[str]]:
    """Repeat the last state before the decoder, where that is said.

    Parameters
    ----------
    groups : the recurrent modules in their order
    options : `repeats`, for how many timesteps, or the name of the module that reads the repeated
        state with that number

    Returns
    -------
    layers, assumed
        What was taken for granted where it is not said.

    Raises
    ------
    BadInput
        For a number of timesteps that is none.
    """
    if len(groups) < 2:
        return list(layers), []
    said: Any = options.get("repeats")
    place, said = _place(groups, said)
    before, last = groups[place - 1], groups[place]
    if said is None:
        if gives(before.layers[-1]) != reads(last.layers[0]):
            return list(layers), []
        words = f"{last.name} reads what {before.name} gives at each timestep, not its last state "
        return list(layers), [Assumed(f"{words}repeated (repeats).", *("repeats", None, VALUES))]
    if type(said) is not int or not 1 <= said <= MAX_REPEATS:
        raise BadInput(
            "The option repeats must be the number of timesteps that the last state is repeated "
            f"for, from 1 to {MAX_REPEATS:,}; or that number by the name of the recurrent module "
            f"that reads it, one of {', '.join(group.name[:60] for group in groups[1:])}."
        )
    found: list[Layer] = []
    for layer in layers:
        if layer.name == before.layers[-1].name:
            layer = returning(layer, sequences=False)  # type: ignore[arg-type]
        if layer.name == last.layers[0].name:
            found.append(Repeat("repeat", said))
        found.append(layer)
    words = f"{last.name} reads the last state of {before.name}, {said} times (repeats)."
    return found, [Assumed(words, "repeats", said, VALUES, said=True)]


def _place(groups: Sequence[Group], said: Any) -> tuple[int, Any]:
    """Which module reads the repeated state, and for how many timesteps.

    By its name where that is said, else the first whose name is that of a decoder, else the last.
    """
    names = [group.name for group in groups]
    if isinstance(said, dict) and len(said) == 1 and next(iter(said)) in names[1:]:
        ((name, said),) = said.items()
        return names.index(name), said
    late = [bool(LAST.search(name)) for name in names]
    return (late.index(True, 1) if any(late[1:]) else len(names) - 1), said
