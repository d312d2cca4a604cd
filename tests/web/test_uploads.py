"""`POST /api/models`: a trained model is brought, used, taken away and removed."""

from __future__ import annotations

import base64
import gzip
import io
import re
from collections.abc import Iterator

import httpx
import numpy as np
import orjson
import pytest
from fastapi.testclient import TestClient
from safetensors.numpy import save

from app.core.cells import CELLS
from app.main import create_app
from app.settings import Settings
from app.storage.names import reading_name
from tests.imports import FILES, cases, expected

GOOD = cases(".keras", ".h5", ".onnx", ".safetensors", ".pt", ".pth", ".ckpt", ".pkl", ".tar")


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def upload(server: TestClient, name: str, **fields: str):
    data = (FILES / name).read_bytes()
    return server.post("/api/models", files={"file": (name, data)}, data=fields)


def step(server: TestClient, model: str, **body: object):
    return server.post("/api/step", json={"model": model} | body)


def inputs_of(row: dict, name: str) -> dict:
    """Something for the model to read: its own test's first sequence."""
    sequence = expected(name)["inputs"][0]
    return {"token_ids" if sequence.ndim == 1 else "inputs": sequence.tolist()}


@pytest.mark.parametrize("name", GOOD)
def test_every_gate_of_every_layer_can_be_asked_for(server, name):
    answer = upload(server, name)
    assert answer.status_code == 201, answer.text
    row = answer.json()
    assert answer.headers["location"] == f"/api/models/{row['id']}"
    assert row["provenance"]["kind"] == "imported"
    assert row["detected"]["format"]
    assert row["layers"]
    for layer in row["layers"]:
        found = step(
            server,
            row["id"],
            layer=layer["name"],
            include=["preactivations"],
            **inputs_of(row, name),
        )
        assert found.status_code == 200, found.text
        last = found.json()["steps"][-1]
        cell = CELLS[layer["cell"]]
        gates = {*cell.gates, *cell.states} - {"hidden_state"}
        assert gates | {"hidden_state"} <= last.keys()
        assert all(len(last[gate]) == layer["units"] for gate in gates)
        assert last["preactivations"]
    shown = server.get(f"/api/models/{row['id']}").json()
    assert shown["total_parameters"] == row["total_parameters"]
    weights = server.get(f"/api/models/{row['id']}/weights")
    assert weights.status_code == 200


@pytest.mark.parametrize("name", GOOD)
def test_the_file_that_is_taken_away_is_the_same_model(server, name):
    row = upload(server, name).json()
    file = server.get(f"/api/models/{row['id']}/file")
    assert file.headers["content-disposition"].endswith('.safetensors"')
    again = server.post("/api/models", files={"file": ("x", file.content)})
    assert again.status_code == 201, again.text
    other = again.json()
    assert other["id"] != row["id"]
    sequence = inputs_of(row, name)
    for layer in row["layers"]:
        first, second = (
            step(server, model["id"], layer=layer["name"], **sequence).json()
            for model in (row, other)
        )
        for key in ("steps", "output", "state", "prediction", "layer"):
            assert first[key] == second[key]


def test_the_steps_of_a_backward_layer_stand_in_token_order(server):
    row = upload(server, "bidirectional_concat.keras").json()
    wanted = expected("bidirectional_concat.keras")
    answer = step(
        server,
        row["id"],
        layer="a/backward",
        include=["memory"],
        unit=1,
        **inputs_of(row, "bidirectional_concat.keras"),
    ).json()
    states = np.array([one["hidden_state"] for one in answer["steps"]])
    assert np.abs(states - wanted["hidden_state:a/backward"][0]).max() <= 1e-6
    assert [one.get("masked", False) for one in answer["steps"]] == [
        False,
        True,
        False,
        False,
        True,
        False,
    ]
    assert answer["layer"]["go_backwards"] is True
    assert answer["prediction"]["by_timestep"] is None
    shares = np.array(answer["memory"]["contributions"])
    cells = [one["cell_state"][1] for one in answer["steps"]]
    assert np.abs(shares.sum(axis=1) - cells).max() <= 1e-5
    assert np.all(np.tril(shares[:, 1:], -1) == 0)  # nothing has been read that stands before


