"""`make models`: train the shipped models anew, write their files, and say how good they are."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

from app.core import modelfile
from app.core.training import Epoch

from . import forecaster, writer
from .build import judge, make_card, make_model, read_texts
from .cards import SHIPPED, write_cards
from .recipes import RECIPES, Recipe

MODELS = Path(__file__).parents[2] / "app" / "models"


def main() -> None:
    """Train the models that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_models", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="model", help=f"of {', '.join(SHIPPED)}")
    parser.add_argument("--seed", type=int, help="another seed than the recipe's")
    parser.add_argument("--out", type=Path, default=MODELS, help="folder for the model files")
    parser.add_argument(
        "--texts",
        type=Path,
        default=Path("tests/fixtures"),
        help="folder of the sentences that a model is judged by and chosen by",
    )
    parser.add_argument("--cards", type=Path, help="file for the readable cards")
    arguments = parser.parse_args()
    unknown = set(arguments.models) - set(SHIPPED)
    if unknown:
        parser.error(f"there is no model {', '.join(sorted(unknown))}")
    changed = {} if arguments.seed is None else {"seed": arguments.seed}
    for model_id in arguments.models or SHIPPED:
        if model_id == "writer":
            make_writer_model(replace(writer.RECIPE, **changed), arguments.out)
        elif model_id == "series":
            make_series_model(replace(forecaster.RECIPE, **changed), arguments.out)
        else:
            recipe = replace(RECIPES[model_id], **changed)
            make(model_id, recipe, arguments.out, arguments.texts)
    if arguments.cards:
        write_cards(arguments.out, arguments.cards)


def make(model_id: str, recipe: Recipe, out: Path, texts: Path) -> None:
    """Train one model and write its file."""
    start = time.perf_counter()
    model = make_model(model_id, recipe, lambda epoch: _show(model_id, epoch))
    handwritten = judge(model, read_texts(texts / f"{recipe.grammar}_handwritten.csv"))
    path = texts / f"{recipe.grammar}_development.csv"
    development = judge(model, read_texts(path)) if path.exists() else []
    model = replace(model, card=make_card(recipe, model, handwritten, development))
    path = out / f"{model_id}.safetensors"
    modelfile.write(model, path)
    accuracy = model.card["accuracy"]
    print(
        f"\r{model_id}: held-out templates {accuracy['held_out_templates']}, "
        f"handwritten {accuracy['handwritten']}; {path.stat().st_size / 1000:.0f} kB, "
        f"{time.perf_counter() - start:.0f} s"
    )


def make_writer_model(recipe: writer.WriterRecipe, out: Path) -> None:
    """Train the model `writer` and write its file."""
    model = writer.make_writer(recipe, lambda epoch: _show("writer", epoch))
    modelfile.write(model, out / "writer.safetensors")
    print(f"\rwriter: {model.card['measured']['cross_entropy']}")


def make_series_model(recipe: forecaster.ForecasterRecipe, out: Path) -> None:
    """Train the model `series` and write its file."""
    model = forecaster.make_forecaster(recipe, lambda epoch: _show("series", epoch))
    modelfile.write(model, out / "series.safetensors")
    print(f"\rseries: {model.card['measured']['error_one_step_ahead']}")


def _show(model_id: str, epoch: Epoch) -> None:
    text = f"{model_id}: epoch {epoch.epoch} of {epoch.epochs}, loss {epoch.loss:.4f}"
    if epoch.accuracy is not None:
        text += f", {epoch.accuracy:.2%} right"
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
