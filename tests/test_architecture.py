"""Imports run one way, on the server and in the page."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from app.core.cells import CELLS

ROOT = Path(__file__).parent.parent

# a module may import from its own room and from the rooms further down
ROOMS = [
    {"main", "__main__", "cli"},
    {"notebook"},
    {"export"},
    {"web"},
    {"service", "jobs"},
    {"storage", "corpus"},
    {"importers"},
    {"core", "settings"},
]
# and inside core likewise
CORE = [
    {"core.grammars"},
    {"core.modelfile"},
    {"core.model"},
    {"core.training", "core.explain"},
    {"core.network"},
    {"core.cells"},
    {"core.text", "core.errors", "core.atomic_write", "core.shapes", "core.one_thread"},
]
CORPUS = ("dask", "distributed", "duckdb", "fastcluster", "fsspec")
WEB_FRAMEWORKS = ("fastapi", "starlette", "pydantic", "uvicorn")


def imported_modules(path: Path) -> set[str]:
    """Dotted names, below app/, of what a file imports from the application."""
    package = path.relative_to(ROOT / "app").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1]]
            base += node.module.split(".") if node.module else []
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found - {"__version__"}


def rank(name: str, rooms: list[set[str]], depth: int) -> int:
    room = ".".join(name.split(".")[:depth])
    return next(index for index, names in enumerate(rooms) if room in names)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "app").with_suffix("").parts)


def test_imports_of_the_server_run_one_way():
    files = [path for path in (ROOT / "app").rglob("*.py") if path.parent != ROOT / "app"]
    assert len(files) > 10
    for path in [*files, ROOT / "app" / "main.py", ROOT / "app" / "settings.py"]:
        own = module_of(path)
        for other in imported_modules(path):
            assert rank(other, ROOMS, 1) >= rank(own, ROOMS, 1), f"{own} imports {other}"


def test_imports_of_the_core_run_one_way():
    for path in (ROOT / "app" / "core").glob("*/*.py"):
        own = module_of(path)
        for other in imported_modules(path):
            assert other.startswith("core."), f"{own} imports {other}"
            assert rank(other, CORE, 2) >= rank(own, CORE, 2), f"{own} imports {other}"


def test_nothing_outside_their_room_asks_for_a_cell_by_its_name():
    # a default that the command line shows without loading NumPy, the name of a saved page, and the
    # two networks that are set side by side
    allowed = {"cli/train.py", "export/page.py", "service/views/vanishing.py"}
    for path in (ROOT / "app").rglob("*.py"):
        place = path.relative_to(ROOT / "app").as_posix()
        if place.startswith("core/cells/") or place in allowed:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            named = isinstance(node, ast.Constant) and node.value in CELLS
            assert not named, f"{place}:{getattr(node, 'lineno', 0)} names a cell"


def test_the_service_and_all_below_it_know_no_web_framework():
    for path in (ROOT / "app").rglob("*.py"):
        if module_of(path).split(".")[0] in ("main", "cli", "export", "web", "__main__"):
            continue
        text = path.read_text("utf-8")
        found = re.findall(r"^\s*(?:from|import) (\w+)", text, re.MULTILINE)
        assert not set(found) & set(WEB_FRAMEWORKS), path


def test_a_trace_in_a_notebook_loads_no_web_framework():
    code = (
        "import sys, lstm_viz; lstm_viz.load('place').trace('I live in Pune');"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert not set(ran.stdout.decode().split()) & {*WEB_FRAMEWORKS, *CORPUS, "jinja2", "typer"}


def test_a_server_starts_without_what_only_corpora_need():
    code = "import sys, app.main; app.main.create_app(); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert not set(ran.stdout.decode().split()) & set(CORPUS)


def test_only_the_command_imports_main_and_imports_inside_the_package_are_relative():
    for path in (ROOT / "app").rglob("*.py"):
        of_main = any(name.startswith("main.") for name in imported_modules(path))
        assert of_main == (path.name == "serve.py"), path
        text = path.read_text("utf-8")
        assert not re.search(r"^(from|import) app\b", text, re.MULTILINE), path


def test_cells_know_numpy_only():
    for path in (ROOT / "app" / "core" / "cells").rglob("*.py"):
        outside = {
            name
            for name in imported_modules(path)
            if not name.startswith(("core.cells.", "core.shapes."))
        }
        assert outside == set(), path


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


def test_no_module_of_the_page_outside_their_room_asks_for_a_cell_by_its_name():
    names = "|".join(CELLS)
    for path in page_modules():
        if "cells" not in path.relative_to(ROOT / "static").parts[:1]:
            text = re.sub(r"//.*|/\*[\s\S]*?\*/", "", path.read_text("utf-8"))
            assert not re.search(rf"[\"'`]({names})[\"'`]|^ *({names}):", text, re.MULTILINE), path


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
        found = len(re.findall(r"\bimport\(", text))
        retried = len(re.findall(r"\bretryImport\(\s*async \(\) => await import\(", text))
        assert retried == found, path
        later += found
    assert later >= 6