def test_a_stack_gives_what_its_framework_gives_at_every_prefix(server):
    row = upload(server, "stacked.keras", labels="no\nyes").json()
    wanted = expected("stacked.keras")
    ids = wanted["inputs"][0].tolist()
    answer = step(server, row["id"], layer="b", token_ids=ids).json()
    prediction = answer["prediction"]
    assert prediction["labels"] == ["no", "yes"]
    assert np.abs(np.array(prediction["output"]) - wanted["output"][0]).max() <= 1e-6
    before = step(server, row["id"], token_ids=ids[:3]).json()["prediction"]
    assert np.abs(np.subtract(before["output"], prediction["by_timestep"][2])).max() <= 1e-6


def test_logits_are_not_called_probabilities(server):
    row = upload(server, "torch_lstm.safetensors").json()
    prediction = step(server, row["id"], token_ids=[1, 2]).json()["prediction"]
    assert prediction["probabilities"] is None
    assert len(prediction["by_timestep"]) == 2
    assert row["detected"]["assumed"]


def test_a_shorter_sequence_is_padded_in_front_and_a_longer_one_refused(server):
    row = upload(server, "flatten.keras").json()
    answer = step(server, row["id"], token_ids=[3, 5]).json()
    assert [token.get("padded", False) for token in answer["tokens"]] == [True] * 4 + [False] * 2
    whole = step(server, row["id"], token_ids=[0, 0, 0, 0, 3, 5]).json()
    assert answer["prediction"] == whole["prediction"]
    long = step(server, row["id"], token_ids=[1] * 7)
    assert long.status_code == 422
    assert "weights for 6" in long.json()["detail"]


@pytest.mark.parametrize(
    ("vocabulary", "ids"),
    [
        ('["", "[UNK]", "pune", "goa"]', [2, 3, 1]),
        ('{"pune": 4, "goa": 1, "<OOV>": 2}', [4, 1, 2]),
        ("\n<unk>\npune\ngoa\n", [2, 3, 1]),
        (
            orjson.dumps(
                {
                    "class_name": "Tokenizer",
                    "config": {"oov_token": "?!", "word_index": '{"?!": 1, "goa": 2, "pune": 3}'},
                }
            ).decode(),
            [3, 2, 1],
        ),
    ],
)
def test_a_vocabulary_that_is_sent_along_makes_words_of_ids(server, vocabulary, ids):
    row = upload(server, "lstm.keras", vocabulary=vocabulary).json()
    answer = step(server, row["id"], sentence="Pune, Goa, Rome").json()
    assert [token["id"] for token in answer["tokens"]] == ids
    file = server.get(f"/api/models/{row['id']}/file").content
    again = server.post("/api/models", files={"file": ("x", file)}).json()
    other = step(server, again["id"], sentence="Pune, Goa, Rome").json()
    assert other["tokens"] == answer["tokens"]


def test_without_a_vocabulary_words_are_refused_and_ids_offered(server):
    row = upload(server, "lstm.keras").json()
    answer = step(server, row["id"], sentence="Good Day")
    assert answer.status_code == 422
    assert "token_ids" in answer.json()["detail"]


