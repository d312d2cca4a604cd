"""What every process begins with that the server starts for a piece of work."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing import parent_process
from pathlib import Path

NICENESS = 10
"""Work yields to whoever only wants a sentence read."""
WORST = b"1000"
"""Linux ends this process before any other where memory runs out, and never the server."""


def begin() -> None:
    """Leave signals to the server, end with it, and yield to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    if sys.platform == "linux":
        try:
            Path("/proc/self/oom_score_adj").write_bytes(WORST)
        except OSError:  # hidden in some containers
            return


def limit_memory(more: int) -> None:
    """Let this process take no more than so many bytes besides those that it has, on Linux.

    Elsewhere address space is not what memory is, or cannot be limited.
    """
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + more
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, wanted))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end_with_parent() -> None:
    """Do not work on for a server that is gone."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
