"""What a visitor wants learned: labelled sentences or a grammar, and the model that comes of it."""

from .course import Course, better, learn, model_of, prepare
from .labelled import Labelled, Limits, check_sentences, decode, read_csv
from .lesson import MAX_SNAPSHOTS, Lesson, check_size

__all__ = [
    "MAX_SNAPSHOTS",
    "Course",
    "Labelled",
    "Lesson",
    "Limits",
    "better",
    "check_sentences",
    "check_size",
    "decode",
    "learn",
    "model_of",
    "prepare",
    "read_csv",
]
