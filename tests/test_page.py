"""The page as the server sends it: the state in its address, drawn before it is asked for."""

import json
import re

import pytest


def boot_of(html: str) -> dict:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_page_opens_on_good_day_with_its_trace_inside(client):
    answer = client.get("/")
    assert answer.status_code == 200
    boot = boot_of(answer.text)
    assert [token["text"] for token in boot["trace"]["tokens"]] == ["Good", "Day"]
    assert boot["trace"]["steps"][1]["preactivations"]["forget_gate"]
    assert boot["summary"]["total_parameters"] == 250_115
    assert boot["error"] is None
    assert boot["limits"] == {"characters": 2000, "tokens": 400}


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
