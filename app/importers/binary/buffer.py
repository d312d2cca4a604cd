"""Bytes of a file nobody vouches for, read only within their bounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ...core.cells import Array
from ...core.errors import BadInput, shorten

MAX_BYTES = 256 * 1024 * 1024
"""The most that the arrays of one file may take, however often it names the same bytes."""


class Buffer:
    """A file, or a part of one, that refuses to be read outside itself.

    Parameters
    ----------
    data : bytes, or a view of bytes
    what : what the bytes are to be, for the error's text
    """

    def __init__(self, data: bytes | memoryview, what: str) -> None:
        self.data = memoryview(data)
        self.what = what
        self._spent = 0

    def __len__(self) -> int:
        return len(self.data)

    def damaged(self, how: str) -> BadInput:
        """The error for contents that contradict themselves."""
        return BadInput(f"This {self.what} is damaged: {how}. Save the model again and send that.")

    def take(self, at: int, size: int) -> memoryview:
        """`size` bytes from `at` on.

        Raises
        ------
        BadInput
            Where they are not all there.
        """
        if at < 0 or size < 0 or at + size > len(self.data):
            raise self.damaged(
                f"it has {len(self.data):,} bytes, but speaks of {shorten(str(size))[1:-1]} bytes "
                f"from {shorten(str(at))[1:-1]} on"
            )
        return self.data[at : at + size]

    def uint(self, at: int, size: int) -> int:
        """An unsigned integer of `size` bytes, lowest first."""
        return int.from_bytes(self.take(at, size), "little")

    def spend(self, size: int) -> None:
        """Count bytes that somebody is about to make arrays of.

        Raises
        ------
        BadInput
            Where the file asks for more than `MAX_BYTES` altogether.
        """
        self._spent += size
        if self._spent > MAX_BYTES:
            raise self.damaged(f"its arrays would take more than {MAX_BYTES:,} bytes")

    def array(self, at: int, size: int, shape: Sequence[int], dtype: str) -> Array:
        """Read an array, `dtype` as NumPy names it or "bfloat16", as native float32 where floating.

        Raises
        ------
        BadInput
            Where `size` is not what the shape takes, or the bytes are not there.
        """
        stored = np.dtype("<u2" if dtype == "bfloat16" else dtype)
        if len(shape) > 8 or any(n < 0 for n in shape):
            raise self.damaged("one of its arrays has an impossible shape")
        expected = math.prod(shape) * stored.itemsize
        if size != expected:
            raise self.damaged(
                f"an array of shape {shorten(str(tuple(shape)))[1:-1]} takes "
                f"{shorten(str(expected))[1:-1]} bytes, but has {shorten(str(size))[1:-1]}"
            )
        raw = self.take(at, size)
        self.spend(max(size, 4 * math.prod(shape)))
        array = np.frombuffer(raw, stored).reshape(shape)
        if dtype == "bfloat16":  # the upper half of a float32
            return (array.astype(np.uint32) << 16).view(np.float32)
        if stored.kind != "f":
            return array.astype(np.int64, copy=False)
        with np.errstate(over="ignore"):
            return array.astype(np.float32)
