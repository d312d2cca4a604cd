"""Input that means harm gets a 4xx in a few words, and a visitor's word is text everywhere."""

import json
import time

import pytest
from fastapi.testclient import TestClient

from app.cli.main import main
from app.core.modelfile import write
from app.main import create_app
from app.settings import Settings
from tests import hostile

DEEP = b"[" * 100_000
LONG = b"9" * 5_000
STATE = '{"hidden_state": [0,0,0], "cell_state": [0,0,0]}'
WORDS = [
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "'\"><svg onload=alert(1)>",
    "${7*7}",
    "=HYPERLINK(1)",
    "w" * 2_000,
    "\u202eabc",
    "\u2028",
]


def refused(answer, status=422):
    assert answer.status_code == status, answer.text[:200]
    assert list(answer.json()) == ["detail"]
    assert 10 < len(answer.json()["detail"]) < 400
    return answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"sentence": "a", "sentence": "b"}', "sentence"),
        ('{"sentence": "a", "s\\u0065ntence": "b"}', "sentence"),
        ('{"sentence": "it is 9:30", "model": "article", "model": "article"}', "model"),
        (f'{{"sentence": "a", "initial_state": {STATE[:-1]}, "cell_state": [1,1,1]}}}}', "cell"),
        (
            '{"sentence": "a", "pins": [{"timestep": 1, "gate": "forget_gate", "value": 1, '
            '"value": 0}]}',
            "value",
        ),
    ],
)
def test_a_name_given_twice_is_refused_at_every_depth(client, body, name):
    assert name in refused(client.post("/api/step", content=body))


@pytest.mark.parametrize("sentence", ["it is 9:30", "a:b:c", '{"sentence": "a", "sentence": "b"}'])
def test_colons_in_a_sentence_repeat_nothing(client, sentence):
    assert client.post("/api/step", json={"sentence": sentence}).status_code == 200


def test_a_name_given_twice_in_the_json_of_an_address_is_refused(client):
    pin = '[{"timestep": 1, "gate": "forget_gate", "value": 1, "value": 0}]'
    answer = client.get("/api/step", params={"sentence": "a", "pins": pin})
    assert "value" in refused(answer)


@pytest.mark.parametrize("value", ["NaN", "-Infinity", "1e400", '"NaN"', "null", "true", "[]"])
@pytest.mark.parametrize(
    "body",
    [
        '{"sentence": "a", "initial_state": {"hidden_state": [%s,0,0], "cell_state": [0,0,0]}}',
        '{"sentence": "a", "pins": [{"timestep": 1, "gate": "forget_gate", "value": %s}]}',
        '{"inputs": [[%s]]}',
    ],
)
def test_what_is_no_finite_number_is_refused_wherever_a_number_goes(client, body, value):
    refused(client.post("/api/step", content=body % value))


@pytest.mark.parametrize("field", ["sentence", "model", "layer", "label"])
@pytest.mark.parametrize("text", ['"\\ud800"', '"\\udc00a"', '"\\uD83D\\u0020"'])
def test_half_a_surrogate_pair_is_refused_in_every_text(client, field, text):
    body = f'{{"sentence": "a", "{field}": {text}}}'
    if field == "sentence":
        body = f'{{"sentence": {text}}}'
    refused(client.post("/api/step", content=body))


@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        b'{"a":' * 100_000,
        b'{"inputs": ' + DEEP,
        b'{"sentence": "a", "pins": ' + DEEP + b"}",
        b'{"token_ids": [' + LONG + b"]}",
        b'{"token_ids": [-' + LONG + b"]}",
        b'{"sentence": "a", "unit": ' + LONG + b"}",
        b'{"sentence": "a", "pins": [{"timestep": ' + LONG + b"}]}",
        b'{"inputs": [[' + LONG + b"]]}",
        b'{"sentence": "\xff"}',
        b'{"sentence": "\xed\xa0\x80"}',
        b'{"sentence": "\xc0\xaf"}',
        b'\xef\xbb\xbf{"sentence": "a"}',
        '{"sentence": "a"}'.encode("utf-16"),
        b'{"sentence": "a"} {"sentence": "b"}',
        b'{"sentence": "a\\u0000"}',
        b'{"sentence": "a\x00"}',
        b"\x00" * 1_000,
        b'{"__proto__": {}, "sentence": "a"}',
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_made_to_break_the_reader_is_refused_at_once(client, body):
    start = time.process_time()
    deep = body.count(b"[") + body.count(b"{") > 10_000
    refused(client.post("/api/step", content=body), 413 if deep else 422)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "query",
    [
        "sentence=%FF",
        "sentence=%ED%A0%80",
        "sentence=a&model=%C3",
        "sentence=a&unit=" + "9" * 5_000,
        "token_ids=" + "9" * 5_000,
        "sentence=a&pins=" + "[" * 2_000,
        "sentence=a&initial_state=NaN",
        'sentence=a&pins=[{"gate":"\\ud800"}]',
        "sentence=a%00b",
        "&".join(f"f{number}=1" for number in range(2_000)),
        "sentence=a&%FF=1",
    ],
    ids=lambda query: query[:24],
)
def test_an_address_made_to_break_the_reader_is_refused(client, query):
    refused(client.get(f"/api/step?{query}"))


