"""The optional parts of an answer that explain it: checked first, computed after the run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ..core.cells import Array, Trace
from ..core.errors import BadInput, TooLarge, shorten, some_of
from ..core.explain import (
    Backward,
    Ledger,
    Logit,
    attribute,
    backpropagate,
    check_ledger,
    derivatives,
    gradient_norms,
    hidden_of,
    of_layer,
    read_logit,
)
from ..core.model import Model
from ..core.network import Activation, Bidirectional, Dense, HeadLayer, Recurrent, Run
from ..core.network.chain import leaving, states_of_layers
from ..settings import Settings
from .question import StepQuestion

PARTS = frozenset({"memory", "gradients", "attributions", "updates"})


def check_explanations(
    wanted: StepQuestion, model: Model, layer: Recurrent, timesteps: int, settings: Settings
) -> None:
    """Refuse a unit, a label or an optional part that there is not.

    Raises
    ------
    BadInput
        Saying what there is instead.
    TooLarge
        For a ledger over the limit of numbers.
    """
    unit, units, include = wanted.unit, layer.weights.units, wanted.include
    if unit is not None and not 0 <= unit < units:
        raise BadInput(
            f"unit is {shorten(str(unit))[1:-1]}, but the layer {layer.name} has units 0 to "
            f"{units - 1}."
        )
    if wanted.label is not None or {"attributions", "updates"}.intersection(include):
        _check_label(wanted.label, model)
    if "memory" in include or "attributions" in include:
        check_ledger(layer.cell)
    if "memory" in include and timesteps * (timesteps + 1) > settings.max_numbers:
        raise TooLarge(
            f"The memory ledger of {timesteps} timesteps has {timesteps * (timesteps + 1):,} "
            f"numbers; the limit is {settings.max_numbers:,}. Send a shorter sequence."
        )
    derived = sorted({"gradients", "updates"}.intersection(include))
    if derived and (gives := model.network.gives_cell_state):
        raise BadInput(
            f"The answer of the model {model.id} is read off the cell state of {gives.name}, and "
            f"{' and '.join(derived)} are worked out for hidden states. Ask for attributions or "
            "memory: the ledger adds up to the cell state itself."
        )
    if "attributions" in include:
        _check_attributions(model, layer)


def has_labels(model: Model) -> bool:
    """Whether there is an answer, whose logit can be explained."""
    return bool(model.network.head and model.labels)


def _check_label(label: str | None, model: Model) -> None:
    if not has_labels(model):
        raise BadInput(f"The model {model.id} has no head with labels, and so no logit to explain.")
    if label is not None and label not in model.labels:
        raise BadInput(
            f"The model {model.id} has no label {shorten(label)}. Its labels are: "
            f"{some_of(model.labels)}."
        )


def _check_attributions(model: Model, layer: Recurrent) -> None:
    dense = [part.name for part in model.network.head if isinstance(part, Dense)]
    if len(dense) > 1:
        raise BadInput(
            f"The model {model.id} has hidden layers between its recurrent layer and its logits "
            f"({', '.join(dense[:-1])}), which mix the words: there are no exact scores. Ask for "
            "gradients."
        )
    if model.network.reads_all_layers:
        raise BadInput(
            f"The head of the model {model.id} reads the last states of all its recurrent layers, "
            "and the ledger is that of one: there are no exact scores. Ask for gradients."
        )
    if any(isinstance(part, Activation) for part in _before_dense(model.network.head)):
        raise BadInput(
            f"The model {model.id} has an activation between its hidden states and its dense "
            "layer, which mixes the words: there are no exact scores. Ask for gradients."
        )
    last = model.network.last_recurrent
    names = [last.name] if isinstance(last, Recurrent) else [last.forward.name, last.backward.name]
    if layer.name not in names:
        raise BadInput(
            f"Attributions are for the last recurrent layer, {' and '.join(names)}, and the layer "
            f"is {layer.name}."
        )
    if isinstance(last, Bidirectional) and last.merge_mode == "mul":
        raise BadInput(
            f"The layer {last.name} multiplies its directions, which mixes what each of them made "
            "of a word: there are no exact scores. Ask for gradients."
        )


def _before_dense(head: Sequence[HeadLayer]) -> list[HeadLayer]:
    """The layers of a head that stand before its first dense one; none where it has none."""
    dense = [place for place, part in enumerate(head) if isinstance(part, Dense)]
    return list(head[: dense[0]]) if dense else []


class Explained(NamedTuple):
    """What is said of the whole sequence, and of each timestep: part -> name -> array."""

    parts: dict[str, Any]
    by_step: dict[str, dict[str, Array]]


def explanations(
    wanted: StepQuestion,
    model: Model,
    layer: Recurrent,
    run: Run,
    prediction: dict[str, Any] | None,
) -> Explained:
    """The parts that were asked for, as the wire contract has them."""
    trace = run.traces[layer.name]
    parts: dict[str, Any] = {}
    if "memory" in wanted.include:
        parts["memory"] = _memory(Ledger.of(trace), wanted.unit, layer.go_backwards)
    if not (PARTS - {"memory"}).intersection(wanted.include):
        return Explained(parts, {})
    if not has_labels(model):
        found = _of_unit(layer, trace, wanted.unit or 0)
        return Explained(parts | found.parts, found.by_step)
    if prediction is None or run.by_timestep is None:
        return Explained(parts, {})
    label = wanted.label
    if label is None:
        probabilities = prediction["probabilities"]
        scores = run.by_timestep[0, -1] if probabilities is None else probabilities
        label = model.labels[scores.argmax()]
    logit, by_step = _logit(model, run, label), {}
    if "gradients" in wanted.include:
        found = _of_logit(model, run, layer.name, label, logit)
        parts, by_step = parts | found.parts, found.by_step
    if "updates" in wanted.include:
        lesson = backpropagate(model.network, run.traces, layer.name, logit.d_loss)
        parts["updates"] = {"label": label, "input": gradient_norms(lesson).inputs}
    if "attributions" in wanted.include:
        parts["attributions"] = {
            "label": label,
            "logit": logit.value,
            "bias": logit.bias,
            **_attributions(model, run, logit),
        }
    return Explained(parts, by_step)


def _attributions(model: Model, run: Run, logit: Logit) -> dict[str, Any]:
    """Shares in the tokens' order; of two directions each has its own, and both are added up."""
    last = model.network.last_recurrent
    directions = {}
    for name, d_hidden in hidden_of(last, run.traces, logit.d_hidden[np.newaxis]).items():
        gives = model.network.recurrent[name].gives
        shares = attribute(run.traces[name], d_hidden[0], gives)
        turn = -1 if model.network.recurrent[name].go_backwards else 1
        directions[name] = {
            "initial_state": shares.initial_state,
            "scores": np.ascontiguousarray(shares.scores[::turn]),
        }
    if len(directions) == 1:
        return next(iter(directions.values()))
    initial, scores = (
        sum(each[part] for each in directions.values()) for part in ("initial_state", "scores")
    )
    return {"initial_state": initial, "scores": scores, "directions": directions}


