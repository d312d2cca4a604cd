"""Our own model files: one `.safetensors`, with everything but the numbers as JSON in its metadata.

The tensors are named `layer/array`, such as `lstm/recurrent_kernel`, in Keras's layout and float32.
"""

from .limits import MAX_FILE, MAX_HEADER
from .reading import read, read_file
from .writing import to_bytes, write

__all__ = ["MAX_FILE", "MAX_HEADER", "read", "read_file", "to_bytes", "write"]
