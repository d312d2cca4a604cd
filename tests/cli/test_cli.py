"""The command line: `python -m app` and, installed, `lstm-viz`."""

import inspect
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zlib
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app import __version__
from app.cli.import_model import bring
from app.cli.main import main
from app.cli.output import visible
from app.core.modelfile import read_file
from app.importers import OPTIONS
from app.storage.registry import Registry
from tests.imports import FILES
from tests.saved import boot_of
from tests.training_plans import CSV

ROOT = Path(__file__).parents[2]
SHIPPED = list(Registry.shipped().models)


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


def test_train_takes_any_cell(capsys, data, tmp_path):
    out = tmp_path / "model.safetensors"
    code, _, err = run(
        *(capsys, "train", data, "--out", out, "--epochs", 1, "--cell", "lstm_coupled")
    )
    assert (code, err) == (0, "")
    assert read_file(out).network.recurrent["lstm_coupled"].cell.name == "lstm_coupled"


def test_train_takes_a_grammar_in_place_of_a_file(capsys, tmp_path):
    out = tmp_path / "place.safetensors"
    code, text, _ = run(
        *(capsys, "train", "--grammar", "place", "--examples", 100, "--epochs", 1, "--out", out)
    )
    assert code == 0
    assert "15 labels" in text
    assert read_file(out).vocabulary is not None


def test_train_takes_a_text_or_a_series_whose_model_goes_on(capsys, tmp_path):
    sources = {"text": "the cat sat on the mat. " * 20, "series": "1\n2\n3\n4\n" * 20}
    for kind, content in sources.items():
        source, out = tmp_path / f"{kind}.txt", tmp_path / f"{kind}.safetensors"
        source.write_text(content, "utf-8")
        code, text, err = run(
            *(capsys, "train", f"--{kind}", source, "--epochs", 1, "--units", 4, "--out", out)
        )
        assert (code, err) == (0, "")
        assert "epoch 1 of 1" in text
        begin = "the" if kind == "text" else "1\n2"
        code, made, err = run(capsys, "generate", begin, "--model", out, "--length", 3)
        assert (code, err) == (0, "")
        assert made.strip("\n")


