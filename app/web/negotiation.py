"""In which format an answer goes out: by `format` in the address, else by the Accept header."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import Response
from starlette.types import Scope

from ..core.errors import BadInput, shorten
from ..service.encoding import encode_in_pieces
from ..service.formats import csv_pieces, filename, to_npz
from .responses import Pieces, cut
from .step_request import once

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv", "npz": "application/x-npz"}
DESCRIPTIONS = {
    "csv": (
        "A tidy table, one number a row, in UTF-8 (RFC 4180): timestep, token, unit, quantity, "
        "value, source (of memory), label. A word that a spreadsheet would run, one that begins "
        "with = + - @ or a tab, has an apostrophe in front; a byte order mark stands in front of "
        "the table where a word is not ASCII."
    ),
    "npz": (
        "For numpy.load: arrays by their names here, (timesteps, units) each, with a dot between "
        "names of names, such as memory.magnitude; tokens, token_ids."
    ),
}
VARY = {"Vary": "Accept"}

PARAMETER: dict[str, Any] = {
    "name": "format",
    "in": "query",
    "required": False,
    "description": (
        "As a file to keep: json, csv or npz. Without it the Accept header says which: text/csv, "
        "application/x-npz, or else JSON."
    ),
    "schema": {"type": "string", "enum": list(MEDIA_TYPES)},
}
RESPONSE: dict[str, Any] = {
    "content": {
        MEDIA_TYPES[name]: {
            "schema": {"type": "string", "format": "binary", "description": DESCRIPTIONS[name]}
        }
        for name in DESCRIPTIONS
    }
}


def chosen_format(scope: Scope) -> str:
    """The format that a request asks for; "" for JSON that nobody asked for by name.

    Raises
    ------
    BadInput
        For a format that there is not, or one given twice.
    """
    query: bytes = scope["query_string"]
    if b"format" in query:
        pairs = parse_qsl(query.decode(errors="replace"), keep_blank_values=True)
        given = once((name, value) for name, value in pairs if name == "format")
        if given:
            return _known(given["format"])
    return _accepted(value for name, value in scope["headers"] if name == b"accept")


def _known(name: str) -> str:
    if name not in MEDIA_TYPES:
        raise BadInput(f"format must be one of {', '.join(MEDIA_TYPES)} (got {shorten(name)}).")
    return name


def _accepted(headers: Iterable[bytes]) -> str:
    """The table or the arrays, where a client prefers one of them to JSON; else ""."""
    accept = b",".join(headers).decode("latin-1").lower()
    if not any(MEDIA_TYPES[name] in accept for name in DESCRIPTIONS):
        return ""  # as nearly always, and at next to no cost
    best, most = "", 0.0
    for media_range in accept.split(","):
        kind, *parameters = (part.strip() for part in media_range.split(";"))
        quality = next((_number(p[2:]) for p in parameters if p.startswith("q=")), 1.0)
        name = next((name for name in DESCRIPTIONS if MEDIA_TYPES[name] == kind), "")
        if (name or kind in JSON_RANGES) and quality > most:
            best, most = name, quality
    return best


JSON_RANGES = ("application/json", "application/*", "*/*")


def _number(text: str) -> float:
    """A quality of 0 to 1; 0 for what is none."""
    try:
        return min(1.0, float(text))
    except ValueError:
        return 0.0


def answer_as(name: str, answer: dict[str, Any], size: int) -> Response:
    """An answer in pieces; as a file to keep where a format is asked for by name.

    Parameters
    ----------
    size : bytes that the answer's arrays hold
    """
    if not name:
        return Pieces(encode_in_pieces(answer), VARY)
    kind = "text/csv; charset=utf-8; header=present" if name == "csv" else MEDIA_TYPES[name]
    headers = VARY | {
        "Content-Disposition": attachment(filename(answer, name)),
        "Content-Type": kind,
    }
    if name == "npz":
        return Pieces(cut(to_npz(answer)), headers)
    if name == "json":
        return Pieces(encode_in_pieces(answer), headers)
    return Pieces(csv_pieces(answer), headers, size)


def attachment(name: str) -> str:
    """A Content-Disposition (RFC 6266) for a name of any script."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    if plain == name:
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
