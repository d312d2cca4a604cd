"""What to call a file that is made of a trace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LONGEST = 60
"""Characters, of four bytes at most: file systems take 255 bytes."""
UNFIT = re.compile(r"""[\s/\\:*?"'<>|%;,&=+#]+""")


def filename(answer: Mapping[str, Any], suffix: str) -> str:
    """The model's title and the first words, with nothing that a file system could trip over."""
    words = [token["text"] for token in answer["tokens"] if token["id"] is not None]
    text = " ".join([answer["model"]["title"], *words[:LONGEST]])
    # what cannot be seen may turn the direction of writing, and hide a suffix
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"{UNFIT.sub('-', seen)[:LONGEST].strip('-.') or 'trace'}.{suffix}"
