"""The files of the page: hashed, compressed ahead of time, cached for ever.

One hash names the whole tree, so that a module's relative imports carry it along:
``/static/<hash>/main.js`` imports ``./store.js`` as ``/static/<hash>/store.js``.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

# the system's own table may lack these or hold others
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_DOCUMENTATION = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*$", re.DOTALL | re.MULTILINE)
COMPRESSIBLE = {".css", ".js", ".json", ".md", ".svg", ".txt"}


@dataclass(frozen=True)
class Asset:
    """One file in memory, in every encoding it is served in.

    Attributes
    ----------
    content_type
        What the ``Content-Type`` header says.
    digest
        Hash of the content, for the ``ETag``.
    bodies
        Bytes by content encoding, the preferred one first; ``identity`` is always there.
    """

    content_type: str
    digest: str
    bodies: dict[str, bytes]


def load_asset(path: Path) -> Asset:
    """Read a file, take its ``.br`` neighbour if there is one, and compress it with gzip."""
    data = path.read_bytes()
    if path.suffix == ".js" and "vendor" not in path.parts:
        data = without_documentation(data)
    bodies = {}
    brotli = path.with_name(path.name + ".br")
    if brotli.is_file():
        bodies["br"] = brotli.read_bytes()
    if path.suffix in COMPRESSIBLE:
        bodies["gzip"] = gzip.compress(data, compresslevel=6, mtime=0)
    bodies["identity"] = data
    return Asset(content_type(path), hashlib.sha256(data).hexdigest()[:16], bodies)


def without_documentation(script: bytes) -> bytes:
    """Leave out documentation comments, a third of what would be sent, but not their lines."""
    return _DOCUMENTATION.sub(lambda found: b"\n" * found[0].count(b"\n"), script)


def content_type(path: Path) -> str:
    """Media type of a file by its suffix."""
    guessed = mimetypes.guess_type(path.name)[0]
    return TYPES.get(path.suffix) or guessed or "application/octet-stream"


def walk(directory: Path) -> Iterator[tuple[str, Path]]:
    """Every file to serve, as its address below the directory and its path, in a fixed order."""
    for path in sorted(directory.rglob("*")):
        address = path.relative_to(directory)
        hidden = any(part.startswith(".") for part in address.parts)
        if path.is_file() and not hidden and path.suffix != ".br":
            yield address.as_posix(), path


def accepts(header: str, encoding: str) -> bool:
    """Whether an ``Accept-Encoding`` header allows an encoding (RFC 9110, section 12.5.3)."""
    weights = {}
    for item in header.lower().split(","):
        name, _, parameter = item.partition(";")
        weights[name.strip()] = parameter.replace(" ", "")
    weight = weights.get(encoding, weights.get("*"))
    return weight is not None and not (weight.startswith("q=0") and not weight.strip("q=0."))


class Assets:
    """An ASGI application over one directory, to be mounted at its prefix.

    Parameters
    ----------
    directory
        What to serve. Files are read into memory once, so a request can name nothing else.
    prefix
        Where the application is mounted.
    reload
        Look at the files again for each address and request; for development.
    """

    def __init__(self, directory: Path, *, prefix: str = "/static", reload: bool = False) -> None:
        self.directory = directory
        self.prefix = prefix
        self.reload = reload
        self._times: dict[str, int] = {}
        self._assets: dict[str, Asset] = {}
        self._hash = ""
        self._refresh()

    @property
    def hash(self) -> str:
        """Hash of the whole tree: of every address and every file's content."""
        if self.reload:
            self._refresh()
        return self._hash

    def url(self, path: str) -> str:
        """Address of a file, such as ``main.js``, for a page."""
        tree = self.hash
        if path not in self._assets:
            raise KeyError(f"no file {path!r} in {self.directory}")
        return f"{self.prefix}/{tree}/{path}"

    def text(self, path: str) -> str:
        """A file's text as it is served, such as that of ``main.js``."""
        if self.reload:
            self._refresh()
        return self._assets[path].bodies["identity"].decode()

    def _refresh(self) -> None:
        """Read what has changed since the last time."""
        files = dict(walk(self.directory))
        times = {address: path.stat().st_mtime_ns for address, path in files.items()}
        if times == self._times:
            return
        self._assets = {
            address: self._assets[address]
            if self._times.get(address) == times[address]
            else load_asset(path)
            for address, path in files.items()
        }
        self._times = times
        tree = "\n".join(f"{name} {asset.digest}" for name, asset in self._assets.items())
        self._hash = hashlib.sha256(tree.encode()).hexdigest()[:16]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        response = self.respond(scope["method"], path, Headers(scope=scope))
        await response(scope, receive, send)

    def respond(self, method: str, path: str, headers: Headers) -> Response:
        """Answer to a request for ``/<hash>/<file>``; an old hash gives today's file, uncached."""
        if method not in ("GET", "HEAD"):
            detail = f"Files are only read: expected GET or HEAD, got {method}."
            return JSONResponse({"detail": detail}, 405, headers={"Allow": "GET, HEAD"})
        current = self.hash
        tree, _, name = path.removeprefix("/").partition("/")
        asset = self._assets.get(name)
        if asset is None:
            detail = "No such file. The page at / names the files it needs."
            return JSONResponse({"detail": detail}, 404)

        accepted = headers.get("accept-encoding", "")
        encoding = next(
            each for each in asset.bodies if each == "identity" or accepts(accepted, each)
        )
        tag = f'"{asset.digest}-{encoding}"'
        answer = {
            "Cache-Control": IMMUTABLE if tree == current else REVALIDATE,
            "ETag": tag,
            "Vary": "Accept-Encoding",
        }
        if tag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=answer)
        if encoding != "identity":
            answer["Content-Encoding"] = encoding
        body = asset.bodies[encoding]
        answer["Content-Length"] = str(len(body))
        return Response(
            b"" if method == "HEAD" else body, headers=answer, media_type=asset.content_type
        )


def create_assets(directory: Path, *, prefix: str = "/static", reload: bool = False) -> Assets:
    """Read a directory of files to serve under a prefix."""
    return Assets(directory, prefix=prefix, reload=reload)
