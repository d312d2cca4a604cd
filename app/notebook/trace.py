"""What a layer did with a sequence: arrays by name, a table, files, the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from ..core.atomic_write import write_whole
from ..core.errors import BadInput
from ..service.encoding import encode
from ..service.formats import arrays_of, table_of, to_csv, to_npz
from ..service.formats.arrays import step_arrays

if TYPE_CHECKING:
    from .frame import Frame
    from .opened import OpenedModel

WRITERS = {"json": encode, "csv": to_csv, "npz": to_npz}


class Trace:
    """Every gate and state of one layer, at every timestep.

    Gates and states are attributes, arrays of shape (timesteps, units) in float32: `forget_gate`,
    `input_gate`, `candidate`, `output_gate`, `cell_state`, `hidden_state`; of a GRU `update_gate`,
    `reset_gate`, `candidate`, `hidden_state`. `input` is (timesteps, features). Row 0 is the first
    timestep; the state before it is `initial_state`.
    """

    def __init__(
        self, model: OpenedModel, wanted: Mapping[str, Any], answer: dict[str, Any]
    ) -> None:
        self.model = model
        self._wanted = wanted
        self._answer = answer
        self._arrays = arrays_of(answer)

    def __getattr__(self, name: str) -> np.ndarray:
        arrays = self.__dict__.get("_arrays", {})
        if name in arrays and name in self:
            return arrays[name]
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(
            f"This trace has no {name}: the cell is of kind {self._answer['layer']['cell']}, and "
            f"has {', '.join(self)}."
        )

    def __iter__(self) -> Iterator[str]:
        """Names of the gates and states, and `input`."""
        step = self._answer["steps"][0]
        return (name for name, value in step.items() if isinstance(value, np.ndarray))

    def __contains__(self, name: str) -> bool:
        return name in list(self)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __len__(self) -> int:
        return len(self.tokens)

    def __repr__(self) -> str:
        layer = self._answer["layer"]
        words = " ".join(self.tokens[:12]) + (" ..." if len(self) > 12 else "")
        return (
            f"{self.model.model.title}, layer {layer['name']}: {words}\n"
            f"  {len(self)} timesteps x {layer['units']} units: {', '.join(self)}"
        )

    @property
    def tokens(self) -> list[str]:
        """The words as they were written, or the timesteps' numbers."""
        return [token["text"] for token in self._answer["tokens"]]

    @property
    def known(self) -> list[bool]:
        """Which words the vocabulary has; ids and numbers are all known."""
        return [token["known"] for token in self._answer["tokens"]]

    @property
    def layer(self) -> dict[str, Any]:
        """Name, cell, units and features of the layer."""
        return dict(self._answer["layer"])

    @property
    def initial_state(self) -> dict[str, np.ndarray]:
        """The state before the first timestep, (units,) each."""
        return dict(self._answer["initial_state"])

    @property
    def state(self) -> dict[str, np.ndarray]:
        """The state after the last timestep: give it as `initial_state` to go on."""
        return dict(self._answer["state"])

    @property
    def output(self) -> np.ndarray:
        """What leaves the layer: (timesteps, units), or (units,) without return_sequences."""
        return self._arrays["output"]

    @property
    def prediction(self) -> dict[str, Any] | None:
        """`labels`, `probabilities`, `output` and `by_timestep`; None without a head."""
        return _with_arrays(self._answer["prediction"])

    @property
    def preactivations(self) -> dict[str, np.ndarray]:
        """The gates before their sigmoid or tanh, (timesteps, units) each."""
        prefix = "preactivations."
        names = [name for name in self._arrays if name.startswith(prefix)]
        return {name.removeprefix(prefix): self._arrays[name] for name in names}

    def memory(self, unit: int | None = None) -> dict[str, Any]:
        """What each source has left in the state: `magnitude`, (timesteps, timesteps + 1).

        With `unit`, `contributions` of the same shape: its shares with signs, which add up to its
        state. Column 0 is the initial state, column s timestep s.
        """
        return self._part("memory", unit=unit)

    def attributions(self, label: str | None = None) -> dict[str, Any]:
        """Each word's exact share of a label's logit: `scores`, (timesteps,)."""
        return self._part("attributions", label=label)

    def gradients(self, label: str | None = None) -> dict[str, Any]:
        """Norms of the logit's derivatives: `hidden_state`, `cell_state`, `input`, (timesteps,)."""
        return self._part("gradients", label=label)

    @property
    def gradient(self) -> SimpleNamespace:
        """The derivatives of the predicted label's logit: see `gradient_of`."""
        return self.gradient_of()

    def gradient_of(self, label: str | None = None, unit: int | None = None) -> SimpleNamespace:
        """The derivatives of one number with respect to every gate and state, unit by unit.

        Parameters
        ----------
        label : whose logit is derived; the predicted one if None
        unit : of a model without a head, whose last hidden state is derived instead; 0 if None

        Returns
        -------
        SimpleNamespace
            In float64, (timesteps, units) each: every gate after its activation (`forget_gate`...),
            the states through every path, and `along_memory`, the part of the memory's that came
            along its own line; `input`, (timesteps, features); `preactivations`, gate -> array
            before its activation.
        """
        found = step_arrays(
            self.model.answer(self._wanted, "gradients", label=label, unit=unit)["steps"]
        )

        def named(part: str) -> dict[str, np.ndarray]:
            start = f"{part}."
            return {n.removeprefix(start): a for n, a in found.items() if n.startswith(start)}

        preactivations = named("gradient_preactivations")
        return SimpleNamespace(**named("gradient"), preactivations=preactivations)

    def _part(self, name: str, **more: Any) -> dict[str, Any]:
        return _with_arrays(self.model.answer(self._wanted, name, **more)[name]) or {}

    def answer(
        self, *include: str, unit: int | None = None, label: str | None = None
    ) -> dict[str, Any]:
        """The answer of `/api/step`, with `include` of preactivations, memory and the rest."""
        return self.model.answer(self._wanted, *include, unit=unit, label=label)

    def arrays(self) -> dict[str, np.ndarray]:
        """Every array, by its name on the wire."""
        return dict(self._arrays)

    def frame(self, *include: str, unit: int | None = None, label: str | None = None) -> Any:
        """A tidy pandas DataFrame: one row for each timestep, unit and quantity.

        Parameters
        ----------
        include, unit, label : as in a request: "memory", "gradients", "attributions", ...

        Raises
        ------
        ImportError
            Where there is no pandas.
        """
        try:
            import pandas  # type: ignore[import-not-found]
        except ImportError:
            text = "frame() needs pandas (pip install pandas); arrays() has the same numbers."
            raise ImportError(text) from None
        table = table_of(self.answer("preactivations", *include, unit=unit, label=label))
        whole = dict.fromkeys(("timestep", "unit", "source"), "Int64")
        return pandas.DataFrame(table).astype(whole)

    def save(
        self, path: str | Path, *include: str, unit: int | None = None, label: str | None = None
    ) -> None:
        """Write a file, all of it or nothing: .csv, .json, .npz, or .html for the page."""
        path = Path(path)
        suffix = path.suffix.removeprefix(".")
        if suffix == "html":
            write_whole(path, self.page(timestep=len(self)).encode())
            return
        if suffix not in WRITERS:
            kinds = ", ".join(f".{name}" for name in (*WRITERS, "html"))
            raise BadInput(f"A name must end in one of {kinds}; {path.name} does not.")
        write_whole(path, self.to_bytes(suffix, *include, unit=unit, label=label))

    def to_bytes(
        self, format: str, *include: str, unit: int | None = None, label: str | None = None
    ) -> bytes:
        """The content of a file: json, csv or npz."""
        return WRITERS[format](self.answer(*include, unit=unit, label=label))

    def show(
        self, timestep: int | None = None, unit: int | None = None, height: int = 720
    ) -> Frame:
        """The page, in a frame of its own that needs no server.

        Parameters
        ----------
        timestep : from 1; the last if None
        unit : from 0
        height : of the frame, in pixels

        Raises
        ------
        BadInput
            For a timestep or unit that there is not.
        """
        from .frame import Frame

        units = self._answer["layer"]["units"]
        if timestep is not None and not 1 <= timestep <= len(self):
            raise BadInput(f"timestep is {timestep}, but there are timesteps 1 to {len(self)}.")
        if unit is not None and not 0 <= unit < units:
            raise BadInput(f"unit is {unit}, but there are units 0 to {units - 1}.")
        return Frame(self.page(timestep=timestep or len(self), unit=unit), height)

    def page(self, **state: Any) -> str:
        """The page as one HTML document that needs no server.

        Parameters
        ----------
        state : what its address would say besides: `timestep`, `unit`, `label`, `theme`, ...

        Raises
        ------
        BadInput
            For a trace with an initial state of its own: the page's begin at zero.
        """
        from ..export import exported_page

        if "initial_state" in self._wanted:
            raise BadInput(
                "The page begins at zero and cannot show a trace that was given an initial_state. "
                "Its arrays and frame() have the numbers; without initial_state there is a page."
            )
        query = {name: str(value) for name, value in state.items() if value is not None}
        return exported_page(self._query() | query, self.model.registry)

    def _repr_html_(self) -> str | None:
        return None if "initial_state" in self._wanted else self.show()._repr_html_()

    def _query(self) -> dict[str, str]:
        """The page's address of this trace."""
        wanted = {name: value for name, value in self._wanted.items() if value}
        query = {name: wanted[name] for name in ("model", "layer", "sentence") if name in wanted}
        if "token_ids" in wanted:
            query["token_ids"] = ",".join(map(str, wanted["token_ids"]))
        if "inputs" in wanted:
            query["inputs"] = ";".join(",".join(map(str, row)) for row in wanted["inputs"])
        if "pins" in wanted:
            query["pins"] = orjson.dumps(wanted["pins"]).decode()
        return query


def _with_arrays(part: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The same with arrays where there are lists of numbers."""
    if part is None:
        return None
    return {
        name: np.asarray(value) if isinstance(value, list) else value
        for name, value in part.items()
    }