@pytest.mark.parametrize(
    ("arguments", "code", "fragment"),
    [
        (["train"], 1, "Give either a CSV file, --grammar, --text or --series"),
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
        (["serve", "--model", "DATA"], 1, "mood.csv: This is a text file"),
        (["trace"], 2, "Missing argument 'SEQUENCE'"),
        (["trace", "!!!"], 1, "no words left"),
        (["trace", "Good", "--model", "nope"], 1, "the shipped models are article, place"),
        (["trace", "Good", "--model", "nope.keras"], 1, "nope.keras: No such file"),
        (["trace", "Good", "--model", "DATA"], 1, "mood.csv: This is a text file"),
        (["trace", "Good", "--model", "."], 1, ".: Is a directory"),
        (["trace", "Good", "--layer", "top"], 1, "no recurrent layer 'top'"),
        (["trace", "Good", "--unit", "3"], 1, "units 0 to 2"),
        (["trace", "Good", "--format", "xml"], 2, "--format"),
        (["trace", "Good", "--include", "soul"], 2, "--include"),
        (["trace", "Good", "--include", "memory"], 1, "--format json, csv or npz"),
        (["trace", "Good", "--out", "t.html"], 1, "lstm-viz export t.html"),
        (["trace", "Good", "--out", "x.txt"], 1, "ends in none of .json, .csv, .npz"),
        (
            ["trace", "Good", "--out", "/no/such/place/x.csv"],
            1,
            "/no/such/place is not a directory",
        ),
        (["trace", "\udcff"], 1, "not UTF-8"),
        (["import", "nope.keras", "--out", "x.safetensors"], 1, "nope.keras: No such file"),
        (["import", "DATA", "--out", "x.safetensors"], 1, "This is a text file"),
        (["import", "DATA", "--out", "x.keras"], 1, "must end in .safetensors"),
        (["import", "DATA"], 2, "--out"),
        (
            ["import", FILES / "lstm.keras", "--label", "no,very good", "--out", "x.safetensors"],
            1,
            "Repeat the option: --label no --label 'very good'",
        ),
        (["export", "/no/such/place/x.html"], 1, "/no/such/place is not a directory"),
        (["export", "x.pdf"], 1, "must end in .html; x.pdf does not"),
        (["train", "DATA", "--out", "DATA"], 2, "mood.csv is an input file"),
        (
            ["export", "x.html", "--model", FILES / "lstm.keras", "--sentence", "Good Day"],
            1,
            "--sentence: ",
        ),
        (["export", "x.html", "--timestep", "3"], 1, "the sequence has 2"),
        (["export"], 2, "Missing argument"),
        (["models", "--format", "csv"], 2, "--format"),
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
    for command in ("serve", "trace", "models", "train", "import", "export"):
        assert f"  {command} " in out
    assert "Examples:\n    lstm-viz\n" in out
    for command in ("serve", "trace", "import", "export"):
        code, out, _ = run(capsys, command, "--help")
        assert code == 0
        assert f"Examples:\n    lstm-viz {command}" in out


def test_the_version_is_said(capsys):
    assert run(capsys, "--version") == (0, f"lstm-viz {__version__}\n", "")


def typed(monkeypatch, data: bytes) -> None:
    """Put data on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


TABLE = """\
The guide's model (seeded), lstm: lstm, 5 features -> 3 units
step  word  unit  input gate  forget gate  candidate  output gate  cell state  hidden state
───────────────────────────────────────────────────────────────────────────────────────────
   1  Good     1       0.646        0.534      0.432        0.607       0.279         0.165
   2  Day      1       0.390        0.704      0.597        0.339       0.429         0.137
prediction: 0 51.4%, 1 48.6%
"""


def test_trace_prints_a_table_for_people_and_nothing_for_terminals_into_a_pipe(capsys):
    code, out, err = run(capsys, "trace", "Good Day", "--unit", 1)
    assert (code, err) == (0, "")
    assert out == TABLE
    assert run(capsys, "trace", "Good Day")[1].count("\n   ") == 7


def test_the_table_marks_unknown_words_and_says_timestep_where_no_words_are_read(capsys):
    out = run(capsys, "trace", "I live in Xyzzy", "--model", "place", "--unit", 0)[1]
    assert "   4  Xyzzy *     0 " in out
    assert out.count("*") == 2
    assert "\n* not in the vocabulary" in out
    out = run(capsys, "trace", "3 1", "--model", FILES / "lstm.keras", "--unit", 0)[1]
    assert "\nstep  id  unit  input gate" in out
    out = run(capsys, "trace", "1,2,3", "--model", FILES / "rectified.keras", "--unit", 0)[1]
    assert "\ntimestep  unit  input gate" in out
    assert "*" not in out


def test_a_terminal_gets_colour_and_fits_its_width(capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    out = run(capsys, "trace", "Good Day")[1]
    assert "\x1b[" in out
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert max(map(len, plain.splitlines())) <= 80
    assert "…" not in plain


def test_a_word_cannot_command_the_terminal(capsys):
    vocabulary = FILES / "lstm.keras"
    out = run(capsys, "trace", "3 1", "--model", vocabulary)[1]
    assert "   1  3" in out
    assert visible("a\x1b[31mb\u202ec") == r"a\x1b[31mb\u202ec"


@pytest.mark.parametrize("name", ["json", "csv", "npz"])
def test_trace_writes_what_the_server_sends(capsys, client, monkeypatch, tmp_path, name):
    fields = {"sentence": "schön here", "include": "memory", "format": name}
    sent = client.get("/api/step", params=fields).content
    out = tmp_path / f"x.{name}"
    typed(monkeypatch, "schön here\n".encode())
    words = ["trace", "-", "--include", "memory", "--out", out]
    assert run(capsys, *words) == (0, "", "")
    assert out.read_bytes() == sent
    if name != "npz":
        typed(monkeypatch, b"sch\xc3\xb6n here")
        words = ["trace", "-", "--include", "memory", "--format", name]
        assert run(capsys, *words)[1].encode().rstrip() == sent.rstrip()


def test_a_sentence_that_is_not_utf_8_is_refused_and_nothing_is_left(capsys, monkeypatch, tmp_path):
    typed(monkeypatch, "schön".encode("latin-1"))
    code, _, err = run(capsys, "trace", "-", "--out", tmp_path / "x.csv")
    assert (code, err.count("\n")) == (1, 1)
    assert "not UTF-8: byte 4 is 0xf6" in err
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_replaced_is_named_and_nothing_is_left(capsys, tmp_path):
    (tmp_path / "x.csv").mkdir()
    code, _, err = run(capsys, "trace", "Good", "--out", tmp_path / "x.csv")
    assert (code, err) == (
        1,
        f"lstm-viz: {tmp_path / 'x.csv'} is a directory. Give the name of a file.\n",
    )
    code, _, err = run(capsys, "trace", "Good", "--out", "/proc/x.csv")
    assert (code, err.count("\n")) == (1, 1)
    assert "/proc/x.csv" in err
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


TABLE_OF_ONE = ["trace", "Good", "--format", "csv", "--out"]


def test_a_link_stays_and_what_it_points_to_is_written(capsys, tmp_path):
    (tmp_path / "far").mkdir()
    link, target = tmp_path / "x.csv", tmp_path / "far" / "real.csv"
    link.symlink_to(target)
    for _ in range(2):  # not there yet, and there
        assert run(capsys, *TABLE_OF_ONE, link) == (0, "", "")
        assert link.is_symlink()
        assert target.read_text("utf-8").startswith("timestep,token")
    assert [path.name for path in target.parent.iterdir()] == ["real.csv"]


def test_a_pipe_with_a_name_takes_the_data_and_stays(capsys, tmp_path):
    pipe = tmp_path / "x.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert run(capsys, *TABLE_OF_ONE, pipe) == (0, "", "")
        got = reader.communicate()[0]
    assert got.startswith(b"timestep,token")
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize("to_a_file", [False, True])
def test_standard_output_by_its_name_is_written_to(tmp_path, to_a_file):
    # a link of our own to it: were it taken for a file, only the link would be lost
    (tmp_path / "out").symlink_to("/proc/self/fd/1")
    command = [sys.executable, "-m", "app", *TABLE_OF_ONE, str(tmp_path / "out")]
    if not to_a_file:
        got = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        assert got.startswith(b"timestep,token")
    else:
        log = tmp_path / "log"
        log.write_bytes(b"kept\n")
        with log.open("ab") as file:
            subprocess.run(command, cwd=ROOT, stdout=file, check=True)
        assert log.read_bytes().startswith(b"kept\ntimestep,token")


def test_ones_own_weights_are_not_written_over(capsys, tmp_path):
    weights, link = tmp_path / "mine.safetensors", tmp_path / "same.safetensors"
    content = (FILES / "torch_lstm.safetensors").read_bytes()
    weights.write_bytes(content)
    link.symlink_to(weights)
    for out in (weights, link):
        code, text, err = run(capsys, "import", weights, "--out", out)
        assert (code, text, err.count("\n")) == (2, "", 1)
        assert f"{out} is an input file and would be overwritten. Give another name." in err
    assert run(capsys, "trace", "1", "--model", weights, "--format", "csv", "--out", link)[0] == 2
    assert weights.read_bytes() == content


def test_a_vocabulary_that_is_no_text_is_refused_in_one_line(capsys, tmp_path):
    words = tmp_path / "clf.pt"
    words.write_bytes(b"PK\x80")
    out = tmp_path / "x.safetensors"
    code, _, err = run(capsys, "import", FILES / "lstm.keras", "--vocabulary", words, "--out", out)
    assert (code, err.count("\n")) == (1, 1)
    assert f"The vocabulary {words} is not UTF-8 text: byte 3 is 0x80." in err


def test_trace_reads_numbers_and_any_model_file(capsys, monkeypatch):
    typed(monkeypatch, b"1,2,3\n2,3,4\n")
    out = run(capsys, "trace", "-", "--model", FILES / "rectified.keras", "--layer", "b")[1]
    assert "rectified (imported), b: gru" in out
    assert "update gate" in out
    code, _, err = run(capsys, "trace", "1,2;3", "--model", FILES / "rectified.keras")
    assert code == 1
    assert "reads 3 numbers a timestep" in err
    code, _, err = run(capsys, "trace", "a b", "--model", FILES / "lstm.keras")
    assert code == 1
    assert "has no vocabulary" in err


def test_models_are_listed_for_people_and_programs(capsys):
    out = run(capsys, "models")[1]
    assert [line.split()[0] for line in out.splitlines()[2:]] == SHIPPED
    rows = json.loads(run(capsys, "models", "--format", "json")[1])["models"]
    assert [row["id"] for row in rows] == SHIPPED


def test_import_says_what_was_found_and_writes_a_model_of_ours(capsys, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("_ a b c d e f g h".replace(" ", "\n"), "utf-8")
    out = tmp_path / "own.safetensors"
    name = FILES / "torch_lstm.safetensors"
    code, text, err = run(
        *(capsys, "import", name, "--vocabulary", words, "--title", "Mine"),
        *("--label", "no", "--label", "yes", "--activation", "softmax", "--out", out),
    )
    assert (code, err) == (0, "")
    assert f"{out}: Mine\n" in text
    assert "gate order: i, f, g, o" in text
    assert "assumed: Token 0 is a word like any other" in text
    model = read_file(out)
    assert (model.title, model.labels) == ("Mine", ("no", "yes"))
    assert "prediction: " in run(capsys, "trace", "a b", "--model", out)[1]


def test_a_pickle_is_refused_with_the_lines_that_convert_it_in_one(capsys, tmp_path):
    path = tmp_path / "model.joblib"
    path.write_bytes(zlib.compress(b"\x80\x02}."))
    code, _, err = run(capsys, "import", path, "--out", tmp_path / "x.safetensors")
    assert (code, err.count("\n")) == (1, 1)
    assert 'import joblib; joblib.load("model.joblib").save("model.keras")' in err
    assert "#" not in err  # a comment would swallow what follows
    assert [found.name for found in tmp_path.iterdir()] == ["model.joblib"]


def test_export_writes_the_page_in_one_file(capsys, tmp_path):
    out = tmp_path / "page.html"
    code, text, err = run(
        *(capsys, "export", out, "--sentence", "I live in Pune", "--model", "place"),
        *("--timestep", 4, "--theme", "dark"),
    )
    assert (code, err) == (0, "")
    page = out.read_text("utf-8")
    assert text == f"{out}: {len(page.encode()):,} bytes\n"
    assert page.lower().startswith("<!doctype html>")
    assert "I live in Pune" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lstm.keras", "&token_ids=1%2C2%2C3%2C4&"),
        ("rectified.keras", "&inputs=0.0%2C0.87%2C-0.87%3B"),
    ],
)
def test_export_of_a_model_without_words_takes_its_own_example(capsys, tmp_path, name, said):
    out = tmp_path / "page.html"
    code, _, err = run(capsys, "export", out, "--model", FILES / name)
    assert (code, err) == (0, "")
    assert said in boot_of(out.read_text("utf-8"))["query"] + "&"


def test_a_shell_can_complete_commands():
    done = subprocess.run(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ
        | {"_LSTM_VIZ_COMPLETE": "complete_bash", "COMP_WORDS": "lstm-viz tr", "COMP_CWORD": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["trace", "train"]


@pytest.mark.parametrize(
    ("command", "name", "model_id"),
    [
        (["serve"], "my model.safetensors", "my-model"),
        ([], FILES / "lstm.keras", "lstm"),
    ],
)
def test_serve_serves_a_model_file_of_any_kind_and_ends_when_told(
    capsys, data, tmp_path, command, name, model_id
):
    model = tmp_path / name  # an absolute path stays what it is
    if not model.exists():
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
        assert f"http://127.0.0.1:{port}/?model={model_id}" in line
        end = time.monotonic() + 120
        while True:
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/api/models")
                break
            except httpx.TransportError:
                assert time.monotonic() < end
                time.sleep(0.05)
        assert model_id in [row["id"] for row in answer.json()["models"]]
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_import_takes_whatever_the_form_and_the_api_take():
    taken = set(inspect.signature(bring).parameters)
    assert {name.removesuffix("s") if name == "activations" else name for name in OPTIONS} <= taken
