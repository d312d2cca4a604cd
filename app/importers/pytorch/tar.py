"""The tar archive of PyTorch before 0.1.10, as `torch.serialization.legacy_load` reads it.

Three members: `storages` and `tensors`, each a number of pickled descriptions with the raw bytes
between them, and `pickle`, in which tensors are named by their keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ...core.errors import BadInput
from ..binary.buffer import Buffer
from ..binary.pickle import Global, Pickles, Record, Reference
from .storages import Storages
from .tensors import Find, SavedTensor, Storage

MEMBERS = ("storages", "tensors", "pickle")
BLOCK = 512
MAX_MEMBERS = 16
MAX_TENSORS = 10_000


def match(data: memoryview) -> bool:
    """Whether a tar archive has these members."""
    try:
        return set(MEMBERS) <= _members(Buffer(data, "PyTorch file")).keys()
    except BadInput:
        return False


def read(file: Buffer) -> tuple[Any, Find]:
    """What was saved, and its tensors.

    Raises
    ------
    BadInput
        For an archive that is damaged.
    """
    members = _members(file)
    if lacking := set(MEMBERS) - members.keys():
        raise file.damaged(f"its tar archive lacks {min(lacking)}")
    pickled = Pickles(members["pickle"])
    tensors = _tensors(members["tensors"], _storages(members["storages"], pickled), pickled)
    value, _ = pickled.load()

    def find(what: Reference | Record) -> Storage | SavedTensor | None:
        return tensors.get(str(what.name)) if isinstance(what, Reference) else None

    return value, find


def _members(file: Buffer) -> dict[str, Buffer]:
    """Name -> content of the first files, by the headers of 512 bytes that stand before each."""
    found: dict[str, Buffer] = {}
    at = 0
    for _ in range(MAX_MEMBERS):
        if at + BLOCK > len(file) or not file.data[at]:
            break
        header = bytes(file.take(at, BLOCK))
        size = header[124:136].strip(b" \0")
        if not re.fullmatch(rb"[0-7]{1,11}", size):
            raise file.damaged("a member of its tar archive has no size")
        content = file.take(at + BLOCK, int(size, 8))
        if header[156:157] in (b"0", b"\0"):
            name = header[:100].rstrip(b"\0").decode("latin-1").removeprefix("./")
            found[name] = Buffer(content, "PyTorch file")
        at += BLOCK + -(-len(content) // BLOCK) * BLOCK
    return found


def _storages(file: Buffer, within: Pickles) -> dict[str, Storage]:
    """Key, device and class of each, the number of its elements in eight bytes, and these.

    Behind them stand the views: (key, key of the whole, offset, size).
    """
    pickles, found = Pickles(file, within), {}
    one = Storages(file, lambda key: data)
    data = memoryview(b"")

    def add(row: Any, at: int) -> int:
        key, location, kind = row
        size = file.uint(at, 8)
        reference = Reference(("storage", kind, str(key), location, size))
        item = one.sizes([reference]).get(str(key))
        stored = one.find(reference)
        if item is None or stored is None:
            raise file.damaged("one of its storages is of an unknown type")
        raw = file.take(at + 8, size * item)
        found[str(key)] = Storage(stored.dtype, size, lambda: raw)
        return at + 8 + size * item

    at = _rows(file, pickles, 0, add)
    views, _ = pickles.load(at)
    for row in views if isinstance(views, list) else []:
        if not isinstance(row, tuple) or len(row) != 4 or str(row[1]) not in found:
            raise file.damaged("a view of its storages is not described")
        key, whole, offset, size = row
        of = found[str(whole)]
        found[str(key)] = Storage(of.dtype, size, _part(of, offset, file))
    return found


def _part(of: Storage, offset: Any, file: Buffer) -> Callable[[], memoryview]:
    def read() -> memoryview:
        raw = of.read()
        item = len(raw) // max(1, of.size)
        if type(offset) is not int or not 0 <= offset <= of.size:
            raise file.damaged("a view of a storage is outside it")
        return raw[offset * item :]

    return read


def _tensors(file: Buffer, storages: dict[str, Storage], within: Pickles) -> dict[str, SavedTensor]:
    """Key, storage and class of each, then dimensions, sizes, strides and offset as integers."""
    found: dict[str, SavedTensor] = {}

    def add(row: Any, at: int) -> int:
        key, storage, kind = row
        count = file.uint(at, 4)
        if count > 8 or not isinstance(kind, Global):
            raise file.damaged("one of its tensors has too many dimensions")
        numbers = [file.uint(at + 8 * (1 + place), 8) for place in range(2 * count + 1)]
        shape, strides, offset = numbers[:count], numbers[count:-1], numbers[-1]
        of = storages.get(str(storage))
        if of is not None:
            found[str(key)] = SavedTensor(of, of.dtype, offset, tuple(shape), tuple(strides))
        return at + 8 * (2 * count + 2)

    _rows(file, Pickles(file, within), 0, add)
    return found


def _rows(file: Buffer, pickles: Pickles, at: int, add: Callable[[Any, int], int]) -> int:
    """As many pickled rows as the first pickle says, each with what `add` reads behind it."""
    count, at = pickles.load(at)
    if type(count) is not int or not 0 <= count <= MAX_TENSORS:
        raise file.damaged("it does not say how many tensors it has")
    for _ in range(count):
        row, at = pickles.load(at)
        if not isinstance(row, tuple) or len(row) != 3:
            raise file.damaged("one of its tensors is not described")
        at = add(row, at)
    return at
