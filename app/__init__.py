"""A web-based LSTM cell visualizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import from_keras, from_torch, load

__version__ = "0.1.0"
__all__ = ["__version__", "from_keras", "from_torch", "load"]


def __getattr__(name: str) -> Any:
    """Bring what notebooks use when somebody asks: the package itself is cheap to import."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import notebook

    return getattr(notebook, name)
