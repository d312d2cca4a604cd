"""What a saved page has in it, unpacked."""

import base64
import gzip
import json
import re
from typing import Any


def unpacked(page: str) -> list[str]:
    """The texts of a file's packed scripts, in their order."""
    found = re.findall(r'<script type="text/plain" data-type=[^>]*>(.*?)</script>', page)
    return [gzip.decompress(base64.b64decode(packed)).decode() for packed in found]


def boot_of(page: str) -> dict[str, Any]:
    """What a file begins with, its trace put together."""
    boot = json.loads(unpacked(page)[0])
    opening = {name: restored(boot, boot[name]) for name in ("trace", "summary")}
    return boot | opening


def questions_of(page: str) -> list[tuple[str, dict[str, Any] | None, Any]]:
    """What a file has answers to: addresses, what was sent there, and what came, or a refusal."""
    boot = json.loads(unpacked(page)[0])
    return [
        (
            path,
            body and restored(boot, body),
            said if isinstance(said, str) else restored(boot, said),
        )
        for path, body, said in boot["recorded"]["questions"]
    ]


def restored(boot: dict[str, Any], tree: Any) -> Any:
    """A tree with its parts in the place of their numbers."""
    parts, lists = boot["recorded"]["parts"], boot["recorded"]["lists"]
    if isinstance(tree, dict):
        return {name: restored(boot, inner) for name, inner in tree.items()}
    return parts[tree] if tree >= 0 else [parts[at] for at in lists[-1 - tree]]
