"""The wire types: what a request may hold, and what an answer is documented to hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from ..core.cells import CELLS, LSTM
from ..core.pins import Pin
from ..service.generation import DEFAULT_LENGTH, GenerateQuestion
from ..service.question import StepQuestion

Number = Annotated[float, Field(ge=-1e30, le=1e30, allow_inf_nan=False)]
"""A number small enough that its products with a float32 weight stay finite."""

FailFast = Field(fail_fast=True)
"""Of a list: its first wrong element ends the reading, as each wrong one would cost an error."""
Numbers = Annotated[list[Number], FailFast]

Text = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class LayerStateIn(BaseModel):
    """The state of one recurrent layer."""

    model_config = ConfigDict(extra="forbid")

    hidden_state: Numbers
    cell_state: Numbers | None = None


class StateIn(BaseModel):
    """A state to start from, as `state` of an earlier answer gave it."""

    model_config = ConfigDict(extra="forbid")

    hidden_state: Numbers | None = None
    cell_state: Numbers | None = None
    layers: dict[str, LayerStateIn] | None = Field(
        default=None,
        max_length=100,
        description="Of several recurrent layers: each one's state, by its name.",
    )


class PinIn(BaseModel):
    """A gate held at a value at one timestep, whatever its sum says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    timestep: int = Field(description="From 1.")
    gate: str = Field(description="A gate of the layer, such as forget_gate.")
    unit: int | None = Field(default=None, description="From 0; null holds all units.")
    value: Number = Field(description="0 to 1 for a gate, -1 to 1 for the candidate.")


Part = Literal["preactivations", "memory", "gradients", "attributions", "updates"]


class StepRequest(BaseModel):
    """One sequence for one model: exactly one of `sentence`, `token_ids` and `inputs`."""

    model_config = ConfigDict(extra="forbid")

    sentence: Text | None = Field(default=None, description="Text, split into words as Keras does.")
    token_ids: Annotated[list[int], FailFast] | None = Field(
        default=None, description="Ids as the model's embedding reads them."
    )
    inputs: Annotated[list[Numbers], FailFast] | None = Field(
        default=None, description="timesteps x features, for models without an embedding."
    )
    model: str = Field(default="article", description="An id from /api/models.")
    layer: str | None = Field(
        default=None, description="A recurrent layer's name; default the first."
    )
    return_sequences: bool | None = Field(
        default=None, description="Default: the layer's own setting."
    )
    return_state: bool = True
    initial_state: StateIn | None = Field(default=None, description="Default: zeros.")
    pins: Annotated[list[PinIn], FailFast] = Field(
        default=[],
        description=(
            "Gates to hold; everything after is recomputed, and the optional parts are those of "
            "the run so changed. Of two pins for the same number the later one holds. JSON in an "
            "address."
        ),
    )
    include: Annotated[list[Part], FailFast] = Field(
        default=[], description="Optional parts to add."
    )
    unit: int | None = Field(
        default=None, description="The unit whose contributions `memory` is to hold."
    )
    label: str | None = Field(
        default=None,
        description="Which label gradients and attributions are for; default the predicted one.",
    )

    def question(self) -> StepQuestion:
        """The same, as whoever answers takes it."""
        state = self.initial_state
        return StepQuestion(
            sentence=self.sentence,
            token_ids=self.token_ids,
            inputs=self.inputs,
            model=self.model,
            layer=self.layer,
            return_sequences=self.return_sequences,
            return_state=self.return_state,
            initial_state=state and state.model_dump(exclude_none=True),
            pins=[Pin(pin.timestep, pin.gate, pin.unit, pin.value) for pin in self.pins],
            include=self.include,
            unit=self.unit,
            label=self.label,
        )


WRITER = "writer"
"""The model that goes on where none is named."""