@pytest.mark.parametrize("digits", ["9" * 4_200, "9" * 5_000, "-" + "9" * 4_200, "٣" * 5_000])
def test_a_number_of_thousands_of_digits_is_a_wrong_one_wherever_it_goes(client, digits):
    for field in ("timestep", "unit", "label"):
        assert client.get("/", params={"sentence": "a", field: digits}).status_code == 200
    export = client.get("/api/export", params={"sentence": "a", "timestep": digits})
    assert export.status_code == 200
    for path in ("/api/models/article", "/api/models/article/head"):
        refused(client.get(path, params={"timesteps": digits}))
    refused(client.get("/api/models/article/weights", params={"unit": digits}))
    refused(client.get("/api/step", params={"sentence": "a", "unit": digits}))
    refused(client.post("/api/step", content=b'{"token_ids": [%s]}' % digits.encode()))
    events = "/api/train/nothing/events"
    assert client.get(events, headers={"last-event-id": digits.encode()}).status_code == 404


@pytest.mark.parametrize("path", ["/api/step/", "/healthz/", "/api/models/", "/docs/", "/static"])
def test_nobody_is_sent_to_the_host_that_a_request_names(client, path):
    answer = client.get(path, headers={"host": "evil.example"}, follow_redirects=False)
    assert answer.status_code == 404
    assert "evil" not in str(answer.headers) + answer.text


@pytest.mark.parametrize("query", ["sentence=100%", "sentence=%zz", "sentence=a+b%20c&"])
def test_an_address_that_was_not_encoded_is_read_as_it_is(client, query):
    assert client.get(f"/api/step?{query}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/models/%FF",
        "/api/models/%00",
        "/api/models/..%2F..%2Fetc",
        "/api/models/" + "m" * 5_000,
    ],
)
def test_a_model_id_made_to_break_out_names_no_model(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert len(answer.json()["detail"]) < 400


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_text_in_the_page(client, word):
    html = client.get("/", params={"sentence": word}).text
    for dangerous in ("<img", "<script>alert", "<svg onload", "<!--<script>"):
        assert dangerous not in html
    assert html.count('id="boot"') == 1
    start = html.index('id="boot">') + len('id="boot">')
    boot = json.loads(html[start : html.index("</script>", start)])
    assert "49" not in [token["text"] for token in boot["trace"]["tokens"]]


@pytest.mark.parametrize("field", ["model", "layer", "theme", "timestep", "label", "hide", "pins"])
def test_every_field_of_the_pages_address_is_text_in_the_page(client, field):
    word = '"><img src=x onerror=alert(1)>{{7*7}}'
    html = client.get("/", params={"sentence": "a", field: word}).text
    assert "<img" not in html
    assert ">49" not in html


@pytest.mark.parametrize("word", WORDS)
def test_an_error_is_json_whatever_was_sent(client, word):
    answer = client.post("/api/step", json={"sentence": "a", "model": word})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.json()["detail"]) < 400


@pytest.mark.parametrize("word", [*hostile.WORDS, "w" * 2_000])
def test_a_word_comes_back_as_it_was_typed_and_is_text_in_the_page(word):
    app = create_app(Settings())
    model = hostile.hostile_model()
    app.state.registry.models[model.id] = model
    client = TestClient(app)
    body = {"sentence": word, "model": model.id, "include": ["attributions", "memory"]}
    answer = client.post("/api/step", json=body)
    assert [token["text"] for token in answer.json()["tokens"]] == [word]
    assert answer.json()["prediction"]["labels"] == list(model.labels)
    page = client.get("/", params={"sentence": word, "model": model.id}).text
    plain = client.get("/", params={"sentence": "word", "model": model.id}).text
    for element in ("<script", "</script", "<img", "<svg", "<b>", "<i>", "<!--"):
        assert page.count(element) == plain.count(element), element


def test_words_are_text_in_the_command_lines_table(tmp_path, capsys):
    write(hostile.hostile_model(), tmp_path / "hostile.safetensors")
    sentence = f"{hostile.SENTENCE} \x1b[31m [/nothing] {'w' * 200}"
    model = str(tmp_path / "hostile.safetensors")
    with pytest.raises(SystemExit, match="0"):
        main(["trace", sentence, "--model", model, "--unit", "0"])
    said = capsys.readouterr().out
    for word in (*hostile.WORDS, "\\x1b[31m", "[/nothing]", "w" * 200):
        assert word in said, word
    assert "\x1b" not in said


def test_a_fault_of_ours_says_nothing_of_its_cause_and_keeps_the_headers():
    app = create_app(Settings())

    @app.get("/broken")
    async def broken():
        raise RuntimeError("secret")

    answer = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
