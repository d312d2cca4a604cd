"""What an error becomes: one shape for all of them, ``{"detail": text}``."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY
from starlette.requests import ClientDisconnect

from ..core.errors import (
    NO_ROOM,
    BadInput,
    Busy,
    NotFound,
    SwitchedOff,
    TooLarge,
    Unavailable,
    Unsupported,
    UserError,
    is_full,
)
from .middleware import security_headers
from .middleware.bodies import CLOSE, too_large
from .responses import explain, json_response

STATUS: dict[type[UserError], int] = {
    SwitchedOff: 403,
    NotFound: 404,
    TooLarge: 413,
    Unsupported: 415,
    BadInput: 422,
    Busy: 429,
    Unavailable: 503,
}


def add_errors(app: FastAPI) -> None:
    """Tell an application what becomes of each kind of error."""
    app.exception_handler(UserError)(_user_error)
    app.exception_handler(OSError)(_disk_error)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(ClientDisconnect)(_gone)
    app.exception_handler(Exception)(_crash)


async def answer_to(request: Request, error: Exception) -> Response:
    """What a request gets whose route was not asked by the router.

    Raises
    ------
    Exception
        The error itself, where it is a fault of ours.
    """
    for kind, answer in (
        (UserError, _user_error),
        (HTTPException, _http_error),
        (ClientDisconnect, _gone),
    ):
        if isinstance(error, kind):
            return await answer(request, error)  # type: ignore[arg-type]
    raise error


async def _user_error(request: Request, error: UserError) -> Response:
    more = {"choices": list(error.choices)} if error.choices else {}
    return json_response({"detail": error.detail} | more, STATUS[type(error)])


async def _disk_error(request: Request, error: OSError) -> Response:
    if not is_full(error):
        raise error
    return json_response({"detail": NO_ROOM}, 507)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    return json_response({"detail": explain(error.errors())}, 422)


async def _http_error(request: Request, error: HTTPException) -> Response:
    text, headers = str(error.detail), dict(error.headers or {})
    if error.status_code == 404:
        text = "There is nothing at this address. The page is at /, the API's list at /docs."
    if error.status_code == 413:
        text = too_large(request.scope[MAX_BODY_SIZE_SCOPE_KEY], "more")
        headers |= CLOSE
    return json_response({"detail": text}, error.status_code, headers)


async def _gone(request: Request, error: ClientDisconnect) -> Response:
    """A visitor who left in the middle of a body; nobody reads the answer."""
    return json_response({"detail": "The body ended before it was whole. Send it again."}, 400)


async def _crash(request: Request, error: Exception) -> Response:
    detail = "The server failed. This is its fault, not yours."
    # this answer is made outside of everything else
    headers = security_headers(request.app.state.settings.frame_ancestors or "'none'")
    return json_response({"detail": detail}, 500, headers)
