"""Imports run one way, on the server and in the page."""

import ast
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

# a module may import from its own room and from the rooms further down
ROOMS = [
    {"main", "__main__", "cli"},
    {"notebook"},
    {"export"},
    {"web"},
    {"service", "jobs"},
    {"storage"},
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
    assert not set(ran.stdout.decode().split()) & {*WEB_FRAMEWORKS, "jinja2", "typer"}


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
