"""A trace as a table that a person can read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from .output import visible

if TYPE_CHECKING:
    from ..notebook import OpenedModel, Trace

STATES = ("cell_state", "hidden_state")
OPEN, SHUT = 0.8, 0.2
"""A gate's value from which it lets nearly everything through, and to which nearly nothing."""


UNKNOWN = " *"
FOOTNOTE = "* not in the vocabulary: read as the unknown word"


def heading(opened: OpenedModel, traced: Trace) -> Text:
    """Which model, whose weights, which layer."""
    layer = traced.layer
    about = f" ({opened.model.provenance['kind']}), {layer['name']}: {layer['cell']}"
    return Text(visible(opened.model.title), "bold") + Text(
        f"{about}, {layer['features']} features -> {layer['units']} units"
    )


def table(opened: OpenedModel, traced: Trace, units: Sequence[int]) -> Table:
    """A row for each timestep and unit, a column for each gate and state."""
    model = opened.model
    # numbers have no name but the timestep's
    token = ["word" if model.vocabulary else "id"] if model.network.embedding else []
    names = [name for name in traced if name != "input"]
    names.sort(key=lambda name: STATES.index(name) if name in STATES else -1)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for name in ("step" if token else "timestep", *token, "unit", *names):
        # of two words a narrow window makes two lines
        title, right = name.replace("_", " "), name not in token
        shown.add_column(
            title, justify="right" if right else "left", no_wrap=right and " " not in title
        )
    arrays = [(name, getattr(traced, name)) for name in names]
    for place, (word, known) in enumerate(zip(traced.tokens, traced.known, strict=True)):
        about = [visible(word) + ("" if known else UNKNOWN)] if token else []
        for unit in units:
            values = (_value(name, float(array[place, unit])) for name, array in arrays)
            shown.add_row(str(place + 1), *about, str(unit), *values)
        if len(units) > 1:
            shown.add_section()
    return shown


def _value(name: str, number: float) -> Text:
    """Open gates stand out, shut ones recede; states show their sign."""
    text = f"{number:.3f}"
    if name.endswith("_gate"):
        return Text(text, "bold" if number >= OPEN else "dim" if number <= SHUT else "")
    return Text(text, "blue" if number < 0 else "red")


def last_line(traced: Trace) -> str:
    """What the head says at the end."""
    prediction = traced.prediction
    if prediction is None:
        return ""
    labels, probabilities = map(visible, prediction["labels"]), prediction["probabilities"]
    if probabilities is None:
        return "output: " + ", ".join(f"{x:.3f}" for x in prediction["output"].ravel()[:20])
    order = sorted(zip(probabilities, labels, strict=True), key=lambda pair: -pair[0])
    return "prediction: " + ", ".join(f"{label} {p:.1%}" for p, label in order[:5])
