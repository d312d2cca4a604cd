"""Work on many parts: here, in processes of this machine, or on a cluster."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from ..core.errors import Unavailable
from .extra import need

AHEAD = 2
"""Parts for each worker that are under way at a time."""
REACHED_WITHIN = 10
"""Seconds."""

Spread = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], Iterator[Any]]
"""Calls a function with each tuple of arguments; results come in the order of these."""


def spreading(scheduler: str = "", workers: int = 1) -> AbstractContextManager[Spread]:
    """Where to work.

    Parameters
    ----------
    scheduler : the address of a Dask scheduler; "" for this machine
    workers : processes on this machine; with one the work is done in this process

    Raises
    ------
    Unavailable
        Where there is no scheduler, or no Dask.
    """
    if scheduler:
        return _cluster(scheduler)
    return _processes(workers) if workers > 1 else _here()


@contextmanager
def _here() -> Iterator[Spread]:
    def spread(work: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        return (work(*call) for call in calls)

    yield spread


@contextmanager
def _processes(workers: int) -> Iterator[Spread]:
    distributed = need("distributed")
    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield _spread_by(client)


@contextmanager
def _cluster(address: str) -> Iterator[Spread]:
    distributed = need("distributed")
    try:
        client = distributed.Client(address, timeout=REACHED_WITHIN, set_as_default=False)
    except (OSError, ValueError, TypeError):
        raise Unavailable(
            f"There is no Dask scheduler at {address}, or it did not answer within "
            f"{REACHED_WITHIN} seconds. Start one with: dask scheduler"
        ) from None
    with client:
        if not client.scheduler_info(n_workers=-1)["workers"]:
            raise Unavailable(
                f"The scheduler at {address} has no workers. Start some with: dask worker {address}"
            )
        yield _spread_by(client)


def _spread_by(client: Any) -> Spread:
    def spread(work: Callable[..., Any], calls: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
        count = max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
        under_way: deque[Any] = deque()
        try:
            for call in calls:
                # a worker that dies is not the part's fault: it is done again by another
                under_way.append(client.submit(work, *call, pure=False, retries=2))
                if len(under_way) >= AHEAD * count:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    return spread