class GenerateRequest(BaseModel):
    """A beginning for a model to go on from: one of `sentence`, `token_ids` and `inputs`."""

    model_config = ConfigDict(extra="forbid")

    sentence: Text | None = None
    token_ids: Annotated[list[int], FailFast] | None = None
    inputs: Annotated[list[Numbers], FailFast] | None = Field(
        default=None, description="timesteps x features, for models without an embedding."
    )
    model: str = Field(
        default=WRITER, description="One whose head says the next token or the next numbers."
    )
    length: int = Field(default=DEFAULT_LENGTH, description="Tokens or timesteps.")
    temperature: float = Field(
        default=1.0,
        allow_inf_nan=False,
        description="What logits are divided by; 0 takes the likeliest token every time.",
    )
    top_k: int | None = Field(default=None, description="How many of the likeliest may be drawn.")
    seed: int | None = Field(default=None, description="The same seed gives the same text.")
    initial_state: StateIn | None = Field(
        default=None,
        description="Default: zeros. The `state` of an earlier answer goes on from it.",
    )
    offset: int | None = Field(
        default=None,
        description="The token id that the first output speaks of, where it is not recognised.",
    )

    def question(self) -> GenerateQuestion:
        """The same, as whoever answers takes it."""
        state = self.initial_state
        given = {name: getattr(self, name) for name in GenerateRequest.model_fields}
        given["initial_state"] = state and state.model_dump(exclude_none=True)
        return GenerateQuestion(**given)


GENERATE_REQUEST = TypeAdapter(GenerateRequest)
STEP_REQUEST = TypeAdapter(StepRequest)


class Fault(BaseModel):
    """The one shape of every error."""

    detail: str
    choices: list[dict[str, Any]] | None = Field(
        default=None,
        description=(
            "Of a file that can be read in several ways: `option`, and the `values` to choose from."
        ),
    )


class ModelRef(BaseModel):
    """Which model answered, and whose weights it has."""

    id: str
    title: str
    provenance: dict[str, Any]


class MemoryRow(BaseModel):
    """Which state a cell keeps in part and adds to: state = keeps * state before + writes.

    A factor is a gate's name, or `1 - ` and a gate's name.
    """

    state: str
    keeps: str = Field(description="The factor that the state before is multiplied with.")
    writes: list[str] = Field(description="The factors of the product that is added.")
    shown_by: str | None = Field(
        default=None,
        description="The gate that the state, through the activation, is multiplied with to be the "
        "hidden state; not there where the state is the hidden state.",
    )


class ResetRow(BaseModel):
    """The gate that the hidden state meets on its way into the candidate."""

    gate: str
    after: bool = Field(
        description="Whether it multiplies the candidate's recurrent sum, or the hidden state."
    )


class LayerRow(BaseModel):
    """A recurrent layer, and what its cell is made of."""

    name: str
    cell: str
    units: int
    features: int
    return_sequences: bool
    gates: list[str] = Field(description="In the order of the weights' blocks.")
    states: list[str] = Field(description="What passes from one timestep to the next.")
    derived: dict[str, str] | None = Field(
        default=None, description="Gates without weights, and the factor that each of them is."
    )
    reset: ResetRow | None = None
    memory: MemoryRow | None = Field(
        default=None, description="Not there for a cell that writes its whole state anew."
    )
    go_backwards: bool | None = Field(
        default=None, description="Only where true: it reads the last timestep first."
    )
    restores_order: bool | None = Field(
        default=None,
        description="Only where true: reads backwards, and gives its states in the tokens' order.",
    )
    activation: str | None = Field(
        default=None, description="What makes the candidate, in Keras's words, where not tanh."
    )
    recurrent_activation: str | None = Field(
        default=None, description="What makes the gates, where not sigmoid."
    )
    peephole: bool | None = Field(
        default=None, description="Only where true: an LSTM whose gates look at the cell state."
    )
    hidden: int | None = Field(
        default=None, description="Length of the hidden states, where a projection shortens them."
    )


