"""In a checkout, app/ under the name that it has where it is installed.

The wheel does not hold this file: there, app/ itself is called lstm_viz.
"""

from pathlib import Path

__path__ = [str(Path(__file__).resolve().parent.parent / "app")]
exec((Path(__path__[0]) / "__init__.py").read_text("utf-8"))
