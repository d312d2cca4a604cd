"""Texts from every kind of file, and what is said of those that cannot be read."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import fsspec
import pytest

from app.core.errors import BadInput, NotFound, Unavailable
from app.corpus import extra
from app.corpus.building import build
from app.corpus.contents import read_contents
from app.corpus.opened import Corpus
from app.corpus.plan import Plan
from app.corpus.texts import Source, Text
from app.storage.shipped import shipped_model

PLACE, SERIES = "place", "series"
TEXTS = ["i live in pune", "now i am in goa, at home"]


def write_to(*address: str, **options: str) -> Any:
    return fsspec.open(*address, **options)


def read(*addresses: object, model: str = PLACE, **columns: str) -> list[Text]:
    return list(Source(tuple(map(str, addresses)), **columns).read(shipped_model(model)))


def parquet(path: Path, query: str) -> Path:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}'")
    return path


@pytest.mark.parametrize("ending", ["txt", "log", "txt.gz"])
def test_lines_are_texts(tmp_path, ending):
    path = tmp_path / f"texts.{ending}"
    with write_to(str(path), "wt", encoding="utf-8", compression="infer") as file:
        file.write("\n".join([*TEXTS, ""]) + "\n")
    assert read(path) == [*map(Text, TEXTS), Text("")]


def test_tables_are_read_by_their_columns(tmp_path):
    rows = [dict(zip(("Text", "label"), row, strict=True)) for row in zip(TEXTS, "ab", strict=True)]
    expected = [Text(text, label) for text, label in zip(TEXTS, "ab", strict=True)]
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    table = tmp_path / "a.csv"
    table.write_text('Text,label\n"i live in pune",a\n"now i am in goa, at home",b\n', "utf-8")
    stored = parquet(tmp_path / "a.parquet", f"FROM '{lines}'")
    for path in (lines, table, stored):
        assert read(path) == expected
    assert read(table, text="label", label="Text")[0] == Text("a", "i live in pune")
    assert read(tmp_path / "*.*") == 3 * expected


def test_addresses_of_other_systems_are_read():
    with write_to("memory://texts/a.txt", "wt") as file:
        file.write(TEXTS[0])
    with write_to("memory://texts/b.csv", "wt") as file:
        file.write(f"text\n{TEXTS[0]}\n")
    assert read("memory://texts/a.txt", "memory://texts/b.csv") == 2 * [Text(TEXTS[0])]


def test_lists_of_whole_numbers_are_token_ids(tmp_path):
    path = parquet(tmp_path / "ids.parquet", "SELECT [3, 1, 4]::INT[] AS token_ids")
    assert read(path) == [Text([3, 1, 4])]


def test_series_are_lists_or_rows_with_an_id(tmp_path):
    lists = parquet(tmp_path / "s.parquet", "SELECT [0.5, 1.5]::FLOAT[] AS values, 'up' AS label")
    rows = tmp_path / "s.csv"
    rows.write_text("id,value\na,0.5\na,1.5\nb,2\n", "utf-8")
    assert read(lists, model=SERIES) == [Text([[0.5], [1.5]], "up")]
    assert read(rows, model=SERIES) == [Text([[0.5], [1.5]]), Text([[2.0]])]
    out = tmp_path / "corpus"
    build(Plan(shipped_model(SERIES), Source((str(rows),)), out))
    told = Corpus.open(out).sentence(0)
    assert (told["inputs"], told["tokens"], told["text"]) == ([[0.5], [1.5]], ["1", "2"], None)


@pytest.mark.parametrize(
    ("name", "content", "model", "said"),
    [
        ("a.csv", "words,mark\na,1\n", PLACE, "no column called text or sentence.*words, mark"),
        ("a.parquet", "SELECT 1 AS text", PLACE, "of type INTEGER, but the model place reads tex"),
        ("a.parquet", "SELECT 'a' AS text", SERIES, "of type VARCHAR, but the model series reads"),
        ("a.parquet", "SELECT ['a'] AS text", PLACE, r"of type VARCHAR\[\]"),
        ("a.txt", "1 2 3", SERIES, "reads numbers, not lines of text"),
        ("a.csv", "id,x,y\na,1,2\n", SERIES, "has 2 columns beside the id.*reads 1 numbers"),
        ("a.csv", "id,x\na,one\n", SERIES, "cannot be read as CSV"),
        ("a.csv", "x\n1\n", SERIES, "no column called id"),
        ("a.jsonl", "{not json", PLACE, "cannot be read as JSONL"),
    ],
)
def test_a_file_that_is_not_what_the_model_reads_is_named(tmp_path, name, content, model, said):
    path = tmp_path / name
    if name.endswith("parquet"):
        parquet(path, content)
    else:
        path.write_text(content, "utf-8")
    with pytest.raises(BadInput, match=said) as refused:
        read(path, model=model)
    assert refused.value.detail.startswith(f"{path}: ")
    assert "\n" not in refused.value.detail


@pytest.mark.parametrize("address", ["none.txt", "none*.txt", "nowhere://a/b.txt"])
def test_files_that_are_not_there_are_named(address):
    with pytest.raises(NotFound, match=re.escape(address)):
        read(address)


def test_what_is_wrong_with_a_text_is_said_with_its_number(tmp_path):
    path = parquet(tmp_path / "ids.parquet", "SELECT unnest([[1], [2, 99999]]) AS token_ids")
    with pytest.raises(BadInput, match=r"Text 1 holds the token id 99999.*has rows 0 to"):
        build(Plan(shipped_model(PLACE), Source((str(path),)), tmp_path / "c"))
    path = parquet(tmp_path / "s.parquet", "SELECT [[1, 2], [1]]::FLOAT[][] AS values")
    with pytest.raises(BadInput, match="Series 0 must have 1 finite numbers at each timestep"):
        build(Plan(shipped_model(SERIES), Source((str(path),)), tmp_path / "d"))
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(("too_long", "sentences"), [("cut", 2), ("refuse", 1)])
def test_long_texts_are_cut_or_left_out_and_counted(tmp_path, too_long, sentences):
    path = tmp_path / "texts.txt"
    path.write_text("\n".join([*TEXTS, "  ", "!?"]), "utf-8")
    out = tmp_path / "corpus"
    source = Source((str(path),))
    told = build(Plan(shipped_model(PLACE), source, out, limit=5, too_long=too_long, floor=1))
    assert (told["texts"], told["sentences"], told["empty"]) == (4, sentences, 2)
    assert (told["cut"], told["refused"]) == ((1, 0) if too_long == "cut" else (0, 1))
    assert Corpus.open(out).sentence(0)["tokens"] == TEXTS[0].split()


def test_nothing_to_read_is_no_corpus(tmp_path):
    path = tmp_path / "texts.txt"
    for content, said in (("", "There are no texts"), ("\n,\n", "None of 2 texts has a word")):
        path.write_text(content, "utf-8")
        with pytest.raises(BadInput, match=said):
            build(Plan(shipped_model(PLACE), Source((str(path),)), tmp_path / "corpus"))
        assert not (tmp_path / "corpus").exists()


def test_a_full_disk_leaves_nothing_that_is_taken_for_whole(plan_of, monkeypatch):
    calls = []

    def full(handle) -> None:
        calls.append(handle)
        if len(calls) > 2:  # the model's file has been written by then
            raise OSError(28, "No space left on device")

    wanted = plan_of()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        build(wanted)
    monkeypatch.undo()
    assert not list(wanted.out.rglob("part-*"))
    with pytest.raises(BadInput, match="is a corpus that is not finished"):
        read_contents(wanted.out)
    assert build(wanted)["complete"]


def test_a_corpus_of_another_model_is_not_asked(corpus, tmp_path):
    copied = tmp_path / "copied"
    duplicate(corpus, copied)
    (copied / "model.safetensors").write_bytes(
        (Path(__file__).parents[2] / "app" / "models" / "place-gru.safetensors").read_bytes()
    )
    with pytest.raises(BadInput, match=r"was made by another model than model\.safetensors in it"):
        _ = Corpus.open(copied).model


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: (path / "corpus.json").write_text("{"), "cannot be read as JSON"),
        (lambda path: (path / "corpus.json").write_text('{"version": 9}'), "not of a version"),
        (lambda path: (path / "corpus.json").unlink(), "is not a corpus: it has no corpus.json"),
        (lambda path: (path / "units").rename(path / "gone"), "has lost its table units/lstm"),
    ],
)
def test_a_directory_that_is_no_corpus_says_why(corpus, tmp_path, change, said):
    copied = tmp_path / "copied"
    duplicate(corpus, copied)
    change(copied)
    with pytest.raises(BadInput, match=said):
        Corpus.open(copied)


def duplicate(one: Path, other: Path) -> None:
    for path in one.rglob("*"):
        if path.is_file():
            place = other / path.relative_to(one)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())


def test_a_library_that_is_missing_says_what_to_install():
    with pytest.raises(Unavailable, match=r"pip install 'lstm-viz\[corpus\]'"):
        extra.need("no_such_library")
