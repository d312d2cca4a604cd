"""What a body of JSON holds is counted before it is parsed, and the first error ends a reading."""

import json
from unittest.mock import Mock

import pytest

from app.core.errors import BadInput, TooLarge
from app.settings import Settings
from app.web import step_request, training_request
from app.web.json_size import measure

PIN = '{"timestep": 1, "gate": "forget_gate", "value": 1}'


def test_what_stands_in_a_text_is_not_counted():
    body = json.dumps({"sentence": '[{:,"\\', "pins": [{"a:": "\\\\"}, 1, 2]}).encode()
    size = measure(body, 10, 10)
    assert size.containers == 3
    assert size.values == 3 + 3
    assert size.names == {b"sentence": 1, b"pins": 1, b"a:": 1}


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b'{"inputs": [' + b"[]," * 5_000 + b"[]]}", "lists and objects"),
        (b'{"pins": [' + b"{}," * 5_000 + b"{}]}", "lists and objects"),
        (b'{"token_ids": [' + b"0," * 700_000 + b"0]}", "values"),
        (b"{" + b'"":0,' * 100_000 + b'"":0}', "texts"),
        (b'"' * 2**20, "texts"),
    ],
)
def test_what_is_over_a_limit_is_never_parsed(monkeypatch, body, what):
    parser = Mock()
    monkeypatch.setattr(step_request, "STEP_REQUEST", parser)
    with pytest.raises(TooLarge, match=f"{what}; the limit is"):
        step_request.read_body(body, Settings())
    parser.validate_json.assert_not_called()


@pytest.mark.parametrize("element", ["[]", "0", '{"a": {}}'])
def test_sentences_over_the_limit_are_never_parsed(monkeypatch, element):
    parser = Mock()
    monkeypatch.setattr(training_request, "TRAIN_REQUEST", parser)
    body = b'{"sentences": [' + b",".join([element.encode()] * 200_000) + b"]}"
    with pytest.raises(TooLarge, match="the limit is"):
        training_request._read_json(body, Settings())
    parser.validate_json.assert_not_called()


@pytest.mark.parametrize(
    ("field", "element"),
    [
        ("pins", "0"),
        ("token_ids", '""'),
        ("include", '"nothing"'),
        ("inputs", "0"),
        ("inputs", '["", ""]'),
        ("initial_state", '{"hidden_state": ["", ""], "cell_state": []}'),
    ],
)
def test_one_error_is_made_however_many_elements_are_wrong(monkeypatch, field, element):
    made = []
    monkeypatch.setattr(step_request, "explain", lambda faults: made.extend(faults) or "wrong")
    many = element if field == "initial_state" else f"[{', '.join([element] * 1_000)}]"
    with pytest.raises(BadInput):
        step_request.read_body(f'{{"{field}": {many}}}'.encode(), Settings())
    assert len(made) == 1


@pytest.mark.parametrize("element", ["0", "{}", '{"text": 1}'])
def test_one_sentence_has_its_errors_told_however_many_are_wrong(monkeypatch, element):
    made = []
    monkeypatch.setattr(training_request, "explain", lambda faults: made.extend(faults) or "wrong")
    body = f'{{"sentences": [{", ".join([element] * 1_000)}]}}'.encode()
    with pytest.raises(BadInput):
        training_request._read_json(body, Settings())
    assert 1 <= len(made) <= 2


def test_names_that_there_are_not_are_refused_before_each_makes_an_error(monkeypatch):
    parser = Mock()
    monkeypatch.setattr(step_request, "STEP_REQUEST", parser)
    pin = "{" + ", ".join(f'"name{k}": 0' for k in range(1_000)) + "}"
    with pytest.raises(BadInput, match="there is no such field"):
        step_request.read_body(f'{{"pins": [{pin}]}}'.encode(), Settings())
    parser.validate_json.assert_not_called()
    with pytest.raises(BadInput, match="there is no such field"):
        step_request.request_from_query([("sentence", "a"), ("pins", f"[{pin}]")])
    with pytest.raises(BadInput, match="there is no such field"):
        step_request.request_from_query((f"name{k}", "") for k in range(1_000))
    parser.validate_python.assert_not_called()


def test_a_name_may_be_spelled_as_json_allows():
    body = rb'{"s\u0065ntence": "a"}'
    assert step_request.read_body(body, Settings()).sentence == "a"


def test_what_a_question_may_hold_is_read():
    pins = ", ".join([PIN] * 4_000)
    body = f'{{"sentence": "Good Day", "pins": [{pins}]}}'.encode()
    assert len(step_request.read_body(body, Settings()).pins) == 4_000
    row = f"[{', '.join(['0.5'] * 625)}]"
    body = f'{{"inputs": [{", ".join([row] * 400)}]}}'.encode()
    assert len(step_request.read_body(body, Settings(max_body=2**22)).inputs or ()) == 400


def test_a_full_training_is_read():
    row = {"text": 'many "words", [and] {some} more: ' * 4, "label": "a"}
    body = json.dumps({"sentences": [row] * 20_000}).encode()
    assert len(training_request._read_json(body, Settings()).sentences or ()) == 20_000
