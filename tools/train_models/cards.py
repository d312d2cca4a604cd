"""The cards of the shipped models, for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.core.model import Model
from app.core.modelfile import read_file

from .recipes import RECIPES

SHIPPED = (*RECIPES, "writer", "series")
"""Ids of the models that are made here, in the order of their cards."""

_HEAD = """# The shipped models

Written by `make models`, which trains them with the NumPy trainer in `app/core/training/`, from the
grammars in `app/core/grammars/` and from made-up JSON and series of numbers. The same facts are in
each model file.

Two sets judge every model of sentences. **Held-out templates**: sentences with a pattern that no
training sentence has. **Handwritten**: sentences written one by one before the grammars were, which
no model was trained on (`tests/fixtures/handwritten.md`). Their counts, never the sentences, were
looked at between versions, and the mistakes on held-out templates were: neither is a blind exam.

`place` has a third set, **Development**: 217 other sentences, written by hand without a look at the
handwritten ones, to choose among grammars, seeds and settings. The mistakes on one half of them
were read, and the grammar was widened by what they showed; of the other half only the count was
looked at. The seed was chosen among those of the last grammar with the counts of all three sets in
sight.
"""


def write_cards(folder: Path, path: Path) -> None:
    """Write the cards of all shipped models into one file."""
    models = [read_file(folder / f"{name}.safetensors") for name in SHIPPED]
    path.write_text("\n".join([_HEAD, *map(_card_text, models)]), encoding="utf-8")


def _card_text(model: Model) -> str:
    card: Any = model.card
    lines = [
        f"## `{model.id}`: {model.title}",
        "",
        card["task"],
        "",
        f"- Data: {card['data']}",
        f"- Size: {card['size']}",
        f"- Training: {card['training']}",
        f"- Command: `{card['command']}`",
        *(_scores(card["accuracy"]) if "accuracy" in card else _figures(card["measured"])),
        "",
        "What it cannot do:",
        "",
        *(f"- {limit}" for limit in card["limits"]),
        "",
    ]
    if "handwritten_mistakes" in card:
        lines += [
            "What it gets wrong of the handwritten sentences (in brackets what is right):",
            "",
            *(f"- {line}" for line in card["handwritten_mistakes"] or ["nothing"]),
            "",
        ]
    return "\n".join(lines)


def _scores(accuracy: dict[str, str]) -> list[str]:
    return [
        f"- Held-out templates: {accuracy['held_out_templates']}",
        f"- Handwritten: {accuracy['handwritten']}",
        f"- The first score ever: {accuracy['handwritten_first_score']}",
        *([f"- Development: {accuracy['development']}"] if "development" in accuracy else []),
    ]


def _figures(measured: dict[str, str]) -> list[str]:
    return [f"- {name.replace('_', ' ').capitalize()}: {said}" for name, said in measured.items()]
