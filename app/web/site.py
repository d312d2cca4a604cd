"""What the page is made of: its files, and the templates it is written with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .. import __version__
from .assets import Assets, create_assets

HERE = Path(__file__).resolve().parent.parent
ROOT = HERE if (HERE / "static").is_dir() else HERE.parent
"""Where the files lie: in the package where it is installed, beside it in a checkout."""
ENTRY = "main.js"
SHEETS = (
    "plotly.css",
    "main.css",
    "reading.css",
    "controls.css",
    "bar.css",
    "figures.css",
    "sections.css",
    "arithmetic.css",
    "explain.css",
    "train.css",
    "own.css",
    "series.css",
    "guide.css",
)
"""The page's style sheets, in the order in which they hold; served as one, ``page.css``."""


@dataclass(frozen=True)
class Site:
    """The page's files and templates, read once."""

    assets: Assets
    templates: Environment


@cache
def read_site(reload: bool = False) -> Site:
    """Read everything the page is made of; with `reload` it is looked at again at each request."""
    assets = create_assets(ROOT / "static", reload=reload, entry=ENTRY, sheets={"page.css": SHEETS})
    templates = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=reload,
    )
    templates.globals["asset"] = assets.url
    templates.globals["sheets"] = SHEETS
    templates.globals["version"] = __version__
    templates.globals["standalone"] = None  # what a saved page brings with it
    templates.globals["changes"] = ("hold", "compare", "swaps")  # and of section 10 what it shows
    return Site(assets, templates)
