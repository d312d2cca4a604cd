"""One run: where it stands, and all that has happened so far."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from threading import Lock
from typing import Any, Generic, Literal, NamedTuple, TypeVar

State = Literal["waiting", "running", "done", "failed", "cancelled"]


Name = Literal["epoch", "progress", "done", "failed"]
P = TypeVar("P")


class Event(NamedTuple):
    """Something that happened. They are numbered from 1."""

    id: int
    name: Name
    data: dict[str, Any]


class Job(Generic[P]):
    """One run, of a training or of a corpus. Threads write to it, requests read it.

    Attributes
    ----------
    state : it only ever moves on: waiting, running, then one of the others
    events : an `epoch` for each or `progress`, and at last `done` or `failed`
    """

    def __init__(self, job_id: str, plan: P) -> None:
        self.id = job_id
        self.plan = plan
        self.state: State = "waiting"
        self.events: list[Event] = []
        self._lock = Lock()
        self._listeners: set[Callable[[], None]] = set()
        self._closed = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in ("waiting", "running")

    @property
    def epochs(self) -> list[dict[str, Any]]:
        """The epochs so far."""
        return [event.data for event in self.events if event.name == "epoch"]

    @property
    def outcome(self) -> dict[str, Any]:
        """What the last event said, once it has ended."""
        return self.events[-1].data if self.ended else {}

    def begin(self) -> bool:
        """Move on from waiting; False where it was cancelled before."""
        with self._lock:
            if self.state == "waiting":
                self.state = "running"
            return self.state == "running"

    def report(self, told: dict[str, Any], name: Name = "epoch") -> None:
        """Note that an epoch is over, or how far it is."""
        with self._lock:
            if not self.ended:
                self._add(name, told)
        self._wake()

    def end(self, state: Literal["done", "failed", "cancelled"], **data: Any) -> bool:
        """Note how it ended; False where it had ended before."""
        with self._lock:
            if self.ended:
                return False
            self._add("done" if state == "done" else "failed", data)
            self.state = state
        self._wake()
        return True

    def _add(self, name: Name, data: dict[str, Any]) -> None:
        self.events.append(Event(len(self.events) + 1, name, data))

    def close(self) -> None:
        """Send those away who follow it: the server is about to stop."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    async def follow(self, after: int, pause: float) -> AsyncIterator[Event | None]:
        """What happened after an event, and what happens from now on, up to the end.

        Parameters
        ----------
        after : number of the last event that is known, or 0
        pause : seconds of silence after which None comes
        """
        loop, wake = asyncio.get_running_loop(), asyncio.Event()

        def listener() -> None:
            loop.call_soon_threadsafe(wake.set)

        self._listeners.add(listener)
        try:
            while True:
                wake.clear()
                ended = self.ended
                for event in self.events[after:]:
                    yield event
                    after = event.id
                if ended or self._closed:
                    return
                try:
                    await asyncio.wait_for(wake.wait(), pause)
                except TimeoutError:
                    yield None
        finally:
            self._listeners.discard(listener)
