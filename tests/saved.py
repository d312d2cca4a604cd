"""What a saved page has in it, unpacked."""

import base64
import gzip
import json
import re


def unpacked(page: str) -> list[str]:
    """The texts of a file's packed scripts, in their order."""
    found = re.findall(r'<script type="text/plain" data-type=[^>]*>(.*?)</script>', page)
    return [gzip.decompress(base64.b64decode(packed)).decode() for packed in found]


def boot_of(page: str) -> dict:
    """What a file begins with, its trace put together."""
    boot = json.loads(unpacked(page)[0])
    parts, lists = boot["recorded"]["parts"], boot["recorded"]["lists"]

    def restore(tree):
        if isinstance(tree, dict):
            return {name: restore(inner) for name, inner in tree.items()}
        return parts[tree] if tree >= 0 else [parts[at] for at in lists[-1 - tree]]

    return boot | {name: restore(boot[name]) for name in ("trace", "summary")}
