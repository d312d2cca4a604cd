"""The libraries that a corpus is made and asked with, loaded when somebody needs one."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from ..core.errors import Unavailable

NEEDED = ("duckdb", "dask", "distributed", "fastcluster", "fsspec")


def missing() -> list[str]:
    """Which of them are not installed."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def need(name: str) -> Any:
    """Load one of them.

    Raises
    ------
    Unavailable
        Saying what to install.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Unavailable(
            f"A corpus needs {name}, which is not installed. Install the extra: "
            "pip install 'lstm-viz[corpus]'."
        ) from None


def connect() -> Any:
    """A database of its own in memory, which writes nothing to a terminal and is never large.

    Raises
    ------
    Unavailable
        Saying what to install.
    """
    connection = need("duckdb").connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute("SET memory_limit = '400MB'")
    return connection
