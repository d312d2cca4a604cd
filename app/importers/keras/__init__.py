"""Keras models: `.keras`, the older whole-model `.h5`, and `.weights.h5`, weights alone."""

from .beside import is_configuration, is_tensorflow_js
from .beside import read as read_beside
from .reader import match, read

__all__ = ["is_configuration", "is_tensorflow_js", "match", "read", "read_beside"]
