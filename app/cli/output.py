"""Where results go: a file, whole or not at all, or standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ..core.atomic_write import write_whole
from ..core.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console

WIDEST = 10_000
"""Columns, where nobody looks: lines are not broken for a program."""


def check_place(out: Path, *sources: Path | str | None) -> None:
    """Refuse a place that cannot be written to, before the work is done.

    Parameters
    ----------
    sources : files that are read, none of which may be written over

    Raises
    ------
    BadInput
        Naming what is wrong with it.
    typer.BadParameter
        Where it is one of the sources, by this name or another.
    """
    if not out.absolute().parent.is_dir():
        raise BadInput(f"{out.parent} is not a directory to write {out.name} to.")
    if out.is_dir():
        raise BadInput(f"{out} is a directory. Give the name of a file.")
    for source in map(Path, filter(None, sources)):
        if out.is_file() and source.is_file() and out.samefile(source):
            raise typer.BadParameter(
                f"{out} is an input file and would be overwritten. Give another name."
            )


def put(data: bytes, out: Path | None) -> None:
    """Write data to a file, or to standard output."""
    sys.stdout.flush()
    if out is not None:
        write_whole(out, data)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def console() -> Console:
    """Standard output for people: colour and the window's width where it is a terminal."""
    from rich.console import Console

    # a word such as [red] or :smile: is a word
    plain = Console(highlight=False, markup=False, emoji=False)
    if not plain.is_terminal:
        plain.width = WIDEST
    return plain


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Say on standard error what takes its time, where that is a terminal."""
    from rich.console import Console

    with Console(stderr=True).status(what):
        yield


def visible(text: str) -> str:
    """A visitor's word without what would command the terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
