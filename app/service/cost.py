"""What a run costs, known from the shapes of a model before anything is computed."""

from __future__ import annotations

from ..core.errors import TooLarge
from ..core.model import Model
from ..core.network.size import Size
from ..settings import Settings

QUICK = 4_000_000
"""Products that a core does in a few milliseconds."""


def check_cost(model: Model, timesteps: int, settings: Settings) -> Size:
    """Refuse a run over a limit before it is begun.

    Returns
    -------
    What it takes

    Raises
    ------
    TooLarge
        With the figure and its limit.
    """
    cost = Size(*(timesteps * number for number in model.network.size))
    for came, limit, what in (
        (cost.widest, settings.max_numbers, "numbers in one array"),
        (cost.kept, settings.max_kept, "numbers in all layers together"),
        (cost.products, settings.max_products, "multiplications"),
    ):
        if came > limit:
            raise TooLarge(
                f"{timesteps} timesteps of the model {model.id} are {came:,} {what}; the limit is "
                f"{limit:,}. Send a shorter sequence, or take a smaller model."
            )
    return cost


def check_length(timesteps: int, model: Model, settings: Settings) -> None:
    """Refuse a sequence that is too long, before anything is made of it.

    Raises
    ------
    TooLarge
        With its length and the limit.
    """
    most = settings.max_tokens
    if (fixed := model.network.fixed_timesteps) and fixed > most:
        raise TooLarge(
            f"The model {model.id} reads {fixed:,} timesteps; the limit is {most}. Run your own "
            "server with a higher one."
        )
    limit = min(most, model.network.max_timesteps or most)
    if timesteps > limit and not fixed:  # of a fixed length the model itself says more
        raise TooLarge(
            f"{timesteps:,} words or timesteps came; the limit is {limit}. Send a shorter text."
        )
