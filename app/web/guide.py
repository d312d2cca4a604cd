"""The guide's step that a link names: what it sets of the page's state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def step_query(query: Mapping[str, str], guide: Mapping[str, Any]) -> dict[str, str]:
    """What a query string would have to say to show a step, as `withStep` in guide-steps.js has it.

    Parameters
    ----------
    query : what the address says; `guide` is the step, from 1, and `hide` what is left out
    guide : scenes and steps, as static/guide/steps.json has them

    Returns
    -------
    Nothing where no step is named
    """
    named = query.get("guide", "")
    hidden = query.get("hide", "").split(",")
    steps = [step for step in guide["steps"] if step["id"] not in hidden]
    if not (named.isascii() and named.isdigit() and int(named) > 0 and steps):
        return {}
    step = steps[min(int(named), len(steps)) - 1]
    state = guide["scenes"][step["scene"]] | step["set"]
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in state.items()
    }
