"""The plan's links open what they say, and its answers are right."""

import json
import math
import re
from html import unescape
from pathlib import Path

import pytest

LESSON = (Path(__file__).parents[2] / "docs" / "learn.md").read_text("utf-8")
LINKS = re.findall(r"\(http://localhost:8000(/\?[^)#]+)#([a-z]+)\)", LESSON)
PUNE = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)


def answer(client, sentence: str, model: str = "article", **more) -> dict:
    response = client.get("/api/step", params={"sentence": sentence, "model": model, **more})
    assert response.status_code == 200, response.text
    return response.json()


def said(answer: dict) -> list[str]:
    """The likeliest label after each word."""
    labels = answer["prediction"]["labels"]
    return [labels[row.index(max(row))] for row in answer["prediction"]["by_timestep"]]


@pytest.mark.parametrize(("address", "section"), LINKS)
def test_every_link_opens_the_page_at_a_section_that_is_there(client, address, section):
    page = client.get(address).text
    boot = re.search(r'<script type="application/json" id="boot">(.*?)</script>', page, re.DOTALL)
    assert boot
    assert json.loads(unescape(boot[1]))["error"] is None
    assert f'id="{section}"' in page


def test_the_numbers_of_the_cell_by_hand_are_those_of_the_page(client):
    first, second = answer(client, "Good Day")["steps"]
    shown = {
        "forget gate is 0.76": second["forget_gate"][0],
        "cell state was −0.04": first["cell_state"][0],
        "input gate is 0.48": second["input_gate"][0],
        "candidate −0.49": second["candidate"][0],
        "= −0.27": second["cell_state"][0],
        "output gate is 0.70": second["output_gate"][0],
        "= −0.18": second["hidden_state"][0],
        "Unit 0 keeps most (0.76": max(second["forget_gate"]),
        "unit 2 least (0.64": min(second["forget_gate"]),
    }
    for text, value in shown.items():
        assert text in re.sub(r"\s+", " ", LESSON)
        assert f"{value:.2f}" == text.replace("−", "-").split(" ")[-1].strip("("), text


def test_who_computes_with_the_two_digits_of_the_lesson_gets_what_the_page_shows(client):
    first, second = answer(client, "Good Day")["steps"]
    forget_gate, before, input_gate, candidate, cell_state = numbers_of("_ × _ + _ × _ = _")
    assert [forget_gate, before, input_gate, candidate] == [
        round(value[0], 2)
        for value in (
            second["forget_gate"],
            first["cell_state"],
            second["input_gate"],
            second["candidate"],
        )
    ]
    by_hand = forget_gate * before + input_gate * candidate
    assert round(by_hand, 2) == cell_state == round(second["cell_state"][0], 2)

    output_gate, inside, hidden_state = numbers_of("_ × tanh(_) = _")
    assert (output_gate, inside) == (round(second["output_gate"][0], 2), cell_state)
    by_hand = output_gate * math.tanh(inside)
    assert round(by_hand, 2) == hidden_state == round(second["hidden_state"][0], 2)


def numbers_of(formula: str) -> list[float]:
    """The numbers that stand in the lesson for the blanks of a formula."""
    pattern = re.escape(formula).replace("_", r"(−?\d\.\d\d)")
    (found,) = re.findall(pattern, LESSON)
    return [float(number.replace("−", "-")) for number in found]


def test_place_says_what_the_lesson_says(client):
    words = said(answer(client, PUNE, "place"))
    assert words[:3] == ["not said yet"] * 3
    assert (words[3], words[10], words[-1]) == ("Pune", "Hyderabad", "Hyderabad")
    astray = said(answer(client, "I stay in Hyderabad although I was born in Pune", "place"))
    assert astray[-1] == "Hyderabad"


def test_what_pune_wrote_is_dropped_at_hyderabad_and_not_at_but(client):
    rows = answer(client, PUNE, "place", include="memory")["memory"]["magnitude"]
    left = [row[4] for row in rows[3:11]]
    assert left[1] > 0.8 * left[0], "but"
    assert left[-1] < 0.75 * left[-2], "Hyderabad"


def test_not_turns_the_score_of_good_around(client):
    def score(sentence: str) -> float:
        given = answer(client, sentence, "sentiment", include="attributions", label="positive")
        return given["attributions"]["scores"][-1]

    assert score("the film was good") > 0 > score("the film was not good")
