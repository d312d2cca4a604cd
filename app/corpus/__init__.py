"""What every unit of a network does over many texts: Parquet tables, made once and asked often.

In a notebook:

    from lstm_viz import corpus
    corpus.open("reviews").unit(7)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .asked import build, open

__all__ = ["build", "open"]


def __getattr__(name: str) -> Any:
    """Bring what notebooks use when somebody asks: the package itself is cheap to import."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import asked

    return getattr(asked, name)
