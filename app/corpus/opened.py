"""A corpus that is asked: what its units do, where they do the like, and what words do."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..core.errors import BadInput, NotFound, shorten, some_of
from ..core.model import Model
from ..core.modelfile import read_file
from ..storage.shipped import shipped_ids, shipped_model
from .contents import MODEL, read_contents
from .extra import connect, need
from .plan import digest_of, part_name
from .tables import STATES, TOKENS, UNITS, WORDS, copy, folder_of
from .words import INDEX

SORTS = ("unit", "mean", "deviation", "minimum", "maximum", "saturation")
"""What units can be sorted by: their numbers, or the largest first of any of these."""
PAGE = 60
"""Units of a page."""
AROUND = 6
"""Words on either side of one that is shown in its context."""
MOST = 100
"""Contexts or matches of an answer."""
ROUNDED = 4
"""Digits after the point of a value among many."""


@dataclass(frozen=True)
class Corpus:
    """A corpus on the disk. What it is asked is answered from the tables each time.

    Attributes
    ----------
    contents : what `corpus.json` says
    """

    directory: Path
    contents: dict[str, Any]
    id: str = ""
    _firsts: list[int] = field(init=False, repr=False, default_factory=list)

    @classmethod
    def open(cls, directory: Path, id: str = "") -> Corpus:
        """Open a directory.

        Raises
        ------
        NotFound, BadInput
            For a directory that is no corpus, or was changed since it was made.
        Unavailable
            Where DuckDB is not installed.
        """
        if find_spec("duckdb") is None:
            need("duckdb")
        corpus = cls(directory, read_contents(directory), id or directory.resolve().name)
        corpus._firsts.extend(part["first"] for part in corpus.contents["parts"])
        for layer in corpus.layers:
            for kind in (UNITS, WORDS, STATES):
                if not (directory / kind / folder_of(layer)).is_dir():
                    raise BadInput(f"{directory}: has lost its table {kind}/{folder_of(layer)}.")
        return corpus

    @cached_property
    def model(self) -> Model:
        """The model that made it.

        Raises
        ------
        BadInput
            Where the model file that lies with it is gone, or another one.
        """
        path, told = self.directory / MODEL, self.contents["model"]
        shipped = not path.exists() and told["id"] in shipped_ids()
        try:
            model = shipped_model(told["id"]) if shipped else read_file(path)
        except FileNotFoundError:
            raise BadInput(f"{self.directory}: has lost its {MODEL}.") from None
        model = replace(model, id=told["id"])
        if digest_of(model) != self.contents["model"]["digest"]:
            raise BadInput(f"{self.directory}: was made by another model than {MODEL} in it.")
        return model

    @cached_property
    def layers(self) -> dict[str, dict[str, Any]]:
        """Its layers, by name."""
        return {layer["name"]: layer for layer in self.contents["layers"]}

    @cached_property
    def _connection(self) -> Any:
        connection = connect()
        connection.execute("SET parquet_metadata_cache = true")
        return connection

    def cursor(self) -> Any:
        """A connection of its own, for a thread."""
        return self._connection.cursor()

    def query(self, text: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows by their columns' names; several threads may ask at once."""
        found = self.cursor().execute(text, list(values))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def layer_named(self, name: str | None) -> str:
        """A layer; the first if None.

        Raises
        ------
        NotFound
            Naming those there are.
        """
        if name is None:
            return next(iter(self.layers))
        if name not in self.layers:
            raise NotFound(
                f"The corpus {self.id} has no layer {shorten(name)}. It has: "
                f"{some_of(list(self.layers))}."
            )
        return name

    def quantity_named(self, layer: str, name: str | None) -> str:
        """A gate or state that is kept of a layer; its hidden state, or else its first, if None.

        Raises
        ------
        NotFound
            Naming those there are.
        """
        kept = self.layers[layer]["quantities"]
        if name is None:
            return "hidden_state" if "hidden_state" in kept else kept[0]
        if name not in kept:
            raise NotFound(
                f"The corpus {self.id} has no {shorten(name)} of the layer {layer}. It has: "
                f"{some_of(kept)}."
            )
        return name

    def units(
        self,
        layer: str | None = None,
        quantity: str | None = None,
        sort: str = "unit",
        page: int = 1,
    ) -> dict[str, Any]:
        """A row for each unit, a page of them.

        Raises
        ------
        NotFound
            For a layer or quantity that is not there.
        BadInput
            For an order or a page that there is not.
        """
        layer = self.layer_named(layer)
        quantity = self.quantity_named(layer, quantity)
        if sort not in SORTS:
            raise BadInput(f"sort must be one of {', '.join(SORTS)} (got {shorten(sort)}).")
        table = self.table(UNITS, layer)
        total = self.query(f"SELECT count(*) AS n FROM {table} WHERE quantity = ?", [quantity])
        total = total[0]["n"]
        pages = max(1, -(-total // PAGE))
        if not 1 <= page <= pages:
            raise BadInput(f"page must be from 1 to {pages} (got {page}).")
        order = {"unit": "unit", "saturation": "saturation.low + saturation.high DESC, unit"}
        rows = self.query(
            "SELECT unit, mean, deviation, minimum, maximum, saturation, histogram, "
            "highest[1:3] AS highest, tokens[1:5] AS opens, tokens[-5:] AS closes, labels "
            f"FROM {table} WHERE quantity = ? ORDER BY {order.get(sort, f'{sort} DESC, unit')} "
            f"LIMIT {PAGE} OFFSET {(page - 1) * PAGE}",
            [quantity],
        )
        for row in rows:
            row["closes"] = row["closes"][::-1]
        return {
            "corpus": self.id,
            "layer": layer,
            "quantity": quantity,
            "sort": sort,
            "page": page,
            "pages": pages,
            "total": total,
            "units": rows,
        }

    def unit(
        self, unit: int, layer: str | None = None, quantity: str | None = None
    ) -> dict[str, Any]:
        """All there is to say of a unit.

        Raises
        ------
        NotFound
            For a unit, layer or quantity that is not there.
        """
        layer = self.layer_named(layer)
        quantity = self.quantity_named(layer, quantity)
        self._check_unit(layer, unit)
        table = self.table(UNITS, layer)
        # a range of numbers, by which whole groups of rows are passed over
        found = self.query(
            f"SELECT * FROM {table} WHERE unit BETWEEN ? AND ? AND quantity = ?",
            [unit, unit, quantity],
        )
        return {"corpus": self.id, "layer": layer} | found[0]

    def word(
        self,
        token: str,
        layer: str | None = None,
        unit: int | None = None,
        page: int = 1,
        most: int = 20,
    ) -> dict[str, Any]:
        """A word in its contexts, and what each gate and state was there.

        Parameters
        ----------
        unit : whose gates and states; the mean of all units if None
        page : of contexts, from 1

        Raises
        ------
        NotFound
            For a word that no text has.
        """
        layer = self.layer_named(layer)
        self._check_unit(layer, unit)
        key = self._key(token)
        index = self._file(INDEX, "words.parquet")
        (found,) = self.query(
            f"SELECT count(*) AS n, count(DISTINCT sentence) AS sentences FROM {index} "
            "WHERE key BETWEEN ? AND ?",
            [key, key],
        )
        if not found["n"]:
            raise NotFound(f"No text of the corpus {self.id} has the word {shorten(token)}.")
        pages = -(-found["n"] // most)
        if not 1 <= page <= pages:
            raise BadInput(f"page must be from 1 to {pages} (got {page}).")
        places = self.query(
            f"SELECT sentence, timestep FROM {index} WHERE key BETWEEN ? AND ? "
            f"ORDER BY sentence, timestep LIMIT {most} OFFSET {(page - 1) * most}",
            [key, key],
        )
        contexts = self.contexts([(p["sentence"], p["timestep"], p["timestep"]) for p in places])
        values = self._values_at(layer, places, unit)
        for place, context, at in zip(places, contexts, values, strict=True):
            place |= context
            place["values"] = at
        means = self.query(
            f"SELECT quantity, means FROM {self.table(WORDS, layer)} WHERE token = ?", [key]
        )
        return {
            "corpus": self.id,
            "layer": layer,
            "unit": unit,
            "token": key,
            "count": found["n"],
            "sentences": found["sentences"],
            "page": page,
            "pages": pages,
            "means": {row["quantity"]: row["means"] for row in means},
            "contexts": places,
        }

    def _check_unit(self, layer: str, unit: int | None) -> None:
        units = self.layers[layer]["units"]
        if unit is not None and not 0 <= unit < units:
            raise NotFound(f"There is no unit {unit}: the layer {layer} has 0 to {units - 1}.")

    def _key(self, token: str) -> str:
        """A word as the model's vocabulary knows it."""
        vocabulary = self.model.vocabulary
        words = vocabulary.split(token) if vocabulary else []
        return words[0].key if len(words) == 1 else token

    def _values_at(
        self, layer: str, places: list[dict[str, Any]], unit: int | None
    ) -> list[dict[str, float]]:
        """Each gate and state at some places."""
        kept = self.layers[layer]["quantities"]
        wanted = [f'"{q}"[{unit + 1}]' if unit is not None else f'list_avg("{q}")' for q in kept]
        columns = ", ".join(f"{text}::FLOAT AS v{i}" for i, text in enumerate(wanted))
        files = self.files(STATES, [place["sentence"] for place in places], layer)
        spots = ", ".join(f"({p['sentence']}, {p['timestep']})" for p in places)
        found = self.query(
            f"SELECT sentence, timestep, {columns} FROM read_parquet({files}) WHERE sentence IN "
            f"({', '.join(str(p['sentence']) for p in places)}) "
            f"AND (sentence, timestep) IN ({spots})"
        )
        by_place = {
            (row["sentence"], row["timestep"]): {
                q: round(row[f"v{i}"], 6) for i, q in enumerate(kept)
            }
            for row in found
        }
        return [by_place[place["sentence"], place["timestep"]] for place in places]

    def contexts(self, ranges: Sequence[tuple[int, int, int]]) -> list[dict[str, Any]]:
        """The words of ranges and around them.

        Parameters
        ----------
        ranges : sentence, first and last timestep of each

        Returns
        -------
        list
            For each the timestep of the `first` word, and the `tokens`.
        """
        wanted = sorted({sentence for sentence, _, _ in ranges})
        files = self.files(TOKENS, wanted)
        found = self.query(
            f"SELECT sentence, list(token ORDER BY timestep) AS tokens FROM read_parquet({files}) "
            f"WHERE sentence IN ({', '.join(map(str, wanted))}) GROUP BY sentence"
        )
        tokens = {row["sentence"]: row["tokens"] for row in found}
        contexts = []
        for sentence, start, end in ranges:
            begin = max(0, start - 1 - AROUND)
            contexts.append({"first": begin + 1, "tokens": tokens[sentence][begin : end + AROUND]})
        return contexts

    def sentence(self, number: int) -> dict[str, Any]:
        """One text, as the model read it: words, ids or numbers, and the answers.

        Raises
        ------
        NotFound
            For a text that is not there, or of which nothing was left.
        """
        rows = []
        if self._firsts and 0 <= number < self.contents["texts"]:
            rows = self.query(
                f"SELECT * FROM read_parquet({self.files(TOKENS, [number])}) "
                f"WHERE sentence = {number} ORDER BY timestep"
            )
        if not rows:
            raise NotFound(
                f"The corpus {self.id} has no sentence {number}. It has texts 0 to "
                f"{self.contents['texts'] - 1}, of which empty ones are not read."
            )
        vocabulary = self.model.vocabulary
        tokens = [row["token"] for row in rows]
        numbers, text = rows[0]["input"] is not None, None
        if vocabulary is not None:
            text = ("" if vocabulary.tokens == "characters" else " ").join(tokens)
        return {
            "corpus": self.id,
            "sentence": number,
            "text": text,
            "tokens": tokens,
            "token_ids": None if numbers else [row["token_id"] for row in rows],
            "inputs": [row["input"] for row in rows] if numbers else None,
            "label": rows[0]["label"],
            "answers": [row["answer"] for row in rows],
            "probabilities": [row["probability"] for row in rows],
        }

    def export(self, out: Path, layer: str | None = None, unit: int | None = None) -> None:
        """Write the pages of all units as one file, or one unit's values at every word.

        Parameters
        ----------
        out : its ending says what it is: .csv, .json or .parquet

        Raises
        ------
        BadInput
            For another ending.
        NotFound
            For a layer or unit that is not there.
        """
        layer = self.layer_named(layer)
        self._check_unit(layer, unit)
        kind = out.suffix[1:].lower()
        if kind not in ("csv", "json", "parquet"):
            raise BadInput(f"{out}: must end in .csv, .json or .parquet.")
        query = f"SELECT * FROM {self.table(UNITS, layer)}"
        if unit is not None:
            kept = self.layers[layer]["quantities"]
            values = ", ".join(f'"{name}"[{unit + 1}] AS "{name}"' for name in kept)
            states = self._file(STATES, folder_of(layer), "*.parquet")
            query = (
                "SELECT sentence, timestep, token, label, answer, probability, "
                f"{values} FROM {self._file(TOKENS, '*.parquet')} AS tokens "
                f"JOIN {states} AS states USING (sentence, timestep) ORDER BY sentence, timestep"
            )
        copy(self.cursor(), query, out, kind)

    def files(self, kind: str, sentences: Sequence[int], layer: str = "") -> str:
        """The files that hold some sentences, as a list in a query."""
        indices = sorted({bisect_right(self._firsts, each) - 1 for each in sentences})
        folder = self.directory / kind / (folder_of(layer) if layer else "")
        return "[" + ", ".join(_quoted(folder / part_name(index)) for index in indices) + "]"

    def whole_table(self, kind: str, layer: str | None = None) -> str:
        """All files of a table, as a query names them."""
        layer = self.layer_named(layer)
        folder = self.directory / kind / ("" if kind == TOKENS else folder_of(layer))
        return f"read_parquet({_quoted(folder / '*.parquet')})"

    def table(self, kind: str, layer: str) -> str:
        """A table of one file, as a query names it."""
        return self._file(kind, folder_of(layer), "all.parquet")

    def _file(self, *names: str) -> str:
        return f"read_parquet({_quoted(self.directory.joinpath(*names))})"


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
