"""The two names of a visitor's model: its owner's, and the one that it is read under.

Whoever knows the owner's name can rename and delete the model. From it follows the reading name, by
a function that cannot be turned round, so that the latter can be given to anybody. Files, answers,
pages and downloads hold the reading name alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

OWNER = re.compile(r"[A-Za-z0-9_-]{22}")
"""128 bits, as `new_owner` draws them."""
READING = re.compile(r"[A-Za-z0-9_-]{32}")
"""192 bits of a digest. Neither kind of name can lead out of a directory."""
_PURPOSE = b"lstm-viz reading name\0"


def new_owner() -> str:
    """A name that nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


def is_owner(name: str) -> bool:
    """Whether a name is of the kind that renames and deletes."""
    return OWNER.fullmatch(name) is not None


def reading_name(name: str) -> str:
    """The name under which a model is read; of a reading name itself; anything else stays.

    An epoch's `name@7` keeps its number.
    """
    model, at, epoch = name.partition("@")
    if not is_owner(model):
        return name
    digest = hashlib.sha256(_PURPOSE + model.encode()).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode() + at + epoch
