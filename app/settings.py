"""Every limit and switch, from the environment: LSTM_VIZ_ and the field's name in capitals."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """What an operator can change.

    Attributes
    ----------
    max_characters : characters of one sentence
    max_tokens : words, ids or rows of `inputs` in one request
    max_numbers : numbers in any one array of a run, of whichever layer, or of an answer
    max_kept : numbers in all arrays of a run, over all layers
    max_products : multiplications of a run, over all layers
    max_body : bytes of a request's body
    max_small_body : bytes of the body of a request that names a model or a training in its path
    max_inputs_body : bytes of the body of a request that sends `inputs`
    max_training_body : bytes of the body of a request to train
    max_corpus_body : bytes of the body of a request that brings texts for a corpus
    max_upload : bytes of a model file
    max_values : numbers, texts and lists in the JSON of a question
    max_containers : lists and objects in it, which are rows of `inputs` and pins
    body_timeout : seconds between two pieces of a request's body
    send_timeout : seconds that a piece of an answer may wait for a visitor who does not read
    uploads : whether visitors may bring models
    model_dir : where visitors' models lie; empty: in memory, until the server stops
    model_count : how many of them are kept, the longest unused out first
    model_memory : bytes of them that are held in memory, words and labels included
    model_disk : bytes of them in the directory; the epochs of trainings may take as many again
    reading_seconds : how long a model file may take to be read
    reading_memory : bytes of memory that reading one may take, in a process of its own
    training : whether visitors may train models
    training_jobs : trainings that run at a time
    training_waiting : trainings that wait for their turn
    training_seconds : how long one training may take
    training_sentences : labelled sentences of one training
    large_answer : numbers in one array from which a trace is computed off the event loop
    frame_ancestors : origins that may show the page in a frame, separated by spaces
    allowed_hosts : names this server goes by, separated by spaces; empty: any, but on a loopback
        address localhost, 127.0.0.1 and [::1]
    rate_limit : requests a minute from one address; 0: any number
    change_rate_limit : the same for those that upload, train or delete
    log_requests : write a line of JSON for each request to standard output
    metrics : answer at /metrics, for Prometheus
    models : model files to serve besides the shipped ones, separated as in PATH
    corpus_count : corpora of visitors that are kept, the oldest out first
    corpus_numbers : gates and states of one of them, at which its reading ends
    corpora : directories of corpora to serve, separated likewise
    reload : look at static files and templates again for each request, for development
    """

    max_characters: int = 2_000
    max_tokens: int = 400
    max_numbers: int = 250_000
    max_kept: int = 24_000_000
    max_products: int = 5_000_000_000
    max_body: int = 1 * MIB
    max_small_body: int = 64 * 1024
    max_inputs_body: int = 4 * MIB
    max_training_body: int = 16 * MIB
    max_corpus_body: int = 5 * MIB
    max_upload: int = 128 * MIB
    max_values: int = 600_000
    max_containers: int = 4_500
    body_timeout: float = 20.0
    send_timeout: float = 30.0
    uploads: bool = True
    model_dir: str = ""
    model_count: int = 256
    model_memory: int = 512 * MIB
    model_disk: int = 8 * 1024 * MIB
    reading_seconds: float = 30.0
    reading_memory: int = 1024 * MIB
    training: bool = True
    training_jobs: int = 2
    training_waiting: int = 8
    training_seconds: float = 600.0
    training_sentences: int = 20_000
    large_answer: int = 16_384
    frame_ancestors: str = ""
    allowed_hosts: str = ""
    rate_limit: int = 0
    change_rate_limit: int = 0
    log_requests: bool = False
    metrics: bool = False
    models: str = ""
    corpus_count: int = 32
    corpus_numbers: int = 100_000_000
    corpora: str = ""
    reload: bool = False


_READERS: dict[type, Callable[[str], object]] = {
    int: int,
    float: float,
    str: str,
    bool: {"1": True, "true": True, "0": False, "false": False}.__getitem__,
}


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises
    ------
    ValueError
        For a variable whose value is not of its setting's type, naming the variable.
    """
    values: dict[str, object] = {}
    for field in fields(Settings):
        variable = f"LSTM_VIZ_{field.name.upper()}"
        if variable not in environment:
            continue
        kind = type(field.default)
        try:
            values[field.name] = _READERS[kind](environment[variable])
        except (ValueError, KeyError):
            text = f"{variable} must be of type {kind.__name__}, but is {environment[variable]!r}"
            raise ValueError(text) from None
    return Settings(**values)  # type: ignore[arg-type]
