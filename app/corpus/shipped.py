"""The corpora that every server has: one for each shipped model, by its id."""

from __future__ import annotations

from pathlib import Path

from .contents import CORPUS

SHIPPED = Path(__file__).parents[1] / "corpora"


def shipped_corpora() -> list[Path]:
    """Their directories."""
    return sorted(path.parent for path in SHIPPED.glob(f"*/{CORPUS}"))