class Token(BaseModel):
    """A word as written, the embedding row it reads, and whether the model knows it."""

    text: str
    id: int | None
    known: bool
    padded: bool | None = Field(
        default=None, description="Only where true: put in front, for a model of fixed length."
    )


class State(BaseModel):
    """What passes from one timestep to the next, each `units` long."""

    hidden_state: list[float]
    cell_state: list[float] | None = Field(
        default=None, description="Of a cell that has one, as an LSTM."
    )


class LastState(State):
    """The state after the last timestep, to go on from."""

    layers: dict[str, State] | None = Field(
        default=None, description="Of several recurrent layers that read forward: each one's."
    )


class Gates(BaseModel):
    """Gates by name, each `units` long: the cell has some of these."""

    input_gate: list[float] | None = None
    forget_gate: list[float] | None = None
    output_gate: list[float] | None = None
    update_gate: list[float] | None = None
    reset_gate: list[float] | None = None
    candidate: list[float] | None = None


class Preactivations(Gates):
    """The gates before their sigmoid or tanh; of a simple cell, the hidden state before it."""

    hidden_state: list[float] | None = None


class Gradient(Gates):
    """The derivative of what `gradients` speaks of with respect to everything at one timestep.

    Of a gate after its activation; of a state through every path that leads to the end.
    """

    input: list[float]
    cell_state: list[float] | None = None
    hidden_state: list[float]
    along_memory: list[float] | None = Field(
        default=None,
        description=(
            "The part of c_t's (of a GRU h_t's) that came along that state from the timestep "
            "after: what is kept there, times its derivative. Not there for a cell that rewrites "
            "its state."
        ),
    )


class Step(Gates):
    """Everything at one timestep; `input` is `features` long, the rest `units`."""

    timestep: int
    token: str
    input: list[float]
    cell_state: list[float] | None = Field(
        default=None, description="Of a cell that has one, as an LSTM."
    )
    hidden_state: list[float]
    masked: bool | None = None
    preactivations: Preactivations | None = None
    gradient: Gradient | None = Field(default=None, description="Where gradients are asked for.")
    gradient_preactivations: Preactivations | None = Field(
        default=None,
        description=(
            "The derivative with respect to each gate before its activation; zero for a gate that "
            "is held."
        ),
    )


class Prediction(BaseModel):
    """What the head says, at the end and had the sentence ended at each word."""

    output: list[float] | list[list[float]]
    labels: list[str]
    probabilities: list[float] | None = Field(
        description="Null where the head ends in no sigmoid or softmax, and so gives none."
    )
    by_timestep: list[list[float]] | None = Field(
        description="Null where a layer reads backwards, or the model is of fixed length."
    )


class Memory(BaseModel):
    """What each source has left in the state of the layer: the memory ledger.

    Row t - 1 is for timestep t; in it, column 0 is the initial state and column s the word at
    timestep s, 0 for words that are yet to come. The state is the cell state, of a GRU the hidden
    state.
    """

    magnitude: list[list[float]] = Field(
        description="T x (T + 1): the sources' shares of the state, their sizes summed over units."
    )
    unit: int | None = Field(description="The unit that was asked for.")
    contributions: list[list[float]] | None = Field(
        description="T x (T + 1): that unit's shares with signs; a row adds up to its state."
    )


class Gradients(BaseModel):
    """How much the label's logit moves with what the network held at each timestep.

    Euclidean norms of derivatives, T of each: through every path, at the end of the sequence.
    """

    label: str | None = Field(
        description="Null for a model without a head: the hidden state of `unit` is derived then."
    )
    logit: float | None = Field(description="The label's score before sigmoid or softmax.")
    unit: int | None = Field(default=None, description="Of a model without a head.")
    value: float | None = Field(
        default=None, description="The unit's last hidden state, of a model without a head."
    )
    hidden_state: list[float] = Field(description="With respect to h_t.")
    cell_state: list[float] | None = Field(
        default=None, description="With respect to c_t; not there for a cell that has none."
    )
    direct: list[float] | None = Field(
        default=None,
        description=(
            "With respect to c_t (of a GRU h_t) along that state alone, no gate moving: multiplied "
            "from step to step by the forget gates; not there for a cell that rewrites its state."
        ),
    )
    input: list[float] = Field(description="With respect to x_t.")
    input_dot: list[float] = Field(
        description="Not a norm: the derivative with respect to x_t times x_t, with its sign."
    )
    initial_state: State = Field(
        description="Not norms: the derivatives with respect to h_0 and c_0, unit by unit."
    )


