"""What a process that reads files is asked, and what it answers: JSON, and never a pickle.

The process has read what anybody may have made, so the server takes nothing from it but text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from ...core.errors import BadInput, TooLarge, Unsupported, UserError
from ...settings import Settings

REFUSALS: dict[str, type[UserError]] = {
    kind.__name__: kind for kind in (BadInput, TooLarge, Unsupported)
}


@dataclass(frozen=True)
class FileRequest:
    """One file to read, or the files that are one model.

    Attributes
    ----------
    names : the files', for words alone
    written : where the model's own file is to be written
    options : JSON with what the owner says about a file that does not say it itself, or ""
    texts : `vocabulary`, `labels` and `title`, as `as_model` takes them
    limits : the server's `max_tokens` and `max_numbers`, which a model must fit
    """

    names: Sequence[str]
    written: str
    options: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    limits: Sequence[int] = (Settings.max_tokens, Settings.max_numbers)

    def encoded(self) -> bytes:
        """As bytes; a half character, which no file's text can hold, becomes a question mark."""
        return orjson.dumps(_whole_characters(asdict(self)))

    @classmethod
    def decoded(cls, data: bytes) -> FileRequest:
        """From bytes."""
        return cls(**orjson.loads(data))


def _whole_characters(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, Mapping):
        return {name: _whole_characters(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_whole_characters(each) for each in value]
    return value


@dataclass(frozen=True)
class FileAnswer:
    """What became of a file.

    Attributes
    ----------
    state : "written"; "refused", by a reader; "memory", which it was too large for; "disk", which
        said the number
    kind, detail, choices : of the refusal
    number : of the disk's error
    """

    state: str
    kind: str = ""
    detail: str = ""
    number: int = 0
    choices: Sequence[Mapping[str, Any]] = ()

    def encoded(self) -> bytes:
        """As bytes."""
        return orjson.dumps(_whole_characters(asdict(self)))

    @classmethod
    def decoded(cls, data: bytes) -> FileAnswer:
        """From bytes."""
        return cls(**orjson.loads(data))
