"""What the README shows is what happens."""

import json
import re
from dataclasses import fields
from pathlib import Path

import httpx
import pytest

from app.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def approximately(value):
    """The same tree, with every number allowed float32's last digits."""
    if isinstance(value, float):
        return pytest.approx(value, abs=1e-6)
    if isinstance(value, list):
        return [approximately(item) for item in value]
    if isinstance(value, dict):
        return {name: approximately(item) for name, item in value.items()}
    return value


def test_the_answer_shown_is_the_answer_given(client):
    address = re.search(r"curl 'localhost:8000([^']+)'", README)
    assert address
    assert client.get(address[1]).json() == approximately(json.loads(block("json")))


def test_the_lines_of_python_run(client, monkeypatch, capsys):
    def get(url, **options):
        return client.get(url.removeprefix("http://localhost:8000"), **options)

    monkeypatch.setattr(httpx, "get", get)
    exec(block("python"), {})
    assert "Day cell state" in capsys.readouterr().out


def test_every_setting_is_documented_with_its_default():
    rows = dict(re.findall(r"\| `LSTM_VIZ_(\w+)` \|([^|]*)\|", README))
    assert rows.keys() == {field.name.upper() for field in fields(Settings)}
    for field in fields(Settings):
        assert rows[field.name.upper()].strip() == str(field.default)