class Updates(BaseModel):
    """How training would move each word's vector, had the label been the right answer.

    Norms of the derivative of the cross-entropy: times a learning rate, the length of one step.
    """

    label: str
    input: list[float] = Field(description="With respect to x_t.")


class Shares(BaseModel):
    """What one direction of a layer contributes."""

    initial_state: float
    scores: list[float]


class Attributions(BaseModel):
    """Each word's exact share of a label's logit: scores and initial_state are logit - bias."""

    label: str
    logit: float = Field(description="The label's score before sigmoid or softmax.")
    bias: float = Field(description="The logit's part that nothing in the sentence wrote.")
    initial_state: float = Field(description="The share of the state before the first word.")
    scores: list[float] = Field(description="The share of each word, T of them.")
    directions: dict[str, Shares] | None = Field(
        default=None,
        description="Of a bidirectional layer: each direction's own shares, which add up to these.",
    )


class StepAnswer(BaseModel):
    """Every gate and state of one layer at every timestep.

    Timesteps count from 1, 0 is the initial state; units count from 0.
    """

    model: ModelRef
    layer: LayerRow
    tokens: list[Token]
    pins: list[PinIn] | None = Field(default=None, description="Those sent, where any were.")
    initial_state: State
    steps: list[Step]
    output: list[float] | list[list[float]]
    state: LastState | None
    prediction: Prediction | None
    memory: Memory | None = Field(default=None, description="Only where asked for.")
    gradients: Gradients | None = Field(default=None, description="Only where asked for.")
    attributions: Attributions | None = Field(default=None, description="Only where asked for.")
    updates: Updates | None = Field(default=None, description="Only where asked for.")


class Alternative(BaseModel):
    """A token that might come next."""

    text: str
    id: int
    probability: float = Field(
        description="What it was drawn by, after temperature and top_k; at temperature 0 its own."
    )


class WrittenToken(Alternative):
    """A token that was chosen."""

    alternatives: list[Alternative] = Field(description="The likeliest, the chosen one among them.")


class GenerateAnswer(BaseModel):
    """What a model wrote, or foretold."""

    model: str
    recognised: str = Field(description="How it was told what the model's outputs speak of.")
    state: LastState = Field(
        description=(
            "After everything but the last token or timestep: send that one with it to go on."
        )
    )
    text: str | None = Field(default=None, description="The tokens together.")
    tokens: list[WrittenToken] | None = None
    seed: int | None = None
    outputs: list[list[float]] | None = Field(
        default=None, description="Of a model that foretells numbers: length x features."
    )


class Reads(BaseModel):
    """What a model takes in."""

    kind: Literal["words", "characters", "token_ids", "numbers"]
    timesteps: int | None = Field(description="A sequence's length; null where any will do.")
    rows: int | None = Field(default=None, description="Of its embedding: ids go from 0.")
    features: int | None = Field(default=None, description="Numbers for each timestep.")
    example: list[int] | list[list[float]] | str | None = Field(
        default=None, description="Of token ids, numbers or characters: something to begin with."
    )


class ModelRow(BaseModel):
    """One model of the list."""

    id: str
    title: str
    description: str
    provenance: dict[str, Any]
    reads: Reads
    layers: list[LayerRow]
    total_parameters: int


