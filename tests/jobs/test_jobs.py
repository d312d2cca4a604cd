"""Trainings in processes of their own: how they run, wait, end, and are ended."""

import asyncio
import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import app.jobs.pool
import app.jobs.worker
from app.core.errors import Busy, NotFound, SwitchedOff
from app.core.model import Model
from app.core.modelfile import read_file, write
from app.jobs import Job, Jobs
from app.jobs.worker import work
from app.storage.epochs import Epochs
from tests.training_plans import plan

LONG = plan(sentences=(), grammar="place", examples=500, epochs=100_000)


class Kept:
    """Stands in for the registry."""

    def __init__(self) -> None:
        self.models: list[Model] = []

    def __call__(self, model: Model) -> dict:
        self.models.append(model)
        return {"id": model.id}


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def make(tmp_path, kept) -> Iterator[Callable[..., Jobs]]:
    made = []

    def make(**options) -> Jobs:
        made.append(Jobs(Epochs(tmp_path), kept, **options))
        return made[-1]

    yield make
    for jobs in made:
        jobs.stop()


def until(true: Callable[[], object]) -> None:
    """Wait for what must come about, however busy the machine is."""
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def processes() -> Callable[[], list]:
    """What this test has started and what still runs; other tests' processes may be there too."""
    others = {child.pid for child in multiprocessing.active_children()}
    return lambda: [child for child in multiprocessing.active_children() if child.pid not in others]


def test_a_training_runs_to_its_end_and_leaves_a_model_and_every_epoch(make, kept, processes):
    jobs = make()
    job = jobs.start(plan())
    until(lambda: job.ended)
    assert job.state == "done"
    assert [event.name for event in job.events] == ["epoch"] * 4 + ["done"]
    assert [event.id for event in job.events] == [1, 2, 3, 4, 5]
    assert [row["epoch"] for row in job.epochs] == [0, 1, 2, 3]
    assert kept.models[0].id == job.id
    for epoch in range(4):
        model = jobs.epochs.get(f"{job.id}@{epoch}")
        assert model.provenance["epoch"] == epoch
    until(lambda: not processes())


def test_what_is_started_from_here_computes_in_one_thread_unless_told_otherwise():
    code = "import os, app.jobs; print(os.environ['OPENBLAS_NUM_THREADS'])"
    bare = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    for environment, threads in ((bare, b"1"), ({**bare, "OPENBLAS_NUM_THREADS": "2"}, b"2")):
        said = subprocess.run(
            [sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=True
        )
        assert said.stdout.strip() == threads


def test_no_more_run_and_wait_than_may_and_the_next_one_has_its_turn(make):
    jobs = make(running=1, waiting=2)
    first, second, third = (jobs.start(LONG) for _ in range(3))
    assert [jobs.place(job) for job in (first, second, third)] == [None, 1, 2]
    with pytest.raises(Busy, match="1 trainings are running and 2 are waiting"):
        jobs.start(LONG)
    jobs.cancel(first.id)
    until(lambda: second.state == "running")
    assert jobs.place(third) == 1
    jobs.start(LONG)


def test_a_running_training_is_cancelled_at_once_and_twice_is_once(make, processes):
    jobs = make()
    job = jobs.start(LONG)
    until(lambda: job.epochs)
    jobs.cancel(job.id)
    events = list(job.events)
    assert jobs.cancel(job.id) is job
    assert job.events == events
    assert job.state == "cancelled"
    assert job.events[-1].data["detail"].startswith("Cancelled after epoch")
    until(lambda: not processes())


def test_a_waiting_training_is_cancelled_without_ever_running(make):
    jobs = make(running=1)
    jobs.start(LONG)
    waiting = jobs.start(LONG)
    jobs.cancel(waiting.id)
    assert [event.name for event in waiting.events] == ["failed"]
    assert waiting.outcome["detail"] == "Cancelled before its first epoch."


def test_a_training_that_diverges_says_so_and_keeps_the_last_epoch_that_makes_sense(make, kept):
    job = make().start(plan(learning_rate=1e9))
    until(lambda: job.ended)
    assert job.state == "failed"
    assert "diverged in epoch 1" in job.outcome["detail"]
    assert job.outcome["epoch"] == 0
    assert kept.models[0].provenance["kind"] == "seeded"


def test_a_training_that_takes_too_long_is_stopped_and_kept(make, kept):
    job = make(seconds=0.0).start(plan(epochs=200))
    until(lambda: job.ended)
    assert job.state == "failed"
    assert "longer than 0 seconds" in job.outcome["detail"]
    assert kept.models[0].id == job.id


def test_a_process_that_is_killed_is_a_training_that_failed(make, processes):
    jobs = make()
    job = jobs.start(LONG)
    until(lambda: job.epochs)
    for process in processes():
        os.kill(process.pid, signal.SIGKILL)
    until(lambda: job.ended)
    assert job.state == "failed"
    assert "ended from outside" in job.outcome["detail"]
    after = jobs.start(plan())
    until(lambda: after.state == "done")


def test_a_model_that_cannot_be_kept_is_a_training_that_failed(tmp_path):
    def full(model: Model) -> dict:
        raise OSError(28, "No space left on device")

    job = Jobs(Epochs(tmp_path), full).start(plan())
    until(lambda: job.ended)
    assert job.state == "failed"
    assert "could not be kept. The server has no room left" in job.outcome["detail"]


def test_stopping_ends_every_process_and_whoever_follows(make, processes):
    async def follow(jobs: Jobs, job: Job) -> list:
        seen = []
        async for event in job.follow(0, 5):
            seen.append(event)
            jobs.stop()
        return seen

    jobs = make()
    job = jobs.start(LONG)
    assert asyncio.run(follow(jobs, job))
    until(lambda: not processes())
    assert job.state != "done"  # it would have gone on for hours
    with pytest.raises(Busy):
        jobs.start(plan())


def test_following_begins_after_what_is_known_and_tells_of_silence():
    async def follow() -> list:
        job = Job("abc", plan())
        job.begin()
        for number in range(3):
            job.report({"epoch": number})
        seen = []
        async for event in job.follow(2, 0.05):
            seen.append(event and event.data["epoch"])
            if event is None:
                job.end("done", epoch=9)
        return seen

    assert asyncio.run(follow()) == [2, None, 9]


def test_a_training_that_finds_no_descriptors_left_has_failed_and_the_next_one_runs(
    make, monkeypatch
):
    jobs, left = make(running=1), [OSError(errno.EMFILE, "Too many open files")] * 2
    pipe = app.jobs.pool._CONTEXT.Pipe

    def none_left(*arguments, **more):
        if left:
            raise left.pop()
        return pipe(*arguments, **more)

    monkeypatch.setattr(app.jobs.pool._CONTEXT, "Pipe", none_left)
    first, second, third = (jobs.start(plan()) for _ in range(3))
    until(lambda: third.ended)
    for job in (first, second):
        assert job.state == "failed"
        assert "too much open" in job.outcome["detail"]
    assert third.state == "done"


def test_a_training_whose_process_does_not_start_has_failed_and_leaves_no_pipe_open(
    make, monkeypatch
):
    def fails(self) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    made = []
    pipe = app.jobs.pool._CONTEXT.Pipe

    def noted(*arguments, **more):
        made.extend(pipe(*arguments, **more))
        return made

    monkeypatch.setattr(app.jobs.pool._CONTEXT, "Pipe", noted)
    monkeypatch.setattr(app.jobs.pool._CONTEXT.Process, "start", fails)
    job = make().start(plan())
    until(lambda: job.ended)
    assert job.state == "failed"
    assert [connection.closed for connection in made] == [True, True]


def test_a_training_that_gets_no_thread_has_failed(make, monkeypatch):
    def fails(self) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(app.jobs.pool.threading.Thread, "start", fails)
    assert make().start(plan()).state == "failed"


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EMFILE, Busy), (errno.EROFS, SwitchedOff), (errno.ENOSPC, OSError)]
)
def test_what_stands_in_the_way_of_a_training_is_said_as_what_it_is(
    make, monkeypatch, number, error
):
    def fails(self) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr(Epochs, "thin_out", fails)
    with pytest.raises(error):
        make().start(plan())


