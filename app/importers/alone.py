"""A recurrent layer opened on its own, where weights alone do not say what stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.errors import BadInput
from ..core.network import Embedding, Layer
from .assumed import GUIDE, Assumed, Undecided, chosen
from .base import Options
from .inferred import returning
from .inferred_order import Stack, gives, reads

FED = ("ids", "numbers")
MAX_LISTED = 12


@dataclass(frozen=True)
class Around:
    """What a file has beside its recurrent layers.

    Attributes
    ----------
    tables : its embeddings
    others : its other layers, each with its class where that is known -> the sizes of its arrays
    """

    tables: Sequence[Embedding]
    others: Mapping[str, Sequence[Sequence[int]]]


def open_alone(
    stacks: Mapping[str, Sequence[Stack]], around: Around, options: Options, why: str
) -> tuple[list[Layer], list[str], tuple[str, ...]]:
    """One recurrent layer, with the embedding directly before it where there is one.

    Parameters
    ----------
    stacks : name of a recurrent module -> its layers, one behind the other
    options : `layer`, which of them; `fed`, whether it is fed with ids or with numbers;
        `mask_zero`, whether token 0 is padding
    why : the model is not read whole; one sentence

    Returns
    -------
    layers, assumed, left_out

    Raises
    ------
    Undecided
        Where several layers could be opened, or an embedding may stand before or may not.
    """
    name, assumed = _which(list(stacks), options, why)
    stack = list(stacks[name])
    stack = [returning(layer, sequences=True) for layer in stack]
    table, more = _table(name, stack[0], around, options, why.partition(". ")[0].rstrip("."))
    assumed += more
    width = reads(stack[0])
    fed = "It reads token ids." if table else f"It reads {width} numbers a timestep: "
    fed += "" if table else f"those that the layers before {name[:60]} give."
    reason = why.partition(". ")[0].rstrip(".")
    assumed.insert(
        0,
        f"Only {name[:60]} is opened: {reason}. {fed}",
    )
    left = [other for other in stacks if other != name]
    left += [x.name for x in around.tables if table is None or x.name != table.name]
    first: list[Layer] = [table] if table else []
    return [*first, *stack], assumed, (*left, *around.others)


def _which(names: Sequence[str], options: Options, why: str) -> tuple[str, list[str]]:
    said: Any = options.get("layer")
    if said is not None:
        if said not in names:
            raise BadInput(f"The option layer must be one of {', '.join(names[:MAX_LISTED])}.")
    elif len(names) > 1:
        raise Undecided(
            f"{why.partition('. ')[0].rstrip('.')}. It has several recurrent layers, and does not "
            "say what stands between them. Say in the option layer which of them is to be opened: "
            f"{', '.join(name[:60] for name in names[:MAX_LISTED])}. {GUIDE}",
            *("layer", names),
        )
    return said or names[0], list(chosen(said, names))


def _table(
    name: str, first: Stack, around: Around, options: Options, why: str
) -> tuple[Embedding | None, list[str]]:
    """The embedding that stands directly before, and a word on it."""
    said: Any = options.get("fed")
    fitting = [x for x in around.tables if x.table.shape[1] == reads(first)]
    own = [x for x in fitting if _parent(x.name) == _parent(name)]
    found = own or fitting
    if said is not None and (said not in FED or not found):
        raise BadInput(
            f"The option fed must be one of {', '.join(FED)}; ids need an embedding whose rows "
            f"have the {reads(first)} numbers that {name[:60]} reads."
        )
    if not found:
        return None, []
    table = found[0]
    between = next((x for x, sizes in around.others.items() if _may_stand(sizes, first)), "")
    if said is None and (between or len(found) > 1):
        which = between or found[1].name
        raise Undecided(
            f"{why}. {table.name[:60]} gives as many numbers as {name[:60]} reads, but "
            f"{which[:60]} may stand between the two. Say in the option fed what is to be sent "
            "here: ids where the embedding stands directly before the layer, else numbers.",
            *("fed", FED),
        )
    fed = said or "ids"
    what = "stands directly before it" if fed == "ids" else "does not stand directly before it"
    words = f"The embedding {table.name[:60]} {what} (fed: {fed})."
    assumed: list[str] = [Assumed(words, "fed", fed, FED, said=said is not None)]
    if fed == "numbers":
        return None, assumed
    mask_zero = options.get("mask_zero")
    if mask_zero is not None and not isinstance(mask_zero, bool):
        raise BadInput("The option mask_zero must be true or false.")
    words = "Token 0 is a word like any other, not padding (mask_zero)."
    choice = Assumed(words, "mask_zero", bool(mask_zero), (False, True), said=mask_zero is not None)
    return replace(table, mask_zero=bool(mask_zero)), [*assumed, choice]


def _parent(name: str) -> str:
    return name.rpartition(".")[0]


def _may_stand(sizes: Sequence[Sequence[int]], first: Stack) -> bool:
    """Whether a layer may stand between an embedding and a layer of its width: a normalisation.

    One that gives as many numbers as it reads, and not as many as the recurrent layer gives.
    """
    width = reads(first)
    if width == gives(first):
        return any(len(size) == 1 and size[0] == width for size in sizes)
    return any(width in size for size in sizes)
