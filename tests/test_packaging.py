"""What is locked fits what is asked for, and what is built works where it is installed."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {
    "runtime.txt": PROJECT["dependencies"] + EXTRAS["corpus"],
    "test.txt": PROJECT["dependencies"] + EXTRAS["all"] + EXTRAS["test"],
}


def lock_entries(name):
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return [line for line in text.replace("\\\n", " ").splitlines() if line and line[0] not in " #"]


@pytest.mark.parametrize("name", LOCKED)
def test_lock_satisfies_what_the_project_asks_for(name):
    locked = {}
    for entry in lock_entries(name):
        requirement = Requirement(entry.split(" --hash=")[0])
        version = str(requirement.specifier).removeprefix("==")
        locked.setdefault(canonicalize_name(requirement.name), []).append(version)
    for wanted in map(Requirement, LOCKED[name]):
        versions = locked[canonicalize_name(wanted.name)]
        assert all(wanted.specifier.contains(version) for version in versions), wanted


@pytest.mark.parametrize("name", LOCKED)
def test_every_locked_package_has_hashes(name):
    for entry in lock_entries(name):
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


@pytest.mark.parametrize("path", ["requirements/runtime.txt", "requirements/test.txt"])
def test_python_lock_names_no_address(path):
    assert "://" not in (ROOT / path).read_text(encoding="utf-8")


def test_node_lock_names_no_download_address():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text(encoding="utf-8")


def test_what_runs_needs_none_of_what_tests():
    running = {
        Requirement(entry.split(" --hash=")[0]).name for entry in lock_entries("runtime.txt")
    }
    with_dask = {"pyyaml"}  # which reads its settings with it
    assert not running & {Requirement(text).name for text in EXTRAS["test"]} - with_dask


def run(*words: object, cwd: Path) -> str:
    """Standard output of a command that succeeds, without this checkout in its path."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, words)], cwd=cwd, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """The wheel of this checkout."""
    place = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel")
    run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "-w", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    return wheel


def environment_with(place: Path, *installed: object) -> Path:
    """A fresh environment that has the package of its own, and what it needs from ours.

    That the lock files hold all it needs is tested above; to fetch it again would need a network.
    """
    venv.create(place, symlinks=True)
    base = {"base": str(place), "platbase": str(place)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=base))
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"))
    python = Path(sysconfig.get_path("scripts", "venv", vars=base)) / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--no-deps", "--no-build-isolation", "--no-index", *installed, cwd=place)
    return python


def test_the_wheel_holds_one_package_with_the_page_in_it(built):
    names = zipfile.ZipFile(built).namelist()
    assert {name.split("/")[0] for name in names} == {
        "lstm_viz",
        f"lstm_viz-{built.name.split('-')[1]}.dist-info",
    }
    for name in ("main.py", "static/main.js", "templates/index.html", "models/place.safetensors"):
        assert f"lstm_viz/{name}" in names
    assert not [name for name in names if "/tests/" in name or name.endswith(".pyc")]


def test_the_wheel_has_every_extra_and_whatever_an_extra_adds_is_locked(built):
    with zipfile.ZipFile(built) as wheel:
        (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(wheel.read(name))
    assert sorted(metadata.get_all("Provides-Extra", [])) == sorted(EXTRAS)
    asked = [Requirement(text) for text in metadata.get_all("Requires-Dist", [])]
    locked = [Requirement(entry.split(" --hash=")[0]) for entry in lock_entries("test.txt")]
    names = {canonicalize_name(requirement.name) for requirement in locked}
    added = {
        extra: {
            canonicalize_name(one.name)
            for one in asked
            if one.marker and "extra" in str(one.marker) and one.marker.evaluate({"extra": extra})
        }
        for extra in EXTRAS
    }
    assert {extra: len(packages) for extra, packages in added.items()} == {
        extra: len(EXTRAS[extra]) for extra in EXTRAS
    }
    assert set().union(*added.values()) <= names


USE = """
import importlib.util
import lstm_viz
from fastapi.testclient import TestClient
from lstm_viz import load
from lstm_viz.main import app

assert importlib.util.find_spec("app") is None
trace = load("place").trace("I live in Pune")
assert trace.forget_gate.shape == (4, 8)
trace.save("page.html")
with TestClient(app) as client:
    page = client.get("/")
    assert page.status_code == 200
    script = page.text.split('type="module" src="')[1].split('"')[0]
    assert client.get(script).status_code == 200
    assert client.get("/api/step?sentence=Good").json()["steps"]
print(lstm_viz.__file__)
"""


def test_the_wheel_works_where_it_is_installed(built, tmp_path):
    python = environment_with(tmp_path / "fresh", built)
    assert "trace" in run(python.parent / "lstm-viz", "--help", cwd=tmp_path)
    used = run(python, "-c", USE, cwd=tmp_path)
    assert Path(used.strip()).is_relative_to(tmp_path / "fresh")
    assert (tmp_path / "page.html").stat().st_size > 900_000


def test_a_checkout_can_be_installed_as_it_stands(tmp_path):
    python = environment_with(tmp_path / "fresh", "-e", f"{ROOT}[all]")
    out = run(python.parent / "lstm-viz", "trace", "Good Day", "--format", "csv", cwd=tmp_path)
    assert out.startswith("timestep,token,unit")
    run(python, "-c", "from lstm_viz import __version__, from_keras, load", cwd=tmp_path)
