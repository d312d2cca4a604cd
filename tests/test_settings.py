"""Settings come from the environment, and a wrong one is named."""

import pytest

from app.settings import Settings, from_environment


def test_defaults_are_the_documented_limits():
    settings = from_environment({})
    assert settings == Settings()
    assert (settings.max_characters, settings.max_tokens) == (2_000, 400)
    assert settings.max_numbers == 250_000
    assert (settings.max_body, settings.max_inputs_body) == (2**20, 2**22)


def test_every_setting_can_be_changed():
    settings = from_environment(
        {"LSTM_VIZ_MAX_TOKENS": "7", "LSTM_VIZ_BODY_TIMEOUT": "1.5", "LSTM_VIZ_RELOAD": "true"}
    )
    assert (settings.max_tokens, settings.body_timeout, settings.reload) == (7, 1.5, True)


@pytest.mark.parametrize(
    ("name", "value"), [("MAX_TOKENS", "many"), ("BODY_TIMEOUT", ""), ("RELOAD", "perhaps")]
)
def test_a_wrong_value_names_its_variable(name, value):
    with pytest.raises(ValueError, match=f"LSTM_VIZ_{name}"):
        from_environment({f"LSTM_VIZ_{name}": value})
