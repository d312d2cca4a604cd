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


# a module of the page may import from its own room and from the rooms below it
PAGE_ROOMS = [
    {"main.js"},
    {"lenses", "bar", "timeline", "inspector", "guide"},
    {"ui"},
    {"words", "arithmetic"},
    {"cells"},
    {"draw"},
    {"core"},
]


def page_room_of(path: Path) -> int:
    top = path.relative_to(ROOT / "static").parts[0]
    return next(index for index, room in enumerate(PAGE_ROOMS) if top in room)


def page_modules() -> list[Path]:
    alone = {"docs.js", "unpack.js", "before-first-figure.js"}  # scripts that import nothing
    found = [path for path in (ROOT / "static").rglob("*.js") if "vendor" not in path.parts]
    assert len(found) > 100
    assert not any(imports_of_module(path) for path in found if path.name in alone)
    return [path for path in found if path.name not in alone]


def test_imports_of_the_page_run_one_way():
    for path in page_modules():
        for other in imports_of_module(path):
            assert other.exists(), f"{path.name} imports {other.name}"
            assert page_room_of(other) >= page_room_of(path), f"{path} imports {other}"


def test_only_one_module_fetches_and_only_views_draw():
    draws = {"lenses", "bar", "timeline", "inspector", "ui"}
    for path in page_modules():
        text = path.read_text("utf-8")
        if "Plotly." in re.sub(r"//.*|/\*[\s\S]*?\*/", "", text):
            assert path.relative_to(ROOT / "static").parts[0] in draws, f"{path} calls Plotly"
        if re.search(r"\bfetch\(", text):
            assert path == ROOT / "static" / "core" / "api.js", f"{path} fetches"


def test_no_text_of_the_page_names_a_section_by_a_number_typed_by_hand():
    for folder, pattern in (("static", "*.js"), ("templates", "*.html")):
        for path in (ROOT / folder).rglob(pattern):
            if "vendor" not in path.parts:
                assert not re.search(r"\bsections? \d", path.read_text("utf-8")), path


def test_whatever_is_imported_later_is_asked_for_again_while_it_does_not_come():
    later = 0
    for path in page_modules():
        text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
        found = re.findall(r"[^\n]*\n?[^\n]*\bimport\(", text)
        later += len(found)
        assert all(
            re.search(r"retryImport\(\s*async \(\) => await import\(", one) for one in found
        ), path
    assert later >= 6
