"""What is typed or piped in, as what the model reads: words, token ids or numbers."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from ..core.errors import BadInput

if TYPE_CHECKING:
    from ..core.model import Model


def read_sequence(text: str, model: Model) -> Any:
    """Read a sequence; "-" is standard input.

    Raises
    ------
    BadInput
        For input that is not UTF-8, or not numbers where the model reads numbers.
    """
    if text == "-":
        text = _standard_input()
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("The sentence is not UTF-8. Set the terminal to UTF-8.") from None
    if model.network.embedding is not None:
        return text if model.vocabulary else _ids(text, model)
    rows = [row for row in re.split(r"[;\n]", text) if row.strip()]
    try:
        numbers = [[float(number) for number in re.split(r"[,\s]+", row.strip())] for row in rows]
    except ValueError:
        numbers = []
    if not numbers or len({len(row) for row in numbers}) > 1:
        raise BadInput(
            f"{model.title} reads {model.network.features} numbers a timestep. Separate "
            "numbers with commas, and timesteps with semicolons or line breaks."
        )
    return numbers


def _ids(text: str, model: Model) -> list[int]:
    try:
        return [int(part) for part in re.split(r"[,\s]+", text.strip())]
    except ValueError:
        raise BadInput(
            f"{model.title} has no vocabulary and reads token ids. Separate whole numbers with "
            "spaces or commas, or bring the model again together with its vocabulary."
        ) from None


def _standard_input() -> str:
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"Standard input is not UTF-8: byte {error.start + 1} is 0x{data[error.start]:02x}. "
            "Convert it, for instance with iconv."
        ) from None
