"""Names for the shapes in annotations, which type checkers read, and tests check at every call.

Nothing reads them while the program runs, and jaxtyping takes longer to import than a sentence to
run: it is left alone unless whoever checks shapes has imported it before.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING or "jaxtyping" in sys.modules:
    from jaxtyping import Bool, Float, Int
else:
    Bool = Float = Int = None

__all__ = ["Bool", "Float", "Int"]
