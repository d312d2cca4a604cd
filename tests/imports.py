"""The model files of fixtures/imports/, and what the frameworks that wrote them compute."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.core.cells import Array
from app.core.network import Run
from app.importers import Imported, read_model

FILES = Path(__file__).parent / "fixtures" / "imports"
TOLERANCE = 1e-6

EXPECTED: dict[str, Array] = {}
for path in FILES.glob("*.npz"):
    with np.load(path) as stored:
        EXPECTED |= dict(stored)


def cases(*suffixes: str) -> list[str]:
    """Names of the files that end in one of the suffixes and are read whole, without a word."""
    names = sorted(path.name for path in FILES.iterdir() if path.name.endswith(suffixes))
    return [name for name in names if not name.startswith(("part_", "torch_part_", "ask_"))]


def imported(name: str, **options: object) -> Imported:
    return read_model(name, memoryview((FILES / name).read_bytes()), options)


def expected(name: str) -> dict[str, Array]:
    """What a file has to give, without its name; of formats of the same model, the first's."""
    stem = name.split(".", 1)[0]
    for known in (name, f"{stem}.keras"):
        found = {
            key.removeprefix(f"{known}/"): a
            for key, a in EXPECTED.items()
            if key.startswith(f"{known}/")
        }
        if found:
            return found
    raise KeyError(name)


def run(found: Imported, inputs: Array) -> Run:
    return found.network.run(inputs if found.network.embedding else inputs.astype(np.float32))


def output(found: Imported, run: Run) -> Array:
    """What the framework would return: all rows, or the last one."""
    assert run.by_timestep is not None
    every = found.network.predicts_every_timestep
    return run.by_timestep if every else run.by_timestep[:, -1]


def assert_close(actual: Array, wanted: Array, tolerance: float = TOLERANCE) -> None:
    assert actual.shape == wanted.shape
    assert np.abs(actual - wanted).max() <= tolerance * max(1, np.abs(wanted).max())


def assert_agrees(name: str, found: Imported) -> None:
    """Hold output and hidden states to those of the framework."""
    wanted = expected(name)
    done = run(found, wanted["inputs"])
    if "output" in wanted:
        assert_close(output(found, done), wanted["output"])
    layers = found.network.recurrent
    names = list(layers)
    for key, states in wanted.items():
        if not key.startswith("hidden_state:"):
            continue
        layer = key.removeprefix("hidden_state:")
        if layer.startswith("last"):  # the file names it in its own way
            layer = names[-2 if layer == "last/forward" else -1]
        trace = done.traces[layer]
        assert_close(layers[layer].in_token_order(trace["hidden_state"]), states)
