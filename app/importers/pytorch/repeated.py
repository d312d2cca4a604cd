"""A decoder that reads the encoder's last state again and again, which no weights say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.errors import BadInput
from ...core.modelfile.layers import MAX_REPEATS
from ...core.network import Layer, Repeat
from ..base import Options
from ..inferred import returning
from ..inferred_order import gives, reads
from .weights import Group


def repeat_state(
    layers: Sequence[Layer], groups: Sequence[Group], options: Options
) -> tuple[list[Layer], list[str]]:
    """Repeat the last state before the last recurrent module, where that is said.

    Parameters
    ----------
    groups : the recurrent modules in their order
    options : `repeats`, for how many timesteps

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
    before, last = groups[-2], groups[-1]
    said: Any = options.get("repeats")
    if said is None:
        if gives(before.layers[-1]) != reads(last.layers[0]):
            return list(layers), []
        words = f"{last.name} reads what {before.name} gives at each timestep, not its last state "
        return list(layers), [f"{words}repeated (repeats)."]
    if type(said) is not int or not 1 <= said <= MAX_REPEATS:
        raise BadInput(
            "The option repeats must be the number of timesteps that the last state is repeated "
            f"for, from 1 to {MAX_REPEATS:,}."
        )
    found: list[Layer] = []
    for layer in layers:
        if layer.name == before.layers[-1].name:
            layer = returning(layer, sequences=False)  # type: ignore[arg-type]
        if layer.name == last.layers[0].name:
            found.append(Repeat("repeat", said))
        found.append(layer)
    return found, []
