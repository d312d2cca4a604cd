"""What a visitor wants learned: sentences with labels, a grammar, a text or a series; the model."""

from .dataset import TrainingData, better, learn, model_of, prepare, sample_of
from .forecasting import read_series
from .labelled import Labelled, Limits, check_sentences, decode, read_csv
from .plan import MAX_SNAPSHOTS, TrainingPlan, check_size
from .writing import check_text

__all__ = [
    "MAX_SNAPSHOTS",
    "Labelled",
    "Limits",
    "TrainingData",
    "TrainingPlan",
    "better",
    "check_sentences",
    "check_size",
    "check_text",
    "decode",
    "learn",
    "model_of",
    "prepare",
    "read_csv",
    "read_series",
    "sample_of",
]
