import hashlib
import json
from pathlib import Path

import brotli
import pytest

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", MANIFEST, ids=lambda entry: entry["file"])
def test_vendored_file_is_the_published_one(entry):
    data = (VENDOR / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]


@pytest.mark.parametrize("path", sorted(VENDOR.glob("*.br")), ids=lambda path: path.name)
def test_compressed_neighbour_holds_the_same_bytes(path):
    assert brotli.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()


def test_every_vendored_file_is_named_in_the_manifest():
    ours = {"README.md", "manifest.json"}
    present = {path.name for path in VENDOR.iterdir() if path.suffix != ".br"} - ours
    assert present == {entry["file"] for entry in MANIFEST}


def test_every_script_and_style_sheet_has_a_compressed_neighbour():
    for entry in MANIFEST:
        if entry["file"].endswith((".js", ".css")):
            assert (VENDOR / f"{entry['file']}.br").is_file(), entry["file"]


def test_every_package_comes_with_its_licence():
    packages = {entry["package"] for entry in MANIFEST}
    assert packages == {entry["package"] for entry in MANIFEST if entry["published"] == "LICENSE"}


def test_the_readme_names_every_package_and_version():
    readme = (VENDOR / "README.md").read_text(encoding="utf-8")
    for entry in MANIFEST:
        assert f"{entry['package']} {entry['version']}" in readme
