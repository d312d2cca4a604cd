"""The notebook in examples/ runs from top to bottom.

Where PyTorch and Keras are installed it runs on them. They are too large to be fetched for every
run of the tests, so elsewhere it runs on doubles of what it uses: modules that have the shapes,
names and methods of theirs, and compute by loops over their own equations in their own layout.
That the conversion agrees with the frameworks is held to their numbers in test_notebook.py.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from pathlib import Path

import pytest

from tests import frameworks

NOTEBOOK = Path(__file__).parents[2] / "examples" / "own_model.ipynb"
FRAMEWORKS = ("torch", "keras")


def code_cells() -> list[str]:
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def installed(monkeypatch) -> None:
    """Doubles of the frameworks that are not there; the package under its own name."""
    for name in FRAMEWORKS:
        if importlib.util.find_spec(name) is None:
            monkeypatch.setitem(sys.modules, name, getattr(frameworks, name))
    monkeypatch.syspath_prepend(str(NOTEBOOK.parent.parent))


@pytest.mark.usefixtures("installed")
def test_the_notebook_runs_and_its_claims_hold():
    cells, names = code_cells(), {}
    for number, cell in enumerate(cells):
        exec(compile(cell, f"cell {number}", "exec"), names)
    shown = eval(cells[-1], names)
    assert shown._repr_html_().startswith("<iframe sandbox=")
    assert eval("abs(" + cells[6].partition("#")[0] + ").max() < 1e-5", names)


def test_from_a_framework_to_the_gates_it_is_five_lines():
    for cell in code_cells():
        if "import from_" in cell:
            assert len(ast.parse(cell).body) <= 5


def test_the_notebook_holds_no_outputs_to_go_stale():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert not any(cell.get("outputs") for cell in cells)
