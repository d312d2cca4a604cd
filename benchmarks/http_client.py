"""A server of our own on a free port, and connections that keep asking it the same thing."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import THREADS

CHUNKED = -1
LAST_CHUNK = b"\r\n0\r\n\r\n"


@dataclass
class Server:
    """A process that listens on this machine."""

    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """What it has used so far, its threads included."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serve(
    app: str, environment: Mapping[str, str] | None = None, core: int | None = 0
) -> Iterator[Server]:
    """Run an application with uvicorn on one core, until the block ends.

    Parameters
    ----------
    core : None for all of them and nothing set that the server does not set itself: as deployed
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(
        [
            *command,
            "--log-level",
            "warning",
            "--timeout-graceful-shutdown",
            "3",
            "--no-server-header",
            *([] if core is not None else ["--http", "app.web.protocol:BoundedProtocol"]),
        ],
        env=_environment(core is None) | dict(environment or {}),
    )
    try:
        cores = set(range(os.cpu_count() or 1))
        os.sched_setaffinity(process.pid, cores if core is None else {core % len(cores)})
        _wait_for(port)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def _environment(as_deployed: bool) -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not (as_deployed and k in THREADS)}


def _wait_for(port: int, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


def post(body: bytes, *, gzip: bool = False, query: str = "") -> bytes:
    """The bytes of a request."""
    accept = "gzip" if gzip else "identity"
    head = (
        f"POST /api/step{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Accept-Encoding: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass
class Asker(asyncio.Protocol):
    """One connection: it asks, reads the answer to its end, and asks again until the time is up.

    It reads no more than where an answer ends, so that it costs little beside the server.
    """

    request: bytes
    until: float
    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.finished = asyncio.get_running_loop().create_future()
        self._head, self._tail, self._left = b"", b"", 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._asked = time.perf_counter()
        self._transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Count a piece of an answer."""
        if not self._left:
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end:
                return
            self._head = b""
            status = int(head[9:12])
            self.statuses[status] = self.statuses.get(status, 0) + 1
            length = re.search(rb"(?i)content-length: (\d+)", head)
            self._left = int(length[1]) if length else CHUNKED
        if self._left == CHUNKED:
            self._tail = (self._tail + data)[-len(LAST_CHUNK) :]
            if self._tail != LAST_CHUNK:
                return
            self._tail, self._left = b"", 0
        else:
            self._left -= len(data)
        if not self._left:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        self.seconds.append(now - self._asked)
        if now < self.until:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Finish; an answer that is still owed counts as status 0."""
        if self._left or time.perf_counter() < self.until:
            self.statuses[0] = self.statuses.get(0, 0) + 1
        if not self.finished.done():
            self.finished.set_result(None)


async def ask(port: int, requests: list[bytes], seconds: float) -> list[Asker]:
    """Ask on one connection for each request, all at once, for so many seconds."""
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    askers = [Asker(request, until) for request in requests]
    for asker in askers:
        await loop.create_connection(lambda asker=asker: asker, "127.0.0.1", port)
    await asyncio.gather(*(asker.finished for asker in askers))
    return askers
