"""What a run costs, known from the shapes of a model before anything is computed."""

from __future__ import annotations

from typing import NamedTuple

from ..core.errors import TooLarge
from ..core.model import Model
from ..core.network import Dense, Embedding, Recurrent
from ..core.network.layers import Bidirectional, Layer
from ..settings import Settings

QUICK = 4_000_000
"""Products that a core does in a few milliseconds."""


class Cost(NamedTuple):
    """A run of a model, all layers together.

    Attributes
    ----------
    widest : numbers in the largest array that any layer, or the answer, has
    kept : numbers in all arrays that a run keeps
    products : multiplications with a weight
    """

    widest: int
    kept: int
    products: int


def cost_of(model: Model, timesteps: int) -> Cost:
    """What a run over so many timesteps costs."""
    widths, kept, products = [model.network.features], 0, 0
    for layer in model.network.layers:
        width, numbers, weights = _of_timestep(layer)
        widths.append(width)
        kept += numbers
        products += weights
    return Cost(*(timesteps * number for number in (max(widths), kept, products)))


def _of_timestep(layer: Layer) -> tuple[int, int, int]:
    """The numbers in one array, those in all arrays, and the weights, for one timestep."""
    if isinstance(layer, Bidirectional):
        both = [_of_timestep(layer.forward), _of_timestep(layer.backward)]
        return max(layer.units, *(one[0] for one in both)), *(
            sum(one[k] for one in both) for k in (1, 2)
        )  # type: ignore[return-value]
    if isinstance(layer, Recurrent):
        weights, cell = layer.weights, layer.cell
        arrays = 2 * max(1, len(cell.gates)) + len(cell.states)  # with the sums before the gates
        numbers = weights.features + arrays * weights.units
        size = weights.kernel.size + weights.recurrent_kernel.size
        return max(weights.features, weights.units), numbers, size
    if isinstance(layer, Dense):
        outputs = layer.kernel.shape[1]
        return outputs, outputs, layer.kernel.size
    if isinstance(layer, Embedding):
        features = layer.table.shape[1]
        return features, features, 0
    return 0, 0, 0


def check_cost(model: Model, timesteps: int, settings: Settings) -> Cost:
    """Refuse a run over a limit before it is begun.

    Raises
    ------
    TooLarge
        With the figure and its limit.
    """
    cost = cost_of(model, timesteps)
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
