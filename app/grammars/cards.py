"""The cards of the shipped models, for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..model import Model
from ..modelfile import read_file
from .recipes import RECIPES

_HEAD = """# The shipped models

Written by `make models`, which trains them from the grammars in `app/grammars/`, with the NumPy
trainer in `app/training/`. The same facts are in each model file.

Two sets judge every model. **Held-out templates**: sentences with a pattern that no training
sentence has. **Handwritten**: sentences written one by one before the grammars were, which no model
was trained, tuned or stopped by (`tests/fixtures/handwritten.md`).
"""


def write_cards(folder: Path, path: Path) -> None:
    """Write the cards of all shipped models into one file."""
    models = [read_file(folder / f"{name}.safetensors") for name in RECIPES]
    path.write_text("\n".join([_HEAD, *map(_card_text, models)]), encoding="utf-8")


def _card_text(model: Model) -> str:
    card: Any = model.card
    sizes, accuracy = card["sizes"], card["accuracy"]
    wrong = accuracy["handwritten_mistakes"]
    right = accuracy["handwritten_sentences"] - len(wrong)
    lines = [
        f"## `{model.id}`: {model.title}",
        "",
        card["task"],
        "",
        f"- Data: {card['data']}",
        f"- Size: {sizes['words']:,} words, {sizes['features']} features, {sizes['units']} units; "
        f"{sizes['parameters']:,} parameters, "
        f"{sizes['parameters_of_the_recurrent_layer']:,} of them in the recurrent layer.",
        f"- Training: {sizes['examples']:,} sentences, {sizes['epochs']} epochs, seed "
        f"{card['seed']}{_choice(card['seeds_tried'])}. Command: `{card['command']}`.",
        f"- Held-out templates: {accuracy['held_out_templates']:.1%} right.",
        f"- Handwritten: {right} of {accuracy['handwritten_sentences']} right "
        f"({accuracy['handwritten']:.1%}). {accuracy['handwritten_first_score']}",
        "",
        "What it cannot do:",
        "",
        *(f"- {limit}" for limit in card["cannot"]),
        "",
        "What it gets wrong of the handwritten sentences:" if wrong else "It gets none wrong.",
        "",
        *(f"- {row['text']} ({row['expected']}; it says {row['said']})" for row in wrong),
        *([""] if wrong else []),
    ]
    return "\n".join(lines)


def _choice(tried: int) -> str:
    return f" (chosen among {tried})" if tried > 1 else ""
