import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKED = {
    "runtime.txt": PROJECT["dependencies"],
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
    assert not running & {Requirement(text).name for text in EXTRAS["test"]}


def test_extra_all_is_there_for_optional_readers():
    assert "all" in EXTRAS
