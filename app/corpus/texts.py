"""Texts from where they lie: lines, CSV, JSONL and Parquet, one file or many, here or elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from ..core.errors import BadInput, NotFound, some_of
from ..core.model import Model
from .extra import connect, need

READERS = {
    "csv": "read_csv({}, all_varchar = true, header = true)",
    "tsv": "read_csv({}, all_varchar = true, header = true, delim = '\t')",
    "jsonl": "read_json({}, format = 'newline_delimited')",
    "ndjson": "read_json({}, format = 'newline_delimited')",
    "json": "read_json({})",
    "parquet": "read_parquet({})",
}
"""How DuckDB reads a file of that ending; any other is read line by line."""
TEXT_COLUMNS = ("text", "sentence", "review", "tokens", "token_ids", "inputs", "values")
LABEL_COLUMN, SERIES_COLUMN = "label", "id"
ROWS = 2_000
"""Read at a time."""


class Text(NamedTuple):
    """One text, or ids as an embedding reads them, or a row of numbers for each timestep."""

    content: str | list[int] | list[list[float]]
    label: str | None = None


@dataclass(frozen=True)
class Source:
    """Where texts lie.

    Attributes
    ----------
    addresses : paths, patterns with asterisks, or addresses that fsspec reads
    text, label : columns; "" for those that are called what they usually are
    """

    addresses: tuple[str, ...]
    text: str = ""
    label: str = ""

    def files(self) -> list[str]:
        """All files, in the order of their names for each address.

        Raises
        ------
        NotFound
            Where there is none.
        """
        fsspec, found = need("fsspec"), []
        for address in self.addresses:
            try:
                system, path = fsspec.core.url_to_fs(address)
                names = sorted(system.glob(path)) if any(c in path for c in "*?[") else [path]
                there = [name for name in names if system.isfile(name)]
            except (OSError, ValueError, ImportError) as error:
                raise NotFound(f"{address}: cannot be reached ({error}).") from None
            if not there:
                raise NotFound(f"{address}: there is no such file.")
            found += [system.unstrip_protocol(name).removeprefix("file://") for name in there]
        return found

    def read(self, model: Model) -> Iterator[Text]:
        """The texts, one after the other, as the model reads them.

        Raises
        ------
        BadInput
            For a file that does not hold what the model reads.
        """
        for name in self.files():
            ending = _ending(name)
            if ending in READERS:
                yield from _table(name, ending, self, model)
            elif model.network.embedding is None:
                raise BadInput(
                    f"{name}: the model {model.id} reads numbers, not lines of text. Bring a "
                    "Parquet file with a column of lists, or a CSV whose rows have an id."
                )
            else:
                yield from _lines(name)


def _ending(name: str) -> str:
    endings = [each for each in PurePosixPath(name).suffixes if each not in (".gz", ".zst")]
    return endings[-1][1:].lower() if endings else ""


def _lines(name: str) -> Iterator[Text]:
    """Each line is a text; an empty one is kept in the count of texts and read by no model."""
    try:
        with need("fsspec").open(name, "rt", encoding="utf-8-sig", compression="infer") as file:
            for line in file:
                yield Text(line.rstrip("\r\n"))
    except UnicodeDecodeError:
        raise BadInput(f"{name}: is not text in UTF-8. Save it as UTF-8.") from None


def _table(name: str, ending: str, source: Source, model: Model) -> Iterator[Text]:
    duckdb = need("duckdb")
    with connect() as connection:
        if "://" in name:
            connection.register_filesystem(need("fsspec").filesystem(name.partition("://")[0]))
        table = READERS[ending].format("'" + name.replace("'", "''") + "'")
        try:
            columns = _columns(connection, table)
            if model.network.embedding is None and ending in ("csv", "tsv"):
                yield from _series(name, connection, table, columns, source, model)
            else:
                yield from _rows(name, connection, table, columns, source, model)
        except duckdb.Error as error:
            said = str(error).splitlines()[0].replace(name, PurePosixPath(name).name)
            raise BadInput(f"{name}: cannot be read as {ending.upper()} ({said}).") from None


def _columns(connection: Any, table: str) -> dict[str, str]:
    """Each column's type, by its name."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    return {row[0]: row[1] for row in described}


