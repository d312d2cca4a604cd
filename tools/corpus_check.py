"""`make corpus-check`: build a corpus on a cluster, kill a worker in the middle, and compare.

A scheduler and two workers are started as processes of their own. Every file that comes of it must
be the one that a single process makes, byte for byte.
"""

from __future__ import annotations

import filecmp
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.grammars import GRAMMARS
from app.corpus import plan
from app.corpus.building import Control, Progress, build
from app.corpus.plan import Plan
from app.corpus.texts import Source
from app.storage.shipped import shipped_model

ROOT = Path(__file__).resolve().parent.parent
SENTENCES, ROWS = 6_000, 4_000
PATIENCE = 60.0


def main() -> None:
    """Start, build, kill, compare."""
    with TemporaryDirectory() as directory, ExitStack() as running:
        place = Path(directory)
        texts = place / "texts.txt"
        made = GRAMMARS["place"].make_examples(SENTENCES, 5, False)
        texts.write_text("\n".join(" ".join(each.words) for each in made), "utf-8")
        plan.LARGEST = ROWS  # many parts, so that a worker dies between two
        source = Source((str(texts),))
        began = time.monotonic()
        told = build(Plan(shipped_model("place"), source, place / "one"))
        print(f"one process: {told['tokens']:,} timesteps, {time.monotonic() - began:.1f} s")

        address = running.enter_context(_scheduler(place))
        workers = [running.enter_context(_worker(address, place, name)) for name in "ab"]
        _wait_for_workers(address, len(workers))
        killed: list[Progress] = []

        def kill(progress: Progress) -> None:
            if not killed and progress.done >= progress.parts // 3:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(progress)

        began = time.monotonic()
        build(
            Plan(shipped_model("place"), source, place / "two"),
            scheduler=address,
            control=Control(report=kill),
        )
        (when,) = killed
        print(
            f"a cluster, of which one worker was killed after part {when.done} of {when.parts}: "
            f"{time.monotonic() - began:.1f} s"
        )
        wrong = _differences(place / "one", place / "two")
        if wrong:
            raise SystemExit(f"FAILED: not the same: {', '.join(wrong)}")
        count = sum(path.is_file() for path in (place / "one").rglob("*"))
        print(f"ok: all {count} files are the same, byte for byte")


@contextmanager
def _process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process of Dask's, which ends with this one."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _scheduler(place: Path) -> Iterator[str]:
    """A scheduler's address."""
    file = place / "scheduler.json"
    command = ("distributed.cli.dask_scheduler", "--no-dashboard", "--host", "127.0.0.1")
    with _process(*command, "--port", "0", "--scheduler-file", str(file)) as process:
        deadline = time.monotonic() + PATIENCE
        while not file.exists() or not file.read_text("utf-8").strip():
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("FAILED: the scheduler does not start")
            time.sleep(0.1)
        yield json.loads(file.read_text("utf-8"))["address"]


@contextmanager
def _worker(address: str, place: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    command = ("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard")
    with _process(
        *command, "--no-nanny", "--name", name, "--local-directory", str(place)
    ) as process:
        yield process


def _wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=PATIENCE)


def _differences(one: Path, other: Path) -> list[str]:
    """Files that are not the same in two directories."""
    names = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    names |= {path.relative_to(other) for path in other.rglob("*") if path.is_file()}
    return sorted(
        str(name)
        for name in names
        if not (one / name).is_file()
        or not (other / name).is_file()
        or not filecmp.cmp(one / name, other / name, shallow=False)
    )


if __name__ == "__main__":
    main()
