"""HDF5, as far as model files use it: groups, attributes, and arrays stored in one piece.

Follows the HDF5 File Format Specification 3.0: superblocks 0 to 3, object headers 1 and 2, groups
as symbol tables or as links, attributes 1 to 3. Nothing is followed out of the file, nothing is
decompressed, and every structure is visited once at most.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ...core.cells import Array
from ...core.errors import BadInput
from .buffer import Buffer
from .hdf5_values import File, Value, read_dataspace, read_datatype, read_value

SIGNATURE = b"\x89HDF\r\n\x1a\n"
UNDEFINED = 2**64 - 1

DATASPACE, LINK_INFO, DATATYPE, EXTERNAL_FILES, LINK = 0x01, 0x02, 0x03, 0x07, 0x06
LAYOUT, FILTERS, ATTRIBUTE, CONTINUATION = 0x08, 0x0B, 0x0C, 0x10
SYMBOL_TABLE, ATTRIBUTE_INFO = 0x11, 0x15


def open_hdf5(data: bytes | memoryview) -> Node:
    """The root group of a file.

    Raises
    ------
    BadInput
        For a file that is damaged or uses what is not read.
    """
    file = File(data)
    version = file.uint(8, 1)
    if version in (0, 1):
        sizes, root_at = file.take(13, 2), 24 + 4 * version + 4 * 8 + 8
    elif version in (2, 3):
        sizes, root_at = file.take(9, 2), 12 + 3 * 8
    else:
        raise file.damaged(f"its version {version} does not exist")
    if bytes(sizes) != b"\x08\x08":
        raise file.damaged("its addresses are not 8 bytes long")
    return Node(file, file.uint(root_at, 8), "/")


@dataclass(frozen=True)
class Node:
    """A group or an array, read when somebody asks."""

    file: File
    address: int
    path: str

    @cached_property
    def _messages(self) -> list[tuple[int, int, Buffer]]:
        """Type, flags and contents of every message of the object's header."""
        head = bytes(self.file.take(self.address, 5))
        read = _messages_2 if head == b"OHDR\x02" else _messages_1
        if read is _messages_1 and head[0] != 1:
            raise self.file.damaged(f"there is no object at {self.path}")
        return list(read(self.file, self.address))

    def _message(self, kind: int) -> Buffer | None:
        return next((body for found, _, body in self._messages if found == kind), None)

    @cached_property
    def attributes(self) -> dict[str, Value]:
        """Attributes by name; None for a value of a type that is not read."""
        info = self._message(ATTRIBUTE_INFO)
        if info is not None:
            at = 4 if info.uint(1, 1) & 1 else 2
            if info.uint(at, 8) != UNDEFINED:
                raise _newer(self.path)
        found = {}
        for kind, flags, body in self._messages:
            if kind == ATTRIBUTE and not flags & 2:  # bit 1: kept elsewhere and shared
                name, value = _attribute(self.file, body)
                found[name] = value
        return found

    @cached_property
    def children(self) -> dict[str, Node]:
        """What a group holds, by name; nothing for an array."""
        table, found = self._message(SYMBOL_TABLE), {}
        if table is not None:
            found |= _symbols(self.file, table.uint(0, 8), table.uint(8, 8))
        info = self._message(LINK_INFO)
        if info is not None:
            at = 10 if info.uint(1, 1) & 1 else 2
            if info.uint(at, 8) != UNDEFINED:
                raise _newer(self.path)
        for kind, _, body in self._messages:
            if kind == LINK:
                name, address = _link(body)
                found[name] = address
        base = self.path.rstrip("/")
        return {name: Node(self.file, address, f"{base}/{name}") for name, address in found.items()}

    def find(self, path: str) -> Node | None:
        """A node below this one by its path, None where there is none."""
        node: Node | None = self
        for name in path.split("/"):
            node = node.children.get(name) if node and name else node
        return node

    @property
    def is_array(self) -> bool:
        """Whether this is an array, and not a group."""
        return self._message(LAYOUT) is not None

    def array(self) -> Array:
        """The numbers of an array, float32 where floating.

        Raises
        ------
        BadInput
            For an array that is compressed, kept in another file, or not of numbers.
        """
        space, kind, layout = (self._message(m) for m in (DATASPACE, DATATYPE, LAYOUT))
        if space is None or kind is None or layout is None:
            raise self.file.damaged(f"{self.path} is not an array")
        if self._message(EXTERNAL_FILES) is not None:
            raise BadInput(f"The array {self.path} lies in another file. Send one file with all.")
        shape, dtype = read_dataspace(space), read_datatype(kind)
        if dtype.text == "opaque" and self.attributes.get("dtype") == "bfloat16":  # as Keras does
            dtype = dtype._replace(numpy="bfloat16")
        if dtype.numpy is None or shape is None:
            raise BadInput(f"The array {self.path} does not hold numbers.")
        version, form = layout.uint(0, 1), layout.uint(1, 1)
        if version not in (3, 4) or form > 1 or self._message(FILTERS) is not None:
            raise BadInput(
                f"The array {self.path} is compressed or stored in pieces, which is not read. "
                "Save the model with Keras's own model.save()."
            )
        if form == 0:  # compact: inside its message
            return layout.array(4, layout.uint(2, 2), shape, dtype.numpy)
        return self.file.array(layout.uint(2, 8), layout.uint(10, 8), shape, dtype.numpy)