def _find(name: str, wanted: str, usual: Sequence[str], columns: dict[str, str], what: str) -> str:
    """The column to read, by the name that was given or by what it is usually called."""
    names = {column.lower(): column for column in columns}
    for each in [wanted] if wanted else usual:
        if each.lower() in names:
            return names[each.lower()]
    asked = f"no column {wanted!r}" if wanted else f"no column called {' or '.join(usual)}"
    raise BadInput(
        f"{name}: has {asked} to read the {what} from. Its columns are: {some_of(list(columns))}."
    )


def _label(name: str, source: Source, columns: dict[str, str]) -> str | None:
    if not source.label and LABEL_COLUMN not in (column.lower() for column in columns):
        return None
    return _find(name, source.label, (LABEL_COLUMN,), columns, "labels")


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _rows(
    name: str,
    connection: Any,
    table: str,
    columns: dict[str, str],
    source: Source,
    model: Model,
) -> Iterator[Text]:
    text = _find(name, source.text, TEXT_COLUMNS, columns, "texts")
    label = _label(name, source, columns)
    kind = columns[text]
    check_kind(name, text, kind, model)
    series = model.network.embedding is None
    single = series and kind.count("[]") == 1
    wanted = f"{_quoted(text)}, {f'{_quoted(label)}::VARCHAR' if label else 'NULL'}"
    found = connection.execute(f"SELECT {wanted} FROM {table}")
    while rows := found.fetchmany(ROWS):
        for content, gold in rows:
            if content is None:
                content = "" if kind == "VARCHAR" else []
            elif single:
                content = [[number] for number in content]
            yield Text(content, gold)


def check_kind(name: str, column: str, kind: str, model: Model) -> None:
    """Whether a column of that type is what the model reads.

    Raises
    ------
    BadInput
        Saying what it is and what it should be.
    """
    element = kind.replace("[]", "").partition("(")[0]
    whole = "INT" in element
    if model.network.embedding is None:
        if "[]" not in kind or not (whole or element in ("FLOAT", "DOUBLE", "DECIMAL")):
            raise BadInput(
                f"{name}: the column {column!r} is of type {kind}, but the model {model.id} reads "
                "numbers: lists of floats, or lists of lists, one for each timestep."
            )
    elif kind != "VARCHAR" and not (kind.count("[]") == 1 and whole):
        raise BadInput(
            f"{name}: the column {column!r} is of type {kind}, but the model {model.id} reads "
            "texts, or lists of whole numbers, which are token ids."
        )


def _series(
    name: str,
    connection: Any,
    table: str,
    columns: dict[str, str],
    source: Source,
    model: Model,
) -> Iterator[Text]:
    """Rows of a CSV that have the same id and follow each other are the timesteps of a series."""
    series = _find(name, "", (SERIES_COLUMN,), columns, "series' ids")
    label = _label(name, source, columns)
    numbers = [column for column in columns if column not in (series, label)]
    features = model.network.features
    if len(numbers) != features:
        raise BadInput(
            f"{name}: has {len(numbers)} columns beside the id, but the model {model.id} reads "
            f"{features} numbers at each timestep."
        )
    wanted = [f"{_quoted(series)}", f"{_quoted(label)}" if label else "NULL"]
    wanted += [f"CAST({_quoted(column)} AS DOUBLE)" for column in numbers]
    found = connection.execute(f"SELECT {', '.join(wanted)} FROM {table}")
    current, steps, gold = None, [], None
    while rows := found.fetchmany(ROWS):
        for identity, said, *values in rows:
            if identity != current and steps:
                yield Text(steps, gold)
                steps = []
            current, gold = identity, said
            steps.append(values)
    if steps:
        yield Text(steps, gold)
