"""Large answers are made one after the other, and what is on its way is counted."""

import asyncio
import os
import subprocess
import sys
import threading
from unittest.mock import AsyncMock, Mock

import numpy as np
import orjson
import pytest

from app.core.errors import Busy
from app.service.encoding import encode, encode_in_pieces
from app.web.lane import Lane
from app.web.responses import Pieces

SPARE = max(1, (os.cpu_count() or 2) - 1)


def visitor(gone=False):
    return Mock(is_disconnected=AsyncMock(return_value=gone))


async def send_all(answer, send=None):
    await answer({"type": "http"}, None, send or AsyncMock())


def test_no_more_are_made_at_a_time_than_there_are_processors_to_spare():
    running, most, threads = [0], [0], set()
    lock = threading.Lock()

    def work():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threads.add(threading.current_thread())
        threading.Event().wait(0.01)
        with lock:
            running[0] -= 1
        return Pieces([b"a"])

    async def all_at_once():
        lane = Lane()
        await asyncio.gather(*(lane.make(visitor(), work) for _ in range(8)))

    asyncio.run(all_at_once())
    assert most[0] <= SPARE
    assert threading.main_thread() not in threads


def test_one_more_than_may_wait_is_told_so_and_its_answer_is_not_begun():
    begun = []

    async def ask():
        lane = Lane(waiting=2)
        for _ in range(SPARE):
            await lane._turns.acquire()
        waiting = [asyncio.create_task(lane.make(visitor(), lambda: Pieces([]))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await lane.make(visitor(), lambda: begun.append(1) or Pieces([]))
        lane._turns.release()
        await asyncio.gather(*waiting)

    asyncio.run(ask())
    assert not begun


def test_who_waits_too_long_is_told_so():
    async def ask():
        lane = Lane(seconds=0.01)
        for _ in range(SPARE):
            await lane._turns.acquire()
        with pytest.raises(Busy):
            await lane.make(visitor(), lambda: Pieces([]))

    asyncio.run(ask())


def test_nothing_is_made_for_a_visitor_who_has_gone():
    begun = []
    asyncio.run(Lane().make(visitor(gone=True), lambda: begun.append(1) or Pieces([])))
    assert not begun


def test_answers_on_their_way_hold_up_the_next_until_they_are_sent():
    async def ask():
        lane = Lane(sending=5, seconds=5)
        first = await lane.make(visitor(), lambda: Pieces([b"aaa", b"bbb"]))
        second = asyncio.create_task(lane.make(visitor(), lambda: Pieces([b"c"])))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not second.done()
        await send_all(first)
        await send_all(await second)
        assert lane._bytes == 0

    asyncio.run(ask())


def test_an_answer_that_is_given_up_is_not_counted_any_more():
    async def ask():
        lane = Lane()
        answer = await lane.make(visitor(), lambda: Pieces([b"aaa", b"bbb"]))
        assert lane._bytes == 6
        with pytest.raises(TimeoutError):
            await send_all(answer, AsyncMock(side_effect=TimeoutError))
        assert lane._bytes == 0

    asyncio.run(ask())


@pytest.mark.parametrize("shape", [(3,), (40_000,), (3, 20_000), (20_000, 3), (0, 3)])
def test_a_long_array_is_encoded_in_pieces_that_are_the_same_json(monkeypatch, shape):
    monkeypatch.setattr("app.service.encoding.PIECE", 1_000)
    array = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
    answer = {"a": {"kernel": array, "bias": array, "none": {}}, "steps": [{"input": array}, {}]}
    pieces = encode_in_pieces(answer)
    assert orjson.loads(b"".join(pieces)) == orjson.loads(encode(answer))
    if array.size > 20_000:
        assert max(map(len, pieces)) < 1_000 + 16 * 1024 * 12


def test_a_server_has_blas_on_one_thread_before_numpy_is_there():
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    code = """
import os, sys
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            print(os.environ["OPENBLAS_NUM_THREADS"])
sys.meta_path.insert(0, Watch())
import app.main
"""
    bare = {name: value for name, value in os.environ.items() if name not in names}
    for environment, said in ((bare, b"1"), ({**bare, names[0]: "2"}, b"2")):
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
        assert ran.stdout.split()[:1] == [said], ran.stderr
