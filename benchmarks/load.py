"""`python -m benchmarks.load [seconds]`: what the server bears, on this machine alone.

64 connections with requests of three sizes; a thousand that say nothing and fifty that speak slowly
while others are answered; and the end, while an upload has stopped half way.
"""

from __future__ import annotations

import asyncio
import collections
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path

from .common import machine, pin
from .http_client import Asker, Server, ask, post, serve
from .http_models import LARGE, MIDDLE, SMALL, write_models

IDLE, SLOW = 1_000, 50
SAMPLES = 6


async def mixed(server: Server, seconds: float) -> None:
    """Requests of all sizes; memory must not grow once it has been used once."""
    requests = [post(SMALL.body)] * 44 + [post(MIDDLE.body, gzip=False)] * 18
    requests += [post(LARGE.body)] * 2
    memory, statuses, waits = [], collections.Counter(), []
    for _ in range(SAMPLES):
        for asker in await ask(server.port, requests, seconds / SAMPLES):
            statuses.update(asker.statuses)
            waits += asker.seconds
        memory.append(server.memory() / 2**20)
    waits.sort()
    print(f"{len(requests)} connections, {seconds:.0f} s: answers by status {dict(statuses)}")
    print("  resident MiB over time: " + ", ".join(f"{m:.0f}" for m in memory))
    print(f"  wait, ms: median {1e3 * waits[len(waits) // 2]:.0f}, longest {1e3 * waits[-1]:.0f}")


async def crowd(server: Server) -> None:
    """Connections that are open and quiet, or that send a byte now and then."""
    before = await one_by_one(server)
    writers = []
    for _ in range(IDLE):
        writers.append((await asyncio.open_connection("127.0.0.1", server.port))[1])
    slow = [(await asyncio.open_connection("127.0.0.1", server.port))[1] for _ in range(SLOW)]
    head, _, _ = post(b" " * 1_000).partition(b"\r\n\r\n")
    for writer in slow:
        writer.write(head + b"\r\n\r\n")

    async def drip() -> None:
        while True:
            for writer in slow:
                writer.write(b" ")
            await asyncio.sleep(0.2)

    dripping = asyncio.create_task(drip())
    beside = await one_by_one(server)
    dripping.cancel()
    for writer in (*writers, *slow):
        writer.close()
    print(
        f"a small request alone: median {1e3 * before:.1f} ms; beside {IDLE} idle and {SLOW} slow"
    )
    print(f"  connections: {1e3 * beside:.1f} ms; resident {server.memory() / 2**20:.0f} MiB")


async def one_by_one(server: Server) -> float:
    """The median wait of a single connection."""
    (asker,) = await ask(server.port, [post(SMALL.body)], 3)
    assert isinstance(asker, Asker)
    assert set(asker.statuses) == {200}
    return sorted(asker.seconds)[len(asker.seconds) // 2]


async def stall(server: Server) -> float:
    """Begin an upload, stop half way, and ask the server to end; the seconds that takes."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"POST /api/models HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
    )
    await writer.drain()
    await asyncio.sleep(0.5)
    start = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    await asyncio.to_thread(server.process.wait, 20)
    writer.close()
    return time.monotonic() - start


def main() -> None:
    """Run all three."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    pin(1)
    print(machine())
    with tempfile.TemporaryDirectory() as directory:
        models = {"LSTM_VIZ_MODELS": write_models(Path(directory))}
        with serve("app.main:app", models) as server:
            asyncio.run(mixed(server, seconds))
            asyncio.run(crowd(server))
            print(f"SIGTERM beside a stalled upload: gone in {asyncio.run(stall(server)):.1f} s")


if __name__ == "__main__":
    main()
