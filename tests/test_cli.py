"""The command line: `python -m app` and, installed, `lstm-viz`."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app.cli.main import main
from app.modelfile import read_file
from tests.lessons import CSV

ROOT = Path(__file__).parent.parent


@pytest.fixture
def data(tmp_path) -> Path:
    path = tmp_path / "mood.csv"
    path.write_text(CSV, "utf-8")
    return path


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return ended.value.code or 0, out, err  # type: ignore[return-value]


def test_train_writes_a_model_and_says_how_good_it_is(capsys, data, tmp_path):
    out = tmp_path / "model.safetensors"
    code, text, err = run(capsys, "train", data, "--out", out, "--epochs", 25, "--title", "Mood")
    assert (code, err) == (0, "")
    assert text == f"{out}: 2 labels, 100.0% right, epoch 25 of 25\n"
    model = read_file(out)
    assert (model.title, model.labels) == ("Mood", ("happy", "sad"))
    assert model.network.recurrent["lstm"].weights.units == 8


def test_train_takes_a_grammar_in_place_of_a_file(capsys, tmp_path):
    out = tmp_path / "place.safetensors"
    code, text, _ = run(
        *(capsys, "train", "--grammar", "place", "--examples", 100, "--epochs", 1, "--out", out)
    )
    assert code == 0
    assert "15 labels" in text
    assert read_file(out).vocabulary is not None


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (["train"], 1, "Give either a CSV file or --grammar"),
        (["train", "DATA", "--grammar", "place"], 1, "Give either"),
        (["train", "nowhere.csv"], 1, "nowhere.csv: No such file or directory"),
        (["train", "."], 1, ".: Is a directory"),
        (
            ["train", "DATA", "--out", "/no/such/place/model"],
            1,
            "/no/such/place is not a directory",
        ),
        (["train", "DATA", "--units", "0"], 2, "--units"),
        (["train", "DATA", "--units", "many"], 2, "--units"),
        (["train", "DATA", "--learning-rate", "0"], 1, "greater than 0"),
        (["train", "--grammar", "nope"], 1, "The grammars are"),
        (["train", "DATA", "--frobnicate"], 2, "No such option: --frobnicate"),
        (["frobnicate"], 2, "No such command 'frobnicate'"),
        (["serve", "--port", "x"], 2, "--port"),
        (["serve", "--model", "DATA"], 1, "not a whole .safetensors file"),
        (["--port", "100000"], 2, "--port"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(capsys, data, arguments, code, fragment):
    words = [str(data) if word == "DATA" else word for word in arguments]
    came, out, err = run(capsys, *words)
    assert (came, out) == (code, "")
    assert err.startswith("lstm-viz: ")
    assert err.count("\n") == 1
    assert fragment in err


def test_csv_of_another_encoding_is_refused(capsys, tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("text,label\nschön,a\n".encode("latin-1"))
    assert "line 2 has the byte 0xf6" in run(capsys, "train", path)[2]


def test_a_training_that_diverges_keeps_the_last_epoch_that_makes_sense(capsys, data, tmp_path):
    out = tmp_path / "model.safetensors"
    code, _, err = run(capsys, "train", data, "--out", out, "--learning-rate", "1e9")
    assert code == 1
    assert "diverged" in err
    assert read_file(out).provenance["epoch"] == 0


def test_help_names_the_commands(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "serve" in out
    assert "train" in out


@pytest.mark.parametrize("command", [["serve"], []])
def test_serve_serves_a_model_file_and_ends_when_told(capsys, data, tmp_path, command):
    model = tmp_path / "my model.safetensors"
    run(capsys, "train", data, "--out", model, "--epochs", 1)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    words = [*command, "--port", str(port), "--model", str(model)]
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert f"http://127.0.0.1:{port}/?model=my-model" in line
        end = time.monotonic() + 20
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/api/models")
                break
            except httpx.TransportError:
                assert time.monotonic() < end
                time.sleep(0.05)
        assert "my-model" in [row["id"] for row in answer.json()["models"]]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=5)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
