"""However a corpus comes to be, it is the same one."""

import filecmp
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.errors import BadInput, Unavailable
from app.corpus import plan
from app.corpus.building import Control, build


def same(one: Path, other: Path) -> bool:
    """Whether two directories hold the same files, byte for byte."""
    compared = filecmp.dircmp(one, other, ignore=[])
    pending = [compared]
    while pending:
        each = pending.pop()
        _, wrong, odd = filecmp.cmpfiles(each.left, each.right, each.common_files, shallow=False)
        if each.left_only or each.right_only or wrong or odd:
            return False
        pending += each.subdirs.values()
    return True


@pytest.fixture
def small_parts(monkeypatch) -> None:
    monkeypatch.setattr(plan, "NUMBERS", 1)
    monkeypatch.setattr(plan, "SMALLEST", 500)


def stop_after(parts: int) -> Control:
    seen = []
    return Control(report=seen.append, stopped=lambda: len(seen) >= parts)


@pytest.mark.usefixtures("small_parts")
def test_a_build_that_was_stopped_is_a_whole_smaller_corpus_and_goes_on(plan_of, tmp_path):
    whole = build(plan_of(out=tmp_path / "whole"))
    assert len(whole["parts"]) > 3
    stopped = plan_of(out=tmp_path / "stopped")
    smaller = build(stopped, control=stop_after(2))
    assert not smaller["complete"]
    assert 0 < smaller["tokens"] < whole["tokens"]
    assert smaller["parts"] == whole["parts"][: len(smaller["parts"])]
    assert build(stopped) == whole
    assert same(tmp_path / "whole", tmp_path / "stopped")


@pytest.mark.usefixtures("small_parts")
def test_a_build_that_was_killed_goes_on_where_it_was(plan_of, tmp_path):
    def die(progress) -> None:
        if progress.done == 2:
            raise KeyboardInterrupt

    whole = build(plan_of(out=tmp_path / "whole"))
    killed = plan_of(out=tmp_path / "killed")
    with pytest.raises(KeyboardInterrupt):
        build(killed, control=Control(report=die))
    assert not (tmp_path / "killed" / "corpus.json").exists()
    done: list[int] = []
    build(killed, control=Control(report=lambda p: done.append(p.done)))
    assert min(d for d in done) == 1  # of the second stage; the first went on behind its second
    assert done[0] == 3
    assert len(whole["parts"]) > 3
    assert same(tmp_path / "whole", tmp_path / "killed")


@pytest.mark.usefixtures("small_parts")
def test_two_processes_build_what_one_builds(plan_of, tmp_path):
    build(plan_of(out=tmp_path / "one"))
    build(plan_of(out=tmp_path / "two"), workers=2)
    assert same(tmp_path / "one", tmp_path / "two")


def test_a_scheduler_that_is_not_there_is_named(plan_of, monkeypatch):
    monkeypatch.setattr("app.corpus.spread.REACHED_WITHIN", 1)
    with pytest.raises(Unavailable, match=r"no Dask scheduler at tcp://127.0.0.1:9"):
        build(plan_of(), scheduler="tcp://127.0.0.1:9")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda out: (out / "corpus.json").write_text("{}"), "is a corpus already"),
        (lambda out: (out / "notes.txt").write_text("mine"), "is not empty, and is no corpus"),
        (lambda out: (out / "building.json").write_text("{}"), "half-built of other version"),
    ],
)
def test_a_directory_that_holds_something_else_is_left_alone(
    plan_of, make: Callable[[Path], object], said
):
    wanted = plan_of()
    wanted.out.mkdir()
    make(wanted.out)
    before = sorted(wanted.out.iterdir())
    with pytest.raises(BadInput, match=said):
        build(wanted)
    assert sorted(wanted.out.iterdir()) == before
