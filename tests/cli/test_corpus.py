"""`lstm-viz corpus`."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli.main import main
from app.corpus.contents import read_contents
from tests.corpus.conftest import corpus, place_texts, texts

__all__ = ["corpus", "texts"]
ROOT = Path(__file__).parents[2]


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as exit:
        main([*map(str, arguments)])
    out, err = capsys.readouterr()
    code = exit.value.code
    return (code if isinstance(code, int) else 1), out, err


def test_a_table_of_labelled_texts_becomes_a_corpus(capsys, tmp_path):
    rows = [(text, "long" if len(text) > 60 else "short") for text in place_texts(40)]
    with (tmp_path / "mine.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("words", "kind"), *rows, ("", "short")])
    out = tmp_path / "c"
    code, said, _ = run(
        capsys, "corpus", "build", tmp_path / "mine.csv", "--model", "sentiment", "--out", out,
        "--text", "words", "--label", "kind", "--keep", "forget_gate,hidden_state", "--limit", 10,
    )  # fmt: skip
    assert code == 0
    assert said.startswith(f"{out}: 40 texts, ")
    assert "1 empty" in said
    assert "cut to 10" in said
    told = read_contents(out)
    assert told["layers"][0]["quantities"] == ["forget_gate", "hidden_state"]
    counted = {kind: [label for _, label in rows].count(kind) for kind in ("long", "short")}
    assert {row["label"]: row["sentences"] for row in told["labels"]} == counted


def test_units_are_a_table_that_a_person_can_read(capsys, corpus):
    code, out, _ = run(capsys, "corpus", "units", corpus)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].strip() == "lstm, hidden_state"
    assert [line.split()[0] for line in lines[3:]] == [str(unit) for unit in range(8)]
    code, out, _ = run(capsys, "corpus", "units", corpus, "--unit", 3, "--quantity", "cell_state")
    assert code == 0
    for part in ("highest", "lowest", "words", "similar units"):
        assert part in out


def test_the_same_comes_as_json(capsys, corpus):
    _, out, _ = run(capsys, "corpus", "units", corpus, "--unit", 3, "--json")
    assert json.loads(out)["unit"] == 3
    _, out, _ = run(
        capsys, "corpus", "match", corpus, "i live in Pune", "--from", 4, "--to", 4, "--json"
    )
    assert set(json.loads(out)) >= {"on", "units", "matches"}


def test_a_match_marks_the_range(capsys, corpus):
    sentence = "i live in pune and i work in pune"
    for end in range(4, 10):
        code, out, _ = run(capsys, "corpus", "match", corpus, sentence, "--from", 4, "--to", end)
        assert code == 0
        if "none" not in out.splitlines()[0]:
            assert "[" in out
            return
    pytest.fail("no range has a unit of its own")


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_a_unit_is_exported_with_the_words_it_stands_at(capsys, corpus, tmp_path, ending):
    out = tmp_path / f"unit.{ending}"
    assert run(capsys, "corpus", "export", corpus, "--out", out, "--unit", 2)[0] == 0
    assert out.stat().st_size > 1000
    if ending == "csv":
        rows = list(csv.DictReader(out.read_text("utf-8").splitlines()))
        assert len(rows) == read_contents(corpus)["tokens"]
        assert {"token", "answer", "forget_gate", "hidden_state"} <= set(rows[0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["units", "{tmp}"], "is not a corpus: it has no corpus.json"),
        (["units", "{tmp}/none"], "there is no such directory"),
        (["units", "{corpus}", "--unit", "8"], "has 0 to 7"),
        (["build", "{tmp}/none.txt", "--model", "place", "--out", "{tmp}/c"], "no such file"),
        (["build", "{texts}", "--model", "place", "--out", "{corpus}"], "is a corpus already"),
        (
            ["build", "{texts}", "--model", "place", "--out", "{tmp}/c", "--keep", "update_gate"],
            "has no update_gate. It has: candidate",
        ),
        (["export", "{corpus}", "--out", "{tmp}/a.xlsx"], "must end in .csv, .json or .parquet"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(capsys, corpus, texts, tmp_path, arguments, said):
    filled = [each.format(tmp=tmp_path, corpus=corpus, texts=texts) for each in arguments]
    code, out, err = run(capsys, "corpus", *filled)
    assert code == 1
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


def test_ctrl_c_leaves_a_whole_corpus_of_what_has_been_read(tmp_path):
    many = tmp_path / "many.txt"
    many.write_text("\n".join(place_texts(500) * 40), "utf-8")
    out = tmp_path / "c"
    command = [sys.executable, "-m", "app", "corpus", "build", str(many)]
    command += ["--model", "place", "--out", str(out), "--workers", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any(out.glob("parts/*.json")):
        assert process.poll() is None, "it ended before it could be stopped"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "stopped early" in said
    told = read_contents(out)
    assert not told["complete"]
    assert 0 < told["sentences"] < 20_000
