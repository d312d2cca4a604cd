"""An answer as arrays, for NumPy."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

NESTED = (
    "layer",
    "initial_state",
    "output",
    "state",
    "prediction",
    "memory",
    "gradients",
    "updates",
    "attributions",
)
"""Parts of an answer whose arrays go by the names in them, with a dot between."""


def arrays_of(answer: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Every number of an answer, by its name on the wire.

    Returns
    -------
    `forget_gate` and whatever else a step has, each (timesteps, units), `input` (timesteps,
    features); `timestep` from 1, `tokens`, `token_ids` (-1 for a timestep that is no word),
    `known` and `masked`, each (timesteps,); names of names with a dot between, such as
    `memory.magnitude` (timesteps, timesteps + 1) and `prediction.probabilities` (labels,)
    """
    tokens, steps = answer["tokens"], answer["steps"]
    ids = [-1 if token["id"] is None else token["id"] for token in tokens]
    found: dict[str, np.ndarray] = {
        "model.id": np.array(answer["model"]["id"]),
        "model.title": np.array(answer["model"]["title"]),
        "timestep": np.arange(1, len(steps) + 1),
        "tokens": np.array([token["text"] for token in tokens], dtype=np.str_),
        "token_ids": np.array(ids, np.int64),
        "known": np.array([token["known"] for token in tokens]),
        "masked": np.array([step.get("masked", False) for step in steps]),
    }
    found |= step_arrays(steps)
    for name in NESTED:
        found |= _flat(name, answer.get(name))
    return found


def step_arrays(steps: list[dict[str, Any]]) -> dict[str, np.ndarray]:
    """The arrays of all timesteps together, (timesteps, units) each."""
    first: dict[str, Any] = steps[0]
    plain = [name for name, value in first.items() if isinstance(value, np.ndarray)]
    found = {name: np.stack([step[name] for step in steps]) for name in plain}
    for part, named in first.items():
        if isinstance(named, Mapping):
            for name in named:
                found[f"{part}.{name}"] = np.stack([step[part][name] for step in steps])
    return found


def _flat(name: str, value: Any) -> Iterator[tuple[str, np.ndarray]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}", inner)
    elif value is not None:
        text = name == "prediction.labels"  # of which there may be none to tell their type
        yield name, np.array(value, np.str_ if text else None)


def to_npz(answer: Mapping[str, Any]) -> bytes:
    """The arrays in one file, for `numpy.load`; no pickle is needed to read it."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays_of(answer))
    return file.getvalue()
