"""The page as the server sends it: the state in its address, drawn before it is asked for."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient
from safetensors.numpy import save

from app.main import create_app
from app.settings import Settings
from app.web.page import OPENING
from app.web.site import ROOT


def boot_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_opens_on_the_guides_pune_sentence_with_its_trace_inside(client):
    answer = client.get("/")
    assert answer.status_code == 200
    boot = boot_of(answer.text)
    assert boot["trace"]["model"]["id"] == "place"
    words = [token["text"] for token in boot["trace"]["tokens"]]
    assert words[:4] == ["I", "live", "in", "Pune"]
    assert boot["trace"]["steps"][1]["preactivations"]["forget_gate"]
    assert boot["error"] is None
    assert boot["limits"] == {"characters": 2000, "tokens": 400, "whole_layer": 20_000}


def test_the_scripts_know_the_opening_that_the_server_knows():
    text = (ROOT / "static" / "core" / "store.js").read_text("utf-8")
    written = text[text.index("export const OPENING = ") :].partition("};")[0]
    sentence = "".join(re.findall(r'"([^"]*)"', written.partition("model:")[0]))
    assert {"sentence": sentence, "model": "place"} == OPENING


@pytest.mark.parametrize(
    ("query", "first", "model"),
    [
        ({"lens": "memory", "timestep": "3"}, "I", "place"),
        ({"sentence": "Good Day"}, "Good", "article"),
        ({"model": "sentiment"}, "Good", "sentiment"),
    ],
)
def test_a_link_that_names_a_sentence_or_a_model_is_not_the_opening(client, query, first, model):
    boot = boot_of(client.get("/", params=query).text)
    assert boot["trace"]["tokens"][0]["text"] == first
    assert boot["trace"]["model"]["id"] == model


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", "cell"), ("memory", "memory"), ("no such", "cell"), ("all", "all")],
)
def test_the_lens_of_the_address_is_shown_before_any_script_runs(client, asked, shown):
    html = client.get("/", params={"lens": asked}).text
    panels = re.findall(r'id="lens-(\w+)"[^>]* data-shown', html)
    assert panels == ([] if shown == "all" else [shown])
    assert f'data-view="{"page" if shown == "all" else "instrument"}"' in html


def test_the_trace_inside_is_the_one_the_api_gives(client):
    boot = boot_of(client.get("/", params={"sentence": "to be or not", "timestep": 3}).text)
    body = {"sentence": "to be or not", "include": ["preactivations"]}
    assert boot["trace"] == client.post("/api/step", json=body).json()


@pytest.mark.parametrize(
    ("query", "status", "fragment"),
    [
        ({"sentence": "?!"}, 422, "no words"),
        ({"sentence": ""}, 422, "no words"),
        ({"sentence": "a" * 2001}, 413, "2,001 characters"),
        ({"sentence": "a", "model": "nope"}, 404, "nope"),
    ],
)
def test_a_wrong_state_says_so_and_keeps_what_was_typed(client, query, status, fragment):
    answer = client.get("/", params=query)
    assert answer.status_code == status
    boot = boot_of(answer.text)
    assert fragment in boot["error"]["detail"]
    assert [token["text"] for token in boot["trace"]["tokens"]] == ["Good", "Day"]
    assert query["sentence"] in answer.text


@pytest.mark.parametrize(
    "word", ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "{{7*7}}"]
)
def test_a_hostile_sentence_is_text(client, word):
    html = client.get("/", params={"sentence": word}).text
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "49" not in [token["text"] for token in boot_of(html)["trace"]["tokens"]]


def test_pages_bring_their_policy_and_load_nothing_from_elsewhere(client):
    for address in ("/", "/docs"):
        answer = client.get(address)
        assert answer.status_code == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        for source in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
            assert source.startswith(("/", "#", "data:", "?")), source


def test_every_file_a_page_names_is_served(client):
    for address in ("/", "/docs"):
        for source in re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(address).text):
            answer = client.get(source)
            assert answer.status_code == 200, source
            assert "immutable" in answer.headers["cache-control"]


def test_the_api_describes_itself_with_every_reference_resolved(client):
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)):
        assert name in schemas
    body = document["paths"]["/api/step"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/StepRequest"}
    assert "sentence" in schemas["StepRequest"]["properties"]


def test_the_server_says_when_it_is_ready(client):
    assert client.get("/healthz").status_code == 200


IMPORTS = Path(__file__).parents[1] / "fixtures" / "imports"


def brought(client, name: str) -> str:
    answer = client.post("/api/models", files={"file": (name, (IMPORTS / name).read_bytes())})
    assert answer.status_code == 201, answer.text
    return answer.json()["reading_id"]


@pytest.fixture(scope="module")
def own(client):
    """Models without words: of token ids, of numbers, and of a fixed length."""
    names = ("lstm.keras", "rectified.keras", "flatten.keras")
    ids = {name: brought(client, name) for name in names}
    yield ids
    for model in ids.values():
        client.delete(f"/api/models/{model}")


def test_a_model_without_a_vocabulary_opens_with_token_ids_of_its_own(client, own):
    answer = client.get("/", params={"model": own["lstm.keras"]})
    assert answer.status_code == 200
    boot = boot_of(answer.text)
    assert boot["error"] is None
    assert boot["summary"]["reads"]["kind"] == "token_ids"
    ids = [token["id"] for token in boot["trace"]["tokens"]]
    assert ids == boot["summary"]["reads"]["example"]
    assert "token_ids=1%2C2%2C3%2C4" in answer.text  # the address of the same numbers as JSON


def test_token_ids_in_the_address_are_read(client, own):
    boot = boot_of(client.get("/", params={"model": own["lstm.keras"], "token_ids": "7, 1"}).text)
    body = {"model": own["lstm.keras"], "token_ids": [7, 1], "include": ["preactivations"]}
    assert boot["trace"] == client.post("/api/step", json=body).json()


def test_a_model_of_numbers_opens_with_a_series_or_with_the_one_in_the_address(client, own):
    model = own["rectified.keras"]
    boot = boot_of(client.get("/", params={"model": model}).text)
    assert boot["error"] is None
    reads = boot["summary"]["reads"]
    assert reads["kind"] == "numbers"
    assert [step["input"] for step in boot["trace"]["steps"]] == pytest.approx(
        [pytest.approx(row) for row in reads["example"]]
    )
    boot = boot_of(client.get("/", params={"model": model, "inputs": "1,2,3;-4,5e-1,6"}).text)
    assert [step["input"] for step in boot["trace"]["steps"]] == [[1, 2, 3], [-4, 0.5, 6]]


def test_a_series_of_one_number_a_timestep_may_be_parted_by_commas(client):
    weights = {
        "weight_ih_l0": np.ones((8, 1), np.float32),
        "weight_hh_l0": np.ones((8, 2), np.float32),
    }
    model = client.post("/api/models", files={"file": ("x", save(weights))}).json()["id"]
    for text in ("1,2,3", "1;2;3"):
        boot = boot_of(client.get("/", params={"model": model, "inputs": text}).text)
        assert [step["input"] for step in boot["trace"]["steps"]] == [[1], [2], [3]]


def test_a_shorter_sequence_for_a_model_of_fixed_length_is_shown_with_its_padding(client, own):
    boot = boot_of(client.get("/", params={"model": own["flatten.keras"], "token_ids": "5"}).text)
    assert [token.get("padded", False) for token in boot["trace"]["tokens"]] == [True] * 5 + [False]
    assert boot["summary"]["reads"]["timesteps"] == 6


@pytest.mark.parametrize(
    ("name", "query", "fragment"),
    [
        ("lstm.keras", {"token_ids": "1,9999"}, "9999"),
        ("lstm.keras", {"token_ids": "one"}, "token_ids"),
        ("rectified.keras", {"inputs": "1,2"}, "3 a timestep"),
        ("rectified.keras", {"inputs": "a,b,c"}, "not numbers"),
        ("rectified.keras", {"inputs": "nan,1,2"}, "not finite"),
        ("flatten.keras", {"token_ids": "1,2,3,4,5,6,7"}, "7 timesteps"),
    ],
)
def test_what_such_a_model_cannot_read_is_said_over_its_own_example(
    client, own, name, query, fragment
):
    answer = client.get("/", params={"model": own[name]} | query)
    assert answer.status_code == 422
    boot = boot_of(answer.text)
    assert fragment in boot["error"]["detail"]
    assert boot["trace"]["model"]["id"] == own[name]


def test_the_section_says_where_uploads_are_switched_off():
    with TestClient(create_app(Settings(uploads=False))) as closed:
        html = closed.get("/").text
    assert "Uploads are switched off on this server" in html
    assert 'id="own-form"' not in html


def test_one_line_of_the_page_speaks(client):
    html = client.get("/").text
    regions = re.findall(
        r"<[^>]*(?:aria-live|role=\"(?:alert|status|log)\")[^>]*>|<output[^>]*>", html
    )
    speaking = [region for region in regions if 'aria-live="off"' not in region]
    assert [re.findall('id="([^"]+)"', region) for region in speaking] == [["spoken"]]
