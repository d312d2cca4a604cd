"""Trainings and corpora in processes of their own, so that the server stays quick."""

from ..core import one_thread  # noqa: F401  # pyright: ignore  # before NumPy
from .corpus_run import CorpusJobs
from .job import Event, Job
from .trainings import Jobs

__all__ = ["CorpusJobs", "Event", "Job", "Jobs"]
