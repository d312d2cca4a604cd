"""What runs in a process that reads files."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from ...core.atomic_write import write_synced
from ...core.errors import BadInput, UserError
from ...core.modelfile import to_bytes
from ...importers import OPTIONS, read_files
from ...importers.naming import as_model
from ...service.inputs import check_limits
from ...settings import Settings
from ..child import begin, limit_memory
from .request import FileAnswer, FileRequest

BROKEN = "This file cannot be read: its parts do not fit together."


def serve(connection: Connection, memory: int) -> None:
    """Read files, one after the other, until the server hangs up or one takes too much.

    Parameters
    ----------
    connection : brings a request and then the file, and takes an answer
    memory : bytes that reading may take
    """
    begin()
    limit_memory(memory)
    while True:
        try:
            answer = _read(connection)
        except EOFError:
            return
        except MemoryError:
            answer = FileAnswer("memory")
        connection.send_bytes(answer.encoded())
        if answer.state == "memory":
            return


def _read(connection: Connection) -> FileAnswer:
    request = FileRequest.decoded(connection.recv_bytes())
    files = [connection.recv_bytes() for _ in request.names]
    try:
        write_model(request, files)
    except UserError as refused:
        name, more = type(refused).__name__, refused.choices
        return FileAnswer("refused", name, refused.detail, choices=more)
    except OSError as error:
        return FileAnswer("disk", number=error.errno or 0)
    except MemoryError:
        raise
    except Exception as error:  # the file's text is nobody's business, and stays out of the log
        traceback.print_tb(error.__traceback__, file=sys.stderr)
        return FileAnswer("refused", BadInput.__name__, BROKEN)
    return FileAnswer("written")


def write_model(request: FileRequest, files: Sequence[bytes]) -> None:
    """Read a file, and write the model in it as a file of ours.

    Raises
    ------
    UserError
        For a file that is not read, and for names that do not fit it.
    OSError
        Where there is no room to write.
    """
    named = [(name, memoryview(data)) for name, data in zip(request.names, files, strict=True)]
    found = read_files(named, read_options(request.options))
    max_tokens, max_numbers = request.limits
    check_limits(found.network, Settings(max_tokens=max_tokens, max_numbers=max_numbers))
    model = as_model(found, "brought", request.names[0], **request.texts)
    write_synced(Path(request.written), to_bytes(model))


def read_options(text: str) -> dict[str, Any]:
    """What the owner says about a file.

    Raises
    ------
    BadInput
        For what is no JSON object with some of the known names.
    """
    if not text.strip():
        return {}
    try:
        options = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadInput("The field options is not valid JSON.") from None
    if not isinstance(options, dict) or options.keys() - set(OPTIONS):
        raise BadInput(
            f"The field options must be an object with some of {', '.join(sorted(OPTIONS))}."
        )
    return options
