"""Recurrent layers that stand in an ONNX file as loops, or written out timestep by timestep."""

from .reader import LOOPS, ONE_LENGTH, read_unrolled

__all__ = ["LOOPS", "ONE_LENGTH", "read_unrolled"]
