"""What a file does not say: what was taken for granted, and what else it may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..core.errors import BadInput

GUIDE = 'See "A model with more in it" at /help/own-model.'
"""Behind the question which layer is to be opened."""
NUMBER = "number"
"""In place of values: any whole number from 1."""


class Assumed(str):
    """A sentence on what was taken for granted, and the option that changes it.

    Attributes
    ----------
    option : its name
    chosen : the value that it has
    values : all that it may have; `NUMBER` among them for any number
    said : whether the owner has said it, so that nothing was taken for granted
    of : what the parts of a value that is a list stand for, such as the names of dense layers
    """

    option: str
    chosen: Any
    values: tuple[Any, ...]
    said: bool
    of: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        option: str,
        chosen: Any,
        values: Iterable[Any] = (),
        *,
        said: bool = False,
        of: Sequence[str] = (),
    ) -> Assumed:
        """A sentence with what belongs to it."""
        made = super().__new__(cls, text)
        made.option, made.chosen, made.said, made.of = option, chosen, said, tuple(of)
        made.values = tuple(values)
        return made

    @property
    def choice(self) -> dict[str, Any]:
        """As the page is told of it."""
        found = {
            "option": self.option,
            "text": str(self),
            "chosen": self.chosen,
            "values": list(self.values),
        }
        return found | ({"of": list(self.of)} if self.of else {})


def unsaid(sentences: Iterable[str]) -> tuple[str, ...]:
    """The sentences on what nobody has said."""
    return tuple(str(x) for x in sentences if not (isinstance(x, Assumed) and x.said))


def choices(sentences: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """What can be changed, each option once."""
    found = {x.option: x.choice for x in sentences if isinstance(x, Assumed)}
    return tuple(found.values())


def chosen(layer: str | None, names: Sequence[str]) -> tuple[Assumed, ...]:
    """A word on the recurrent layer that was chosen of several, so that another can be."""
    if layer is None or len(names) < 2:
        return ()
    words = f"Of the recurrent layers {layer[:60]} is opened (layer)."
    return (Assumed(words, "layer", layer, names, said=True),)


class Undecided(BadInput):
    """Two readings of a file fit equally; the text names the option that decides.

    Parameters
    ----------
    detail : the question
    option, values : what decides it
    """

    def __init__(self, detail: str, option: str, values: Iterable[Any]) -> None:
        super().__init__(detail)
        self.choices = (Assumed(detail, option, None, values).choice,)
