"""The index of words: every word with its places, in the order of the words."""

from __future__ import annotations

from pathlib import Path

from .extra import connect
from .tables import TOKENS, copy

INDEX = "index"
"""The folder."""


def write_word_index(out: Path) -> None:
    """Sort all words' places by the words, so that those of one stand together."""
    folder = out / INDEX
    folder.mkdir(exist_ok=True)
    with connect() as connection:
        connection.execute(f"SET temp_directory = '{folder}/.sorting'")
        copy(
            connection,
            f"SELECT key, sentence, timestep FROM '{out / TOKENS}/*.parquet' "
            "WHERE key IS NOT NULL ORDER BY key, sentence, timestep",
            folder / "words.parquet",
        )
