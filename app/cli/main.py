"""Finds the command, and says in one line what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from .. import __version__
from ..core.errors import UserError
from .corpus import corpus
from .export import export
from .generate import generate
from .import_model import bring
from .models import models
from .serve import serve
from .trace import trace
from .train import train

FAILED, MISUSED, INTERRUPTED, UNREAD = 1, 2, 130, 141
"""Exit codes: it could not be done; it was not understood; somebody pressed Ctrl-C; who was to read
what was written has gone."""
OWN_OPTIONS = {"--help", "-h", "--version", "--install-completion", "--show-completion"}
"""Those that are the program's and no command's."""

cli = typer.Typer(
    name="lstm-viz",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _examples(lines: Iterable[str]) -> str:
    """What stands below a help."""
    return "\b\nExamples:\n" + "\n".join(f"  lstm-viz {line}".rstrip() for line in lines)


for name, command, examples in (
    ("serve", serve, ["", "--model my.keras", "--host 0.0.0.0 --port 80"]),
    (
        "trace",
        trace,
        [
            '"Good Day"',
            '"I live in Pune" --model place --unit 0',
            '"Good Day" --include memory --out good-day.csv',
            "- --model sensors.onnx --format npz --out run.npz < series.csv",
        ],
    ),
    (
        "generate",
        generate,
        [
            "4,8,15 --model my_char_rnn.keras --length 100 --temperature 0.5",
            "- --model forecaster.onnx --format json < series.csv",
        ],
    ),
    ("models", models, ["", "--format json"]),
    ("train", train, ["data.csv --out mood.safetensors", "--grammar place --epochs 5"]),
    (
        "import",
        bring,
        [
            "model.keras --out mine.safetensors",
            "weights.safetensors --vocabulary words.txt --reads last_state --out mine.safetensors",
        ],
    ),
    ("export", export, ['page.html --sentence "Good Day"', "page.html --model mine.safetensors"]),
):
    cli.command(name, epilog=_examples(f"{name} {example}" for example in examples))(command)
cli.add_typer(corpus)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"lstm-viz {__version__}")
        raise typer.Exit


@cli.callback(epilog=_examples(["", 'trace "Good Day"', "COMMAND --help"]))
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which.")
    ] = False,
) -> None:
    """Look inside an LSTM: every gate, cell state and hidden state, word by word.

    Without a command it serves.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; without one, serve."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0].split("=")[0] not in OWN_OPTIONS):
        words = ["serve", *words]
    sys.exit(run(words))


def run(words: Sequence[str]) -> int:
    """Run a command. Returns its exit code."""
    try:
        code = cli(words, prog_name="lstm-viz", standalone_mode=False) or 0
        sys.stdout.flush()
        return code
    except UserError as error:
        return fail(error.detail)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left is for nobody
        return UNREAD
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
        return fail(error.format_message(), MISUSED)  # type: ignore[attr-defined]


def fail(text: str, code: int = FAILED) -> int:
    """Say what went wrong, in one line; lines of code become statements of it, without comments."""
    head, *lines = text.split("\n")
    statements = [part for line in lines if (part := line.partition("  # ")[0].strip())]
    text = " ".join([head, "; ".join(statements).replace(":; ", ": ")]).strip()
    print(f"lstm-viz: {text}", file=sys.stderr)
    return code
