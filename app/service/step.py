"""A request made ready to run, and the answer it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.cells import Array, Trace
from ..core.errors import BadInput, NotFound, shorten, some_of
from ..core.model import Model
from ..core.network import Recurrent, Run
from ..core.network.size import Size
from ..settings import Settings
from .cost import QUICK, check_cost
from .explanations import PARTS, check_explanations, explanations
from .inputs import numbered, read_initial_states, read_inputs, read_pins
from .question import StepQuestion


@dataclass(frozen=True)
class Task:
    """A request that has been checked against its model: nothing can go wrong from here on."""

    wanted: StepQuestion
    model: Model
    layer: Recurrent
    tokens: list[dict[str, Any]]
    inputs: Array  # (1, timesteps) ids or (1, timesteps, features) numbers
    initial_states: dict[str, dict[str, Array]] | None
    pins: dict[str, Array] | None
    cost: Size

    @classmethod
    def of(cls, wanted: StepQuestion, model: Model, settings: Settings) -> Task:
        """Check a request to its model.

        Raises
        ------
        NotFound
            For a layer that is not there.
        TooLarge
            Over the limit of characters, tokens or numbers.
        BadInput
            For input that does not fit the model.
        """
        layer = find_layer(model, wanted.layer)
        tokens, inputs = read_inputs(wanted, model, settings)
        given = len(tokens)
        repeats = model.network.repeats
        longest = max(given, repeats.timesteps if repeats else 0)
        cost = check_cost(model, longest, settings)
        timesteps = model.network.timesteps_of(layer.name, given)
        if timesteps != given:  # behind what repeats a state: no words of the sentence's
            tokens = numbered(timesteps)
        check_explanations(wanted, model, layer, timesteps, settings)
        states = None
        if wanted.initial_state is not None:
            states = read_initial_states(wanted.initial_state, layer, model)
        pins = read_pins(wanted.pins, layer, timesteps) if wanted.pins else None
        return cls(wanted, model, layer, tokens, inputs, states, pins, cost)

    def is_large(self, numbers: int) -> bool:
        """Whether it takes more than a few milliseconds: work that others should not wait for.

        Parameters
        ----------
        numbers : from how many in one array on; where sources are told apart, for each of them
        """
        sources = len(self.tokens) + 1 if PARTS.intersection(self.wanted.include) else 1
        return self.cost.widest * sources >= numbers or self.cost.products >= QUICK

    def run(self) -> Run:
        """Run the network.

        Raises
        ------
        BadInput
            Where an imported model's numbers grow beyond all bounds.
        """
        name, model = self.layer.name, self.model
        pins = {name: self.pins} if self.pins else None
        with np.errstate(over="ignore", invalid="ignore"):  # it is looked for below
            run = model.network.run(self.inputs, self.initial_states, pins)
        if model.provenance["kind"] == "imported":
            _check_finite(model, run)
        return run

    def answer(self, run: Run | None = None) -> dict[str, Any]:
        """Run the network and name everything, as the wire contract has it.

        Parameters
        ----------
        run : where it has run already

        Raises
        ------
        BadInput
            As `run`.
        """
        wanted, model, layer = self.wanted, self.model, self.layer
        run = run or self.run()
        trace = run.traces[layer.name]
        values = {name: array[0] for name, array in self._in_token_order(trace.values).items()}
        returns_all = layer.return_sequences
        if wanted.return_sequences is not None:
            returns_all = wanted.return_sequences
        output = self._output(trace)
        prediction = _prediction(model, run.by_timestep)
        answer = {
            "model": describe(model),
            "layer": layer_row(layer) | {"return_sequences": returns_all},
            "tokens": self.tokens,
            "initial_state": {name: array[0] for name, array in trace.initial_state.items()},
            "steps": self._steps(trace, values),
            "output": list(output) if returns_all else output[-1],
            "state": self._state(run) if wanted.return_state else None,
            "prediction": prediction,
        }
        if wanted.pins:
            answer["pins"] = [pin._asdict() for pin in wanted.pins]
        if PARTS.intersection(wanted.include):
            explained = explanations(wanted, model, layer, run, prediction)
            answer |= explained.parts
            _add(answer["steps"], explained.by_step)
        return answer

    def _state(self, run: Run) -> dict[str, Any]:
        """What a next request may start from: of a stack the states of all layers."""
        state: dict[str, Any] = last_state(run.traces[self.layer.name])
        network = self.model.network
        if len(network.recurrent) > 1 and network.reads_forward:
            state["layers"] = {name: last_state(trace) for name, trace in run.traces.items()}
        return state

    def _in_token_order(self, arrays: Mapping[str, Array]) -> Mapping[str, Array]:
        if not self.layer.go_backwards:
            return arrays
        return {name: np.ascontiguousarray(array[:, ::-1]) for name, array in arrays.items()}

    def _output(self, trace: Trace) -> Array:
        """What leaves the layer, in the order in which it read."""
        hidden = trace[self.layer.gives][0]
        if trace.mask is not None and self.layer.zero_output_for_mask:
            hidden = np.where(trace.mask[0, :, np.newaxis], hidden, hidden.dtype.type(0))
        return hidden

    def _steps(self, trace: Trace, values: dict[str, Array]) -> list[dict[str, Any]]:
        """One mapping for each timestep, in the tokens' order, the optional parts included."""
        extra = {}
        if "preactivations" in self.wanted.include:
            named = self._in_token_order(trace.preactivations)
            extra["preactivations"] = {name: z[0] for name, z in named.items()}
        layer = self.layer
        mask = None if trace.mask is None else layer.in_token_order(trace.mask)[0]
        inputs = trace.inputs[0]
        if layer.go_backwards:
            inputs = np.ascontiguousarray(inputs[::-1])
        return _rows(self.tokens, inputs, values, extra, mask)


