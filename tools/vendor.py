"""Fetch the third-party browser files that we serve ourselves, and compress them ahead of time.

Run as ``make vendor`` after a version in `PACKAGES` has changed. Each file is the published one,
byte for byte; ``static/vendor/manifest.json`` holds its hash. Needs npm, and ``brotli`` from the
test requirements.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import brotli

VENDOR = Path(__file__).parent.parent / "static" / "vendor"

# package, version, and which published file becomes which of ours
PACKAGES = [
    (
        "plotly.js-cartesian-dist-min",
        "4.1.1",
        {
            "plotly-cartesian.min.js": "plotly-cartesian-4.1.1.min.js",
            "LICENSE": "plotly-cartesian-4.1.1.LICENSE.txt",
        },
    ),
    (
        "swagger-ui-dist",
        "5.35.0",
        {
            "swagger-ui-bundle.js": "swagger-ui-bundle-5.35.0.js",
            "swagger-ui-bundle.js.LICENSE.txt": "swagger-ui-bundle-5.35.0.js.LICENSE.txt",
            "swagger-ui.css": "swagger-ui-5.35.0.css",
            "LICENSE": "swagger-ui-5.35.0.LICENSE.txt",
            "NOTICE": "swagger-ui-5.35.0.NOTICE.txt",
        },
    ),
]


def fetch(package: str, version: str, folder: Path) -> Path:
    """Download one published package and return the path of its archive."""
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{package}@{version}"]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return folder / name


def unpack(archive: Path, files: dict[str, str]) -> dict[str, str]:
    """Write the named members into the vendor folder and return the hash of each."""
    hashes = {}
    with tarfile.open(archive) as package:
        for published, ours in files.items():
            member = package.extractfile(f"package/{published}")
            if member is None:
                raise FileNotFoundError(f"{archive.name} has no file {published}")
            data = member.read()
            (VENDOR / ours).write_bytes(data)
            hashes[ours] = hashlib.sha256(data).hexdigest()
    return hashes


def compress(name: str) -> None:
    """Put a brotli-compressed copy beside a script or a style sheet."""
    data = (VENDOR / name).read_bytes()
    (VENDOR / f"{name}.br").write_bytes(brotli.compress(data, quality=11, lgwin=22))


def main() -> None:
    """Replace everything in the vendor folder but its README."""
    for old in VENDOR.iterdir():
        if old.name != "README.md":
            old.unlink()
    manifest = []
    with tempfile.TemporaryDirectory() as folder:
        for package, version, files in PACKAGES:
            hashes = unpack(fetch(package, version, Path(folder)), files)
            manifest += [
                {
                    "file": ours,
                    "package": package,
                    "version": version,
                    "published": published,
                    "sha256": hashes[ours],
                }
                for published, ours in files.items()
            ]
    for entry in manifest:
        if entry["file"].endswith((".js", ".css")):
            compress(entry["file"])
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
