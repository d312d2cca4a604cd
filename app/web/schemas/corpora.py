"""The wire types of corpora."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from ...service.corpora import MatchQuestion
from .basic import FailFast, Number, Numbers, Text


class MatchRequest(BaseModel):
    """A range of one sequence: exactly one of `sentence`, `token_ids` and `inputs`."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    sentence: Text | None = None
    token_ids: Annotated[list[int], FailFast] | None = None
    inputs: Annotated[list[Numbers], FailFast] | None = None
    layer: Text | None = Field(default=None, description="Default the first.")
    quantity: Text | None = Field(
        default=None, description="A gate or state; default that of the corpus."
    )
    start: int = Field(alias="from", description="The first timestep of the range, from 1.")
    end: int = Field(alias="to", description="The last timestep of the range.")
    threshold: Number | None = Field(
        default=None,
        description="From which value on a unit is on; default that of the corpus.",
    )
    most: int = Field(default=20, description="How many ranges to find, up to 100.")

    def question(self) -> MatchQuestion:
        """The same, as whoever answers takes it."""
        return MatchQuestion(**self.model_dump())


class CorpusRequest(BaseModel):
    """Texts for a model to read."""

    model_config = ConfigDict(extra="forbid")

    model: Text = Field(description="An id from /api/models, or of a model that you brought.")
    texts: Annotated[list[Text], FailFast] | None = Field(
        default=None, description="Or, in a form, a file of them."
    )
    title: Text = Field(default="", max_length=100)
    text: Text = Field(default="", description="The column of texts; default text.")
    label: Text = Field(default="", description="The column of labels; default label.")


CORPUS_REQUEST = TypeAdapter(CorpusRequest)


class CorpusJobRef(BaseModel):
    """A corpus that is being built: its owner's name, and the one it is read under."""

    job: str
    corpus: str


class CorpusJobState(CorpusJobRef):
    """How far a corpus is."""

    title: str
    state: str = Field(description="waiting, running, done, failed or cancelled")
    place: int | None = Field(description="How many are before it, itself included.")
    progress: dict[str, Any] | None = Field(
        description="stage, done and parts of it, tokens so far, seconds_left"
    )
    detail: str | None


MATCH_REQUEST = TypeAdapter(MatchRequest)


class Answer(BaseModel):
    """A corpus as the page that documents corpora describes it."""

    model_config = ConfigDict(extra="allow")


class CorpusModel(BaseModel):
    """The model that made a corpus."""

    id: str
    title: str
    digest: str
    served_as: str | None = Field(description="Its id on this server.")


class CorpusLayer(BaseModel):
    """A layer whose states are kept."""

    name: str
    cell: str
    units: int
    quantities: list[str]


class CorpusRow(Answer):
    """A corpus."""

    id: str
    title: str
    complete: bool = Field(description="False where its building was stopped early.")
    model: CorpusModel
    texts: int
    sentences: int
    tokens: int
    layers: list[CorpusLayer]
    labels: list[dict[str, Any]]
    answers: list[str]


class CorpusList(BaseModel):
    """The corpora that are served."""

    corpora: list[CorpusRow]
    install: str | None = Field(description="What to install, where corpora cannot be read.")


class Place(BaseModel):
    """A value of a unit, and what stood around it."""

    sentence: int
    timestep: int
    value: float
    first: int = Field(description="The timestep of the first of the tokens.")
    tokens: list[str]
    values: list[float] = Field(description="The unit's, at each of the tokens.")


class TokenMean(BaseModel):
    """A word, and what the unit does there."""

    token: str
    count: int
    mean: float
    effect: float | None = Field(description="By how much it changes the unit, on average.")


class UnitAnswer(Answer):
    """Everything about a unit."""

    unit: int
    quantity: str
    count: int
    mean: float
    deviation: float
    histogram: dict[str, list[float]]
    highest: list[Place]
    lowest: list[Place]
    tokens: list[TokenMean]
    similar: list[dict[str, float]]
    labels: list[dict[str, Any]]


class UnitsAnswer(Answer):
    """A page of units."""

    layer: str
    quantity: str
    page: int
    pages: int
    total: int
    units: list[dict[str, Any]]


class Match(Answer):
    """A range that units share."""

    sentence: int
    start: int = Field(alias="from")
    end: int = Field(alias="to")
    shared: int
    others: int
    units: list[int]
    first: int
    tokens: list[str]


class MatchAnswer(Answer):
    """The units of a range, and the ranges that share them."""

    on: list[int] = Field(description="Units that are on in the range, whatever is around it.")
    units: list[int] = Field(description="Those of them that are off just before and behind it.")
    matches: list[Match]


class WordAnswer(Answer):
    """A word in its contexts."""

    token: str
    count: int
    sentences: int
    means: dict[str, list[float]]
    contexts: list[dict[str, Any]]


class WordsAnswer(Answer):
    """Words against units, both in clustered order."""

    tokens: list[str]
    counts: list[int]
    units: list[int]
    means: list[list[float]] = Field(description="words x units")


class SentenceAnswer(Answer):
    """One text, as the model read it."""

    sentence: int
    text: str | None
    tokens: list[str]
    token_ids: list[int] | None
    inputs: list[list[float]] | None
    label: str | None
    answers: list[str | None]
    probabilities: list[float | None]
