"""What docs/use.md shows is what happens.

Its lines of pandas run on a double that takes what pandas takes: pandas is not needed, and large.
"""

from __future__ import annotations

import csv
import doctest
import re
import shlex
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.main import main
from app.service.formats import HEADER
from tests.doubles import torch_module
from tests.imports import FILES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "use.md").read_text("utf-8")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> None:
    """A directory with the files that the text speaks of, and the package by its own name."""
    shutil.copy(FILES / "lstm.keras", tmp_path / "model.keras")
    (tmp_path / "words.txt").write_text("\n".join("_abcdefgh"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(ROOT))


def assert_shown(shown: str, came: str) -> None:
    assert doctest.OutputChecker().check_output(shown, came, FLAGS), came


def test_what_commands_show_is_what_they_print(client, capsys):
    commands = [c for block in blocks("console") for c in re.split(r"^\$ ", block, flags=re.M)[1:]]
    assert len(commands) > 8
    for command in commands:
        line, _, shown = command.partition("\n")
        program, *words = shlex.split(line)
        if program == "curl":
            assert_shown(shown, client.get(words[0].removeprefix("localhost:8000")).text)
            continue
        with pytest.raises(SystemExit):
            main(words)
        out, err = capsys.readouterr()
        assert_shown(shown, out + err)


def test_what_a_session_shows_is_what_it_prints():
    session = doctest.DocTestParser().get_doctest(
        "\n".join(blocks("pycon")), {}, "docs/use.md", None, 0
    )
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(session, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def read_csv(path: str, keep_default_na: bool, na_values: list[str]) -> list[dict[str, str]]:
    assert (keep_default_na, na_values) == (False, [""])
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_lines_of_python_run(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(read_csv=read_csv))
    parts = {"": "Net", "embedding": "Embedding"}
    names: dict[str, Any] = {"module": torch_module("torch_lstm.safetensors", parts)}
    for suffix in ("csv", "npz"):
        with pytest.raises(SystemExit):
            main(["trace", "Good Day", "--out", f"trace.{suffix}"])
    for block in blocks("python"):
        exec(block, names)
    assert names["gates"].shape == (2, 3)
    assert names["table"][0].keys() >= {"timestep", "unit", "quantity", "value"}
    assert names["trace"].prediction["probabilities"].sum() == pytest.approx(1)
    assert "mask_zero" in capsys.readouterr().out


def test_the_columns_are_all_explained():
    assert tuple(re.findall(r"^\| `(\w+)` \|", TEXT, re.M)) == HEADER