def test_a_vocabulary_that_is_no_text_is_refused(server):
    model = (FILES / "lstm.keras").read_bytes()
    files = {"file": ("lstm.keras", model), "vocabulary": ("clf.pt", b"PK\x80")}
    answer = server.post("/api/models", files=files)
    assert answer.status_code == 422
    assert "The field vocabulary is not UTF-8 text: byte 3 is 0x80." in answer.json()["detail"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"vocabulary": orjson.dumps(["x"] * 10).decode()}, "10 words"),
        ({"vocabulary": '{"x": 9}'}, "rows 0 to 8"),
        ({"vocabulary": "[1, 2]"}, "list of words"),
        ({"vocabulary": '{"class_name": "Tokenizer"}'}, "word_index"),
        ({"labels": "one"}, "3 outputs"),
        ({"labels": '["a", "a", "b"]'}, "3 outputs"),
        ({"options": "{"}, "not valid JSON"),
        ({"options": '{"gate": 1}'}, "reads"),
        ({"options": '{"activations": ["softmax"]}'}, "would change nothing"),
        ({"colour": "red"}, "no field"),
    ],
)
def test_fields_that_do_not_fit_the_model_are_refused(server, fields, words):
    answer = upload(server, "lstm.keras", **fields)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_numbers_are_read_by_a_model_without_an_embedding(server):
    row = upload(server, "rectified.keras").json()
    wanted = expected("rectified.keras")
    answer = step(server, row["id"], layer="c", inputs=wanted["inputs"][1].tolist()).json()
    assert np.abs(np.array(answer["prediction"]["output"]) - wanted["output"][1]).max() <= 1e-6
    assert [token["text"] for token in answer["tokens"]] == list("123456")
    assert step(server, row["id"], inputs=[[1.0]]).status_code == 422
    assert step(server, row["id"], inputs=[]).status_code == 422
    assert step(server, row["id"], sentence="Good Day").status_code == 422


def test_numbers_that_grow_beyond_float32_are_an_error_and_not_infinity(server):
    weights = {"weight_ih_l0": np.ones((1, 1)), "weight_hh_l0": np.full((1, 1), 10.0)}
    data = save({name: w.astype(np.float32) for name, w in weights.items()})
    options = {"options": '{"nonlinearity": "relu"}'}
    row = server.post("/api/models", files={"file": ("x", data)}, data=options).json()
    assert step(server, row["id"], inputs=[[1.0]] * 9).status_code == 200
    beyond = step(server, row["id"], inputs=[[1.0]] * 99)
    assert beyond.status_code == 422
    assert "float32" in beyond.json()["detail"]


def test_a_brought_model_is_listed_nowhere_and_can_be_removed(server):
    row = upload(server, "gru.keras", title="My own").json()
    assert row["title"] == "My own"
    assert row["id"] not in server.get("/api/models").text
    assert row["id"] not in server.get("/").text
    assert row["id"] not in step(server, "nothing", token_ids=[1]).text
    assert server.delete(f"/api/models/{row['id']}").status_code == 204
    assert server.delete(f"/api/models/{row['id']}").status_code == 404
    assert step(server, row["id"], token_ids=[1]).status_code == 404
    assert server.delete("/api/models/article").status_code == 403
    assert server.get("/api/models/article/file").status_code == 200


def test_what_is_no_model_file_is_415_and_what_is_damaged_422(server):
    answer = server.post("/api/models", files={"file": ("model.pt", b"\x80\x02}q\x00.")})
    assert answer.status_code == 415
    assert "pickle" in answer.json()["detail"]
    data = (FILES / "lstm.keras").read_bytes()[:-40]
    assert server.post("/api/models", files={"file": ("x", data)}).status_code == 422
    assert server.post("/api/models", files={"file": ("x", b"")}).status_code == 422
    assert server.post("/api/models", data={"title": "x"}).status_code == 422
    assert server.post("/api/models", json={}).status_code == 422
    assert server.post(
        "/api/models", content=b"--x", headers={"content-type": "multipart/form-data; boundary=x"}
    ).status_code in (400, 422)


def test_limits_and_the_switch_are_kept(tmp_path):
    settings = Settings(max_upload=1000, model_dir=str(tmp_path / "models"), model_count=2)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert upload(client, "lstm.keras").status_code == 413
        ids = [upload(client, "torch_rnn.safetensors").json()["id"] for _ in range(1)]
        names = [reading_name(owner) for owner in ids]
        assert [path.stem for path in (tmp_path / "models").iterdir()] == names
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert step(client, ids[0], token_ids=[1]).status_code == 200
    with TestClient(create_app(Settings(uploads=False)), raise_server_exceptions=False) as client:
        assert upload(client, "lstm.keras").status_code == 403


