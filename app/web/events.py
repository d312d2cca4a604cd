"""What happens to a run, as server-sent events."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Response
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event

from ..jobs import Event, Job
from .responses import encode

HEARTBEAT = 10.0
"""Seconds of silence after which a comment is sent, so that no proxy takes the stream for dead."""
EVENT_ID = re.compile(r"[0-9]{1,9}")
"""No run has more events; Python refuses to read a number of thousands of digits."""
RETRY = 2_000
"""Milliseconds after which a browser whose connection broke asks again."""
EVENTS_RESPONSE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Server-sent events: `epoch` after each, or `progress`, then `done` with the result, "
            "or `failed` with a `detail`. They are numbered, and `Last-Event-ID` says from where "
            "to go on."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {"description": "Everything has been sent; do not connect again"},
}


def follow(job: Job[Any], last_event_id: str) -> Response:
    """What has happened so far at once, the rest as it happens."""
    after = int(last_event_id) if EVENT_ID.fullmatch(last_event_id) else 0
    if job.ended and after >= len(job.events):
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventSourceResponse(_stream(job, after), headers=headers)


async def _stream(job: Job[Any], after: int) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=RETRY)
    async for event in job.follow(after, HEARTBEAT):
        yield KEEPALIVE_COMMENT if event is None else _written(event)


def _written(event: Event) -> bytes:
    return format_sse_event(
        id=str(event.id), event=event.name, data_str=encode(event.data).decode()
    )
