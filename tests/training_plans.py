"""Small plans for the tests of training."""

from app.jobs.training_run import Labelled, TrainingPlan

HAPPY = "a lovely day|the best cake ever|such kind people|glad to see you|great fun at the beach"
SAD = "a horrible day|the worst cake ever|such rude people|sorry to see you|no fun at the beach"
ROWS = [
    *({"text": text, "label": "happy"} for text in HAPPY.split("|")),
    *({"text": text, "label": "sad"} for text in SAD.split("|")),
]
CSV = "text,label\n" + "".join(f"{row['text']},{row['label']}\n" for row in ROWS)
SHORT = {"sentences": ROWS, "epochs": 3, "units": 3, "features": 2}
LONG = {"grammar": "place", "examples": 5_000, "epochs": 200}
"""More than any test waits for."""


def plan(**changes) -> TrainingPlan:
    rows = tuple(Labelled(row["text"], row["label"]) for row in ROWS)
    small = {"title": "Mood", "sentences": rows, "epochs": 3, "units": 3, "features": 2}
    return TrainingPlan(**(small | changes))
