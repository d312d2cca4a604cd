"""Three memories on the same words: each number is that of a run by itself."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.errors import BadInput
from app.service.question import StepQuestion
from app.service.views import Ask, memories
from app.settings import Settings
from app.storage.registry import Registry

GUIDE = (
    "I live in Pune but right now I stay in Hyderabad. "
    "So you can drop the order at my present location."
)


@pytest.fixture(scope="module")
def ask() -> Ask:
    return Ask(Registry.shipped(), Settings())


@pytest.mark.parametrize("timestep", [1, 4, 11, 21])
def test_each_number_is_that_of_its_own_networks_run(ask, timestep):
    found = memories.answer(ask, StepQuestion(sentence=GUIDE), {"timestep": timestep})
    words = found["words"]
    assert (len(words), found["own"]) == (timestep, True)
    cells = []
    for memory in found["memories"]:
        question = StepQuestion(sentence=" ".join(words), model=memory["model"]["id"])
        run = ask(question, "gradients")
        assert memory["label"] == run["gradients"]["label"]
        assert memory["moves"] == pytest.approx(run["gradients"]["input"], rel=1e-5)
        cells.append(memory["cell"])
        if memory["left"] is None:
            continue
        ledger = ask(question, "memory")["memory"]["magnitude"]
        assert memory["left"] == pytest.approx(ledger[-1][1:], rel=1e-6)
        wrote = [ledger[t][t + 1] for t in range(timestep)]
        assert memory["wrote"] == pytest.approx(wrote, rel=1e-6)
        assert memory["left"][-1] == memory["wrote"][-1]
        assert (memory["left"] <= memory["wrote"] * (1 + 1e-6)).all()
    assert cells == ["lstm", "gru", "simple_rnn"]
    assert found["memories"][2]["left"] is None


def test_at_the_guides_end_the_gated_two_hold_hyderabad_and_the_third_has_lost_it(ask):
    found = memories.answer(ask, StepQuestion(sentence=GUIDE), {})
    labels = [memory["label"] for memory in found["memories"]]
    assert labels == ["Hyderabad", "Hyderabad", "not said yet"]
    hyderabad = found["words"].index("Hyderabad")
    for memory in found["memories"][:2]:
        assert int(np.argmax(memory["moves"])) == hyderabad


def test_a_timestep_that_there_is_not_is_refused(ask):
    with pytest.raises(BadInput, match="timestep is 3, but there are 2 words"):
        memories.answer(ask, StepQuestion(sentence="Good Day"), {"timestep": 3})


def test_a_text_too_long_to_compare_gives_way_to_the_example(ask):
    found = memories.answer(ask, StepQuestion(sentence="word " * 101), {"timestep": 99})
    assert (found["words"], found["own"]) == (["I", "live", "in", "Pune"], False)
