"""What the page is made of: its files, and the templates it is written with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from .assets import Assets, create_assets

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE if (HERE / "static").is_dir() else HERE.parent
"""Where the files lie: in the package where it is installed, beside it in a checkout."""
ENTRY = "main.js"
BEFORE = (
    "ui/plotly.css",
    "ui/page.css",
    "ui/reading.css",
    "bar/controls.css",
    "bar/bar.css",
    "bar/lenses.css",
    "timeline/timeline.css",
    "timeline/answer.css",
    "inspector/headline.css",
    "inspector/gates.css",
    "ui/figures.css",
    "ui/prose.css",
    "ui/widgets.css",
    "ui/instrument.css",
)
AFTER = (
    "inspector/opened-number.css",  # which opens inside a section
    "bar/model-card.css",
    "bar/series.css",
    "guide/guide.css",
    "bar/help.css",
)
"""Style sheets that hold before and after those of the lenses."""


@dataclass(frozen=True)
class Site:
    """The page's files and templates, read once."""

    assets: Assets
    templates: Environment


@cache
def read_site(reload: bool = False) -> Site:
    """Read everything the page is made of; with `reload` it is looked at again at each request."""
    lenses = read_lenses()
    sheets = (*BEFORE, *lens_sheets(lenses), *AFTER)
    assets = create_assets(ROOT / "static", reload=reload, entry=ENTRY, sheets={"page.css": sheets})
    templates = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=reload,
    )
    templates.globals["asset"] = assets.url
    templates.globals["all_lenses"] = lenses
    templates.globals["guide_steps"] = read_guide()
    titles = {section["id"]: section["title"] for lens in lenses for section in lens["sections"]}
    templates.globals["heading"] = partial(heading, titles)
    templates.globals["sheets"] = sheets
    templates.globals["version"] = __version__
    templates.globals["standalone"] = None  # what a saved page brings with it
    templates.globals["changes"] = ("hold", "compare", "swaps")  # and what it shows of "whatif"
    return Site(assets, templates)


def read_lenses() -> list[dict[str, Any]]:
    """Read the lenses in their order, from the table that the scripts read as well."""
    return json.loads((ROOT / "static" / "lenses.json").read_text("utf-8"))


@cache
def read_guide() -> dict[str, Any]:
    """Read the guide's scenes and steps, which the scripts read as well."""
    return json.loads((ROOT / "static" / "guide" / "steps.json").read_text("utf-8"))


def lens_sheets(lenses: list[dict[str, Any]]) -> list[str]:
    """Style sheets of those sections that have one, in the order of the lenses."""
    sections = [section["id"] for lens in lenses for section in lens["sections"]]
    sheets = [f"lenses/{section}/{section}.css" for section in (*sections, "take")]
    return [sheet for sheet in sheets if (ROOT / "static" / sheet).is_file()]


def heading(titles: Mapping[str, str], section: str) -> Markup:
    """Write a section's heading; its words are others where the layer is no LSTM."""
    return Markup('<h2 id="{0}-title"><span data-words="{0}-title">{1}</span></h2>').format(
        section, titles[section]
    )
