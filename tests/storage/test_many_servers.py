"""Servers that share a directory, doing anything in any order, killed at any moment.

A few seconds of it belong to every run of the tests, a minute to `make soak`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.storage.visitor_models import VisitorModels
from tests.storage.test_visitor_models import MIB, model_of

ROOT = Path(__file__).parents[2]
SERVERS = 3
SHARED = 30
"""Models that all of them know from the beginning."""
ACTOR = """
import random, sys
from tests.storage.test_visitor_models import VisitorModels, MIB, Path, model_of
directory, seed, *names = sys.argv[1:]
choice, model = random.Random(int(seed)), model_of()
kept, gone = VisitorModels(Path(directory), 100_000, 64 * MIB), set()

def say(*words):
    print(*words, flush=True)

say("begun")
while True:
    name = choice.choice(names)
    act = choice.random()
    if act < 0.1:
        names.append(kept.add(model))
        say("added", names[-1])
    elif act < 0.14:
        say("removing", name)
        kept.remove(name)
        gone.add(name)
        say("removed", name)
    elif act < 0.5:
        if kept.rename(name, f"Renamed {choice.random()}") is None:
            gone.add(name)
        elif name in gone:
            say("back", name)
    elif kept.get(name) is None:
        gone.add(name)
    elif name in gone:
        say("back", name)
"""


def act_and_be_killed(directory: Path, names: list[str], seconds: float) -> list[list[str]]:
    """Run servers beside one another for a while, and kill now this one, now that one."""
    said: list[list[str]] = []
    running: list[subprocess.Popen[str]] = []
    choice, end = random.Random(7), time.monotonic() + seconds
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}

    def begin() -> None:
        process = subprocess.Popen(
            [sys.executable, "-c", ACTOR, str(directory), str(choice.randrange(2**30)), *names],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        running.append(process)

    def kill(process: subprocess.Popen[str]) -> None:
        running.remove(process)
        process.kill()
        assert process.stdout is not None
        *whole, _ = process.stdout.read().split("\n")
        said.extend(line.split() for line in whole)
        process.wait()
        process.stdout.close()

    while time.monotonic() < end:
        while len(running) < SERVERS:
            begin()
        time.sleep(choice.uniform(0, 1))
        kill(choice.choice(running))
    while running:
        kill(running[0])
    return said


def check(directory: Path, seconds: float) -> None:
    kept = VisitorModels(directory, 100_000, 64 * MIB)
    names = [kept.add(model_of()) for _ in range(SHARED)]
    said = act_and_be_killed(directory, names, seconds)
    assert [line for line in said if line[0] == "back"] == []
    added = {*names, *(name for word, name in said if word == "added")}
    touched = {name for word, name in said if word == "removing"}
    removed = {name for word, name in said if word == "removed"}
    assert removed
    fresh = VisitorModels(directory, 100_000, 64 * MIB)
    for server in (kept, fresh):
        assert [name for name in removed if server.get(name) is not None] == []
        assert [name for name in added - touched if server.get(name) is None] == []
    fresh.check()  # every file that is left is whole, and none is under a mark
    for path in directory.glob("*.safetensors"):
        assert fresh.get(path.stem) is not None


def test_nothing_acknowledged_is_lost_and_nothing_deleted_comes_back(tmp_path):
    check(tmp_path, 4)


@pytest.mark.soak
def test_nothing_is_lost_and_nothing_comes_back_in_a_minute(tmp_path):
    check(tmp_path, 60)
