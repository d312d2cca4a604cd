"""What the page asks the API in one state, section by section, as its modules ask it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core.network import Recurrent
from ..service.step import Task
from .answers import Answers, Question
from .changes import Changes
from .vanishing import ask_vanishing

WHOLE_LAYER = 20_000
"""Weights of a layer that the page asks for at once (`SMALL` in load.js), not unit by unit."""
LEFT_OUT = 60
"""Words up to which each is left out in turn (`MEASURED` in scores.js)."""
RERUNS = 1_000
"""Runs with a word left out that one file holds; beyond that they are those of one label."""
UNIT_LEDGERS = 2_000_000
"""Numbers of the units' own ledgers that one file holds."""
LABELS = 100


def ask_everything(task: Task, changes: Changes, answers: Answers) -> None:
    """Ask whatever the page may ask while its sentence, its model and its changes stay."""
    model, wanted = task.model, task.wanted
    given = asked_input(task)
    pins = [pin.model_dump() for pin in wanted.pins or []]
    held: Question = {"pins": pins} if pins else {}
    layer: Question = {} if wanted.layer is None else {"layer": wanted.layer}
    answers.model(model, len(task.tokens))
    answers.head(model, len(task.tokens))
    every: list[Question] = [{}, *({"layer": name} for name in model.network.recurrent)]
    for choice in [*every, *([layer | held] if held else [])]:
        answers.step(given | {"model": model.id, "include": ["preactivations"]} | choice)
    for name, found in model.network.recurrent.items():
        _ask_weights(task, name, found, answers)

    again = input_again(task)
    ask_vanishing(again, len(task.tokens), answers)
    if again is None:
        return
    bases = [{"model": model.id, "layer": name} for name in model.network.recurrent]
    bases += [{"model": model.id, "layer": task.layer.name} | held] if held else []
    for base in bases:
        base = again | base
        answers.step(base)
        changes.ask(base, answers)
        _ask_memory(base, task, answers)
        _ask_scores(base, task, answers)


def _ask_weights(task: Task, name: str, layer: Recurrent, answers: Answers) -> None:
    units, features = layer.weights.units, layer.weights.features
    whole = 4 * units * (features + units + 1) <= WHOLE_LAYER
    for unit in [None] if whole else range(units):
        answers.weights(task.model, name, unit)


def _ask_memory(base: Question, task: Task, answers: Answers) -> None:
    layer = task.model.network.recurrent[base["layer"]]
    if layer.cell.memory is None:
        return  # nothing is kept, and nothing is asked
    units, timesteps = layer.weights.units, len(task.tokens)
    shown = range(units if units * timesteps * (timesteps + 1) <= UNIT_LEDGERS else 0)
    for unit in [None, *shown]:
        answers.step(base | {"include": ["memory"], "unit": unit})


def _ask_scores(base: Question, task: Task, answers: Answers) -> None:
    """The scores of every label, and the logit without each word in turn."""
    wanted, labels = task.wanted, list(task.model.labels)
    include = {"include": ["attributions", "gradients"]}
    default = answers.step(base | include)
    if default is None:
        return
    said = default["attributions"]["label"]
    first = list(dict.fromkeys([said, *([wanted.label] if wanted.label else []), *labels]))[:LABELS]
    for label in first:
        answers.step(base | {"label": label} | include)
    timesteps = len(task.tokens)
    if not 1 < timesteps <= LEFT_OUT:
        return
    for timestep in range(1, timesteps + 1):
        rest = input_again(task, timestep) or {}
        moved = {"pins": list(_moved(base.get("pins", []), timestep))}
        for label in first[: max(2 if wanted.label else 1, RERUNS // timesteps)]:
            question = base | rest | moved | {"label": label, "include": ["attributions"]}
            answers.step(question, keep={"attributions": ("label", "logit")})


def _moved(pins: list[dict[str, Any]], without: int) -> Iterator[dict[str, Any]]:
    """Pins behind a word that is left out move up with their words."""
    for pin in pins:
        if pin["timestep"] != without:
            yield pin | {"timestep": pin["timestep"] - (pin["timestep"] > without)}


def asked_input(task: Task) -> Question:
    """What is read, as it was given."""
    wanted = task.wanted
    for name in ("sentence", "token_ids", "inputs"):
        if (value := getattr(wanted, name)) is not None:
            return {name: value}
    raise AssertionError("a task reads something")


def input_again(task: Task, without: int | None = None) -> Question | None:
    """What gives a trace again, as `inputAgain` in inputs.js has it.

    Parameters
    ----------
    task : what was read
    without : a timestep to leave out, from 1

    Returns
    -------
    None where it cannot be asked
    """
    left = [token for k, token in enumerate(task.tokens, 1) if k != without]
    if task.wanted.inputs is not None:
        padding = len(task.tokens) - len(task.wanted.inputs)
        rows = enumerate(task.wanted.inputs, 1 + padding)
        return {"inputs": [row for k, row in rows if k != without]}
    own = [token for token in left if not token.get("padded")]
    if any(token["id"] is None for token in own):
        return None
    if all(token["text"] == str(token["id"]) for token in own):
        return {"token_ids": [token["id"] for token in own]}
    return {"sentence": " ".join(token["text"] for token in own)}
