"""Trainings in processes of their own, so that the server stays quick."""

from .job import Event, Job
from .pool import Jobs

__all__ = ["Event", "Job", "Jobs"]
