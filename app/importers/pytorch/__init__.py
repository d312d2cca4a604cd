"""PyTorch models: the names and arrays of a `state_dict`."""

from .reader import match, read

__all__ = ["match", "read"]
