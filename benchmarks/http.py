"""`python -m benchmarks.http`: requests for each second of the server's core, beside a bare app.

The server has one core and the client another. Seconds are those of the server's processor, so
that what else runs on the machine does not count.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from statistics import median

from .common import machine, pin, print_table
from .http_client import Server, ask, post, serve
from .http_models import LARGE, MIDDLE, SMALL, Load, write_models

CONNECTIONS = (1, 16, 64)
CLIENTS = (1, 2, 4, 8)
SECONDS, ROUNDS = 1.0, 3


async def rate(server: Server, load: Load, connections: int, gzip: bool) -> float:
    """Requests answered in a second of the server's core."""
    used = server.cpu_seconds()
    askers = await ask(server.port, [post(load.body, gzip=gzip)] * connections, SECONDS)
    for asker in askers:
        assert set(asker.statuses) == {200}, asker.statuses
    return sum(len(asker.seconds) for asker in askers) / (server.cpu_seconds() - used)


async def compare(servers: list[Server], load: Load, connections: int, gzip: bool) -> list[str]:
    """One row: ours and the bare one in turns."""
    rounds = []
    for _ in range(ROUNDS + 1):
        rounds.append([await rate(server, load, connections, gzip) for server in servers])
    ours, bare = zip(*rounds[1:], strict=True)  # the first warms up
    share = median(a / b for a, b in rounds[1:])
    compressed = "gzip" if gzip else "no"
    numbers = f"{median(ours):,.0f}", f"{median(bare):,.0f}", f"{share:.2f}"
    return [str(load), str(connections), compressed, *numbers]


async def wait_beside_large(server: Server) -> list[str]:
    """How long small requests take while another connection asks for large answers."""
    alone, _ = (await ask(server.port, [post(SMALL.body)], 2.0))[0], None
    small, large = await ask(server.port, [post(SMALL.body), post(LARGE.body)], 8.0)
    rows = []
    for name, asker in (("alone", alone), (f"beside {LARGE}", small)):
        ordered = sorted(asker.seconds)
        points = [ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.95, 0.99, 1)]
        rows.append([name, str(len(ordered)), *(f"{1000 * point:.1f}" for point in points)])
    print(f"\nA small request's wait, ms ({len(large.seconds)} large answers meanwhile)\n")
    print_table(["", "requests", "median", "95 %", "99 %", "longest"], rows)
    return rows[1]


async def add_clients(server: Server) -> None:
    """Large answers a second of the clock, all together, as more ask for them."""
    rows: list[list[str]] = []
    for clients in CLIENTS:
        askers = await ask(server.port, [post(LARGE.body)] * clients, 4 * SECONDS)
        for asker in askers:
            assert set(asker.statuses) == {200}, asker.statuses
        answers = sum(len(asker.seconds) for asker in askers)
        rows.append([str(clients), f"{answers / (4 * SECONDS):.1f}"])
    print(f"\nAnswers of {LARGE} a second, as deployed\n")
    print_table(["clients", "answers a second"], rows)


async def compare_formats(server: Server) -> None:
    """Seconds of the server's processor for the same answer in each format."""
    costs: dict[str, float] = {}
    for name in ("json", "npz", "csv"):
        used = server.cpu_seconds()
        (asker,) = await ask(server.port, [post(LARGE.body, query=f"?format={name}")], 2 * SECONDS)
        costs[name] = (server.cpu_seconds() - used) / len(asker.seconds)
    rows = [
        [name, f"{1000 * cost:.0f}", f"{cost / costs['json']:.2f}"] for name, cost in costs.items()
    ]
    print(f"\n{LARGE} in each format\n")
    print_table(["format", "ms of the processor", "of the JSON"], rows)


def main() -> None:
    """Measure and print the tables."""
    pin(1)
    with tempfile.TemporaryDirectory() as directory:
        models = {"LSTM_VIZ_MODELS": write_models(Path(directory))}
        with (
            serve("app.main:app", models) as ours,
            serve("benchmarks.http_bare:app", models) as bare,
        ):
            rows = [
                asyncio.run(compare([ours, bare], load, connections, gzip))
                for load in (SMALL, MIDDLE, LARGE)
                for connections in CONNECTIONS
                for gzip in (False, True)
                if (load, connections) != (LARGE, 64)  # 400 MB under way
            ]
            print(f"{machine()}. Requests for each second of the server's core.\n")
            head = ["", "connections", "compressed", "ours", "bare", "ours / bare"]
            print_table(head, rows)
            asyncio.run(wait_beside_large(ours))
        with serve("app.main:app", models, core=None) as deployed:
            asyncio.run(add_clients(deployed))
            asyncio.run(compare_formats(deployed))


if __name__ == "__main__":
    main()
