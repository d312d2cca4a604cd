"""BLAS on one thread: imported before NumPy by whatever serves or trains.

The matrices of one sentence are too small to be shared out, and several threads for each of several
requests fight for the processor: eight large answers at once took eight times as long. Whoever sets
a variable has their way.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
