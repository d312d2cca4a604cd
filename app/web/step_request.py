"""Reading a request, from a body or an address: what Pydantic lets through is refused here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

import orjson
from pydantic import TypeAdapter, ValidationError

from ..core.errors import BadInput, TooLarge, shorten
from ..service.question import StepQuestion
from ..settings import Settings
from .json_size import JsonSize, measure
from .responses import explain
from .schemas.generate import GenerateRequest
from .schemas.step_request import STEP_REQUEST, PinIn, StateIn, StepRequest

NAMES = frozenset(
    name.encode() for model in (StepRequest, StateIn, PinIn) for name in model.model_fields
)
LAYERS = b"layers"
MOST_LAYERS = 100
"""Names of layers, which no list of fields has, in one request."""
MOST_BY_ADDRESS = 10_000
"""Values in the JSON of an address."""


def read_body(body: bytes, settings: Settings) -> StepQuestion:
    """Read the body of a request to `/api/step`.

    Raises
    ------
    UserError
        As `read_json`.
    """
    return read_json(body, settings, STEP_REQUEST, NAMES).question()


def read_json(
    body: bytes, settings: Settings, form: TypeAdapter[Any], names: Collection[bytes]
) -> Any:
    """Read a body of JSON.

    Parameters
    ----------
    form, names : what it must look like, and all the names that may be in it

    Raises
    ------
    BadInput
        For what is not JSON, a field that is unknown or given twice, or a value not of its form.
    TooLarge
        For more than a question may hold.
    """
    size = measure(body, settings.max_values, settings.max_containers)
    check_names(size, names)
    try:
        wanted = form.validate_json(body, strict=True)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    if wanted.inputs is None and len(body) > settings.max_body:
        raise TooLarge(
            f"The body has {len(body):,} bytes; the limit is {settings.max_body:,} for a request "
            "without inputs."
        )
    if size.names.total() > _fields_of(wanted):
        json.loads(body, object_pairs_hook=once)
    return wanted


def check_names(size: JsonSize, known: Collection[bytes]) -> None:
    """Refuse the first name that there is not: a validation would make an error of each.

    Raises
    ------
    BadInput
        Naming it.
    """
    unknown = size.names.keys() - known
    if LAYERS in size.names and LAYERS in known and len(unknown) <= MOST_LAYERS:
        return  # they may be names of layers, and no errors without end
    for name in unknown:
        if b"\\" in name:
            with suppress(orjson.JSONDecodeError):
                name = orjson.loads(b'"%s"' % name).encode()
        if name not in known:
            text = name[:160].decode(errors="replace")[:40]
            raise BadInput(f"{text}: there is no such field; the fields are listed at /docs.")


def read_query(query_string: bytes) -> StepQuestion:
    """Read a query string, percent-encoded or as it is.

    Raises
    ------
    BadInput
        For what is not UTF-8, a field that is unknown or given twice, or a value not of its form.
    """
    try:
        pairs = parse_qsl(query_string.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise BadInput(
            "The address is not UTF-8. Encode it as UTF-8, then percent-encode."
        ) from None
    except ValueError:
        raise BadInput("The address has too many fields. The fields are listed at /docs.") from None
    return request_from_query(pair for pair in pairs if pair[0] != "format")


def request_from_query(items: Iterable[tuple[str, str]]) -> StepQuestion:
    """Read the fields of an address.

    Raises
    ------
    BadInput
        For a field that is unknown, given twice, or not of its form.
    """
    fields = once(items)
    if unknown := fields.keys() - StepRequest.model_fields.keys():
        raise BadInput(
            f"{min(unknown)[:40]}: there is no such field; the fields are listed at /docs."
        )
    if "inputs" in fields:
        raise BadInput("inputs is too long for an address. Send it in the body of a POST.")
    for name in {"token_ids", "include"} & fields.keys():
        fields[name] = [part.strip() for part in fields[name].split(",") if part.strip()]
    texts = {name: fields[name] for name in ("initial_state", "pins") if name in fields}
    for name, text in texts.items():
        check_names(measure(text.encode(), MOST_BY_ADDRESS, MOST_BY_ADDRESS), NAMES)
        try:
            fields[name] = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise BadInput(f"{name} is not valid JSON: {error}.") from None
    try:
        wanted = STEP_REQUEST.validate_python(fields)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    for text in texts.values():
        json.loads(text, object_pairs_hook=once)
    return wanted.question()


def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A mapping of names of which none is given twice."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name in fields:
            raise BadInput(f"{shorten(name)} is given twice. Give it once.")
        fields[name] = value
    return fields


def _fields_of(wanted: StepRequest | GenerateRequest) -> int:
    """How many names a request without repetitions has."""
    state = wanted.initial_state
    layers = state.layers if state and state.layers else {}
    pins = wanted.pins if isinstance(wanted, StepRequest) else ()
    nested = [*pins, *layers.values(), *([state] if state else [])]
    return len(layers) + sum(len(part.model_fields_set) for part in (wanted, *nested))