def test_a_brought_model_can_be_renamed_and_keeps_its_new_title(tmp_path):
    settings = Settings(model_dir=str(tmp_path))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        row = upload(client, "gru.keras").json()
        path = f"/api/models/{row['id']}"
        answer = client.patch(path, json={"title": "  Zürich, ज़्यूरिख़ \n"})
        assert answer.status_code == 200
        kept = {name: value for name, value in row.items() if name != "title"}
        assert answer.json() == kept | {"title": "Zürich, ज़्यूरिख़"}
        assert step(client, row["id"], token_ids=[1]).json()["model"]["title"] == "Zürich, ज़्यूरिख़"
        assert len(list(tmp_path.iterdir())) == 1
        foreign = client.patch(
            path, json={"title": "x"}, headers={"Origin": "http://elsewhere.org"}
        )
        assert foreign.status_code == 403
        assert client.patch("/api/models/article", json={"title": "x"}).status_code == 403
        assert client.patch(f"/api/models/{'x' * 22}", json={"title": "x"}).status_code == 404
        for wrong in ({}, {"title": " "}, {"title": "a\nb"}, {"title": "x" * 101}, {"title": 1}):
            assert client.patch(path, json=wrong).status_code == 422, wrong
        assert client.patch(path, json={"title": "x", "id": "y"}).status_code == 422
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert step(client, row["id"], token_ids=[1]).json()["model"]["title"].startswith("Zürich")


def test_what_is_unusual_about_a_layer_goes_with_it_and_nothing_else(server):
    def layers(name):
        row = upload(server, name).json()
        found = row["layers"]
        layer = found[0]["name"]
        answer = step(server, row["id"], layer=layer, **inputs_of(row, name)).json()
        assert answer["layer"] == found[0]
        shown = server.get(f"/api/models/{row['id']}/weights", params={"layer": layer}).json()
        return found, shown

    usual = {"name", "cell", "units", "features", "return_sequences", "gates", "states", "memory"}
    (first, *_), _ = layers("rectified.keras")
    assert (first["activation"], first["recurrent_activation"]) == ("relu", "hard_sigmoid")
    assert first.keys() == usual | {"activation", "recurrent_activation"}
    (first, *_), _ = layers("backwards.keras")
    assert first.keys() == usual | {"go_backwards"}
    (first, second), weights = layers("node_lstm_peepholes.onnx")
    assert first.keys() == usual | {"peephole"}
    assert second.keys() == usual | {"peephole", "go_backwards", "restores_order"}
    assert len(weights["output_gate"]["peephole"]) == first["units"]
    assert weights["candidate"].get("peephole") is None


def test_a_models_reading_name_opens_it_and_changes_nothing(server):
    row = upload(server, "lstm.keras", vocabulary='["", "[UNK]", "pune"]', title="Mine").json()
    owner, name = row["id"], row["reading_id"]
    assert name == reading_name(owner) != owner
    asked = [
        step(server, name, sentence="pune"),
        server.get(f"/api/models/{name}"),
        server.get(f"/api/models/{name}/weights"),
        server.get(f"/api/models/{name}/file"),
        server.get("/", params={"model": name, "sentence": "pune"}),
    ]
    assert [answer.status_code for answer in asked] == [200] * 5
    renamed = server.patch(f"/api/models/{name}", json={"title": "Stolen"})
    deleted = server.delete(f"/api/models/{name}")
    for answer in (renamed, deleted):
        assert answer.status_code == 403
        assert "the id that was answered" in answer.json()["detail"]
    assert step(server, owner, sentence="pune").json()["model"]["title"] == "Mine"


