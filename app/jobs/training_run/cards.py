"""The card of a model that was trained here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.network import Network
from ...core.training import Epoch
from .forecasting import SEEN
from .plan import TrainingPlan
from .writing import PROMPT

if TYPE_CHECKING:
    from .dataset import TrainingData


def make_card(prepared: TrainingData, epoch: Epoch, network: Network) -> dict[str, Any]:
    """What people should know of the model."""
    plan = prepared.plan
    parameters = sum(row.parameters for row in network.summary(1))
    if plan.text or plan.series:
        return _card_of_what_comes_next(prepared, epoch, parameters)
    accuracy = f"{epoch.accuracy:.1%} on the training sentences"
    if epoch.val_accuracy is not None:
        accuracy += f", {epoch.val_accuracy:.1%} on held-out sentences"
    answers = "after every word" if prepared.every_timestep else "at the end of the sentence"
    return {
        "task": f"Say {answers} which it is: {', '.join(prepared.labels)}.",
        "data": prepared.data,
        "size": (
            f"{len(prepared.words) - 2:,} words, {plan.features} features, {plan.units} units: "
            f"{parameters:,} weights."
        ),
        "training": _how(plan, epoch),
        "accuracy": f"{accuracy}.",
        "limits": [
            "It knows the words of its sentences; every other word is unknown to it.",
            "Its accuracy is for sentences like those of its training, and says nothing of others.",
        ],
    }


def _how(plan: TrainingPlan, epoch: Epoch) -> str:
    return (
        f"{epoch.epoch} of {epoch.epochs} epochs, Adam with a learning rate of "
        f"{plan.learning_rate:g} that falls to a tenth, seed {plan.seed}."
    )


def _card_of_what_comes_next(prepared: TrainingData, epoch: Epoch, parameters: int) -> dict:
    """Of a model that writes or forecasts."""
    plan, loss = prepared.plan, epoch.loss if epoch.val_loss is None else epoch.val_loss
    of = "held-out" if prepared.validation else "training"
    card = {
        "data": prepared.data,
        "size": f"{plan.units} units: {parameters:,} weights.",
        "training": _how(plan, epoch),
    }
    if plan.text:
        return (
            {"task": "Say after each character which one comes next."}
            | card
            | {
                "loss": f"{loss:.3f} nats a character, of {of} text.",
                "limits": [
                    "It knows the characters of its text; every other one is unknown to it."
                ],
                "example": plan.text[: 2 * PROMPT],
            }
        )
    return (
        {"task": "Say after each timestep the numbers of the next one."}
        | card
        | {
            "loss": f"{loss:.3f}, the mean square of {of} errors, in squares of the deviation.",
            "limits": ["It knows numbers in the range of its series, and says nothing of others."],
            "example": [list(row) for row in plan.series[-SEEN:]],
        }
    )
