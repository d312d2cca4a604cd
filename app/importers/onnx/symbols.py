"""What stands for a tensor while a graph is followed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...core.errors import TooLarge
from ...core.network import Bidirectional, Layer, Recurrent
from ..base import MAX_LAYERS

FEATURES, DIRECTIONS, ONE, BOTH = "features", "directions", "one", "rows"
"""Axes: numbers of a timestep; directions of a layer; an axis of length 1; and timesteps of all
sequences, one after the other. The two axes of the model's input are called "0" and "1"."""


@dataclass(frozen=True)
class Symbol:
    """A tensor that depends on the model's input.

    Attributes
    ----------
    layers : what made it, from the input on
    axes : what each axis means; one of the input's two is the time
    size : length of the features' axis, 0 where it is not known
    time : which axis of the input is the time, None until a recurrent node has said it
    part : of hidden states of two directions, the one they were cut down to
    preceded : of final hidden states of a stack, how many of layers below stand before its own
    sizes : how long the input's first two axes are, 0 where the file does not say
    """

    layers: tuple[Layer, ...]
    axes: tuple[str, ...]
    size: int = 0
    time: str | None = None
    part: int | None = None
    preceded: int = 0
    sizes: tuple[int, int] = (0, 0)

    @property
    def has_recurrent(self) -> bool:
        """Whether a recurrent layer is among those that made it."""
        return any(isinstance(layer, (Recurrent, Bidirectional)) for layer in self.layers)

    @property
    def recurrent(self) -> Recurrent | Bidirectional | None:
        """The layer that has just made it, where that is a recurrent one."""
        last = self.layers[-1] if self.layers else None
        return last if isinstance(last, (Recurrent, Bidirectional)) else None

    def with_axes(self, *axes: str) -> Symbol:
        """The same numbers under other axes."""
        return replace(self, axes=axes)

    def without(self, place: int) -> Symbol:
        """The same numbers without one axis."""
        return replace(self, axes=self.axes[:place] + self.axes[place + 1 :])

    def then(self, layer: Layer, size: int | None = None) -> Symbol:
        """What one more layer makes of it."""
        if len(self.layers) >= MAX_LAYERS:
            raise TooLarge(f"The model has more than {MAX_LAYERS} layers.")
        return replace(
            self, layers=(*self.layers, layer), size=self.size if size is None else size, part=None
        )

    def instead(self, layer: Layer, size: int | None = None) -> Symbol:
        """The same with the last layer exchanged."""
        return replace(
            self,
            layers=(*self.layers[:-1], layer),
            size=self.size if size is None else size,
            part=None,
        )


@dataclass(frozen=True)
class Unread:
    """A tensor that was lost, and why."""

    why: str


@dataclass(frozen=True)
class Asked:
    """States to start from that are an input of the graph, or cut from one.

    Attributes
    ----------
    name : of the input
    """

    name: str


@dataclass(frozen=True)
class Filled:
    """A constant of a size that is not known: the same number everywhere."""

    value: float
