"""`python -m app` is the command line."""

from .cli import main
from .core import one_thread  # noqa: F401  # pyright: ignore  # before NumPy

if __name__ == "__main__":
    main()
