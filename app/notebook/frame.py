"""The page in a notebook's cell."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, repr=False)
class Frame:
    """A page in a frame that can reach neither the notebook nor the network.

    Attributes
    ----------
    html : the page, one whole document
    height : in pixels
    """

    html: str
    height: int = 720

    def __repr__(self) -> str:
        return f"The page, {len(self.html):,} characters: look at it in a notebook."

    def _repr_html_(self) -> str:
        return (
            f'<iframe sandbox="allow-scripts allow-downloads" srcdoc="{escape(self.html)}" '
            f'style="width: 100%; height: {self.height}px; border: 0" '
            'title="LSTM cell visualizer"></iframe>'
        )
