"""A corpus in a notebook: the answers of the API, which show themselves as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from ..core.errors import BadInput, some_of
from ..core.model import Model
from .heatmap import words_by_units
from .match import match_of
from .opened import Corpus
from .plan import Plan
from .texts import Source


def open(directory: str | Path) -> OpenedCorpus:
    """Open a corpus.

    Raises
    ------
    UserError
        For a directory that is no corpus, or where the extra is not installed.
    """
    return OpenedCorpus(Corpus.open(Path(directory)))


def build(
    model: Any,
    texts: str | Sequence[str],
    out: str | Path,
    *,
    text: str = "",
    label: str = "",
    scheduler: str = "",
    workers: int = 1,
    **options: Any,
) -> OpenedCorpus:
    """Run texts through a model, keep every gate and state, and open what comes of it.

    Parameters
    ----------
    model : what `lstm_viz.load` opened
    texts : a file, a pattern or an address, or several
    text, label : columns
    scheduler, workers : as `lstm-viz corpus build` takes them
    options : `keep`, `limit`, `too_long`, `floor`, `title`

    Raises
    ------
    UserError
        Saying what was expected, what came, and what to do.
    """
    from .building import build as build_corpus

    addresses = (texts,) if isinstance(texts, str) else tuple(texts)
    opened: Model = getattr(model, "model", model)
    plan = Plan(opened, Source(addresses, text, label), Path(out), **options)
    build_corpus(plan, scheduler=scheduler, workers=workers)
    return open(out)


class Told(dict[str, Any]):
    """An answer of the API, shown as a table of its numbers.

    Parameters
    ----------
    told : the answer
    """

    def __init__(self, told: Mapping[str, Any], shown: str) -> None:
        super().__init__(told)
        self._shown = shown

    def frame(self, part: str = "") -> Any:
        """A list of it, such as `highest` or `tokens`, as a pandas DataFrame.

        Raises
        ------
        BadInput
            For what is no list of rows, or where there is no pandas.
        """
        part = part or self._shown
        lists = [name for name, rows in self.items() if _is_table(rows)]
        if part not in lists:
            raise BadInput(f"There is no table {part!r}. There are: {some_of(lists)}.")
        try:
            import pandas  # type: ignore[import-not-found]
        except ImportError:
            raise BadInput("frame() needs pandas (pip install pandas).") from None
        return pandas.DataFrame(self[part])

    def _repr_html_(self) -> str:
        """Its single numbers in a line, and the table that it is mostly about."""
        plain = {k: v for k, v in self.items() if isinstance(v, (str, int, float))}
        head = ", ".join(f"{escape(k)} <b>{escape(_short(v))}</b>" for k, v in plain.items())
        rows = self[self._shown]
        return f"<p>{head}</p>{_table(rows)}" if _is_table(rows) else f"<p>{head}</p>"


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and bool(rows) and isinstance(rows[0], dict)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{k} {_short(v)}" for k, v in value.items() if not isinstance(v, list))
    if isinstance(value, list):
        words = (each.get("token", "") if isinstance(each, dict) else each for each in value)
        return " ".join(map(_short, words))
    return str(value)


def _table(rows: list[dict[str, Any]]) -> str:
    names = [name for name in rows[0] if name not in ("values", "histogram")]
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_short(row[name]))}</td>" for name in names) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class OpenedCorpus:
    """A corpus to ask.

    Attributes
    ----------
    corpus : the tables
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def __repr__(self) -> str:
        told = self.corpus.contents
        return (
            f"{told['title']}: {told['sentences']:,} texts, {told['tokens']:,} timesteps, through "
            f"{told['model']['title']}"
        )

    def units(self, layer: str | None = None, quantity: str | None = None, **order: Any) -> Told:
        """A row for each unit; `sort` and `page` as the API takes them."""
        return Told(self.corpus.units(layer, quantity, **order), "units")

    def unit(self, unit: int, layer: str | None = None, quantity: str | None = None) -> Told:
        """All there is to say of a unit."""
        return Told(self.corpus.unit(unit, layer, quantity), "highest")

    def word(self, token: str, layer: str | None = None, unit: int | None = None) -> Told:
        """A word in its contexts, and what each gate did there."""
        return Told(self.corpus.word(token, layer, unit), "contexts")

    def words(self, layer: str | None = None, quantity: str | None = None, most: int = 60) -> Told:
        """Words against units, both in clustered order."""
        return Told(words_by_units(self.corpus, layer, quantity, most), "tokens")

    def match(
        self, content: str | list[int] | list[list[float]], start: int, end: int, **choice: Any
    ) -> Told:
        """More like this: `layer`, `quantity`, `threshold` and `most` as the API takes them."""
        return Told(match_of(self.corpus, content, start, end, **choice), "matches")

    def sentence(self, number: int) -> Told:
        """One text, as the model read it."""
        return Told(self.corpus.sentence(number), "tokens")

    def query(self, text: str) -> list[dict[str, Any]]:
        """Rows of any query over the tables, whose names stand for their files.

        `tokens`, and for the first layer `states`, `units`, `words` and `ranges`.
        """
        names = ("tokens", "states", "units", "words", "ranges")
        files = {name: self.corpus.whole_table(name) for name in names}
        views = ", ".join(f"{name} AS (FROM {source})" for name, source in files.items())
        return self.corpus.query(f"WITH {views} {text}")
