"""`/help/...`: the guides of docs/, as pages of the server, so that no refusal leads nowhere."""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt

from ..core.errors import NotFound, shorten
from .site import ROOT

GUIDES = {
    "own-model": "Your own model",
    "use": "Use it from a program",
    "learn": "A lesson",
    "models": "The shipped models",
}
"""Documents that stand by themselves -> their titles."""

router = APIRouter(include_in_schema=False)


@router.get("/help/{name}")
async def show(request: Request, name: Annotated[str, Path()]) -> HTMLResponse:
    """One guide; its own links among the guides, which end in .md, lead here too."""
    name = name.removesuffix(".md")
    if name not in GUIDES:
        raise NotFound(f"There is no guide {shorten(name)}. There are: {', '.join(GUIDES)}.")
    template = request.app.state.site.templates.get_template("guide.html")
    return HTMLResponse(template.render(title=GUIDES[name], text=rendered(name)))


@cache
def rendered(name: str) -> str:
    """A guide as HTML; what is HTML in it stays text."""
    source = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return LINK.sub(_served, HEADING.sub(_named, str(markdown.render(source))))


LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
HEADING = re.compile(r"<h([2-6])>(.*?)</h\1>", re.DOTALL)


def _served(link: re.Match[str]) -> str:
    """A link to a guide, to an address of the server, or elsewhere; any other is its text."""
    address, text = link.groups()
    path, mark, fragment = address.partition("#")
    name = path.rpartition("/")[2].removesuffix(".md")
    if path.endswith(".md"):
        if name not in GUIDES:
            return text
        address = f"/help/{name}{mark}{fragment}"
    elif path and not path.startswith(("/", "http://", "https://")):
        return text
    return f'<a href="{address}">{text}</a>'


def _named(heading: re.Match[str]) -> str:
    """A heading with the id by which it is linked to, made as GitHub makes it."""
    level, text = heading.groups()
    plain = re.sub(r"<[^>]*>|[^\w\s-]", "", text).strip().lower()
    name = re.sub(r"\s", "-", plain)
    return f'<h{level} id="{name}">{text}</h{level}>'
