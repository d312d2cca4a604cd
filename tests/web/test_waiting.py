"""Large answers are made beside the event loop, so that small ones need not wait for them."""

import asyncio
import threading

import httpx
import pytest

from app.main import create_app
from app.service.encoding import encode, encode_in_pieces
from app.service.step import Task
from app.settings import Settings
from app.web.responses import Pieces


@pytest.mark.parametrize(("large_answer", "beside"), [(1, True), (10**9, False)])
def test_a_large_answer_is_computed_off_the_event_loop(monkeypatch, large_answer, beside):
    threads = []
    answer = Task.answer
    monkeypatch.setattr(
        Task, "answer", lambda task: threads.append(threading.current_thread()) or answer(task)
    )
    transport = httpx.ASGITransport(create_app(Settings(large_answer=large_answer)))

    async def ask():
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/api/step?sentence=a")

    assert asyncio.run(ask()).status_code == 200
    assert [thread is not threading.main_thread() for thread in threads] == [beside]


def test_pieces_are_the_same_answer(client, monkeypatch):
    monkeypatch.setattr("app.service.encoding.PIECE", 200)
    address = "/api/step?sentence=one+two+three&include=memory,preactivations"
    whole = client.get(address)
    pieces = encode_in_pieces(whole.json())
    assert len(pieces) > 2
    assert b"".join(pieces) == encode(whole.json())
    assert b"".join(encode_in_pieces({"steps": [], "state": None})) == b'{"steps":[],"state":null}'


def test_pieces_are_sent_one_by_one_and_announce_their_length():
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        raise AssertionError("nothing is read")

    answer = Pieces([b'{"a":', b"1", b"}"])
    asyncio.run(answer({"type": "http", "headers": []}, receive, send))
    start, *bodies = sent
    assert (b"content-length", b"7") in start["headers"]
    assert [body["body"] for body in bodies] == [b'{"a":', b"1", b"}"]
    assert [body.get("more_body", False) for body in bodies] == [True, True, False]


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_large_answer_arrives_as_a_small_one_would(monkeypatch, encoding):
    monkeypatch.setattr("app.service.encoding.PIECE", 200)
    headers = {"accept-encoding": encoding}
    answers = []
    for limit in (1, 10**9):
        transport = httpx.ASGITransport(create_app(Settings(large_answer=limit)))

        async def ask(transport=transport):
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.post("/api/step", json={"sentence": "a b c"}, headers=headers)

        answers.append(asyncio.run(ask()))
    assert answers[0].content == answers[1].content
