"""The model `series`: an LSTM that reads a series of numbers and says the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from app.core.cells import LSTM, Array
from app.core.cells.initial import draw_weights, glorot_uniform
from app.core.generation import Reader, forecast
from app.core.model import Model
from app.core.network import Dense, Network, Recurrent
from app.core.training import Epoch, Examples, Hyperparameters, fit

from .number_series import PERIODS, make_series

HELD_OUT_SEED, HELD_OUT_COUNT = 2_000_000, 2_000
LAGS = 24
"""Numbers back that the fitted autoregression looks, and from which on everybody is judged."""
AHEAD = 12
"""Numbers that the model rolls out, fed with its own, to be judged by that too."""
SHOWN = 40
"""Numbers of the series that the page begins with."""
TITLE = "What is the next number?"
DESCRIPTION = (
    "An LSTM that reads a series of numbers and says after each the next one. It has to tell a "
    "season of seven timesteps from one of twelve, follow a level that has shifted, and pass over "
    "a single number that is far off."
)


@dataclass(frozen=True)
class ForecasterRecipe:
    """All that it takes to make the model again.

    Attributes
    ----------
    units : size of the recurrent layer
    series, timesteps, epochs, batch_size, learning_rate, ema_momentum : of the training
    seed : of the series, of the first weights and of the order
    """

    units: int = 32
    series: int = 40_000
    timesteps: int = 80
    epochs: int = 24
    batch_size: int = 64
    learning_rate: float = 0.005
    ema_momentum: float = 0.998
    seed: int = 1


RECIPE = ForecasterRecipe()


def make_forecaster(recipe: ForecasterRecipe, report: Callable[[Epoch], None]) -> Model:
    """Train the model, and judge it."""
    series = make_series(recipe.series, recipe.timesteps, recipe.seed)
    settings = Hyperparameters(
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        final_learning_rate=recipe.learning_rate / 40,
        ema_momentum=recipe.ema_momentum,
        seed=recipe.seed,
    )
    network = _draw(recipe)
    for epoch in fit(network, encode(series), settings):
        report(epoch)
        network = epoch.network
    model = Model(
        id="series",
        title=TITLE,
        description=DESCRIPTION,
        provenance={
            "kind": "trained",
            "on": f"{recipe.series:,} made-up series",
            "seed": recipe.seed,
        },
        network=network,
        labels=("next number",),
    )
    return replace(model, card=make_card(recipe, model))


def encode(series: Array) -> Examples:
    """Series as a network reads them, and after each number the one to foretell."""
    return Examples(series[:, :-1, np.newaxis], series[:, 1:, np.newaxis])


def _draw(recipe: ForecasterRecipe) -> Network:
    random = np.random.RandomState(recipe.seed)
    weights = draw_weights(LSTM, 1, recipe.units, random)
    kernel = glorot_uniform(recipe.units, 1, random)
    return Network(
        (
            Recurrent("lstm", LSTM, weights, return_sequences=True),
            Dense("dense", kernel, np.zeros(1, np.float32), "linear"),
        )
    )


def judge(model: Model, timesteps: int) -> dict[str, float]:
    """Root mean square errors one step ahead, from number `LAGS` + 1 on, of held-out series.

    Returns
    -------
    dict
        Of the model, and of who it has to beat: the last number again; the number of one season
        ago, told the right period; and an autoregression fitted to all the series it was trained
        on, which looks `LAGS` numbers back.
    """
    series = make_series(HELD_OUT_COUNT, timesteps, HELD_OUT_SEED)
    truth = series[:, LAGS:]
    said = model.network.run(series[:, :-1, np.newaxis]).by_timestep
    assert said is not None  # it has a head
    seasons = [series[:, LAGS - period : timesteps - period] for period in PERIODS]
    of_season = np.minimum(*[((s - truth) ** 2).mean(axis=1) for s in seasons])
    return {
        "model": _error(said[:, LAGS - 1 :, 0], truth),
        "last_value": _error(series[:, LAGS - 1 : -1], truth),
        "last_season": float(np.sqrt(of_season.mean())),
        "autoregression": _error(_autoregression(series, timesteps), truth),
    }


def judge_rollout(model: Model, timesteps: int, count: int = 200) -> dict[str, float]:
    """Root mean square errors of the last `AHEAD` numbers, of which nobody has seen any.

    Returns
    -------
    dict
        Of the model, which is fed with what it said; of the last number that was seen; and of the
        season before it, told the right period.
    """
    series = make_series(count, timesteps, HELD_OUT_SEED + 1)
    seen, truth = series[:, :-AHEAD], series[:, -AHEAD:]
    said = np.array([_roll_out(model, row) for row in seen])
    again = np.arange(AHEAD)
    seasons = [seen[:, timesteps - AHEAD - period + again % period] for period in PERIODS]
    of_season = np.minimum(*[((s - truth) ** 2).mean(axis=1) for s in seasons])
    return {
        "model": _error(said, truth),
        "last_value": _error(seen[:, -1:], truth),
        "last_season": float(np.sqrt(of_season.mean())),
    }


def _roll_out(model: Model, seen: Array) -> Array:
    rows = forecast(Reader(model.network), seen[np.newaxis, :, np.newaxis])
    return np.array([row[0] for row in islice(rows, AHEAD)])


def _autoregression(series: Array, timesteps: int) -> Array:
    """What least squares over as many series as serve, made as the training's were, would say."""
    known = make_series(RECIPE.series // 4, timesteps, RECIPE.seed)
    coefficients = np.linalg.lstsq(_lagged(known), known[:, LAGS:].ravel(), rcond=None)[0]
    return (_lagged(series) @ coefficients).reshape(len(series), -1)


def _lagged(series: Array) -> Array:
    """A row for each number to foretell: a one, and the `LAGS` numbers before it."""
    windows = np.lib.stride_tricks.sliding_window_view(series[:, :-1], LAGS, axis=1)
    rows = windows.reshape(-1, LAGS).astype(np.float64)
    return np.concatenate([np.ones((len(rows), 1)), rows], axis=1)


def _error(said: Array, truth: Array) -> float:
    return float(np.sqrt(((said - truth) ** 2).mean()))


def make_card(recipe: ForecasterRecipe, model: Model) -> dict[str, Any]:
    """What people should know about the model."""
    errors = judge(model, recipe.timesteps)
    own, rolled = errors["model"], judge_rollout(model, recipe.timesteps)
    rows = model.network.summary(1)
    return {
        "task": DESCRIPTION,
        "data": (
            "Made-up series (`tools/train_models/number_series.py`): a season of 7 or 12 "
            "timesteps, a trend, a level that shifts now and then, noise, and numbers that are far "
            "off."
        ),
        "size": (
            f"1 number a timestep, {recipe.units} units: {sum(r.parameters for r in rows):,} "
            f"weights, {rows[0].parameters:,} of them in the recurrent layer."
        ),
        "training": (
            f"{recipe.series:,} series of {recipe.timesteps} numbers for {recipe.epochs} epochs, "
            f"with the NumPy trainer (running average, momentum {recipe.ema_momentum}); seed "
            f"{recipe.seed}."
        ),
        "command": "make models",
        "measured": {
            "error_one_step_ahead": (
                f"{own:.3f} (root mean square) on {HELD_OUT_COUNT:,} other series"
            ),
            "the_last_number_again": _beaten(errors["last_value"], own),
            "the_number_of_one_season_ago": _beaten(errors["last_season"], own),
            f"an_autoregression_over_{LAGS}_numbers": _beaten(errors["autoregression"], own),
            f"error_over_{AHEAD}_steps_fed_with_its_own_forecasts": (
                f"{rolled['model']:.3f} on 200 other series; the last number again "
                f"{rolled['last_value']:.3f}, the season before {rolled['last_season']:.3f}"
            ),
        },
        "limits": [
            "It knows numbers of about -5 to 5 and seasons of 7 or 12 timesteps. Bring others to "
            "that range, or train a model of your own.",
            "Nobody can foretell a shift of the level; it follows once the level has shifted.",
            "For the first dozen numbers it cannot know the season yet, and is little better than "
            "the last number.",
        ],
        "example": [[round(float(x), 2)] for x in make_series(1, SHOWN, HELD_OUT_SEED + 2)[0]],
    }


def _beaten(other: float, own: float) -> str:
    return f"{other:.3f}: the model's error is {1 - own / other:.0%} less"
