"""The errors a user can meet.

Each carries a text that says what was expected, what came, and what to do. Which HTTP status it
becomes is decided where the routes are.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from typing import Any

NO_ROOM = "The server has no room left for models. Try again later, or run your own."


def is_full(error: OSError) -> bool:
    """Whether it says that the disk, or one's share of it, is full."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT)


class UserError(Exception):
    """Something a user sent cannot be answered; the message is for that user.

    Attributes
    ----------
    choices : what the user may say for it to be answered: see `importers.assumed.Assumed.choice`
    """

    choices: Sequence[Mapping[str, Any]] = ()

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class BadInput(UserError):
    """The input is wrong: it cannot be read, or it does not fit the model."""


class NotFound(UserError):
    """There is no such model or layer."""


class Unsupported(UserError):
    """A file of a kind, or with something in it, that is not read."""


class TooLarge(UserError):
    """The input, or the answer it would need, is over a limit."""


class SwitchedOff(UserError):
    """A thing that this server does not do for visitors."""


class Unavailable(UserError):
    """Something on the server does not work now, which is not the visitor's fault."""


class Busy(UserError):
    """Too much is going on; later it may work."""


def shorten(text: str, limit: int = 60) -> str:
    """Quote what came, but never the whole of something long."""
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


def some_of(names: Sequence[str], most: int = 40) -> str:
    """Some names to choose from, and how many more there are."""
    more = len(names) - most
    listed = ", ".join(name if len(name) <= 60 else f"{name[:59]}…" for name in names[:most])
    return f"{listed} and {more} more" if more > 0 else listed
