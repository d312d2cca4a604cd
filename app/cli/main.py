"""Finds the command, and says in one line what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from ..errors import UserError
from .serve import serve
from .train import train

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
"""Exit codes: it could not be done; it was not understood; somebody pressed Ctrl-C."""

cli = typer.Typer(
    name="lstm-viz",
    help="Look inside an LSTM: every gate, cell state and hidden state, word by word.",
    add_completion=False,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
cli.command()(serve)
cli.command()(train)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; without one, serve."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("--help", "-h")):
        words = ["serve", *words]
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run a command. Returns its exit code."""
    try:
        return cli(words, prog_name="lstm-viz", standalone_mode=False) or 0
    except UserError as error:
        return fail(error.detail)
    except OSError as error:
        return fail(f"{error.filename or 'this'}: {os.strerror(error.errno or 0)}")
    except (KeyboardInterrupt, typer.Abort):
        print("lstm-viz: interrupted", file=sys.stderr)
        return INTERRUPTED
    except typer.Exit as exit:
        return exit.exit_code
    except Exception as error:
        # what the parser raises, whichever copy of its classes it has
        if not hasattr(error, "format_message"):
            raise
        return fail(error.format_message().replace("\n", " "), MISUSED)  # type: ignore[attr-defined]


def fail(text: str, code: int = FAILED) -> int:
    """Say what went wrong."""
    print(f"lstm-viz: {text}", file=sys.stderr)
    return code
