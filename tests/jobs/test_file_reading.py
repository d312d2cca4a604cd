"""Files that visitors bring are read in processes of their own: what they harm is that alone."""

from __future__ import annotations

import errno
import io
import os
import signal
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

import app.jobs.file_reading.pool
from app.core.errors import BadInput, Busy, TooLarge, Unavailable, Unsupported
from app.core.modelfile import read_file
from app.jobs.file_reading import FileReaders, FileRequest
from app.jobs.file_reading.request import FileAnswer
from tests.imports import FILES

MIB = 2**20


@pytest.fixture
def make() -> Iterator[Callable[..., FileReaders]]:
    made = []

    def make(**options) -> FileReaders:
        made.append(FileReaders(**options))
        return made[-1]

    yield make
    for readers in made:
        readers.stop()


def request_for(directory: Path, **more) -> FileRequest:
    return FileRequest(["lstm.keras"], str(directory / "model.safetensors"), **more)


def good() -> memoryview:
    return memoryview((FILES / "lstm.keras").read_bytes())


def pid_of(readers: FileReaders) -> int | None:
    (process,) = [reader._process for reader in readers._all if reader._process is not None]
    return process.pid


def slow() -> memoryview:
    """An ONNX file of many small messages, each within every count: some minutes of work."""
    tensor = b"\x08\x01" * 49_000  # a shape, number by number
    field = b"\x2a" + bytes(
        [len(tensor) & 127 | 128, len(tensor) >> 7 & 127 | 128, len(tensor) >> 14]
    )
    graph = (field + tensor) * 300
    size = len(graph)
    head = bytes([0x3A, *(size >> shift & 127 | 128 for shift in (0, 7, 14)), size >> 21])
    return memoryview(b"\x08\x08" + head + graph)


def hungry() -> memoryview:
    """A small archive that inflates to as much as may be read."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b'{"class_name": "Sequential", "config": {"layers": []}}')
        archive.writestr("metadata.json", b"{}")
        archive.writestr("model.weights.h5", bytes(200 * MIB))
    return memoryview(written.getvalue())


def test_a_file_is_read_elsewhere_and_its_model_written_where_it_was_asked_for(make, tmp_path):
    readers = make()
    readers.read(request_for(tmp_path, texts={"title": "Mine", "labels": "a\nb\nc"}), [good()])
    model = read_file(tmp_path / "model.safetensors")
    assert (model.title, model.labels) == ("Mine", ("a", "b", "c"))
    assert model.card["detected"]["format"] == "Keras (.keras)"
    assert pid_of(readers) != os.getpid()


def test_a_process_is_kept_for_the_next_file_refused_ones_too(make, tmp_path):
    readers = make(running=1)
    with pytest.raises(Unsupported, match="PDF"):
        readers.read(request_for(tmp_path), [memoryview(b"%PDF-1.7")])
    first = pid_of(readers)
    with pytest.raises(BadInput, match="3 outputs"):
        readers.read(request_for(tmp_path, texts={"labels": "one"}), [good()])
    readers.read(request_for(tmp_path), [good()])
    assert pid_of(readers) == first


def test_a_process_that_read_something_large_is_not_kept(make, tmp_path, monkeypatch):
    monkeypatch.setattr(app.jobs.file_reading.pool, "SMALL", 10)
    readers = make(running=1)
    readers.read(request_for(tmp_path), [good()])
    assert [reader._process for reader in readers._all] == [None]


def test_a_file_that_takes_too_long_ends_its_process_and_the_next_is_read(make, tmp_path):
    readers = make(running=1, seconds=2.0)
    with pytest.raises(BadInput, match="took longer than 2 seconds, which is the limit"):
        readers.read(request_for(tmp_path), [slow()])
    readers.seconds = 30.0
    readers.read(request_for(tmp_path), [good()])


def test_a_file_that_takes_too_much_memory_is_refused_with_the_limit(make, tmp_path):
    readers = make(running=1, memory=100 * MIB)
    with pytest.raises(TooLarge, match="more than 100 MiB of memory, which is the limit"):
        readers.read(request_for(tmp_path), [hungry()])
    assert not list(tmp_path.iterdir())
    readers.read(request_for(tmp_path), [good()])


def test_a_process_that_is_killed_while_it_reads_is_a_file_that_is_refused(make, tmp_path):
    readers = make(running=1, seconds=60)
    refused = []

    def read() -> None:
        try:
            readers.read(request_for(tmp_path), [slow()])
        except BadInput as error:
            refused.append(error.detail)

    thread = threading.Thread(target=read)
    thread.start()
    (reader,) = readers._all
    while reader._process is None or reader._process.pid is None:
        time.sleep(0.01)
    os.kill(reader._process.pid, signal.SIGKILL)
    thread.join()
    assert "broke what reads it" in refused[0]
    readers.read(request_for(tmp_path), [good()])


def test_files_wait_for_one_another_and_only_so_many(make, tmp_path):
    readers = make(running=1, waiting=1)
    begun, go_on = threading.Event(), threading.Event()
    (reader,) = readers._all

    def held(*_) -> FileAnswer:
        begun.set()
        go_on.wait()
        return FileAnswer("written")

    reader.read = held
    first, second = (
        threading.Thread(target=readers.read, args=(request_for(tmp_path), good())) for _ in "ab"
    )
    first.start()
    begun.wait()
    second.start()
    while readers._room._value:  # until it waits
        time.sleep(0.01)
    with pytest.raises(Busy, match="Other model files are being read"):
        readers.read(request_for(tmp_path), [good()])
    go_on.set()
    first.join()
    second.join()


def test_without_descriptors_no_process_begins_and_nothing_stays_open(make, tmp_path, monkeypatch):
    def fails(self) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    readers = make(running=1)
    monkeypatch.setattr(app.jobs.file_reading.pool._CONTEXT.Process, "start", fails)
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(Unavailable, match="too much open"):
            readers.read(request_for(tmp_path), [good()])
    assert len(os.listdir("/proc/self/fd")) == before
    monkeypatch.undo()
    readers.read(request_for(tmp_path), [good()])


def test_a_fault_of_the_disk_keeps_its_number(make, tmp_path):
    with pytest.raises(OSError, match="cannot be written") as fault:
        make().read(FileRequest(["x"], str(tmp_path / "no" / "such" / "place")), [good()])
    assert fault.value.errno == errno.ENOENT


def test_halves_of_characters_are_read_as_question_marks(make, tmp_path):
    make().read(FileRequest(["\ud800.keras"], str(tmp_path / "model.safetensors")), [good()])
    assert read_file(tmp_path / "model.safetensors").provenance["file"] == "?.keras"


def test_float16_that_grows_beyond_the_limit_is_refused_with_the_figure(make, tmp_path):
    zeros = np.zeros((35_000, 1_000), np.float16)
    weights = {
        "embedding.weight": zeros,
        "rnn.weight_ih_l0": np.zeros((4, 1_000), np.float16),
        "rnn.weight_hh_l0": np.zeros((4, 1), np.float16),
        "rnn.bias_ih_l0": np.zeros(4, np.float16),
        "rnn.bias_hh_l0": np.zeros(4, np.float16),
    }
    with pytest.raises(TooLarge, match=r"140,0\d\d,\d\d\d bytes of weights as float32"):
        make().read(FileRequest(["x"], str(tmp_path / "model")), [memoryview(save(weights))])
    assert not list(tmp_path.iterdir())
