"""The page's files as parts of a document: styles, scripts, and an import map of its modules.

A module at a `data:` address has no neighbours, so that a relative import leads nowhere from it.
Each gets a name of its own instead, which the import map leads to its text. Scripts are packed,
which makes a file less than half as large; a short one that is not unpacks them (unpack.js).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from ..web.assets import Assets

ENTRY = "main.js"
UNPACK = "unpack.js"
PLOTLY = "vendor/plotly-cartesian-4.1.1.min.js"
NAMES = "lstm-viz/"
ABSENT = ("lenses/own/section.js", "lenses/corpus/section.js")
"""What a saved page never asks for: no server brings it models, or has corpora."""
_IMPORT = re.compile(r"""\b(from|import)(\s*\(?\s*)(["'])(\.{1,2}/[^"']+)\3""")
_CAST = re.compile(r"/\*\* @type \{[^*]*\} \*/ ?")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PLAIN = " !\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What may stand in a `data:` address as it is: no "#", which would end it, and no "%"."""


@dataclass(frozen=True)
class Scripts:
    """What the template writes into the document in place of links.

    Attributes
    ----------
    policy : the Content-Security-Policy: the scripts below, and nothing from any network
    icon : the icon's address
    packed : the other scripts' types and packed texts, in their order
    unpack : the text of the script that unpacks them
    """

    assets: Assets
    policy: str
    icon: str
    packed: tuple[tuple[str, str], ...]
    unpack: str

    @classmethod
    def of(cls, assets: Assets) -> Scripts:
        """Write the page's files as they are served."""
        scripts = (
            ("importmap", import_map(assets)),
            ("text/javascript", assets.text(PLOTLY)),
            ("module", f'import "{NAMES}{ENTRY}";'),
        )
        packed = tuple((kind, _packed_once(text)) for kind, text in scripts)
        unpack = without_margins(assets.text(UNPACK))
        policy = policy_for(unpack, *(text for _, text in scripts))
        icon = f"data:image/svg+xml,{quote(assets.text('icon.svg'))}"
        return cls(assets, policy, icon, packed, unpack)

    def style(self, path: str) -> str:
        """A style sheet's text, without indentation and comments."""
        lines = _COMMENT.sub("", self.assets.text(path)).split("\n")
        return "\n".join(stripped for line in lines if (stripped := line.strip()))


def modules(assets: Assets, entry: str = ENTRY) -> dict[str, str]:
    """Every module that one leads to, by path, with names in place of relative addresses."""
    found: dict[str, str] = {}
    ahead = [entry]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue

        def named(match: re.Match[str], path: str = path) -> str:
            keyword, between, _, address = match.groups()
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), address))
            if other not in ABSENT:
                ahead.append(other)
            return f'{keyword}{between}"{NAMES}{other}"'

        # whoever looks for a fault is told a file's name, not its whole text
        text = _IMPORT.sub(named, without_margins(assets.text(path)))
        found[path] = f"{text}\n//# sourceURL={NAMES}{path}"
    return found


def without_margins(script: str) -> str:
    """Leave out indentation, empty lines and comments, which an address would spell out at length.

    They mean nothing except in a template literal of several lines, with which a script is left
    as it is.
    """
    if any("\n" in literal for literal in script.split("`")[1::2]):
        return script
    lines = (line.strip() for line in _CAST.sub("", script).split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def import_map(assets: Assets) -> str:
    """The import map of all modules."""
    addresses = {
        f"{NAMES}{path}": f"data:text/javascript;charset=utf-8,{quote(text, safe=_PLAIN)}"
        for path, text in sorted(modules(assets).items())
    }
    return json.dumps({"imports": addresses}, separators=(",", ":"))


def pack(text: str, level: int = 6) -> str:
    """Compress a script, and spell it in letters that mean nothing to HTML."""
    return base64.b64encode(gzip.compress(text.encode(), level, mtime=0)).decode()


@lru_cache(maxsize=8)
def _packed_once(text: str) -> str:
    """The same for what every file has in it."""
    return pack(text, level=9)


def policy_for(*scripts: str) -> str:
    """A policy under which these scripts run and nothing is fetched from any network."""
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {hashes} data:; style-src 'unsafe-inline'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
