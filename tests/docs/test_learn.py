"""The guide's steps: short, true to the API, and with one right answer each."""

from __future__ import annotations

import json
import math
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LESSON = (ROOT / "docs" / "learn.md").read_text("utf-8")
GUIDE = json.loads((ROOT / "static" / "guide" / "steps.json").read_text("utf-8"))
STEPS = GUIDE["steps"]
ASKED = [step for step in STEPS if "question" in step]
MOST_WORDS = 60
GATES = ("input_gate", "forget_gate", "candidate", "output_gate")

RIGHT: dict[str, str | float] = {
    "why-memory": "Hyderabad",
    "memory-and-output": "between −1 and 1",
    "units-not-words": 8,
    "input-shape": "2",
    "forget-path": "near 1",
    "input-path": "near 1",
    "sigmoid-tanh": "a negative number",
    "new-memory": -0.27,
    "new-output": -0.18,
    "two-cells": "lower",
    "fresh-start": 0,
    "return-state": -0.18,
    "parameter-count": 108,
    "longer-text": "108",
    "forget-pune": "near 0",
    "left-of-pune": "about a third",
    "last-city": "Hyderabad",
    "without-gates": "not said yet",
    "one-state-gru": "about a quarter",
    "vanishing-gradient": "nearly all",
    "depth-unit": "hardly at all",
    "more-than-an-echo": "a clearly lower one",
}
"""What each step's explanation takes for right: a choice, or a number."""


def by_id(step: dict[str, Any]) -> str:
    return step["id"]


