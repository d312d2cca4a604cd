"""Forms: their fields and file names are UTF-8, whatever encoding a request claims."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from ..core.errors import BadInput, shorten

MULTIPART = "multipart/form-data"
UTF_8 = {b"utf-8", b"utf8"}


def is_form(request: Request) -> bool:
    """Whether a request says that its body is a form with files."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == MULTIPART


@asynccontextmanager
async def open_form(
    request: Request, *, max_files: int, max_fields: int, max_part_size: int
) -> AsyncIterator[FormData]:
    """Read a form; its files are closed at the end.

    The parser would decode by the name of any codec that Python has: some take a time that grows
    with the square of what they are given, some fail. So it is told the one that keeps every byte.

    Parameters
    ----------
    max_part_size : bytes of one field that is no file

    Raises
    ------
    BadInput
        For what is no form, for another encoding, and for bytes that are not UTF-8.
    """
    _, options = parse_options_header(request.headers.get("content-type"))
    charset = options.get(b"charset", b"utf-8").strip().lower()
    if charset not in UTF_8:
        raise BadInput(
            f"The form's charset is {shorten(charset.decode('latin-1'))}. Send it as UTF-8, and "
            "say so or nothing."
        )
    boundary = options.get(b"boundary", b"")
    if b'"' in boundary or not boundary:
        raise BadInput("The form cannot be read: its Content-Type names no boundary.")
    header = b'%s; boundary="%s"; charset=latin-1' % (MULTIPART.encode(), boundary)
    limits = {"max_files": max_files, "max_fields": max_fields, "max_part_size": max_part_size}
    try:
        async with aclosing(request.stream()) as stream:
            headers = Headers(raw=[(b"content-type", header)])
            form = await MultiPartParser(headers, stream, **limits).parse()
    except MultiPartException as error:
        raise BadInput(f"The form cannot be read: {error.message}") from None
    try:
        yield await run_in_threadpool(_decoded, form)
    finally:
        await form.close()


def _decoded(form: FormData) -> FormData:
    """The same fields, their names, texts and file names read as UTF-8."""
    items: list[tuple[str, str | UploadFile]] = []
    for raw_name, value in form.multi_items():
        name = _utf_8(raw_name, "A field's name")
        if isinstance(value, UploadFile):
            value.filename = _utf_8(value.filename or "", "The file's name")
        else:
            value = _utf_8(value, f"The field {name[:40]}")
        items.append((name, value))
    return FormData(items)


def _utf_8(text: str, what: str) -> str:
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise BadInput(f"{what} is not UTF-8. Save or send it as UTF-8.") from None