def last_state(trace: Trace) -> dict[str, Array]:
    """The state after the last timestep, each part (units,)."""
    return {name: trace[name][0, -1] for name in trace.cell.states}


def _check_finite(model: Model, run: Run) -> None:
    """Weights of a model that was never run here may make numbers that float32 cannot hold."""
    arrays = [trace[name] for trace in run.traces.values() for name in trace.cell.states]
    if run.by_timestep is not None:
        arrays.append(run.by_timestep)
    if not all(np.isfinite(array).all() for array in arrays):
        raise BadInput(
            f"On this input the numbers of the model {model.id} grow beyond what float32 can hold. "
            "Send smaller numbers, or a shorter sequence."
        )


def find_layer(model: Model, name: str | None) -> Recurrent:
    """The recurrent layer of that name; the first if None.

    Raises
    ------
    NotFound
        Naming the layers there are.
    """
    layers = model.network.recurrent
    if name is None:
        return next(iter(layers.values()))
    if name not in layers:
        raise NotFound(
            f"The model {model.id} has no recurrent layer {shorten(name)}. It has: "
            f"{some_of(list(layers))}."
        )
    return layers[name]


def describe(model: Model) -> dict[str, Any]:
    """Which model, and whose weights."""
    return {"id": model.id, "title": model.title, "provenance": model.provenance}


def layer_row(layer: Recurrent) -> dict[str, Any]:
    """A recurrent layer in a line; what is as usual is left out."""
    cell = layer.cell
    unusual = {
        "go_backwards": layer.go_backwards or None,
        "restores_order": layer.restores_order or None,
        "activation": cell.activation if cell.activation != "tanh" else None,
        "recurrent_activation": cell.recurrent_activation
        if cell.recurrent_activation != "sigmoid"
        else None,
        "peephole": layer.weights.peephole is not None or None,
        "hidden": layer.weights.hidden if layer.weights.projection is not None else None,
    }
    return {
        "name": layer.name,
        "cell": cell.name,
        "units": layer.weights.units,
        "features": layer.weights.features,
        "return_sequences": layer.return_sequences,
        **cell.declaration,
    } | {name: value for name, value in unusual.items() if value is not None}


def _rows(
    tokens: list[dict[str, Any]],
    inputs: Array,
    values: dict[str, Array],
    extra: dict[str, dict[str, Array]],
    mask: Array | None,
) -> list[dict[str, Any]]:
    """One mapping for each timestep: the columns of the trace turned into rows."""
    columns = zip(*values.values(), strict=True)
    rows = zip(tokens, inputs, columns, strict=True)
    steps = [
        {"timestep": t, "token": token["text"], "input": x} | dict(zip(values, row, strict=True))
        for t, (token, x, row) in enumerate(rows, 1)
    ]
    _add(steps, extra)
    if mask is not None:
        for step, kept in zip(steps, mask, strict=True):
            if not kept:
                step["masked"] = True
    return steps


def _add(steps: list[dict[str, Any]], parts: Mapping[str, Mapping[str, Array]]) -> None:
    """Give each timestep its row of each part's arrays."""
    for part, named in parts.items():
        for t, step in enumerate(steps):
            step[part] = {name: array[t] for name, array in named.items()}


def _prediction(model: Model, by_timestep: Array | None) -> dict[str, Any] | None:
    """What the head says. A single sigmoid speaks for two labels: 1 - p and p."""
    if by_timestep is None:
        return None
    network, outputs = model.network, by_timestep[0]
    probabilities = outputs
    if network.gives_probabilities and outputs.shape[1] == 1:
        probabilities = np.concatenate([1 - outputs, outputs], axis=1)
    return {
        "output": list(outputs) if network.predicts_every_timestep else outputs[-1],
        "labels": model.labels,
        "probabilities": probabilities[-1] if network.gives_probabilities else None,
        "by_timestep": list(probabilities) if network.predicts_prefixes else None,
    }
