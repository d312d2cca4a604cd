"""Zip archives, opened without trust: sizes are added up before anything is inflated."""

from __future__ import annotations

import io
import zipfile
import zlib

from ...core.errors import BadInput, TooLarge
from .buffer import MAX_BYTES, Buffer

SIGNATURE = b"PK\x03\x04"
MAX_MEMBERS = 10_000


class Archive:
    """The members of a zip archive, read one at a time and into memory only.

    Names are looked up, never used as paths, so that none can point anywhere.

    Raises
    ------
    BadInput
        For an archive that is damaged.
    TooLarge
        For one that would inflate to more than is read.
    """

    def __init__(self, data: bytes | memoryview) -> None:
        self._data = Buffer(data, "zip archive")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise _damaged(error) from None
        if len(members) > MAX_MEMBERS:
            raise TooLarge(f"The archive has {len(members):,} members; at most {MAX_MEMBERS:,}.")
        total = sum(member.file_size for member in members)
        if total > MAX_BYTES:
            raise TooLarge(
                f"The archive would inflate to {total:,} bytes; the limit is {MAX_BYTES:,}."
            )
        self._members = {member.filename: member for member in members}

    @property
    def names(self) -> list[str]:
        """Names of the members."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def view(self, name: str) -> memoryview:
        """One member where it stands, or inflated where it is compressed.

        Its checksum is not looked at: PyTorch can be told to write none.
        """
        member = self._members[name]
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
            return memoryview(self.read(name))
        at = member.header_offset
        if bytes(self._data.take(at, 4)) != SIGNATURE:
            raise _damaged("a member is not where it says")
        start = at + 30 + self._data.uint(at + 26, 2) + self._data.uint(at + 28, 2)
        return self._data.take(start, member.file_size)

    def read(self, name: str) -> bytes:
        """Inflate one member, to no more than it declared."""
        member = self._members[name]
        try:
            with self._zip.open(member) as file:
                data = file.read(member.file_size)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            ValueError,
            OSError,
        ) as error:
            raise _damaged(error) from None
        if len(data) != member.file_size:
            raise _damaged("a member is shorter than it says")
        return data


def _damaged(how: object) -> BadInput:
    text = str(how)[:80] or "a part cannot be read"
    if text == "File is not a zip file":
        text = "it begins as one, but its end is missing, so it was cut off"
    return BadInput(f"This zip archive is damaged: {text}. Save the model again and send that.")
