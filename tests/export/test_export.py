"""The page as one file: nothing in it leads out of it, and what it may ask is inside."""

import base64
import hashlib
import html
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.core.errors import UserError
from app.export import exported_page, file_name
from app.export.modules import ABSENT, ENTRY, modules, without_margins
from app.export.route import WRITING
from app.main import create_app
from app.settings import Settings
from app.storage.registry import Registry
from app.web.site import read_site
from tests.saved import boot_of, questions_of, unpacked

ROOT = Path(__file__).parents[2]
PUNE = (
    "I live in Pune but right now I stay in Hyderabad. So you can drop the order at my present "
    "location."
)


class Elements(HTMLParser):
    """Every element of a document as a browser sees it, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))


def test_the_page_is_sent_as_a_file_to_keep(client):
    answer = client.get("/api/export", params={"sentence": "Good Day", "timestep": 1})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    disposition = answer.headers["content-disposition"]
    assert disposition == 'attachment; filename="lstm-good-day.html"'
    boot = boot_of(answer.text)
    assert boot["standalone"] is True
    assert boot["query"] == "?sentence=Good+Day&timestep=1"
    page = client.get("/", params={"sentence": "Good Day"}).text
    served = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert served
    for name in ("trace", "summary"):
        assert boot[name] == json.loads(served[1])[name]


@pytest.mark.parametrize(
    "query", [{}, {"sentence": PUNE, "model": "place", "timestep": "11"}], ids=["article", "place"]
)
def test_the_file_is_small_and_loads_nothing(query):
    page = exported_page(query, Registry.shipped())
    assert len(page.encode()) < 1_340_000  # three memories and forecasts came to it
    for tag, attributes in Elements(page).all:
        for name in ("src", "href", "action", "srcset", "data", "poster", "formaction"):
            address = attributes.get(name)
            assert address is None or address.startswith(("#", "data:")), (tag, address)
    assert "url(" not in "".join(re.findall(r"<style[^>]*>(.*?)</style>", page, re.DOTALL))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    rules = html.unescape(policy[1])
    assert rules.startswith("default-src 'none';")
    assert "connect-src" not in rules
    assert "http" not in rules
    for script in [*unpacked(page)[1:], re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[-1]]:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules


@pytest.mark.parametrize(
    "query",
    [
        {"sentence": "?!"},
        {"sentence": ""},
        {"sentence": "a" * 2001},
        {"sentence": "a", "model": "nope"},
        {"sentence": "a", "layer": "nope"},
        {"sentence": "a", "pins": "[1"},
        {"sentence": ["a", "b"]},
    ],
)
def test_what_step_refuses_export_refuses(client, query):
    answer = client.get("/api/export", params=query)
    same = client.get("/api/step", params=query)
    assert answer.status_code == same.status_code >= 400
    assert answer.json() == same.json()
    assert "content-disposition" not in answer.headers


@cache
def elements_of_plain_words() -> list[tuple[str, dict[str, str | None]]]:
    return Elements(exported_page({"sentence": "one two"}, Registry.shipped())).all


@pytest.mark.parametrize(
    "word",
    [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<!--<script>",
        "</style>",
    ],
)
def test_hostile_words_stay_text(word):
    plain = elements_of_plain_words()
    page = exported_page({"sentence": f"one {word} two"}, Registry.shipped())
    hostile = Elements(page).all
    assert [tag for tag, _ in hostile if tag in ("script", "img", "style")] == [
        tag for tag, _ in plain if tag in ("script", "img", "style")
    ]
    assert not any("onerror" in attributes for _, attributes in hostile)
    (sentence,) = (given for _, given in hostile if given.get("id") == "sentence")
    assert sentence["value"] == f"one {word} two"


def test_every_module_of_the_page_is_inside_under_a_name_of_its_own():
    found = modules(read_site().assets)
    assert found.keys() >= {
        ENTRY,
        "lenses/after-first-figure.js",
        "lenses/views/memory.js",
        "lenses/memory/scores-view.js",
    }
    for path, text in found.items():
        code = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
        assert not re.search(r"""\b(from|import)\s*\(?\s*["'][./]""", code), path
        for name in re.findall(r'"lstm-viz/([^"]+)"', code):
            assert name in found or name in ABSENT, f"{path} imports {name}"


def test_what_brings_a_model_is_not_inside_a_page_that_has_no_place_for_it():
    assert not set(ABSENT) & modules(read_site().assets).keys()
    assert 'id="own"' not in exported_page({}, Registry.shipped())


def test_margins_go_where_they_mean_nothing():
    assert without_margins("a {\n  b\n\n}\n") == "a {\nb\n}"
    literal = "a = `\n  b`"
    assert without_margins(literal) == literal


def test_a_visitors_own_model_is_inside_but_its_address_is_not(client):
    path = ROOT / "tests" / "fixtures" / "imports" / "stacked.keras"
    brought = client.post("/api/models", files={"file": (path.name, path.read_bytes())}).json()
    page = client.get("/api/export", params={"model": brought["id"]}).text
    client.delete(f"/api/models/{brought['id']}")
    assert brought["id"] not in page
    boot = boot_of(page)
    assert boot["trace"]["model"]["title"] == brought["title"]
    paths = [path for path, _, _ in boot["recorded"]["questions"]]
    for layer in brought["layers"]:
        assert any(f"/weights?layer={layer['name']}" in path for path in paths)


@pytest.mark.parametrize(
    ("changed", "parts", "asked"),
    [
        ({}, [], {}),
        ({"compare": "sentence,not%2C bad"}, ["compare"], {"sentence": "not, bad"}),
        ({"compare": "model,place"}, ["compare"], {"model": "place"}),
        ({"compare": "model,nope"}, [], {}),
        ({"compare": "free"}, [], {}),
        (
            {"pins": '[{"timestep": 1, "gate": "forget_gate", "unit": null, "value": 1}]'},
            ["hold", "compare"],
            {"pins": [{"timestep": 1, "gate": "forget_gate", "unit": None, "value": 1.0}]},
        ),
        ({"swaps": "bad, fine"}, ["swaps"], {"words": ["bad", "fine"]}),
    ],
)
def test_what_was_changed_is_inside(changed, parts, asked):
    page = exported_page(
        {"sentence": "good day", "model": "sentiment"} | changed, Registry.shipped()
    )
    ids = [given.get("id") for _, given in Elements(page).all]
    assert [part for part in ("hold", "compare", "swaps") if part in ids] == parts
    assert any(asked.items() <= (body or {}).items() for _, body, _ in questions_of(page))


def test_the_answers_inside_are_those_of_the_server(client):
    pins = '[{"timestep": 2, "gate": "forget_gate", "unit": null, "value": 1}]'
    query = {"sentence": "not bad", "model": "sentiment", "pins": pins, "swaps": "good"}
    page = client.get("/api/export", params=query).text
    own = [one for one in questions_of(page) if (one[1] or {}).get("model") == "sentiment"]
    assert len(own) > 20
    for path, body, said in own:
        assert client.post(path, json=body).json() == said


def test_few_files_are_written_at_a_time_and_the_next_is_told_to_wait():
    held = [WRITING.acquire(blocking=False) for _ in range(2)]
    with TestClient(create_app(Settings())) as busy:
        answer = busy.get("/api/export")
    for _ in filter(None, held):
        WRITING.release()
    assert held == [True, True]
    assert answer.status_code == 429
    assert "Try again" in answer.json()["detail"]


def test_the_function_needs_no_server_and_refuses_by_itself():
    with pytest.raises(UserError, match="no words"):
        exported_page({"sentence": "?!"}, Registry.shipped())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"sentence": "Good Day"}, "lstm-good-day.html"),
        ({"sentence": PUNE}, "lstm-i-live-in-pune-but-right.html"),
        ({"sentence": "आज मौसम"}, "lstm.html"),
        ({"sentence": '../"\r\n'}, "lstm.html"),
        ({}, "lstm-good-day.html"),
    ],
)
def test_the_files_name_says_what_is_in_it(query, name):
    assert file_name(query) == name