class OwnModel(ModelRow):
    """A model that one has brought or trained. Its `id` is its owner's, who alone can change it."""

    reading_id: str = Field(
        description="Opens the model for reading; can be shared. Other answers call it by this id."
    )


class ImportedModel(OwnModel):
    """A model that was brought, and how its file was read."""

    detected: dict[str, Any] = Field(
        description=(
            "`format`; what was found, such as the gates' order; `assumed`, what the file does not "
            "say; `choices`, what it may be instead; `snippet`, code that gives the same numbers."
        )
    )


ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, strict=True, min_length=1, max_length=100, pattern=ONE_LINE
    ),
]


class Compared(BaseModel):
    """What came of holding a brought model to what a framework gave."""

    model_config = ConfigDict(extra="forbid")

    matches: bool = Field(strict=True)
    numbers: int = Field(ge=1, le=10_000_000, strict=True)
    largest: float = Field(
        ge=0, allow_inf_nan=False, strict=True, description="The largest difference"
    )
    of: Title = Field(description="What the numbers are, such as `the model's output`")


class Change(BaseModel):
    """What to call a model from now on, or what came of a comparison: one of the two, or both."""

    model_config = ConfigDict(extra="forbid")

    title: Title | None = Field(
        default=None,
        description="1 to 100 characters in one line; spaces around them are removed.",
    )
    compared: Compared | None = Field(
        default=None, description="Of a brought model; it stands in `detected` from then on."
    )


class ChangedModel(OwnModel):
    """A model that was changed."""

    detected: dict[str, Any] | None = Field(
        default=None, description="Of a brought model: see POST /api/models."
    )


class ModelList(BaseModel):
    """The public models."""

    models: list[ModelRow]


class SummaryRow(BaseModel):
    """One line of a Keras-style summary; the batch size is null."""

    name: str
    type: str
    output_shape: list[int | None]
    parameters: int


class NextRow(BaseModel):
    """What a model's outputs say of the next timestep."""

    kind: Literal["tokens", "one_hot", "numbers"]
    recognised: str = Field(description="How that was told.")
    texts: list[str] | None = Field(
        default=None, description="The token that each output speaks of; null if too many."
    )


class Summary(BaseModel):
    """A Keras-style summary."""

    id: str = Field(description="That the model is read by, whichever it was asked for by.")
    layers: list[SummaryRow]
    total_parameters: int
    code: str = Field(description="The lines of Keras that build the model.")
    reads: Reads
    recurrent: list[LayerRow] = Field(description="Those whose gates can be looked at.")
    card: dict[str, Any] = Field(
        description="Of a trained model: its task, data, size, accuracy, and what it cannot do."
    )
    next: NextRow | None = Field(
        description="For `/api/generate`; null where the outputs say nothing of what comes next."
    )


class GateWeights(BaseModel):
    """One gate's weights; with `unit`, that unit's column of each and a number for the bias."""

    kernel: list[list[float]] | list[float]
    recurrent_kernel: list[list[float]] | list[float]
    bias: list[float] | float
    recurrent_bias: list[float] | float | None = Field(
        default=None, description="Of a GRU that resets after the product: it has two."
    )
    peephole: list[float] | float | None = Field(
        default=None,
        description=(
            "Of an LSTM's gate that looks at the cell state: what c_{t-1}, for the output gate "
            "c_t, is multiplied with, unit by unit."
        ),
    )
    projection: list[list[float]] | list[float] | None = Field(
        default=None,
        description=(
            "Of the output gate of an LSTM with a projection: what o * tanh(c) is multiplied with, "
            "a row for each unit; of one unit its row, its share of each hidden number."
        ),
    )


class Direction(BaseModel):
    """A layer in one direction, whose hidden states stand beside those of the other."""

    layer: str
    units: int


