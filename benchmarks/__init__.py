"""How fast it is, beside its peers: each module is one command and prints one table."""

import os

# before NumPy and its peers are loaded: a thread of each would take another's core
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
for _variable in THREADS:
    os.environ.setdefault(_variable, "1")
os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
