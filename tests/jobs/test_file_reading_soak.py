"""Files bent at random, one after the other: no process but a reader dies, and no memory stays."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from app.core.errors import UserError
from app.jobs.file_reading import FileReaders, FileRequest
from app.storage.names import new_owner
from app.storage.visitor_models import VisitorModels
from tests.imports import FILES, cases

MIB = 2**20
STRETCH = 150
"""Files between two looks at the memory."""


def resident() -> int:
    """Bytes of this process that are in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def bent(data: bytes, choice: random.Random) -> bytes:
    """The same with some bytes changed, doubled or left out."""
    changed = bytearray(data)
    for _ in range(choice.randint(0, 4)):
        at = choice.randrange(len(changed))
        match choice.randrange(3):
            case 0:
                changed[at] = choice.randrange(256)
            case 1:
                changed[at:at] = changed[at : at + choice.randint(1, 64)]
            case _:
                del changed[at : at + choice.randint(1, 8)]
    return bytes(changed)


@pytest.mark.soak
def test_bent_files_cost_the_server_neither_memory_nor_descriptors():
    choice, readers = random.Random(11), FileReaders(seconds=10)
    kept = VisitorModels(None, 16, 32 * MIB)
    files = [(FILES / name).read_bytes() for name in cases(".keras", ".h5", ".onnx")]
    looks, brought, said = [], 0, set()
    try:
        for _ in range(4):
            for _ in range(STRETCH):
                owner = new_owner()
                written = kept.unfinished(owner)
                data = memoryview(bent(choice.choice(files), choice))
                try:
                    readers.read(FileRequest(["bent"], str(written)), [data])
                    kept.take(written, owner)
                    brought += 1
                except UserError as refused:
                    said.add(refused.detail)
                assert not written.exists()
            looks.append((resident(), len(os.listdir("/proc/self/fd"))))
    finally:
        readers.stop()
    assert brought > 100
    assert all(10 < len(detail) < 1_000 for detail in said)
    assert looks[-1][0] - looks[0][0] < 24 * MIB, looks
    assert looks[-1][1] == looks[0][1], looks
