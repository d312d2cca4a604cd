"""What a corpus says, as tables that a person can read."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from .output import visible

BARS = " ▁▂▃▄▅▆▇█"
WORDS = 6
"""Of a unit's page at either end."""


def show_units(told: dict[str, Any]) -> Table:
    """A row for each unit."""
    layer = Text.assemble((f"{told['layer']}, {told['quantity']}", "bold"))
    shown = _table(layer, ("unit", "mean", "±", "low", "high"), ("values", "opens", "closes"))
    for row in told["units"]:
        shown.add_row(
            str(row["unit"]),
            f"{row['mean']:.3f}",
            f"{row['deviation']:.3f}",
            f"{row['saturation']['low']:.0%}",
            f"{row['saturation']['high']:.0%}",
            _bars(row["histogram"]["counts"]),
            _words(row["opens"]),
            _words(row["closes"]),
        )
    return shown


def show_unit(told: dict[str, Any]) -> Group:
    """A unit's page."""
    low, high = told["saturation"]["low"], told["saturation"]["high"]
    edges = told["histogram"]["edges"]
    about = (
        f"mean {told['mean']:.3f} ± {told['deviation']:.3f}, from {told['minimum']:.3f} to "
        f"{told['maximum']:.3f}, saturated {low:.0%} low and {high:.0%} high"
    )
    return Group(
        Text(f"{told['layer']}, unit {told['unit']}, {told['quantity']}", "bold"),
        Text(about),
        Text(f"{edges[0]:g} {_bars(told['histogram']['counts'])} {edges[-1]:g}"),
        _places("highest", told["highest"]),
        _places("lowest", told["lowest"]),
        _token_table(told["tokens"]),
        _pairs("similar units", [(str(x["unit"]), x["correlation"]) for x in told["similar"]]),
        _pairs("labels", [(x["label"], x["effect"]) for x in told["labels"]]),
    )


def show_match(told: dict[str, Any]) -> Group:
    """The units of a range, and the ranges that share them."""
    units = ", ".join(map(str, told["units"])) or "none"
    about = f"units on from {told['from']} to {told['to']} and off around it: {units}"
    if not told["units"] and told["on"]:
        on = ", ".join(map(str, told["on"]))
        about += f" (on there, and around it too: {on})"
    shown = _table(Text(), ("sentence", "shared", "others"), ("words",))
    for row in told["matches"]:
        words = _marked(row["tokens"], row["from"] - row["first"], row["to"] - row["first"])
        shown.add_row(str(row["sentence"]), str(row["shared"]), str(row["others"]), words)
    return Group(Text(visible(about)), shown)


def _table(title: Text, numbers: tuple[str, ...], texts: tuple[str, ...]) -> Table:
    shown = Table(
        title=title or None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
    for name in numbers:
        shown.add_column(name, justify="right", no_wrap=True)
    for name in texts:
        shown.add_column(name, overflow="ellipsis", no_wrap=True)
    return shown


def _bars(counts: list[int]) -> str:
    """A histogram in one line, two bins a sign."""
    pairs = [sum(counts[at : at + 2]) for at in range(0, len(counts), 2)]
    most = max(pairs) or 1
    return "".join(BARS[-(-count * (len(BARS) - 1) // most)] for count in pairs)


def _words(tokens: list[dict[str, Any]]) -> str:
    return visible(" ".join(row["token"] for row in tokens))


def _places(title: str, places: list[dict[str, Any]]) -> Table:
    shown = _table(Text(title, "bold"), ("value", "sentence", "timestep"), ("words",))
    for row in places[:10]:
        at = row["timestep"] - row["first"]
        words = _marked(row["tokens"], at, at)
        shown.add_row(f"{row['value']:.3f}", str(row["sentence"]), str(row["timestep"]), words)
    return shown


def _marked(tokens: list[str], start: int, end: int) -> Text:
    """Words, of which some stand out: in brackets where there is no colour."""
    text = Text()
    for place, token in enumerate(tokens):
        if place == start:
            text.append("[", "dim")
        text.append(visible(token), "bold" if start <= place <= end else "")
        if place == end:
            text.append("]", "dim")
        text.append(" ")
    return text


def _token_table(tokens: list[dict[str, Any]]) -> Table:
    shown = _table(Text("words", "bold"), ("mean", "effect", "count"), ("word",))
    shortened = tokens if len(tokens) <= 2 * WORDS else tokens[:WORDS] + tokens[-WORDS:]
    for row in shortened:
        effect = "" if row["effect"] is None else f"{row['effect']:+.3f}"
        shown.add_row(f"{row['mean']:.3f}", effect, f"{row['count']:,}", visible(row["token"]))
    return shown


def _pairs(title: str, pairs: list[tuple[str, float]]) -> Text:
    if not pairs:
        return Text()
    strongest = sorted(pairs, key=lambda pair: -abs(pair[1]))
    listed = ", ".join(f"{visible(name)} {value:+.2f}" for name, value in strongest)
    return Text.assemble((f"{title}: ", "bold"), listed)
