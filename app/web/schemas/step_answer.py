"""What `/api/step` answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from .step_request import PinIn


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
