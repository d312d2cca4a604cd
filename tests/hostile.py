"""Words that mean harm, and a model that reads each of them as it is written."""

import numpy as np

from app.core.cells import CELLS
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.model import Model
from app.core.network import Dense, Embedding, Network, Recurrent
from app.core.text import WordList

WORDS = (
    "<img/src=x/onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "<b>bold</b>",
    "&lt;i&gt;",
    "{{7*7}}",
    "=cmd|'/c'!A1",
    "[red]:smile:[/red]",
    "'\"><svg/onload=alert(1)>",
)
SENTENCE = " ".join(WORDS)


def hostile_model() -> Model:
    """Its title and labels mean harm too."""
    random, cell = np.random.RandomState(1), CELLS["lstm"]
    layers = (
        Embedding("embedding", glorot_uniform(len(WORDS) + 2, 3, random)),
        Recurrent("lstm", cell, draw_weights(cell, 3, 2, random), return_sequences=False),
        Dense("dense", glorot_uniform(2, 2, random), np.zeros(2, np.float32), "softmax"),
    )
    return Model(
        id="hostile",
        title=WORDS[0],
        description=WORDS[1],
        provenance={"kind": "imported", "file": f"{WORDS[2]}.keras", "format": WORDS[4]},
        network=Network(layers),
        vocabulary=WordList.of(["", "unknown", *WORDS], 1, "as_written"),
        labels=(WORDS[0], WORDS[4]),
    )
