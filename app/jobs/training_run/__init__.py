"""What a visitor wants learned: labelled sentences or a grammar, and the model that comes of it."""

from .dataset import TrainingData, better, learn, model_of, prepare
from .labelled import Labelled, Limits, check_sentences, decode, read_csv
from .plan import MAX_SNAPSHOTS, TrainingPlan, check_size

__all__ = [
    "MAX_SNAPSHOTS",
    "Labelled",
    "Limits",
    "TrainingData",
    "TrainingPlan",
    "better",
    "check_sentences",
    "check_size",
    "decode",
    "learn",
    "model_of",
    "prepare",
    "read_csv",
]
