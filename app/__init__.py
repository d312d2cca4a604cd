"""A web-based LSTM cell visualizer."""

__version__ = "0.1.0"
