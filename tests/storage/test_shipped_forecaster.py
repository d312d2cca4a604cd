"""The shipped model `series` is better than the echoes, and its card says by how much."""

from pathlib import Path

import numpy as np
import pytest

from app.core.modelfile import read_file
from tools.train_models.forecaster import RECIPE, judge, judge_rollout, make_card
from tools.train_models.number_series import PERIODS, make_series

PATH = Path(__file__).parents[2] / "app" / "models" / "series.safetensors"
MUCH = 0.85
"""The share of the others' error that the model's own is below."""


@pytest.fixture(scope="module")
def model():
    return read_file(PATH)


def test_it_beats_the_last_value_the_last_season_and_an_autoregression(model):
    errors = judge(model, RECIPE.timesteps)
    own = errors.pop("model")
    assert set(errors) == {"last_value", "last_season", "autoregression"}
    assert own < MUCH * min(errors.values())


def test_its_own_forecasts_fed_back_beat_the_last_value_and_the_last_season(model):
    errors = judge_rollout(model, RECIPE.timesteps, 60)
    own = errors.pop("model")
    assert own < MUCH * min(errors.values())


def test_the_card_is_that_of_today(model):
    assert model.card == make_card(RECIPE, model), "make models"
    assert PATH.stat().st_size < 60_000


def test_a_seed_gives_the_same_series_whose_seasons_come_again():
    series = make_series(400, 80, 7)
    assert np.array_equal(series, make_series(400, 80, 7))
    assert series.shape == (400, 80)
    errors = [((series[:, p:] - series[:, :-p]) ** 2).mean(axis=1) for p in range(4, 14)]
    best = 4 + np.argmin(errors, axis=0)
    assert np.isin(best, PERIODS).mean() > 0.6  # a level that shifts hides some
