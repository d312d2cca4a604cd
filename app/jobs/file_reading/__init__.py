"""Model files that visitors bring, read in processes of their own.

A file that means harm takes its own process with it, at a limit of memory or of seconds, and never
the server.
"""

from .pool import FileReaders
from .request import FileRequest

__all__ = ["FileReaders", "FileRequest"]
