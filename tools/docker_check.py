"""Build the image without Docker, start it as an operator would, and test it over HTTP.

Needs root, buildah and debootstrap. The base is Debian's own Python unless BASE names an image;
certificates and pip's settings of this machine are mounted for the build and stay out of it.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BASE, IMAGE = "localhost/lstm-viz-base", "localhost/lstm-viz"
LARGEST = 350_000_000
PACKAGES = "python3,python3-pip,ca-certificates"
UNUSED = ["usr/share/doc", "usr/share/man", "usr/share/locale", "var/lib/apt/lists"]
OF_THIS_MACHINE = ["/etc/pip.conf", "/etc/xdg/pip", "/etc/ssl/certs", "/opt/wheels"]
TESTS = ["test_api_step.py", "test_api_models.py", "test_explain_api.py", "test_hostile.py"]


def buildah(*arguments: str) -> str:
    """Run buildah without overlays, which a container may not have; returns what it prints."""
    command = ["buildah", "--storage-driver", "vfs", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def make_base() -> str:
    """A small Debian with Python: what the image is built on where no registry is at hand."""
    if not buildah("images", "--quiet", "--filter", f"reference={BASE}"):
        with TemporaryDirectory() as directory:
            include = f"--include={PACKAGES}"
            subprocess.run(
                ["debootstrap", "--variant=minbase", include, "bookworm", directory], check=True
            )
            for path in UNUSED:
                shutil.rmtree(f"{directory}/{path}", ignore_errors=True)
            for path in Path(directory, "var/cache/apt/archives").glob("*.deb"):
                path.unlink()
            container = buildah("from", "scratch")
            buildah("copy", "--quiet", container, directory, "/")
            buildah("commit", "--quiet", "--rm", container, BASE)
    return BASE


def build(base: str) -> dict[str, Any]:
    """Build the image; returns its configuration."""
    mounts = [f"--volume={path}:{path}:ro" for path in OF_THIS_MACHINE if Path(path).exists()]
    buildah(
        "bud", "--isolation", "chroot", "--format", "docker", f"--build-arg=BASE={base}",
        *mounts, "--tag", IMAGE, str(ROOT),
    )  # fmt: skip
    return json.loads(buildah("inspect", "--type", "image", IMAGE))["Docker"]


@contextmanager
def file_system() -> Iterator[Path]:
    """The image's files."""
    container = buildah("from", IMAGE)
    try:
        yield Path(buildah("mount", container))
    finally:
        buildah("rm", container)


def size_of(files: Path) -> int:
    """Bytes of all files."""
    return sum(path.lstat().st_size for path in files.rglob("*") if not path.is_dir())


def check(what: str, holds: bool) -> None:
    """Say that something holds, or end."""
    print(f"{'ok' if holds else 'FAILED'}: {what}", flush=True)
    if not holds:
        raise SystemExit(1)


def main() -> None:
    """Build, look, start."""
    base = os.environ.get("BASE") or make_base()
    config = build(base)["config"]
    with file_system() as files:
        size = size_of(files)
        check(f"the image has {size / 1e6:.0f} MB, under 350", size < LARGEST)
        check(f"it runs as {config['User']}", config["User"].split(":")[0] not in ("", "0", "root"))
        settings = [path for path in files.glob("etc/**/pip*") if path.is_file()]
        check("no settings of pip are in it", not any(path.stat().st_size for path in settings))
        # a network of its own, so that its port is free whatever else runs here
        command = ["unshare", "--mount", "--net", "--propagation", "private", sys.executable]
        config_text = json.dumps(config)
        inside = [*command, __file__, str(files), config_text]
        raise SystemExit(subprocess.run(inside, check=False).returncode)


def start(files: Path, config: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the image's command on a file system that cannot be written, but for /tmp."""
    for command in (
        f"mount --bind {files} {files}",
        f"mount -o remount,bind,ro {files}",
        f"mount -t tmpfs tmpfs {files}/tmp",
        f"mount -t proc proc {files}/proc",
        f"mount --bind /dev {files}/dev",
        "ip link set lo up",
    ):
        subprocess.run(command.split(), check=True)
    return subprocess.Popen(inside(files, config, config["Cmd"]), stdout=subprocess.PIPE)


def inside(files: Path, config: dict[str, Any], command: list[str]) -> list[str]:
    """A command in the image, as its user, in its directory and with its environment."""
    prefix = ["chroot", f"--userspec={config['User']}", str(files), "env", "-i", *config["Env"]]
    return [*prefix, "sh", "-c", f'cd {config["WorkingDir"]} && exec "$@"', "sh", *command]


def run(files: Path, config: dict[str, Any]) -> None:
    """Everything that is checked while it runs."""
    process = start(files, config)
    health = inside(files, config, config["Healthcheck"]["Test"][1:])
    deadline = time.monotonic() + 30
    while subprocess.run(health, check=False, stderr=subprocess.DEVNULL).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            check("it starts", False)
        time.sleep(0.3)
    check("its health command says so", True)
    uid = Path(f"/proc/{process.pid}").stat().st_uid
    check(f"its process belongs to {uid}", uid not in [0, pwd.getpwuid(os.getuid()).pw_uid])
    tests = [str(ROOT / "tests" / name) for name in TESTS]
    environment = os.environ | {"LSTM_VIZ_TEST_ADDRESS": "http://127.0.0.1:8000"}
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *tests], cwd=ROOT, env=environment, check=False
    )
    check("the tests of the API pass against it", tested.returncode == 0)
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    taken = time.monotonic() - asked
    # the server ends its work, and then itself by the signal it was sent
    ended = process.returncode in (0, -signal.SIGTERM)
    check(f"SIGTERM ends it in {taken:.1f} s", ended and taken < 6)
    lines = [json.loads(line) for line in output.decode().splitlines() if line[:1] == "{"]
    check(f"it has logged {len(lines)} requests", len(lines) > 100)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(Path(sys.argv[1]), json.loads(sys.argv[2]))
    else:
        main()
