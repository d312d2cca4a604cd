"""`/api/corpora`: what the units of a network do over many texts."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from ...core.errors import BadInput
from ...corpus.heatmap import WORDS_SHOWN, words_by_units
from ...corpus.opened import SORTS, Corpus
from ...service.corpora import Corpora, MatchQuestion, answer_match
from ...settings import Settings
from ..json_size import measure
from ..responses import FAULTS, explain, json_response
from ..schemas.basic import Fault
from ..schemas.corpora import (
    MATCH_REQUEST,
    CorpusList,
    CorpusRow,
    MatchAnswer,
    MatchRequest,
    SentenceAnswer,
    UnitAnswer,
    UnitsAnswer,
    WordAnswer,
    WordsAnswer,
)
from ..step_request import check_names, once

UNAVAILABLE = {503: {"model": Fault, "description": "What corpora need is not installed"}}
router = APIRouter(tags=["corpora"], responses=FAULTS | UNAVAILABLE)

CorpusId = Annotated[str, Path(description="From GET /api/corpora")]
Layer = Annotated[str | None, Query(description="A recurrent layer; default the first")]
Quantity = Annotated[str | None, Query(description="A gate or state; default hidden_state")]
PageNumber = Annotated[int, Query(description="From 1")]


def _corpora(request: Request) -> Corpora:
    return request.app.state.corpora


def _corpus(request: Request, corpus: str) -> Corpus:
    return _corpora(request).get(corpus)


@router.get("/corpora", response_model=CorpusList, summary="The corpora that are served")
def get_corpora(request: Request) -> Response:
    """Those that everybody may ask."""
    return json_response(_corpora(request).listing())


@router.get("/corpora/{corpus}", response_model=CorpusRow, summary="A corpus")
def get_corpus(request: Request, corpus: CorpusId) -> Response:
    """Its sizes, layers and labels."""
    return json_response(_corpora(request).row(_corpus(request, corpus)))


@router.get("/corpora/{corpus}/units", response_model=UnitsAnswer, summary="A row for each unit")
def get_units(
    request: Request,
    corpus: CorpusId,
    layer: Layer = None,
    quantity: Quantity = None,
    sort: Annotated[str, Query(description=f"By {', '.join(SORTS)}")] = "unit",
    page: PageNumber = 1,
) -> Response:
    """Sixty on a page."""
    return json_response(_corpus(request, corpus).units(layer, quantity, sort, page))


@router.get("/corpora/{corpus}/units/{unit}", response_model=UnitAnswer, summary="A unit's page")
def get_unit(
    request: Request,
    corpus: CorpusId,
    unit: Annotated[int, Path(description="From 0")],
    layer: Layer = None,
    quantity: Quantity = None,
) -> Response:
    """How its values lie, where it is highest and lowest, which words move it."""
    return json_response(_corpus(request, corpus).unit(unit, layer, quantity))


@router.get("/corpora/{corpus}/words", response_model=WordsAnswer, summary="Words against units")
def get_words(
    request: Request,
    corpus: CorpusId,
    layer: Layer = None,
    quantity: Quantity = None,
    most: Annotated[int, Query(description="Words, up to 400")] = WORDS_SHOWN,
) -> Response:
    """The words that move the units most, and what each unit is there, in clustered order."""
    return json_response(words_by_units(_corpus(request, corpus), layer, quantity, most))


@router.get(
    "/corpora/{corpus}/tokens/{token:path}", response_model=WordAnswer, summary="A word in context"
)
def get_word(
    request: Request,
    corpus: CorpusId,
    token: Annotated[str, Path(description="A word, as it is written")],
    layer: Layer = None,
    unit: Annotated[
        int | None, Query(description="Whose gates and states; default the mean of all units")
    ] = None,
    page: PageNumber = 1,
) -> Response:
    """Where it stands, and what each gate did there."""
    return json_response(_corpus(request, corpus).word(token, layer, unit, page))


@router.get(
    "/corpora/{corpus}/sentences/{sentence}",
    response_model=SentenceAnswer,
    summary="One text of a corpus",
)
def get_sentence(
    request: Request,
    corpus: CorpusId,
    sentence: Annotated[int, Path(description="From 0, as places have it")],
) -> Response:
    """Its words, ids or numbers, and what the model answered."""
    return json_response(_corpus(request, corpus).sentence(sentence))


@router.post(
    "/corpora/{corpus}/match",
    response_model=MatchAnswer,
    summary="More like this: ranges that share a range's units",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": "#/components/schemas/MatchRequest"}}
            },
        }
    },
)
async def post_match(request: Request, corpus: CorpusId) -> Response:
    """The units that are on in a range and off around it, and where else they are."""
    state = request.app.state
    found = _corpus(request, corpus)
    body = await request.body()
    wanted = await run_in_threadpool(_read, body, state.settings)
    return await state.lane.make(
        request, lambda: json_response(answer_match(found, wanted, state.settings))
    )


NAMES = frozenset(
    (field.alias or name).encode() for name, field in MatchRequest.model_fields.items()
)


def _read(body: bytes, settings: Settings) -> MatchQuestion:
    """Read what is asked.

    Raises
    ------
    BadInput, TooLarge
        For what is not of its form.
    """
    check_names(measure(body, settings.max_values, settings.max_containers), NAMES)
    try:
        wanted = MATCH_REQUEST.validate_json(body, strict=True)
    except ValidationError as error:
        raise BadInput(explain(error.errors(include_url=False))) from None
    json.loads(body, object_pairs_hook=once)
    return wanted.question()
