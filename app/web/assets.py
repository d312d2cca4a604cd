"""The files of the page: joined, hashed, compressed ahead of time, cached for ever.

One hash names the whole tree, so that a module's relative imports carry it along:
``/static/<hash>/main.js`` imports ``./store.js`` as ``/static/<hash>/store.js``.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .bundle import join

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
    """Read a file, and take its ``.br`` neighbour if there is one."""
    data = path.read_bytes()
    if path.suffix == ".js" and "vendor" not in path.parts:
        data = without_documentation(data)
    brotli = path.with_name(path.name + ".br")
    return make_asset(path, data, brotli.read_bytes() if brotli.is_file() else None)


def make_asset(path: Path, data: bytes, brotli: bytes | None = None) -> Asset:
    """Compress a file's content with gzip."""
    bodies = {"br": brotli} if brotli else {}
    if path.suffix in COMPRESSIBLE:
        bodies["gzip"] = gzip.compress(data, compresslevel=9, mtime=0)
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
        Look at the files again for each address and request, and leave modules unjoined; for
        development.
    entry
        Module that is served joined with all that it leads to, or None.
    sheets
        Style sheets by the name of the one that is served in their place.
    """

    def __init__(
        self,
        directory: Path,
        *,
        prefix: str = "/static",
        reload: bool = False,
        entry: str | None = None,
        sheets: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.directory = directory
        self.prefix = prefix
        self.reload = reload
        self.entry = None if reload else entry
        self.sheets = sheets or {}
        self._times: dict[str, int] = {}
        self._assets: dict[str, Asset] = {}
        self._joined: dict[str, Asset] = {}
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
        if path not in self._assets and path not in self._joined:
            raise KeyError(f"no file {path!r} in {self.directory}")
        return f"{self.prefix}/{tree}/{path}"

    def text(self, path: str) -> str:
        """A file's own text, such as that of ``main.js``: of a module, without those it needs."""
        if self.reload:
            self._refresh()
        return self._own_text(path)

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
        self._joined = {
            address: make_asset(Path(address), text.encode()) for address, text in self._join()
        }
        self._times = times
        tree = "\n".join(f"{name} {asset.digest}" for name, asset in self._assets.items())
        self._hash = hashlib.sha256(tree.encode()).hexdigest()[:16]

    def _join(self) -> Iterator[tuple[str, str]]:
        """Each file that is made of several, as its address and its text."""
        if self.entry:
            modules = [address for address in self._assets if address.endswith(".js")]
            texts = {address: self._own_text(address) for address in modules}
            yield from join(texts, self.entry).items()
        for address, parts in self.sheets.items():
            yield address, "\n".join(self._own_text(part) for part in parts)

    def _own_text(self, address: str) -> str:
        return self._assets[address].bodies["identity"].decode()

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
        asset = self._joined.get(name) or self._assets.get(name)
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


def create_assets(
    directory: Path,
    *,
    prefix: str = "/static",
    reload: bool = False,
    entry: str | None = None,
    sheets: Mapping[str, Sequence[str]] | None = None,
) -> Assets:
    """Read a directory of files to serve under a prefix."""
    return Assets(directory, prefix=prefix, reload=reload, entry=entry, sheets=sheets)
