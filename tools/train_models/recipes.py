"""The shipped models: what each is trained on, how, and what people should know about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """All that it takes to make one model again.

    Attributes
    ----------
    grammar : a name in the table of grammars
    cell : a name in the table of cells
    features, units : sizes of the embedding and of the recurrent layer
    every_timestep : whether the model answers after every word, or once at the end; it is trained
        on every word all the same
    examples, epochs, batch_size, learning_rate : of the training
    first_examples, first_epochs : of short sentences before that, where the grammar has such
    last_epochs : of as many other sentences after that, from half the learning rate; mixed as
        people would say them, where the grammar has such
    ema_momentum : of the running average of the weights, if any
    weight_decay : share of the learning rate that weights lose with every step, if any
    seed : of the sentences, of the first weights and of the order
    seeds_tried : among how many the seed was chosen, by the accuracy on development sentences and
        on those like the training's
    first_score : how the first model that was ever judged did on the handwritten sentences
    limits : what it cannot do
    """

    grammar: str
    cell: str
    title: str
    description: str
    features: int
    units: int
    every_timestep: bool
    examples: int
    epochs: int
    batch_size: int
    learning_rate: float
    seed: int
    seeds_tried: int
    first_score: str
    limits: tuple[str, ...]
    first_examples: int = 0
    first_epochs: int = 0
    last_epochs: int = 0
    ema_momentum: float | None = None
    weight_decay: float | None = None


_PLACE_LIMITS = (
    "It knows fourteen Indian cities; any other is an unknown word, and the speaker's place then "
    "is “not said yet” or the last city it could tell.",
    "It follows one speaker. What is said of others is passed over, not remembered.",
    "It has read sentences of a grammar, not people's letters. Long texts, irony, dates that have "
    "passed since, and turns of phrase that no pattern has may mislead it.",
    "To say who came back from where takes two towns at once, which is the most eight units hold.",
)

RECIPES: dict[str, Recipe] = {
    "place": Recipe(
        grammar="place",
        cell="lstm",
        title="Where is the speaker now?",
        description=(
            "An LSTM that says after every word where the speaker is, in one of fourteen cities, "
            "or that it has not been said yet. A city that is only mentioned changes nothing; when "
            "a new stay comes, the forget gate drops the old one."
        ),
        features=12,
        units=8,
        every_timestep=True,
        examples=120_000,
        epochs=34,
        batch_size=64,
        learning_rate=0.02,
        seed=6,
        seeds_tried=36,
        first_score="126 of 134 right (94.0%)",
        limits=_PLACE_LIMITS,
        first_examples=60_000,
        first_epochs=12,
        last_epochs=20,
        ema_momentum=0.998,
        weight_decay=0.01,
    ),
    "place-rnn": Recipe(
        grammar="place",
        cell="simple_rnn",
        title="Where is the speaker now? (simple RNN)",
        description=(
            "A simple recurrent network without gates, trained on the same sentences as the LSTM "
            "beside it, to compare what the two can hold on to."
        ),
        features=12,
        units=8,
        every_timestep=True,
        examples=120_000,
        epochs=34,
        batch_size=64,
        learning_rate=0.005,
        seed=6,
        seeds_tried=1,
        first_score="97 of 134 right (72.4%)",
        limits=(
            "Without gates it overwrites what it has read a little with every word, so it loses a "
            "city over a long sentence, and finds it hard to tell who is where.",
            *_PLACE_LIMITS[:3],
        ),
        first_examples=60_000,
        first_epochs=12,
        last_epochs=20,
        ema_momentum=0.998,
    ),
    "place-gru": Recipe(
        grammar="place",
        cell="gru",
        title="Where is the speaker now? (GRU)",
        description=(
            "A gated recurrent unit trained on the same sentences as the LSTM beside it. Its one "
            "state is both memory and answer, and one gate weighs the old against the new."
        ),
        features=12,
        units=8,
        every_timestep=True,
        examples=120_000,
        epochs=34,
        batch_size=64,
        learning_rate=0.02,
        seed=6,
        seeds_tried=1,
        first_score="127 of 134 right (94.8%)",
        limits=_PLACE_LIMITS[:3],
        first_examples=60_000,
        first_epochs=12,
        last_epochs=20,
        ema_momentum=0.998,
        weight_decay=0.01,
    ),
    "sentiment": Recipe(
        grammar="sentiment",
        cell="lstm",
        title="Was the speaker pleased?",
        description=(
            "An LSTM with one sigmoid that reads a short opinion and says whether the speaker was "
            "pleased. Negation turns a word round, and after “but” the second part decides."
        ),
        features=12,
        units=8,
        every_timestep=False,
        examples=160_000,
        epochs=18,
        batch_size=64,
        learning_rate=0.01,
        seed=1,
        seeds_tried=1,
        first_score="114 of 124 right (91.9%)",
        limits=(
            "It has two answers and no “neither”: about a text without an opinion it guesses.",
            "An opinion in words that it does not know, in irony, or that has to be concluded from "
            "facts (“the queue reached the street”) escapes it.",
            "Its sentences come from a grammar that mixes opinions freely; it knows words, not "
            "films or hotels.",
        ),
    ),
}
