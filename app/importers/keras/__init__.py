"""Keras models: `.keras`, the older whole-model `.h5`, and `.weights.h5`, weights alone."""

from .reader import match, read

__all__ = ["match", "read"]
