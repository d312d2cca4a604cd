"""A connection is ended whose head is too large or late, or whose answer nobody reads."""

import asyncio

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

import app.web.protocol
from app.web.protocol import LARGEST_HEAD, BoundedProtocol

GET = b"GET / HTTP/1.1\r\nHost: a\r\n"


class Transport(asyncio.Transport):
    def __init__(self):
        super().__init__()
        self.written, self.closed, self.aborted = b"", False, False

    def get_extra_info(self, name, default=None):
        return default

    def write(self, data):
        self.written += data

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def abort(self):
        self.aborted = True

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass


async def answer(scope, receive, send):
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


def talk(*pieces, seconds=0.0, between=None):
    """Send pieces over a connection; the connection, after so many seconds more."""
    transport = Transport()

    async def run():
        config = Config(answer, lifespan="off", log_config=None, access_log=False)
        config.load()
        protocol = BoundedProtocol(config, ServerState(), {})
        protocol.connection_made(transport)
        for piece in pieces:
            if not transport.closed:
                protocol.data_received(piece)
            await asyncio.sleep(0)
        if between:
            between(protocol)
        await asyncio.sleep(seconds)
        protocol.connection_lost(OSError())

    asyncio.run(run())
    return transport


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(app.web.protocol, "HEAD_SECONDS", 0.01)
    monkeypatch.setattr(app.web.protocol, "SEND_SECONDS", 0.01)


@pytest.mark.parametrize("piece", [1_000, 50_000])
@pytest.mark.parametrize("head", [b"GET /", GET, GET + b"A: "], ids=["url", "headers", "header"])
def test_a_head_without_end_is_refused_at_its_bound(head, piece):
    filler = b"a" * piece if not head.endswith(b"\n") else b"b: c\r\n" * (piece // 6)
    transport = talk(head, *[filler] * (2 + 2 * LARGEST_HEAD // piece))
    assert transport.closed
    assert transport.written.startswith(b"HTTP/1.1 400")


def test_a_body_is_not_counted_with_the_head():
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n"
    transport = talk(head + b"b" * 100_000, b"b" * 200_000, seconds=0.01)
    assert transport.written.startswith(b"HTTP/1.1 200")
    assert not transport.closed


def test_each_request_of_a_connection_has_the_whole_bound():
    long = b"A: " + b"a" * 40_000 + b"\r\n\r\n"
    transport = talk(GET, long, b"", GET, long, b"", GET, long, seconds=0.01)
    assert transport.written.count(b"HTTP/1.1 200") == 3


@pytest.mark.parametrize("pieces", [(), (b"GET",), (GET,), (GET + b"\r\n", b"GET / HT")])
def test_a_head_that_does_not_end_in_time_ends_the_connection(at_once, pieces):
    assert talk(*pieces, seconds=0.05).aborted


def test_a_head_that_has_ended_starts_no_clock(at_once):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"
    assert not talk(head, seconds=0.05).aborted  # bodies have a clock of their own
    assert not talk(GET + b"\r\n", seconds=0.05).aborted


def test_an_answer_that_nobody_reads_ends_the_connection(at_once):
    request = GET + b"\r\n"
    assert talk(request, seconds=0.05, between=lambda each: each.pause_writing()).aborted

    def read_in_time(protocol):
        protocol.pause_writing()
        protocol.resume_writing()

    assert not talk(request, seconds=0.05, between=read_in_time).aborted
