"""The trace as a table and as arrays: the same numbers as in the JSON, under the same names."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from app.service.formats import arrays_of, csv_pieces, filename, table_of, to_csv
from app.service.formats.table import HEADER, safe_cell
from app.service.question import question_of
from app.service.step import Task
from app.settings import Settings
from app.storage.registry import Registry
from tests.imports import imported

EVERYTHING = "preactivations,memory,gradients,attributions,updates"


def get(client, sentence: str = "Good Day", accept: str = "*/*", **fields):
    params = {"sentence": sentence, **fields}
    return client.get("/api/step", params=params, headers={"Accept": accept})


def read_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_npz(data: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return dict(stored)


def flat(rows: list[list[float]]) -> list[float]:
    return [number for row in rows for number in row]


def answer(sentence: str = "Good Day", **fields):
    wanted = question_of({"sentence": sentence, **fields})
    return Task.of(wanted, Registry.shipped().get(wanted.model), Settings()).answer()


def test_the_table_has_a_row_for_each_timestep_unit_and_quantity(client):
    rows = read_csv(get(client, format="csv").content)
    steps = get(client).json()["steps"]
    assert tuple(rows[0]) == HEADER
    found = {(r["timestep"], r["quantity"], r["unit"]): r for r in rows}
    for step in steps:
        for quantity, numbers in step.items():
            for unit, number in enumerate(numbers if isinstance(numbers, list) else ()):
                row = found[str(step["timestep"]), quantity, str(unit)]
                assert float(row["value"]) == number
                assert row["token"] == step["token"]
    assert found["0", "cell_state", "2"]["value"] == "0.0"  # the initial state


def test_explanations_are_part_of_the_table(client):
    fields = {"include": EVERYTHING, "unit": 1, "label": "1"}
    rows = read_csv(get(client, **fields, format="csv").content)
    parts = get(client, **fields).json()

    def values(quantity: str) -> list[float]:
        return [float(row["value"]) for row in rows if row["quantity"] == quantity]

    assert values("memory.magnitude") == flat(parts["memory"]["magnitude"])
    assert values("memory.contributions") == flat(parts["memory"]["contributions"])
    assert values("gradients.input_dot") == parts["gradients"]["input_dot"]
    forget = [step["gradient"]["forget_gate"] for step in parts["steps"]]
    initial = parts["gradients"]["initial_state"]["cell_state"]
    after = [step["gradient"]["cell_state"] for step in parts["steps"]]
    assert values("gradient.cell_state") == [*initial, *flat(after)]
    assert values("gradient.forget_gate") == flat(forget)
    assert values("updates.input") == parts["updates"]["input"]
    shares = values("attributions.scores") + values("attributions.initial_state")
    bias, logit = values("attributions.bias"), values("attributions.logit")
    assert sum(shares + bias) == pytest.approx(logit[0])
    z = parts["steps"][1]["preactivations"]["forget_gate"]
    assert values("preactivations.forget_gate")[3:] == z
    assert {row["label"] for row in rows if row["quantity"] == "gradients.input"} == {"1"}
    sources = [row["source"] for row in rows if row["quantity"] == "memory.contributions"]
    assert sources == ["0", "1", "2"] * 2
    assert values("prediction.probabilities") == parts["prediction"]["probabilities"]
    assert values("prediction.by_timestep") == flat(parts["prediction"]["by_timestep"])


def test_the_arrays_have_the_names_of_the_wire_and_its_numbers(client):
    fields = {"include": EVERYTHING, "unit": 0}
    arrays = read_npz(get(client, **fields, format="npz").content)
    parts = get(client, **fields).json()
    steps = parts["steps"]
    for name in ("forget_gate", "input_gate", "candidate", "output_gate", "cell_state"):
        assert arrays[name].dtype == np.float32
        assert np.array_equal(arrays[name], np.array([step[name] for step in steps], np.float32))
    assert arrays["input"].shape == (2, 5)
    assert arrays["tokens"].tolist() == ["Good", "Day"]
    assert arrays["token_ids"].tolist() == [49539, 10947]
    assert arrays["timestep"].tolist() == [1, 2]
    assert arrays["prediction.labels"].tolist() == ["0", "1"]
    assert arrays["memory.magnitude"].shape == (2, 3)
    assert arrays["attributions.scores"].tolist() == parts["attributions"]["scores"]
    assert arrays["preactivations.candidate"].shape == (2, 3)
    along = [step["gradient"]["along_memory"] for step in steps]
    assert arrays["gradient.along_memory"].tolist() == along
    assert arrays["gradient_preactivations.candidate"].shape == (2, 3)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("application/x-npz", "application/x-npz"),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
        (
            "text/html, application/json;q=0.2, text/csv;q=0.5",
            "text/csv; charset=utf-8; header=present",
        ),
        ("text/csv;q=0.5, */*", "application/json"),
        ("text/csv;q=0", "application/json"),
        ("text/csv;q=many;;, ,", "application/json"),
    ],
)
def test_the_accept_header_chooses_and_what_is_not_made_falls_back_to_json(client, accept, kind):
    answer = get(client, accept=accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == kind
    assert "Accept" in answer.headers["vary"].split(", ")


@pytest.mark.parametrize("name", ["json", "csv", "npz"])
def test_a_format_asked_for_by_name_is_a_file_to_keep_whatever_the_header_says(client, name):
    by_address = get(client, accept="text/csv", format=name)
    assert by_address.status_code == 200
    disposition = by_address.headers["content-disposition"]
    assert disposition == f'attachment; filename="The-guide-s-model-Good-Day.{name}"'
    body = {"sentence": "Good Day"}
    assert client.post(f"/api/step?format={name}", json=body).content == by_address.content


@pytest.mark.parametrize("query", ["format=xlsx", "format=", "format=csv&format=csv"])
def test_another_format_is_refused_in_the_one_shape(client, query):
    for answer in (
        client.get(f"/api/step?sentence=a&{query}"),
        client.post(f"/api/step?{query}", json={"sentence": "a"}),
    ):
        assert answer.status_code == 422
        assert "format" in answer.json()["detail"]


def test_the_formats_are_documented(client):
    paths = client.get("/openapi.json").json()["paths"]
    for operation in paths["/api/step"].values():
        kinds = operation["responses"]["200"]["content"]
        assert kinds.keys() == {"application/json", "text/csv", "application/x-npz"}
        assert "format" in [parameter["name"] for parameter in operation["parameters"]]


def test_words_of_any_script_survive_and_tell_a_spreadsheet_their_encoding(client):
    sentence = "नमस्ते 🙂 naïve"
    data = get(client, sentence, format="csv").content
    assert data.startswith(b"\xef\xbb\xbf")
    words = dict.fromkeys(row["token"] for row in read_csv(data) if row["token"])
    assert list(words) == sentence.split()
    arrays = read_npz(get(client, sentence, format="npz").content)
    assert arrays["tokens"].tolist() == sentence.split()
    assert get(client, format="csv").content.startswith(b"timestep,")


@pytest.mark.parametrize(
    ("word", "cell"),
    [
        ("Pune", "Pune"),
        ("=1+1", '"\'=1+1"'),
        ("@x", '"\'@x"'),
        ("+", '"\'+"'),
        ("-", '"\'-"'),
        ("\t=1", "\"'\t'=1\""),
        ("\rx", '"\'\rx"'),
        (" =1", '"\' =1"'),
        ("＝1", '"\'＝1"'),
        ("a;=1", '"a;\'=1"'),
        ("a-b", '"a-b"'),
        ('say "hi", x', '"say ""hi"", x"'),
        ("", ""),
    ],
)
def test_no_word_is_run_by_a_spreadsheet(word, cell):
    assert safe_cell(word) == cell


def test_a_formula_as_a_word_is_defused_in_csv_and_kept_in_arrays(client):
    answered = answer()
    answered["tokens"][0]["text"] = '=HYPERLINK("x")'
    rows = read_csv(to_csv(answered))
    assert {row["token"] for row in rows} == {"", '\'=HYPERLINK("x")', "Day"}
    assert arrays_of(answered)["tokens"][0] == '=HYPERLINK("x")'
    assert table_of(answered)["token"].count('=HYPERLINK("x")') == 5 + 6 * 3 + 2


def test_a_large_table_comes_in_pieces_and_is_the_same(client):
    answered = answer("word " * 300)
    pieces = list(csv_pieces(answered))
    assert len(pieces) > 1
    assert all(len(piece) < 400_000 for piece in pieces)
    assert b"".join(pieces) == to_csv(answered)
    assert len(read_csv(to_csv(answered))) == len(table_of(answered)["value"])


def test_masked_timesteps_and_outputs_at_every_timestep_are_marked():
    found = imported("rnn_every.keras")
    registry = Registry.shipped()
    model = replace(registry.get("article"), id="m", network=found.network, labels=("a", "b"))
    registry.models["m"] = model
    wanted = question_of({"token_ids": [3, 0, 5], "model": "m"})
    answered = Task.of(wanted, registry.get("m"), Settings()).answer()
    rows = read_csv(to_csv(answered))
    assert [row["timestep"] for row in rows if row["quantity"] == "masked"] == ["2"]
    outputs = [row for row in rows if row["quantity"] == "prediction.output"]
    assert [(row["timestep"], row["unit"]) for row in outputs] == [
        (str(t), str(k)) for t in (1, 2, 3) for k in (0, 1)
    ]
    assert arrays_of(answered)["masked"].tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("title", "words", "name"),
    [
        ("Mood", ["a/b", "..\\c", "d"], "Mood-a-b-..-c-d.csv"),
        ("Mood", ["x\u202egnp.exe"], "Mood-x-gnp.exe.csv"),
        ("...", ["\x00"], "trace.csv"),
        ("M", ["long" * 100], f"M-{'long' * 100}"[:60] + ".csv"),
    ],
)
def test_a_file_has_a_name_that_no_system_trips_over(title, words, name):
    tokens = [{"text": word, "id": 1} for word in words]
    assert filename({"model": {"title": title}, "tokens": tokens}, "csv") == name


def test_a_name_of_another_script_is_sent_as_such(client):
    sent = get(client, "naïve", format="csv").headers["content-disposition"]
    assert 'filename="The-guide-s-model-na_ve.csv"' in sent
    assert "filename*=UTF-8''The-guide-s-model-na%C3%AFve.csv" in sent
