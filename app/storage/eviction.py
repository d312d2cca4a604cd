"""Which models go where there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SHARE = 4
"""A visitor who has more than this part of the room makes room among their own models first."""


class Kept(NamedTuple):
    """One model that takes room.

    Attributes
    ----------
    used : when it was last used, in any unit
    size : bytes
    visitor : who brought it, "" where that is not known
    """

    used: float
    name: str
    size: int
    visitor: str = ""


class Room(NamedTuple):
    """How much there is: of models, and of bytes."""

    models: int
    bytes: int


def leaving(kept: Sequence[Kept], room: Room, newest: str) -> list[str]:
    """Names of those that must go, in the order in which they go; never the newest itself.

    The longest unused goes first: of the newest one's visitor, while that visitor has more than a
    share of the room, and of everybody's otherwise. So whoever brings many pushes out their own.
    """
    kept = sorted(kept)
    count, size = len(kept), sum(each.size for each in kept)
    visitor = next((each.visitor for each in kept if each.name == newest), "")
    own = [each for each in kept if visitor and each.visitor == visitor]
    models, held = len(own), sum(each.size for each in own)
    gone: list[str] = []
    while count > room.models or size > room.bytes:
        greedy = models * SHARE > room.models or held * SHARE > room.bytes
        candidates = [each for each in kept if each.name not in gone and each.name != newest]
        mine = [each for each in candidates if visitor and each.visitor == visitor]
        if not candidates:
            break
        first = (mine if greedy and mine else candidates)[0]
        gone.append(first.name)
        count, size = count - 1, size - first.size
        if first in own:
            models, held = models - 1, held - first.size
    return gone