class HeadWeights(BaseModel):
    """What makes the answer of the hidden states: one dense layer's weights, and how it reads."""

    layer: str
    recurrent: str = Field(description="The layer whose hidden states it reads.")
    directions: list[Direction] = Field(
        description="The same, direction by direction, in the order of the kernel's rows."
    )
    reads: Literal["each", "last", "final", "flatten", "average", "max"] = Field(
        description="Each hidden state by itself, the last one, the final one of each direction, "
        "all side by side, or one number for each unit over all timesteps."
    )
    skips_masked: bool = Field(description="Whether masked timesteps count as zeros.")
    kernel: list[list[float]] = Field(
        description="(inputs, outputs); after a Flatten cut to the `timesteps` asked for."
    )
    bias: list[float]
    activation: str
    labels: list[str]


class LabelledIn(BaseModel):
    """A sentence to learn, and the label it is to be given."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    label: Text


class TrainRequest(BaseModel):
    """What to learn, from exactly one of the first five fields, and how."""

    model_config = ConfigDict(extra="forbid")

    grammar: str | None = Field(
        default=None, description="One of ours, which makes up its sentences: place or sentiment."
    )
    sentences: Annotated[list[LabelledIn], FailFast] | None = Field(
        default=None, description="Labelled sentences with two or more different labels."
    )
    csv: Text | None = Field(
        default=None,
        description="The same as CSV, whose first row names the columns text and label.",
    )
    text: Text | None = Field(
        default=None,
        description="For a model that writes on, a character at a time: 200 kB at most.",
    )
    series: Text | None = Field(
        default=None,
        description="For a model that forecasts: CSV of numbers, a row for each timestep.",
    )
    title: str | None = Field(
        default=None, min_length=1, max_length=100, description="What to call the model."
    )
    examples: int = Field(
        default=10_000, ge=100, le=20_000, description="How many sentences a grammar makes up."
    )
    cell: str = Field(default=LSTM.name, description=f"Of the recurrent layer: {', '.join(CELLS)}.")
    units: int = Field(default=8, ge=1, le=64, description="Of the recurrent layer.")
    features: int = Field(default=8, ge=1, le=64, description="Of the embedding.")
    epochs: int = Field(default=30, ge=1, le=200, description="Passes over the training data.")
    learning_rate: float = Field(
        default=0.02, gt=0, allow_inf_nan=False, description="Of Adam; it decays to a tenth."
    )
    seed: int = Field(
        default=0, ge=0, le=2**32 - 2, description="The same seed gives the same model."
    )


TRAIN_REQUEST = TypeAdapter(TrainRequest)


class JobRef(BaseModel):
    """A training that has been accepted."""

    job: str


class EpochRow(BaseModel):
    """Where a training stood after an epoch; epoch 0 is before it has learned anything."""

    epoch: int
    epochs: int = Field(description="How many there will be at most.")
    loss: float
    accuracy: float | None = Field(description="null where numbers are foretold.")
    val_loss: float | None = Field(description="On what was held out; null where nothing was.")
    val_accuracy: float | None
    seconds_left: float = Field(description="An estimate.")
    sample: str | None = Field(default=None, description="What a model that writes writes now.")
    forecast: dict[str, list[list[float]]] | None = Field(
        default=None,
        description="Of a series: its rows `seen`, those that `came`, and what the model `said`.",
    )


class JobState(BaseModel):
    """Where a training stands. `<job>@<epoch>` is a model for each epoch that is over."""

    job: str
    title: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    place: int | None = Field(description="In the queue, from 1; null where it does not wait.")
    settings: dict[str, Any] = Field(description="As they were asked for.")
    epochs: list[EpochRow]
    reading_id: str = Field(description="`<reading_id>@<epoch>` is the model after an epoch.")
    model: OwnModel | None = Field(description="What came of it; its id is that of the job.")
    model_epoch: int | None = Field(description="The epoch whose network the model has.")
    detail: str | None = Field(description="Why there is no more to come, where it was not done.")


class Health(BaseModel):
    """Whether the server is ready."""

    status: Literal["ok"]