def scene_of(client, step: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The answer of the API to what a step shows."""
    asked = GUIDE["scenes"][step["scene"]] | more
    if "sentence" not in asked:  # a model of numbers reads its own
        asked["inputs"] = client.get(f"/api/models/{asked['model']}").json()["reads"]["example"]
    response = client.post("/api/step", json=asked)
    assert response.status_code == 200, response.text
    return response.json()


def value_of(client, step: dict[str, Any], path: dict[str, Any]) -> str | float:
    """What a path names, computed from the API's answer alone."""
    quantity, timestep = path["quantity"], path.get("timestep", 1)
    run = scene_of(client, step)
    if quantity in ("units", "features"):
        return run["layer"][quantity]
    if quantity == "timesteps":
        return len(run["steps"]) - path.get("after", 0)
    if quantity in ("parameters", "pytorch_parameters"):
        layers = client.get(f"/api/models/{run['model']['id']}").json()["layers"]
        count = next(row for row in layers if row["name"] == run["layer"]["name"])["parameters"]
        return count + (4 * run["layer"]["units"] if quantity.startswith("pytorch") else 0)
    if quantity in ("answer", "probability"):
        prediction = run["prediction"]
        row = prediction["by_timestep"][timestep - 1]
        labels = prediction["labels"]
        if quantity == "answer":
            return labels[row.index(max(row))]
        return row[labels.index(path["label"])]
    if quantity == "left":
        ledger = scene_of(client, step, include=["memory"])["memory"]["magnitude"]
        return ledger[timestep - 1][path["source"]] / ledger[path["source"] - 1][path["source"]]
    if quantity == "forecast":
        value = run["prediction"]["by_timestep"][timestep - 1][path.get("unit", 0)]
        minus = path.get("minus")
        return value - float(value_of(client, step, minus)) if minus else value
    if quantity == "kept":
        between = run["steps"][path["source"] : timestep]
        return math.prod(one["forget_gate"][path["unit"]] for one in between)
    state = run["initial_state"] if timestep == 0 else run["steps"][timestep - 1]
    value = state[quantity][path.get("unit", 0)]
    value = math.tanh(value) if path.get("how") == "tanh" else value
    minus = path.get("minus")
    return value - float(value_of(client, step, minus)) if minus else value


def is_right(choice: dict[str, Any], value: str | float) -> bool:
    if "is" in choice:
        return choice["is"] == value
    least, most = choice.get("min", -math.inf), choice.get("max", math.inf)
    return not isinstance(value, str) and least <= value <= most


def texts_of(step: dict[str, Any]) -> list[tuple[str, set[str]]]:
    """Each of a step's texts, with the names of the values that there are for it."""
    own = set(step.get("values", {}))
    question, do = step.get("question"), step.get("do")
    texts = [(step["text"], own)]
    if question:
        names = {"value", *question.get("values", {})}
        texts += [(question["ask"], own | names - {"value"}), (question["answer"], own | names)]
    if do:
        texts += [(do[part], own | set(do.get("values", {}))) for part in ("text", "done")]
    return texts


def test_there_are_about_twenty_steps_with_names_of_their_own():
    assert 18 <= len(STEPS) <= 30
    assert len({step["id"] for step in STEPS}) == len(STEPS)
    assert {step["id"] for step in ASKED} == set(RIGHT)


@pytest.mark.parametrize("step", STEPS, ids=by_id)
def test_a_step_is_short_and_types_no_number_that_is_computed(step: dict[str, Any]):
    assert len(step["text"].split()) <= MOST_WORDS
    for text, names in texts_of(step):
        assert set(re.findall(r"\{(\w+)\}", text)) <= names, text
        assert not re.search(r"\d+%|\d\.\d", text), text


@pytest.mark.parametrize("step", ASKED, ids=by_id)
def test_the_right_answer_of_a_question_is_what_the_api_says(client, step: dict[str, Any]):
    question = step["question"]
    value = value_of(client, step, question["of"])
    expected = RIGHT[step["id"]]
    if "choices" in question:
        right = [choice["text"] for choice in question["choices"] if is_right(choice, value)]
        assert right == [expected]
    else:
        assert abs(float(value) - float(expected)) <= max(question["number"]["near"], 1e-9)


@pytest.mark.parametrize("step", STEPS, ids=by_id)
def test_every_value_that_a_step_names_is_there(client, step: dict[str, Any]):
    named = [*step.get("values", {}).values()]
    for part in ("question", "do"):
        named += step.get(part, {}).get("values", {}).values()
    for path in named:
        value = value_of(client, step, path)
        assert isinstance(value, str) or math.isfinite(value)


def test_a_forget_gate_held_open_brings_pune_back(client):
    step = next(step for step in STEPS if step["id"] == "hold-open")
    until, at = step["do"]["until"], step["set"]["timestep"]
    pin = {"timestep": at, "gate": "forget_gate", "unit": None, "value": 1}
    prediction = scene_of(client, step, pins=[pin])["prediction"]
    row = prediction["by_timestep"][until["timestep"] - 1]
    assert prediction["labels"][row.index(max(row))] == until["is"]


@pytest.mark.parametrize("number", range(1, len(STEPS) + 1))
def test_every_step_is_a_link_that_opens_with_its_own_trace(client, number: int):
    page = client.get("/", params={"guide": number}).text
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert boot
    opened = json.loads(unescape(boot[1]))
    assert opened["error"] is None
    scene = GUIDE["scenes"][STEPS[number - 1]["scene"]]
    assert opened["trace"]["model"]["id"] == scene["model"]
    read = [token["text"] for token in opened["trace"]["tokens"]]
    if "sentence" not in scene:
        assert read == [f"{t}" for t in range(1, 41)]
    elif scene["model"] == "writer":
        assert read == list(scene["sentence"])
    else:
        assert read == re.findall(r"\w+", scene["sentence"])


def test_a_step_that_is_hidden_is_not_counted(client):
    shown = client.get("/", params={"guide": 5, "hide": "input-shape"}).text
    assert 'value="I live in Pune' in shown  # the sixth step's sentence, in the fifth's place
    assert 'value="Good Day' in client.get("/", params={"guide": 5}).text


def test_what_a_link_says_besides_is_not_overruled(client):
    page = client.get("/", params={"guide": 5, "sentence": "Hello there", "model": "place"}).text
    assert 'value="Hello there' in page


def test_the_page_on_teaching_names_every_step_and_no_other():
    row = next(line for line in LESSON.splitlines() if line.startswith("| steps of the guide"))
    assert re.findall(r"`([^`]+)`", row) == [step["id"] for step in STEPS]


def test_a_steps_name_hides_nothing_of_the_page_besides():
    pages = [path.read_text("utf-8") for path in (ROOT / "templates").rglob("*.html")]
    names = {
        name
        for page in pages
        for found in re.findall(r'(?:id|class)="([^"{]+)"', page)
        for name in found.split()
    }
    assert len(names) > 50
    assert names.isdisjoint(step["id"] for step in STEPS)