def test_a_model_of_a_training_that_was_cancelled_while_it_was_kept_is_discarded(tmp_path):
    discarded = []

    def cancelled_meanwhile(model: Model) -> dict:
        jobs.cancel(model.id)
        return {"id": model.id}

    jobs = Jobs(Epochs(tmp_path), cancelled_meanwhile, discard=discarded.append)
    job = jobs.start(plan())
    until(lambda: discarded)
    assert discarded == [job.id]
    assert job.state == "cancelled"
    jobs.stop()


def test_an_ended_training_only_ends_once():
    job = Job("abc", plan())
    assert job.end("cancelled", detail="")
    assert not job.end("done", epoch=1)
    assert not job.begin()
    job.report({"epoch": 1})
    assert len(job.events) == 1


def test_unknown_trainings_are_not_found(make):
    with pytest.raises(NotFound, match="no training 'nope'"):
        make().get("nope")


def test_epochs_are_found_by_id_and_number_alone_and_the_oldest_go(tmp_path):
    epochs = Epochs(tmp_path, limit=2)
    for name in ("../../etc/passwd@1", "abcdefgh@99", "abcdefgh@", "@1", "abcdefgh@1/../2"):
        with pytest.raises(NotFound):
            epochs.get(name)
    for age, name in enumerate(("newest", "middle", "oldest")):
        epochs.folder(name).mkdir()
        os.utime(epochs.folder(name), (1e9 - age, 1e9 - age))
    epochs.thin_out()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["middle", "newest"]


@pytest.fixture
def sent(tmp_path, monkeypatch) -> Callable[[], list[tuple]]:
    """What the work of a training says, done in this process."""

    def sent() -> list[tuple]:
        messages = []

        class Connection:
            send = staticmethod(messages.append)

        work(plan(), tmp_path / "training", 60, Connection())  # type: ignore[arg-type]
        return messages

    monkeypatch.setattr(os, "nice", lambda increment: 0)  # this process has more to do
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return sent


def test_the_work_itself_reports_every_epoch(sent, tmp_path):
    assert [message[0] for message in sent()] == ["epoch"] * 4 + ["done"]
    assert len(list((tmp_path / "training").iterdir())) == 4


def test_a_disk_that_fills_up_while_training_is_said_and_what_was_written_stays(
    sent, tmp_path, monkeypatch
):
    def fills_up(model: Model, path: Path) -> None:
        if model.id.endswith("@2"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(model, path)

    monkeypatch.setattr(app.jobs.worker, "write", fills_up)
    *before, (state, detail, _) = sent()
    assert [message[0] for message in before] == ["epoch"] * 2
    assert state == "failed"
    assert "no room" in detail
    assert str(tmp_path) not in detail
    for epoch in (0, 1):
        read_file(tmp_path / "training" / f"training@{epoch}.safetensors")
