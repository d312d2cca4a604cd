"""The header of a safetensors file: JSON that says where the arrays behind it lie.

Source: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import msgspec
import orjson

from ..errors import BadInput, shorten
from .limits import check_header

METADATA = "__metadata__"
MAX_ARRAYS = 10_000

_Count = Annotated[int, msgspec.Meta(ge=0)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an array lies behind the header, and how."""

    dtype: str
    shape: tuple[_Count, ...]
    data_offsets: tuple[_Count, _Count]


class Header(NamedTuple):
    """What a file says of itself.

    Attributes
    ----------
    metadata : whatever its writer put there
    rows : a `Row` for each array, by name
    start : where the arrays begin, in bytes
    """

    metadata: dict[str, str]
    rows: dict[str, Row]
    start: int


def looks_like_safetensors(data: bytes | memoryview) -> bool:
    """Whether a header's length stands in front, and JSON behind it."""
    head = bytes(data[:16])
    return len(head) > 9 and 2 <= int.from_bytes(head[:8], "little") < 2**40 and head[8:9] == b"{"


def read_header(data: bytes | memoryview) -> Header:
    """Read a file's header; nothing of the arrays is looked at.

    Raises
    ------
    BadInput
        For a file that is cut off, or whose header is not of the form.
    TooLarge
        For a header over the limit of `limits`.
    """
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > len(data) - 8:
        raise BadInput(
            "This is not a whole .safetensors file: it is cut off, or damaged. Save it again."
        )
    check_header(size)
    try:
        found = orjson.loads(memoryview(data)[8 : 8 + size])
    except orjson.JSONDecodeError:
        raise BadInput("The file's header is not valid JSON, so it is damaged.") from None
    if not isinstance(found, dict):
        raise BadInput("The file is damaged: its header is not an object.")
    metadata = found.pop(METADATA, {})
    if len(found) > MAX_ARRAYS:
        raise BadInput(f"The file has {len(found):,} arrays; at most {MAX_ARRAYS:,} are read.")
    try:
        rows = msgspec.convert(found, dict[str, Row])
    except msgspec.ValidationError as error:
        raise BadInput(f"The file is damaged: {shorten(str(error), 200)[1:-1]}.") from None
    return Header(metadata if isinstance(metadata, dict) else {}, rows, 8 + size)
