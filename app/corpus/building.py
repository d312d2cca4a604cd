"""Building a corpus: part by part, then a look at every row, then the word that it is whole."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ..core.errors import BadInput, UserError
from ..core.model import Model
from ..core.modelfile import read_file, write
from .contents import CORPUS, MODEL, VERSION, describe
from .pages import write_pages
from .plan import Part, Plan, digest_of, part_name
from .spread import Spread, spreading
from .summarize import Look, look_at_part, words_of
from .summary import Summary, total
from .tables import PARTS, RANGES, STATES, TOKENS, folder_of, write_json, write_part
from .words import write_word_index

BUILDING = "building.json"
"""What is being built; it goes when that is whole."""


class Progress(NamedTuple):
    """How far a build is.

    Attributes
    ----------
    stage : "reading" while texts are run, "looking" while rows are looked at
    done, parts : parts of this stage
    tokens : timesteps so far
    seconds_left : of this stage, as far as it can be told
    """

    stage: str
    done: int
    parts: int
    tokens: int
    seconds_left: float | None


@dataclass(frozen=True)
class Control:
    """How somebody follows a build, and ends it.

    Attributes
    ----------
    report : is told after every part
    stopped : whether to stop; what has been read by then becomes the corpus
    """

    report: Callable[[Progress], None] = lambda progress: None
    stopped: Callable[[], bool] = lambda: False


def build(
    plan: Plan, *, scheduler: str = "", workers: int = 1, control: Control | None = None
) -> dict[str, Any]:
    """Build a corpus, or go on with one whose building was interrupted.

    Parameters
    ----------
    scheduler : the address of a Dask scheduler; "" for this machine
    workers : processes on this machine

    Returns
    -------
    dict
        What `corpus.json` says.

    Raises
    ------
    BadInput
        For a directory that holds something else, and for texts that the model cannot read.
    NotFound, Unavailable
        Where there are no such texts, or no such scheduler.
    OSError
        Where there is no room.
    """
    control = control or Control()
    parts = sum(1 for _ in plan.parts())  # reading costs little beside running
    if not parts:
        raise BadInput("There are no texts to build a corpus of: the files are empty.")
    prepare(plan)
    try:
        return _build(plan, parts, scheduler, workers, control)
    except UserError:
        _leave_nothing(plan)
        raise


def _build(
    plan: Plan, parts: int, scheduler: str, workers: int, control: Control
) -> dict[str, Any]:
    with spreading(scheduler, min(workers, parts)) as spread:
        notes = _read(plan, spread, parts, control)
        rows = sum(note["rows"] for note in notes)
        if not rows:
            raise BadInput(
                f"None of {sum(note['texts'] for note in notes):,} texts has a word left for the "
                "model to read."
            )
        whole = [note["index"] for note in notes if note["rows"]]
        _forget_behind(plan, len(notes))
        width = _width(plan)
        words = words_of(plan.out, plan.floor, width)
        summary = total(_looked_at(plan, words, whole, spread, control))
    write_pages(plan.model, plan.out, summary, words)
    write_word_index(plan.out)
    content = describe(plan, notes, complete=len(notes) == parts, words=len(words))
    write_json(plan.out / CORPUS, content)
    if content["complete"]:
        (plan.out / BUILDING).unlink(missing_ok=True)
    return content


def _leave_nothing(plan: Plan) -> None:
    """Where nothing has been read, let the directory be as if nothing had been tried."""
    if not any(note["rows"] for note in _notes(plan).values()):
        for name in (TOKENS, STATES, PARTS):
            shutil.rmtree(plan.out / name, ignore_errors=True)
        for name in (BUILDING, MODEL):
            (plan.out / name).unlink(missing_ok=True)
        if not any(plan.out.iterdir()):
            plan.out.rmdir()


def _width(plan: Plan) -> int:
    layers = plan.model.network.recurrent
    return sum(len(kept) * layers[name].weights.units for name, kept in plan.layers.items())


def prepare(plan: Plan) -> None:
    """Make the directory, or see that it holds the same corpus, half-built.

    Raises
    ------
    BadInput
        Where it holds anything else.
    """
    out, wanted = plan.out, _identity(plan)
    note = out / BUILDING
    if note.exists():
        found = json.loads(note.read_text("utf-8"))
        if other := [name for name in wanted if found.get(name) != wanted[name]]:
            raise BadInput(
                f"{out}: holds a corpus half-built of other {' and '.join(other)}. Delete it, or "
                "choose another directory."
            )
        return
    if (out / CORPUS).exists():
        raise BadInput(f"{out}: is a corpus already. Choose another directory, or delete it.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(f"{out}: is not empty, and is no corpus. Choose another directory.")
    out.mkdir(parents=True, exist_ok=True)
    write(replace(plan.model), out / MODEL)
    write_json(note, wanted)


def _identity(plan: Plan) -> dict[str, Any]:
    """What must be the same for a build to go on with what is there."""
    return {
        "version": VERSION,
        "model": digest_of(plan.model),
        "texts": plan.source.files(),
        "columns": [plan.source.text, plan.source.label],
        "quantities": {name: list(kept) for name, kept in plan.layers.items()},
        "limits": [plan.limit, plan.too_long, plan.floor],
    }


def _read(plan: Plan, spread: Spread, parts: int, control: Control) -> list[dict[str, Any]]:
    """Run all texts, but for the parts that are there. Returns a note of each, in order."""
    there = _notes(plan)
    missing = [index for index in range(parts) if index not in there]
    settings = replace(plan, model=None)
    calls = (
        (str(plan.out), plan.model.id, settings, part)
        for part in plan.parts()
        if part.index not in there
    )
    began, notes = time.monotonic(), dict(there)
    tokens = sum(note["rows"] for note in notes.values())
    results = spread(work_on_part, _until(calls, control))
    for done, note in enumerate(results, 1):
        notes[note["index"]] = note
        tokens += note["rows"]
        left = (time.monotonic() - began) / done * (len(missing) - done)
        control.report(Progress("reading", len(there) + done, parts, tokens, left))
    in_a_row = next((i for i in range(parts) if i not in notes), parts)
    return [notes[index] for index in range(in_a_row)]


def _until(calls: Iterator[tuple], control: Control) -> Iterator[tuple]:
    """No more once somebody has stopped it."""
    for call in calls:
        if control.stopped():
            return
        yield call


def _notes(plan: Plan) -> dict[int, dict[str, Any]]:
    """The parts that are there, whole."""
    found = (json.loads(path.read_text("utf-8")) for path in (plan.out / PARTS).glob("[0-9]*.json"))
    return {note["index"]: note for note in found}


def _forget_behind(plan: Plan, count: int) -> None:
    """Remove parts behind the last one that has all others before it."""
    folders = [plan.out / TOKENS]
    folders += [plan.out / kind / folder_of(n) for kind in (STATES, RANGES) for n in plan.layers]
    for folder in folders:
        for path in folder.glob("part-*.parquet"):
            if path.name >= part_name(count):
                path.unlink()
    for path in (plan.out / PARTS).glob("[0-9]*.json"):
        if int(path.stem) >= count:
            path.unlink()


@lru_cache(maxsize=2)
def _model(path: str, changed: int, name: str) -> Model:
    del changed
    return replace(read_file(Path(path)), id=name)


def _with_model(out: str, name: str, plan: Any) -> Any:
    """A plan or a look with the model that lies in the directory, which all workers share."""
    path = Path(out) / MODEL
    return replace(plan, model=_model(str(path), path.stat().st_mtime_ns, name))


def work_on_part(out: str, name: str, plan: Plan, part: Part) -> dict[str, Any]:
    """Run a part's texts: what a worker does."""
    return write_part(_with_model(out, name, plan), part)


def work_on_look(out: str, name: str, look: Look, index: int) -> Summary:
    """Look at a part's rows: what a worker does."""
    return look_at_part(_with_model(out, name, look), index)


def _looked_at(
    plan: Plan, words: tuple[str, ...], whole: list[int], spread: Spread, control: Control
) -> Iterator[Summary]:
    look = Look(None, plan.out, plan.layers, words)  # type: ignore[arg-type]
    began = time.monotonic()
    calls = ((str(plan.out), plan.model.id, look, index) for index in whole)
    for done, summary in enumerate(spread(work_on_look, calls), 1):
        yield summary
        left = (time.monotonic() - began) / done * (len(whole) - done)
        tokens = next(iter(next(iter(summary.facts.values())).values())).rows
        control.report(Progress("looking", done, len(whole), tokens, left))
