"""The page and everything it loads or asks for, written into one file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from ..service.encoding import encode
from ..settings import Settings
from ..storage.registry import Registry
from ..web.page import asked_task, page_context
from ..web.site import Site, read_site
from .answers import Answers
from .modules import Scripts, pack
from .saved_state import SavedState, ask_everything

OWN = "this.model"
"""The id that a visitor's own model has in a file: whoever is given it is not given the model's
address too. No published model can have it, as their ids hold no point."""
WORDS_IN_NAME = 6


def exported_page(
    query: Mapping[str, str],
    registry: Registry,
    settings: Settings | None = None,
    site: Site | None = None,
) -> str:
    """The page in the state of a query string, as one HTML file that loads nothing.

    Needs no server and no HTTP: ``exported_page({"sentence": "Good Day"}, Registry.shipped())``.
    For a model that is in no registry, add it to one first:
    ``exported_page({"model": model.id, ...}, Registry({model.id: model}))``.

    Parameters
    ----------
    query : what the page's address would say: `sentence`, `token_ids` or `inputs`, `model`,
        `layer`, `timestep`, `unit`, `label`, `pins`, `theme` and the rest; all of it optional
    registry : where the model is; the first section needs `place` and `place-rnn` there too, and
        is its text alone without them
    settings : the limits that hold; the usual ones if None
    site : the page's files and templates; those of this package if None

    Returns
    -------
    The file's text, to be written as UTF-8. About 1 MB, and more for long sentences and large
    models, whose every number is inside.

    Raises
    ------
    UserError
        What `/api/step` refuses: `detail` says what is wrong.
    """
    settings, site = settings or Settings(), site or read_site()
    query, registry = _without_address(query, registry)
    task = asked_task(query, registry, settings)
    answers = Answers(registry, settings)
    state = SavedState.of(query, task, registry)
    ask_everything(state, answers)

    def write(boot: dict[str, Any]) -> str:
        opening = {name: answers.shared(boot[name]) for name in ("trace", "summary")}
        more = {"standalone": True, "query": f"?{urlencode(query)}", "recorded": answers.written()}
        return pack(encode(boot | opening | more).decode())

    context, error = page_context(query, registry, settings, write)
    if error:
        raise error
    context |= {"standalone": Scripts.of(site.assets), "changes": state.changes}
    return site.templates.get_template("index.html").render(context)


def _without_address(
    query: Mapping[str, str], registry: Registry
) -> tuple[Mapping[str, str], Registry]:
    """The same with another id, where the model's own is what keeps it private."""
    model_id = query.get("model", "")
    if not model_id or model_id in registry.models:
        return query, registry
    model = replace(registry.get(model_id), id=OWN)
    return {**query, "model": OWN}, Registry(registry.models | {OWN: model})


def file_name(query: Mapping[str, str]) -> str:
    """A name for the file that says what is in it, of letters that every system takes."""
    words = re.findall(r"[a-z0-9]+", query.get("sentence", "Good Day").lower())
    return "-".join(["lstm", *words[:WORDS_IN_NAME]])[:80] + ".html"