def test_no_answer_but_the_owners_own_holds_the_name_that_deletes(server):
    row = upload(server, "lstm.keras", vocabulary='["", "[UNK]", "pune"]').json()
    owner = row["id"]
    query = {"model": owner, "sentence": "pune"}
    compared = {"sentence": "Good Day", "compare": f"model,{owner}"}
    answers = [
        step(server, owner, sentence="pune"),
        step(server, owner, sentence="pune", layer="no such layer"),
        server.get("/api/step", params=query, headers={"Accept": "text/csv"}),
        server.get("/api/step", params=query, headers={"Accept": "application/x-npz"}),
        server.get("/api/export", params=query),
        server.get("/api/export", params=compared),
        server.get("/api/export", params=compared | query),
        server.get("/", params=query),
        server.get(f"/api/models/{owner}"),
        server.get(f"/api/models/{owner}/file"),
        server.get("/api/models"),
    ]
    for answer in answers:
        assert owner not in opened(answer), answer.request.url.path
        assert owner not in str(answer.headers), answer.request.url.path


def test_an_address_with_an_owners_name_leads_to_one_that_can_be_shared(server):
    row = upload(server, "lstm.keras").json()
    owner, name = row["id"], row["reading_id"]
    query = {"model": owner, "timestep": "2", "compare": f"model,{owner}@3"}
    answer = server.get("/", params=query, follow_redirects=False)
    assert answer.status_code == 303
    wanted = query | {"model": name, "compare": f"model,{name}@3"}
    assert dict(httpx.URL(answer.headers["location"]).params) == wanted
    assert server.get("/", params=wanted, follow_redirects=False).status_code == 200


def test_a_public_model_whose_id_is_as_long_as_an_owners_keeps_its_one_name(server, tmp_path):
    name = "a-name-as-long-as-that"
    path = tmp_path / f"{name}.safetensors"
    path.write_bytes(server.get("/api/models/place/file").content)
    with TestClient(create_app(Settings(models=str(path)))) as client:
        query = {"model": name, "compare": f"model,{name}"}
        assert client.get("/", params=query, follow_redirects=False).status_code == 200
        assert client.get("/api/export", params=query).status_code == 200
        assert client.get(f"/api/models/{name}").json()["id"] == name
        assert client.delete(f"/api/models/{name}").status_code == 403


def opened(answer) -> str:
    """Everything that an answer says, packed or not."""
    text = answer.content.decode("latin-1")
    for packed in re.findall(r"[A-Za-z0-9+/=]{200,}", text):
        try:
            text += gzip.decompress(base64.b64decode(packed)).decode("latin-1")
        except (ValueError, OSError):
            continue
    if answer.content.startswith(b"PK"):
        with np.load(io.BytesIO(answer.content)) as arrays:
            text += "".join(str(arrays[name]) for name in arrays)
    return text


def test_what_came_of_a_comparison_is_kept_with_the_model_and_shown_to_whoever_has_its_link(
    tmp_path,
):
    settings = Settings(model_dir=str(tmp_path))
    found = {"matches": True, "numbers": 4, "largest": 2.4e-7, "of": "the model\u2019s output"}
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        row = upload(client, "gru.keras").json()
        path, link = f"/api/models/{row['id']}", f"/api/models/{row['reading_id']}"
        answer = client.patch(path, json={"compared": found})
        assert answer.status_code == 200
        words = answer.json()["detected"]["compared"]
        assert words.endswith(
            "4 numbers of the model\u2019s output match, largest difference 2e-07"
        )
        assert client.get(link).json()["card"]["detected"]["compared"] == words
        assert client.patch(link, json={"compared": found}).status_code == 403
        for wrong in ({"largest": -1}, {"numbers": 0}, {"of": "a\nb"}, {"matches": 1}, {"x": 1}):
            answer = client.patch(path, json={"compared": found | wrong})
            assert answer.status_code == 422, wrong
        differs = client.patch(path, json={"title": "A", "compared": found | {"matches": False}})
        assert "output differs, largest" in differs.json()["detected"]["compared"]
        assert differs.json()["title"] == "A"
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        kept = client.get(link).json()["card"]["detected"]["compared"]  # by another server
        assert "output differs, largest" in kept