def _newer(path: str) -> BadInput:
    return BadInput(
        f"{path} is stored in a form of HDF5 that is not read (dense storage). Save the model with "
        "Keras's own model.save()."
    )


def _messages_1(file: File, address: int) -> Iterator[tuple[int, int, Buffer]]:
    """Messages of an object header of version 1, blocks that continue it included."""
    blocks, seen = [(address + 16, file.uint(address + 8, 4))], set[int]()
    for at, size in blocks:  # grows while it is read
        block = Buffer(file.take(at, size), file.what)
        position = 0
        while position + 8 <= len(block):
            file.visit()
            kind, length = block.uint(position, 2), block.uint(position + 2, 2)
            flags = block.uint(position + 4, 1)
            body = Buffer(block.take(position + 8, length), file.what)
            position += 8 + length
            if kind == CONTINUATION:
                _continue(body, blocks, seen, 0)
            else:
                yield kind, flags, body


def _messages_2(file: File, address: int) -> Iterator[tuple[int, int, Buffer]]:
    """Messages of an object header of version 2, blocks that continue it included."""
    flags = file.uint(address + 5, 1)
    start = address + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
    width = 1 << (flags & 3)
    head = 6 if flags & 4 else 4
    blocks, seen = [(start + width, file.uint(start, width))], set[int]()
    for at, size in blocks:
        block = Buffer(file.take(at, size), file.what)
        position = 0
        while position + head <= len(block):
            file.visit()
            kind, length = block.uint(position, 1), block.uint(position + 1, 2)
            marks = block.uint(position + 3, 1)
            body = Buffer(block.take(position + head, length), file.what)
            position += head + length
            if kind == CONTINUATION:
                _continue(body, blocks, seen, 4)  # signature before, checksum behind
            else:
                yield kind, marks, body


def _continue(body: Buffer, blocks: list[tuple[int, int]], seen: set[int], frame: int) -> None:
    at, size = body.uint(0, 8), body.uint(8, 8)
    if at in seen:
        raise body.damaged("a header continues into itself")
    seen.add(at)
    blocks.append((at + frame, size - 2 * frame))


def _symbols(file: File, tree: int, heap: int) -> dict[str, int]:
    """Names and addresses in a symbol table: a B-tree whose leaves list entries."""
    if bytes(file.take(heap, 4)) != b"HEAP":
        raise file.damaged("a group has no names")
    names = Buffer(file.take(file.uint(heap + 24, 8), file.uint(heap + 8, 8)), file.what)
    found, waiting, seen = {}, [tree], set[int]()
    while waiting:
        at = waiting.pop()
        file.visit()
        if at in seen:
            raise file.damaged("a group contains itself")
        seen.add(at)
        kind = bytes(file.take(at, 4))
        if kind == b"TREE":
            used = file.uint(at + 6, 2)
            waiting += [file.uint(at + 32 + 16 * i, 8) for i in range(used)]
        elif kind == b"SNOD":
            for i in range(file.uint(at + 6, 2)):
                file.visit()
                entry = at + 8 + 40 * i
                name = _c_string(names, file.uint(entry, 8))
                if file.uint(entry + 16, 4) == 2:
                    raise _elsewhere(name)
                found[name] = file.uint(entry + 8, 8)
        else:
            raise file.damaged("a group's tree has an invalid node")
    return dict(sorted(found.items()))


def _c_string(names: Buffer, at: int) -> str:
    rest = bytes(names.take(at, min(1024, max(0, len(names) - at))))
    return rest.partition(b"\0")[0].decode(errors="replace")


def _link(body: Buffer) -> tuple[str, int]:
    """Name and address of a link message."""
    flags, at, kind = body.uint(1, 1), 2, 0
    if flags & 8:
        kind, at = body.uint(at, 1), at + 1
    at += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
    width = 1 << (flags & 3)
    length = body.uint(at, width)
    name = bytes(body.take(at + width, length)).decode(errors="replace")
    if kind != 0:
        raise _elsewhere(name)
    return name, body.uint(at + width + length, 8)


def _elsewhere(name: str) -> BadInput:
    return BadInput(
        f"{name[:60]!r} is a link to another place or file, which is not followed. Send one file "
        "with all in it."
    )


def _attribute(file: File, body: Buffer) -> tuple[str, Value]:
    """Name and value of an attribute message."""
    version, flags = body.uint(0, 1), body.uint(1, 1)
    if version not in (1, 2, 3):
        raise file.damaged(f"an attribute of version {version} does not exist")
    sizes = [body.uint(at, 2) for at in (2, 4, 6)]
    at, parts = 9 if version == 3 else 8, []
    for size in sizes:
        parts.append(Buffer(body.take(at, size), file.what))
        at += (size + 7) // 8 * 8 if version == 1 else size
    name = bytes(parts[0].data).rstrip(b"\0").decode(errors="replace")
    if version > 1 and flags & 3:  # its type or shape is kept elsewhere
        return name, None
    shape = read_dataspace(parts[2])
    return name, read_value(file, body, at, read_datatype(parts[1]), shape)
