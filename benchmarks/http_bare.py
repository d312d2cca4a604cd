"""What the HTTP benchmark compares with: one ASGI function, without routes, checks or limits.

It parses, computes and encodes as the server does: the same types, the same kernel, the same
encoder, the same numbers in the answer. All that it leaves out is what a server is for.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from app.core.text import split_words
from app.settings import from_environment
from app.storage.registry import Registry
from app.web.schemas.step_request import STEP_REQUEST

registry = Registry.shipped()
for name in filter(None, from_environment().models.split(os.pathsep)):
    registry.publish(Path(name))


def answer(body: bytes) -> bytes:
    """Parse, compute, encode."""
    wanted = STEP_REQUEST.validate_json(body, strict=True)
    model = registry.models[wanted.model]
    words = split_words(wanted.sentence or "")
    assert model.vocabulary
    ids = [model.vocabulary.id_of(word.key) for word in words]
    run = model.network.run(np.array([ids]))
    (trace,) = run.traces.values()
    assert run.by_timestep is not None
    names, columns = list(trace.values), [array[0] for array in trace.values.values()]
    rows = zip(words, trace.inputs[0], zip(*columns, strict=True), strict=True)
    content = {
        "tokens": [word.text for word in words],
        "steps": [
            {"token": w.text, "input": x, **dict(zip(names, row, strict=True))}
            for w, x, row in rows
        ],
        "output": list(trace["hidden_state"][0]),
        "by_timestep": list(run.by_timestep[0]),
    }
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


async def app(scope: Any, receive: Any, send: Any) -> None:
    """One request."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    content = answer(body)
    headers = [(b"content-type", b"application/json")]
    accepted = next((v for name, v in scope["headers"] if name == b"accept-encoding"), b"")
    if b"gzip" in accepted and len(content) >= 1_000:
        content = gzip.compress(content, 1)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})
