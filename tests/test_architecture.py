"""Imports run one way, on the server and in the page."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent

# a module may import from its own room and from the rooms to the right of it
ROOMS = [
    {"main", "__main__", "lifespan", "cli"},
    {"notebook"},
    {"export"},
    {"page"},
    {"api"},
    {"schemas"},
    {"jobs"},
    {"registry"},
    {"epochs", "lessons"},
    {"importers", "modelfile", "kept", "grammars"},
    {"model"},
    {"training", "explain"},
    {"network"},
    {"cells"},
    {"site"},
    {"assets"},
    {"joining", "files", "formats", "middleware", "settings", "text", "errors"},
]


def room_of(name: str) -> int:
    return next(index for index, room in enumerate(ROOMS) if name in room)


def imported_rooms(path: Path) -> set[str]:
    """Names of the application's modules that a file imports, at the top level of app/."""
    depth = len(path.relative_to(ROOT / "app").parts)
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.ImportFrom) or node.level != depth:
            continue
        names = [node.module] if node.module else [alias.name for alias in node.names]
        found |= {name.split(".")[0] for name in names} - {"__version__"}
    return found


def test_imports_of_the_server_run_one_way():
    files = list((ROOT / "app").rglob("*.py"))
    assert len(files) > 10
    for path in files:
        own = path.relative_to(ROOT / "app").parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        for other in imported_rooms(path):
            assert room_of(other) >= room_of(own), f"{path.name} imports {other}"


def test_nothing_imports_main_and_imports_inside_the_package_are_relative():
    for path in (ROOT / "app").rglob("*.py"):
        assert "main" not in imported_rooms(path)
        text = path.read_text("utf-8")
        assert not re.search(r"^(from|import) app\b", text, re.MULTILINE), path


def test_cells_know_numpy_only():
    for path in (ROOT / "app" / "cells").glob("*.py"):
        assert imported_rooms(path) == set(), path


def test_numerics_stay_out_of_the_entrance_and_the_wire_types():
    for name in ("main.py", "schemas.py", "settings.py", "errors.py", "text.py", "page.py"):
        assert "numpy" not in (ROOT / "app" / name).read_text("utf-8"), name


def imports_of_module(path: Path) -> set[Path]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    found = re.findall(r'^(?:import|export) (?:[^;=]*? from )?"([^"]+)"', text, re.MULTILINE)
    return {(path.parent / name).resolve() for name in found}


def test_imports_of_the_page_run_one_way():
    static = ROOT / "static"
    figures, views = static / "figures", static / "views"
    for path in figures.glob("*.js"):
        for other in imports_of_module(path):
            allowed = other.parent == figures or other.name in ("theme.js", "types.js")
            assert allowed, f"{path.name} imports {other.name}"
    for path in static.rglob("*.js"):
        if "vendor" in path.parts:
            continue
        others = imports_of_module(path)
        for other in others:
            assert other.exists(), f"{path.name} imports {other.name}"
        assert static / "main.js" not in others, path.name
        text = path.read_text("utf-8")
        if "Plotly." in re.sub(r"//.*|/\*[\s\S]*?\*/", "", text):
            assert path.parent == views, f"{path.name} calls Plotly"
        if re.search(r"\bfetch\(", text):
            assert path == static / "api.js", f"{path.name} fetches"
