"""What happens when the server starts and when it ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType

from fastapi import FastAPI

from ..jobs import CorpusJobs, Jobs
from ..jobs.file_reading import FileReaders
from ..storage.registry import Registry

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Check the directory of models at the start, and stop trainings when told to end.

    The check reads every file, and nobody need wait for it. At the end the server waits for open
    answers before it says so itself, and who follows a training would have it wait until the
    training is over.
    """
    jobs: Jobs = app.state.jobs
    registry: Registry = app.state.registry
    threading.Thread(
        target=registry.visitor_models.check, name="check of models", daemon=True
    ).start()
    corpora: CorpusJobs = app.state.corpus_jobs
    loop = asyncio.get_running_loop()

    def stop() -> None:
        jobs.stop()
        corpora.stop()

    with _on_signal(lambda: loop.call_soon_threadsafe(stop)):
        yield
    stop()
    jobs.epochs.close()
    corpora.kept.close()
    readers: FileReaders = app.state.readers
    readers.stop()


@contextmanager
def _on_signal(act: Callable[[], object]) -> Iterator[None]:
    """Do something when told to end, before whatever else is done then."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        act()
        handler = before[signal.Signals(number)]
        if callable(handler):
            handler(number, frame)

    for number in SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
