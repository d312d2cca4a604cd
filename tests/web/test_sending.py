"""An answer that nobody reads is given up, and what it holds with it."""

import asyncio

import pytest

from app.web.middleware import SendTimeout

START = {"type": "http.response.start", "status": 200, "headers": []}


async def receive(*_):
    raise AssertionError("nothing is read")


def run(pieces, taken, seconds=0.01):
    """Send pieces to somebody who takes some of them; what was taken, and whether all was sent."""
    ended, got = [], []

    async def app(scope, receive, send):
        await send(START)
        try:
            for left, piece in enumerate(pieces, 1 - len(pieces)):
                await send({"type": "http.response.body", "body": piece, "more_body": left < 0})
            ended.append("sent")
        finally:
            ended.append("let go")

    async def send(message):
        if len(got) > taken:
            await asyncio.Event().wait()
        got.append(message)

    asyncio.run(SendTimeout(app, seconds)({"type": "http"}, receive, send))
    return got[1:], ended


def test_an_answer_that_is_read_is_sent_whole():
    pieces = [b"a" * 100_000, b"b", b"c" * 100_000]
    got, ended = run(pieces, taken=3)
    assert [message["body"] for message in got] == pieces
    assert ended == ["sent", "let go"]


@pytest.mark.parametrize("pieces", [[b"a" * 100_000], [b"a", b"b"], [b"a", b"b" * 100_000]])
@pytest.mark.parametrize("taken", [0, 1])
def test_an_answer_that_nobody_takes_is_let_go(pieces, taken):
    got, ended = run(pieces, taken)
    assert len(got) == min(taken, len(pieces))
    assert ended[-1] == "let go"
    assert ("sent" in ended) == (taken >= len(pieces))


def test_an_error_of_the_answer_is_not_swallowed():
    async def app(scope, receive, send):
        raise TimeoutError("ours")

    with pytest.raises(TimeoutError, match="ours"):
        asyncio.run(SendTimeout(app, 1)({"type": "http"}, receive, receive))
