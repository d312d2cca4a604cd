"""Addresses of the page that holds all lenses, in which every section can be reached."""

from __future__ import annotations

from urllib.parse import parse_qs

READ = {"sentence", "token_ids", "inputs", "model"}


def one_page(query: str) -> str:
    """Let a query open the page that holds all lenses, unless it names a lens.

    One that says nothing of what is read means the guide's two words, small enough to check.

    Parameters
    ----------
    query : empty or beginning with "?", perhaps with a "#" at its end
    """
    query, mark, section = query.removeprefix("?").partition("#")
    asked = parse_qs(query, keep_blank_values=True)
    if "lens" in asked:
        return f"?{query}{mark}{section}"
    parts = [query] if query else []
    if not READ & set(asked):
        parts.append("sentence=Good%20Day")
    return f"?{'&'.join([*parts, 'lens=all'])}{mark}{section}"
