"""The files that `torch.save` and `pickle.dump` write: a pickle, and storages around it.

Since PyTorch 1.6 a zip archive: `data.pkl`, and a member `data/KEY` for each storage. Before, five
pickles one behind the other and then the storages; before 0.1.10 a tar archive. See
`torch/serialization.py`. TorchScript's archives are of the first kind, with `code/` in them, which
is text that nobody runs here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...core.errors import BadInput, UserError
from ..binary.archive import SIGNATURE as ZIP
from ..binary.archive import Archive
from ..binary.buffer import Buffer
from ..binary.pickle import Pickles, Reference
from . import tar
from .storages import Storages
from .tensors import Find

MAGIC = 0x1950A86A20F9469CFC6C
"""The first pickle of a file of PyTorch 0.1.10 to 1.5."""
MAGIC_BYTES = MAGIC.to_bytes(10, "little")
MAX_CODE = 1024 * 1024
MAX_NESTED = 8
TORCH = re.compile(rb"torch(\._utils|\.storage|\.nn\.modules|\._tensor)")


@dataclass(frozen=True)
class Container:
    """What a file holds.

    Attributes
    ----------
    kind : what it is called
    value : what its pickle describes
    find : gives the storage, or in a tar archive the tensor, that a reference names
    file : counts the bytes that arrays are made of
    big_endian : whether the highest byte of a number stands first
    code : TorchScript's, name of the file -> text; nothing runs it
    """

    kind: str
    value: Any
    find: Find
    file: Buffer
    big_endian: bool = False
    code: Mapping[str, str] = field(default_factory=dict)


def match(data: memoryview) -> bool:
    """Whether it is one of these files, or any other pickle that speaks of PyTorch's tensors."""
    head = bytes(data[:512])
    if head.startswith(ZIP):
        try:
            return any(map(_is_main, Archive(data).names))
        except UserError:
            return False
    if head[257:262] == b"ustar":
        return tar.match(data)
    if MAGIC_BYTES in head[:32] or f"L{MAGIC}L".encode() in head[:64]:
        return True
    return head[:1] in (b"\x80", b"(", b"c", b"}", b"]") and TORCH.search(data) is not None


def open_container(data: memoryview) -> Container:
    """Read everything but the storages.

    Raises
    ------
    BadInput, TooLarge
        For a file that is damaged, or too large.
    """
    if bytes(data[:4]) == ZIP:
        return _zip(Archive(data))
    file = Buffer(data, "PyTorch file")
    if bytes(data[257:262]) == b"ustar":
        value, find = tar.read(file)
        return Container("tar archive of PyTorch before 0.1.10", value, find, file)
    pickles = Pickles(file)
    first, end = pickles.load()
    if first == MAGIC:
        value, storages = _stream(file, pickles, end)
        return Container("file as PyTorch wrote it before 1.6", value, storages.find, file)
    return Container("pickle", first, _nested(file, pickles).find, file)


def _is_main(name: str) -> bool:
    return name == "data.pkl" or name.endswith("/data.pkl")


def _zip(archive: Archive) -> Container:
    name = min(filter(_is_main, archive.names), key=len, default="")
    if not name:
        raise BadInput("This zip archive is no PyTorch file: it has no data.pkl.")
    prefix = name.removesuffix("data.pkl")
    file = Buffer(archive.view(name), "PyTorch file")
    pickles = Pickles(file)
    value, _ = pickles.load()

    def read(key: str) -> memoryview:
        member = f"{prefix}data/{key}"
        if member not in archive:
            raise _missing(file, key)
        return archive.view(member)

    order = f"{prefix}byteorder"
    start = f"{prefix}code/"
    code = {
        each.removeprefix(start): str(archive.view(each)[:MAX_CODE], "utf-8", "replace")
        for each in archive.names
        if each.startswith(start) and each.endswith(".py")
    }
    scripted = code or f"{prefix}constants.pkl" in archive
    return Container(
        "TorchScript" if scripted else "zip archive",
        value,
        Storages(file, read).find,
        file,
        order in archive and bytes(archive.view(order)).strip() == b"big",
        code,
    )


def _missing(file: Buffer, key: str) -> BadInput:
    return file.damaged(f"the storage {key[:20]} that it speaks of is missing")


def _stream(file: Buffer, pickles: Pickles, at: int) -> tuple[Any, Storages]:
    """Behind the magic number: version, system, the value and the storages' keys, then these.

    Each storage has the number of its elements in front, in eight bytes, and is as PyTorch writes
    it, lowest byte first.
    """
    for _ in range(2):
        _, at = pickles.load(at)
    value, at = pickles.load(at)
    keys, at = pickles.load(at)
    found: dict[str, memoryview] = {}

    def read(key: str) -> memoryview:
        if key not in found:
            raise _missing(file, key)
        return found[key]

    storages = Storages(file, read)
    sizes = storages.sizes(pickles.references)
    for key in keys if isinstance(keys, list) else []:
        if not isinstance(key, (str, int)) or str(key) not in sizes:
            raise file.damaged("it has a storage that no tensor is in")
        size = file.uint(at, 8) * sizes[str(key)]
        found[str(key)] = file.take(at + 8, size)
        at += 8 + size
    return value, storages


def _nested(file: Buffer, pickles: Pickles) -> Storages:
    """The storages of a plain pickle, each of which is such a file of its own, as bytes."""

    def open_nested(data: memoryview) -> tuple[Reference, Storages]:
        part = Buffer(data, "PyTorch file")
        within = Pickles(part, pickles)
        first, end = within.load()
        if first != MAGIC:
            raise file.damaged("a storage in its pickle is none")
        value, storages = _stream(part, within, end)
        if not isinstance(value, Reference):
            raise file.damaged("a storage in its pickle is none")
        return value, storages

    return Storages(file, lambda key: memoryview(b""), open_nested)