def _of_logit(model: Model, run: Run, layer: str, label: str, logit: Logit) -> Explained:
    backward = backpropagate(model.network, run.traces, layer, logit.d_hidden)
    return _gradients(backward, {"label": label, "logit": logit.value})


def _of_unit(layer: Recurrent, trace: Trace, unit: int) -> Explained:
    """Where no head gives an answer: of a unit's last hidden state."""
    hidden = trace["hidden_state"][0]
    d_hidden = np.zeros(hidden.shape)
    d_hidden[-1, unit] = 1
    said = {"label": None, "logit": None, "unit": unit, "value": float(hidden[-1, unit])}
    return _gradients(of_layer(layer, trace, d_hidden), said)


def _gradients(backward: Backward, of: dict[str, Any]) -> Explained:
    """Of what, its norms at each timestep, and each step's own derivatives."""
    norms, found = gradient_norms(backward), derivatives(backward)
    direct = {} if norms.direct is None else {"direct": norms.direct}
    along = {} if found.along_memory is None else {"along_memory": found.along_memory}
    whole = of | norms.states | direct | {"input": norms.inputs, "input_dot": norms.input_dot}
    whole["initial_state"] = found.initial_state
    by_step = {
        "gradient": found.values | along,
        "gradient_preactivations": found.preactivations,
    }
    return Explained({"gradients": whole}, by_step)


def _memory(ledger: Ledger, unit: int | None, backwards: bool) -> dict[str, Any]:
    """Two triangles, in float32 as they may be large; upper ones where the end was read first."""
    triangles = {
        "magnitude": ledger.magnitude(),
        "contributions": None if unit is None else ledger.contributions(unit),
    }
    for name, triangle in triangles.items():
        if triangle is not None:
            if backwards:
                triangle = np.hstack([triangle[::-1, :1], triangle[::-1, :0:-1]])
            triangles[name] = np.ascontiguousarray(triangle, np.float32)
    return {"unit": unit} | triangles


def _logit(model: Model, run: Run, label: str) -> Logit:
    network = model.network
    layer = list(network.recurrent.values())[-1]
    mask = run.traces[layer.name].mask
    if network.reads_all_layers:
        hidden = states_of_layers(network, run.traces)[0, -1:]
    else:
        hidden = leaving(network.last_recurrent, run.traces)[0]
    return read_logit(
        network.head,
        hidden,
        model.labels.index(label),
        len(model.labels),
        None if mask is None else layer.in_token_order(mask)[0],
    )
