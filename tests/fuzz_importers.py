"""Throw damaged model files at every reader, and show what it does not refuse in words.

    python -m tests.fuzz_importers [inputs per reader] [seed]

Good files are cut, bent and spliced; in archives the members are, so that their checksums fit. A
reader may give a model or raise a UserError, within a second of the processor's time. Anything else
is printed, and the program fails.
"""

from __future__ import annotations

import io
import pickle
import random
import resource
import sys
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np

from app.core import modelfile
from app.core.errors import UserError
from app.core.model import Model
from app.importers import IMPORTERS, Imported, read_model
from app.importers.binary.buffer import Buffer
from app.importers.binary.pickle import Pickles
from app.importers.refused import refuse
from app.importers.several import read_together

from .imports import FILES, cases

SECONDS = 1.0
MEMORY = 3 * 2**30
EXTREMES = (
    0,
    1,
    2,
    7,
    8,
    0x7F,
    0x80,
    0xFF,
    0xFFFF,
    2**31 - 1,
    2**32 - 1,
    2**62,
    2**63 - 1,
    2**64 - 1,
)


def bend(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change a file in one to four ways."""
    bent = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if not bent:
            break
        at = chance.randrange(len(bent))
        if chance.random() < 0.5:  # where the structure is
            at = chance.randrange(min(len(bent), 2048))
        kind = chance.randrange(8)
        if kind == 0:
            bent[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            bent[at] = chance.randrange(256)
        elif kind == 2:
            width = chance.choice((1, 2, 4, 8))
            number = chance.choice(EXTREMES) % 256**width
            bent[at : at + width] = number.to_bytes(width, "little")
        elif kind == 3:
            del bent[at:]
        elif kind == 4:
            del bent[at : at + chance.randrange(1, 64)]
        elif kind == 5:
            piece = bent[at : at + chance.randrange(1, 64)]
            bent[at:at] = piece * chance.choice((1, 2, 50))
        elif kind == 6:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            bent[at : at + 32] = other[start : start + chance.randrange(1, 64)]
        else:
            to = chance.randrange(max(1, len(bent) - 8))
            bent[at : at + 8] = bent[to : to + 8]
    return bytes(bent)


def bend_text(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change JSON, keeping it JSON more often than not."""
    text = data.decode()
    words = [
        "null",
        "true",
        "-1",
        "0",
        "1e400",
        "[]",
        "{}",
        '""',
        "[[[]]]",
        "99999999999",
        "2.5",
        '"LSTM"',
    ]
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(text))
        ends = [text.find(c, at + 1) for c in ",]}"]
        start, end = text.find(":", at), min((e for e in ends if e > 0), default=-1)
        if 0 < start < end:
            text = text[: start + 1] + chance.choice(words) + text[end:]
    return text.encode() if chance.random() < 0.8 else bend(data, chance, others)


