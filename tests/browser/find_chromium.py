"""Find the browser that the tests drive, and bring one where there is none.

``python -m tests.browser.find_chromium`` prints its path; the tests call `find_chromium`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = (
    "chromium-headless-shell",  # draws the same pages with half the work, for it has no windows
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
MAC_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
ADVICE = """\
The browser tests need Chromium or Chrome, and none was found or could be installed.
Do one of these, then run the tests again:
  apt-get install chromium                    (Debian, as root)
  .venv/bin/playwright install chromium       (any system)
  CHROMIUM=/path/to/chrome make test          (one you have elsewhere)"""

# what a browser that nobody watches needs in a container, and what keeps it from calling home
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of an installed Chromium or Chrome, or None."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    found = next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next(filter(usable, MAC_PATHS), None)
    return found or next(filter(usable, [playwright_path()]), None)


def usable(path: str) -> bool:
    """Whether a path is a program that we may start."""
    return os.access(path, os.X_OK)


def playwright_path() -> str:
    """Where Playwright keeps its own Chromium, whether or not it is there."""
    # in a process of its own, for whoever asks may be using Playwright already
    command = [sys.executable, "-c", ASK_PLAYWRIGHT]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def install() -> None:
    """Try Playwright's own build, then Debian's package."""
    run([sys.executable, "-m", "playwright", "install", "chromium"])
    if find_chromium() is None and shutil.which("apt-get") and os.geteuid() == 0:
        run(["apt-get", "update", "-qq"])
        for package in ("chromium-headless-shell", "chromium"):
            if find_chromium() is None:
                run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package])


def run(command: list[str]) -> None:
    """Run a command whose failure is shown but left to the caller to judge."""
    print("$", *command, file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, check=False, env=environment, stdout=sys.stderr)


def main() -> int:
    """Print the browser's path, installing it first where it is missing."""
    if find_chromium() is None and "CHROMIUM" not in os.environ:
        install()
    path = find_chromium()
    print(path or ADVICE, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    sys.exit(main())
