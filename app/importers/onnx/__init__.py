"""ONNX models: LSTM, GRU and RNN nodes, and layers that are written out."""

from .reader import match, read

__all__ = ["match", "read"]