def bend_archive(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change a member of a zip archive, or the archive itself."""
    if chance.random() < 0.2:
        return bend(data, chance, others)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    usual = [name for name in members if name.endswith(("config.json", "data.pkl"))]
    name = chance.choice((*usual, *usual, *members))
    if not members[name]:
        return bend(data, chance, others)
    change = bend_text if name.endswith(".json") else bend
    members[name] = change(members[name], chance, others)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return written.getvalue()


SPLIT = b"\0shards\0"
"""Between the two files of a TensorFlow.js model, which are bent as one."""


def bend_pair(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change the JSON of a TensorFlow.js model, or its weights."""
    text, _, weights = data.partition(SPLIT)
    if chance.random() < 0.7:
        return bend_text(text, chance, others) + SPLIT + weights
    return text + SPLIT + bend(weights, chance, others)


def tensorflow_js() -> list[bytes]:
    """Models of TensorFlow.js, each as one string of bytes."""
    return [
        path.read_bytes() + SPLIT + path.with_suffix(".shard").read_bytes()
        for path in sorted(FILES.glob("tfjs_*.json"))
    ]


def read_pair(data: memoryview, _: object) -> Imported:
    """Read what `tensorflow_js` gives."""
    text, _, weights = bytes(data).partition(SPLIT)
    files = [("model.json", memoryview(text)), ("group1-shard1of1.bin", memoryview(weights))]
    return read_together(files, {})


ZIPPED = tuple(f"torch_saved_{name}.pt" for name in ("module", "script", "views", "projected"))
ZIPPED += ("torch_saved_lightning.ckpt",)
OTHERWISE = (
    "saved_module.old.pt",
    "saved_net.tar",
    "saved_first.tar",
    "saved_state.old.pth",
    ".pkl",
)


def pickles() -> list[bytes]:
    """Pickles of every protocol, of containers, numbers, texts and objects."""
    values = [
        1,
        -(2**70),
        2.5,
        "é",
        b"x",
        None,
        True,
        (1, 2, 3, 4),
        {"a": [1]},
        {3},
        frozenset("b"),
    ]
    objects = [Counter("aab"), np.arange(3), np.float32(1), np.dtype("i4"), bytearray(b"y"), print]
    return [pickle.dumps([*values, *objects], protocol) for protocol in range(6)]


def corpus(*suffixes: str) -> list[bytes]:
    """The good files of a kind."""
    return [path.read_bytes() for path in sorted(FILES.iterdir()) if path.name.endswith(suffixes)]


def is_written_out(data: bytes) -> bool:
    """Whether a file's layers are loops or stand step by step."""
    try:
        return "agreement" in read_model("file", memoryview(data)).detected
    except UserError:  # one that asks
        return False


def ours(data: bytes) -> list[bytes]:
    """A file of another framework as one of our own; none where something has to be said of it."""
    try:
        network = read_model("file", memoryview(data)).network
    except UserError:
        return []
    labels = tuple(map(str, range(network.outputs + (network.outputs == 1))))
    if network.outputs == 1 and not network.gives_probabilities:
        labels = labels[:1]
    model = Model("file", "", "", {"kind": "imported"}, network, None, labels)
    return [modelfile.to_bytes(model)]


def use(found: Imported) -> None:
    """Run a model that came through."""
    network = found.network
    timesteps = network.fixed_timesteps or 3
    if timesteps > 400:
        return
    if network.embedding:
        network.run(np.zeros((1, timesteps), int))
    elif network.features * timesteps < 10**6:
        network.run(np.ones((1, timesteps, network.features), np.float32))
    network.summary(timesteps)


Bend = Callable[[bytes, random.Random, list[bytes]], bytes]


def fuzz(
    name: str, read: Callable, good: list[bytes], bend_one: Bend, count: int, seed: int
) -> bool:
    """Read `count` bent files, and say what came of them: whether each was read or refused."""
    chance, outcomes, slowest = random.Random(f"{name} {seed}"), Counter(), 0.0
    seen: set[str] = set()
    begun = time.monotonic()
    for number in range(count):
        data = bend_one(chance.choice(good), chance, good)
        start, outcome = time.process_time(), "a model"
        try:
            found = read(memoryview(data), {})
            if isinstance(found, Imported):
                use(found)
        except UserError as error:
            outcome = type(error).__name__
        except Exception as error:
            outcome = f"FAULT {type(error).__name__}"
            where = traceback.extract_tb(error.__traceback__)[-1]
            key = f"{outcome} {where.filename}:{where.lineno}"
            if key not in seen:
                seen.add(key)
                place = f"{Path(where.filename).name}:{where.lineno}"
                print(f"  input {number}: {error!r:.200} in {place}")
        seconds = time.process_time() - start
        if seconds > SECONDS:
            outcome += " (slow)"
            print(f"  input {number}: {seconds:.1f} s, {outcome}")
        slowest = max(slowest, seconds)
        outcomes[outcome] += 1
    listed = ", ".join(f"{kind} {times:,}" for kind, times in outcomes.most_common())
    print(
        f"{name}: {count:,} in {time.monotonic() - begun:.0f} s; {listed}; "
        f"slowest {slowest * 1000:.0f} ms",
        flush=True,
    )
    return not any(kind.startswith("FAULT") or kind.endswith("(slow)") for kind in outcomes)


def main() -> int:
    """Fuzz everything."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    np.seterr(all="ignore")
    readers = {importer.name: importer.read for importer in IMPORTERS}
    tensors = corpus(".safetensors")
    whole = cases(".keras", ".h5", "_bidirectional.onnx")
    own = [made for name in whole for made in ours((FILES / name).read_bytes())]
    runs: list[tuple[str, Callable, list[bytes], Bend]] = [
        ("Keras .keras", readers["Keras"], corpus(".keras"), bend_archive),
        ("Keras .h5", readers["Keras"], corpus(".h5"), bend),
        ("PyTorch", readers["PyTorch"], tensors, bend),
        ("saved in zip", readers["PyTorch"], corpus(*ZIPPED), bend_archive),
        ("saved otherwise", readers["PyTorch"], corpus(*OTHERWISE), bend),
        ("opcodes", lambda data, _: Pickles(Buffer(data, "pickle")).load(), pickles(), bend),
        ("ONNX", readers["ONNX"], corpus(".onnx"), bend),
        ("loops", readers["ONNX"], [d for d in corpus(".onnx") if is_written_out(d)], bend),
        ("TensorFlow.js", read_pair, tensorflow_js(), bend_pair),
        ("our own", readers["LSTM cell visualizer"], own, bend),
        ("refused", lambda data, _: raise_(refuse("x", data)), corpus(".keras", ".onnx"), bend),
    ]
    held = [fuzz(*run, count, seed) for run in runs if only in run[0]]
    return 0 if held and all(held) else 1


def raise_(error: Exception) -> None:
    """Raise, as an expression."""
    raise error


if __name__ == "__main__":
    sys.exit(main())
