"""Start nginx and three servers as compose.yaml would, and kill one in the middle of a load.

Needs nginx (Debian's package is enough) and Chromium. `python -m tools.cluster_check`.
"""

from __future__ import annotations

import asyncio
import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Page, sync_playwright

from benchmarks.http_client import ask, post
from tests.browser.find_chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
SERVERS, PROXY = (8051, 8052, 8053), 8054
ADDRESS = f"http://127.0.0.1:{PROXY}"
SECONDS, CONNECTIONS = 16.0, 32
SECRET = "cluster-secret-word"
POISON = [
    ("/api/step", b'{"sentence": "a", "pins": [' + b"0," * 520_000 + b"0]}"),
    ("/api/step", b'{"inputs": [' + b"[]," * 1_300_000 + b"[]]}"),
    ("/api/step", b'{"token_ids": [' + b'"",' * 1_300_000 + b'""]}'),
    ("/api/step", b"{" + b'"a":0,' * 170_000 + b'"a":0}'),
    ("/api/train", b'{"sentences": [' + b"0," * 3_000_000 + b"0]}"),
    ("/api/train", b'{"sentences": [' + b"{}," * 5_000_000 + b"{}]}"),
] * 3
"""Bodies whose every element is wrong, to each server in turn."""
EXAMPLES = [{"text": f"{word} day", "label": word} for word in ("good", "bad") for _ in range(40)]


def check(what: str, holds: bool) -> None:
    """Say that something holds, or end."""
    print(f"{'ok' if holds else 'FAILED'}: {what}", flush=True)
    if not holds:
        raise SystemExit(1)


@contextmanager
def process(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; what it says goes to a file."""
    with log.open("wb") as file:
        running = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=file, stderr=file
        )
        try:
            yield running
        finally:
            running.terminate()
            running.wait(15)


def server(port: int) -> list[str]:
    """The command of one server, with the options of compose.yaml."""
    compose = (ROOT / "compose.yaml").read_text("utf-8")
    found = re.search(
        r"uvicorn app\.main:app --host \S+ --port \d+ (.*?)\n    volumes", compose, re.S
    )
    assert found
    options = found[1].split()
    return [sys.executable, "-m", "uvicorn", "app.main:app", "--port", str(port), *options]


def proxy(directory: Path) -> list[str]:
    """The command of nginx, with deploy/nginx.conf and other addresses in it."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    each = re.search(r"server server:8000( .*;)", text)
    assert each
    local = "\n".join(f"server 127.0.0.1:{port}{each[1]}" for port in SERVERS)
    text = text.replace(each[0], local).replace("listen 8080", f"listen 127.0.0.1:{PROXY}")
    # nginx closes a connection after 1,000 requests, which would count as cut off
    text = text.replace(
        "proxy_http_version 1.1;", "proxy_http_version 1.1; keepalive_requests 1000000;"
    )
    (directory / "nginx.conf").write_text(text.replace("/tmp/", f"{directory}/nginx-"))
    # nginx gives its work to a user without rights, who must come this far
    directory.chmod(0o755)
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        raise SystemExit("This needs nginx: apt-get install nginx-light")
    return [program, "-c", str(directory / "nginx.conf"), "-g", "daemon off;"]


def wait_until_ready() -> None:
    """Wait for the proxy and all servers."""
    deadline = time.monotonic() + 30
    for port in (*SERVERS, PROXY):
        while True:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if time.monotonic() > deadline:
                raise SystemExit(f"FAILED: nothing answers on port {port}")
            time.sleep(0.1)


def share_a_model() -> None:
    """A model that is brought to one server is on the others."""
    file = httpx.get(f"{ADDRESS}/api/models/article/file").content
    first = f"http://127.0.0.1:{SERVERS[0]}"
    brought = httpx.post(f"{first}/api/models", files={"file": ("mine.safetensors", file)})
    check("a model is taken in", brought.status_code == 201)
    query = {"sentence": "Good Day", "model": brought.json()["id"]}
    answers = [httpx.get(f"http://127.0.0.1:{port}/api/step", params=query) for port in SERVERS]
    check("every server has it", {answer.status_code for answer in answers} == {200})
    check("and says the same", len({answer.content for answer in answers}) == 1)


def send_poison(servers: list[subprocess.Popen[bytes]]) -> None:
    """What once cost a server gigabytes costs none its life, nor much memory."""
    before = [most_memory(server.pid) for server in servers]
    statuses: collections.Counter[int] = collections.Counter()
    for path, body in POISON:
        headers = {"Content-Type": "application/json"}
        answer = httpx.post(f"{ADDRESS}{path}", content=body, headers=headers, timeout=30)
        statuses[answer.status_code] += 1
    check(f"poison is refused: {dict(statuses)}", set(statuses) <= {413, 422})
    check("no server dies of it", all(server.poll() is None for server in servers))
    ports = [httpx.get(f"http://127.0.0.1:{port}/healthz").status_code for port in SERVERS]
    check("all are ready", ports == [200] * len(SERVERS))
    taken = max(most_memory(server.pid) - was for server, was in zip(servers, before, strict=True))
    check(f"the most that one took for it is {taken:,} MiB", taken < 200)


def most_memory(pid: int) -> int:
    """MiB that a process has held at most."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("utf-8"))
    assert found
    return int(found[1]) // 1024


def follow_a_training() -> None:
    """Events come through the proxy one by one, not all at the end."""
    body = {"sentences": EXAMPLES, "epochs": 60}
    job = httpx.post(f"{ADDRESS}/api/train", json=body).json()["job"]
    times: dict[str, float] = {}
    with httpx.stream("GET", f"{ADDRESS}/api/train/{job}/events", timeout=60) as events:
        for line in events.iter_lines():
            if line.startswith("event: "):
                times.setdefault(line[7:], time.monotonic())
            if line in ("event: done", "event: failed"):
                break
    check("a training is followed to its end", {"epoch", "done"} <= times.keys())
    ahead = times["done"] - times["epoch"]
    check(f"its first event came {1000 * ahead:.0f} ms before its last", ahead > 0.02)
    state = httpx.get(f"{ADDRESS}/api/train/{job}").json()
    for port in SERVERS:
        query = {"sentence": "good day", "model": f"{job}@1"}
        answer = httpx.get(f"http://127.0.0.1:{port}/api/step", params=query)
        check(f"server {port} has the model after epoch 1", answer.status_code == 200)
    check("the training's state is found again", state.get("state") in ("done", "finished"))


def open_page(page: Page, query: str) -> None:
    """Open the page and step once through the sentence."""
    page.goto(f"{ADDRESS}/{query}")
    page.locator("[data-figure=cell] .main-svg").first.wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")


def visit_during_a_load(
    victim: subprocess.Popen[bytes],
) -> tuple[collections.Counter[int], list[str]]:
    """Visit the page again and again while the servers are busy and one of them dies."""
    complaints: list[str] = []
    with ThreadPoolExecutor() as pool, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        open_page(page, f"?sentence={SECRET}")
        loading = pool.submit(lambda: asyncio.run(load(victim, SECONDS)))
        while not loading.done():
            open_page(page, f"?sentence={SECRET}+again")
        open_page(page, f"?sentence={SECRET}+after+the+fall")
        browser.close()
        return loading.result(), complaints


async def load(victim: subprocess.Popen[bytes], seconds: float) -> collections.Counter[int]:
    """Ask on many connections; kill one server in the middle."""
    sentence = '{"sentence": "one two three four five six seven eight"}'
    requests = [post(sentence.encode())] * CONNECTIONS
    asking = asyncio.create_task(ask(PROXY, requests, seconds))
    await asyncio.sleep(seconds / 2)
    victim.kill()
    statuses: collections.Counter[int] = collections.Counter()
    for asker in await asking:
        statuses.update(asker.statuses)
    return statuses


def main() -> None:
    """Start everything, look at it, kill a server, look again."""
    with TemporaryDirectory() as name, ExitStack() as stack:
        directory = Path(name)
        environment = {
            "LSTM_VIZ_MODEL_DIR": str(directory / "models"),
            "LSTM_VIZ_LOG_REQUESTS": "true",
            "LSTM_VIZ_METRICS": "true",
        }
        servers = [
            stack.enter_context(process(server(port), directory / f"{port}.log", **environment))
            for port in SERVERS
        ]
        stack.enter_context(process(proxy(directory), directory / "nginx.log"))
        wait_until_ready()
        share_a_model()
        follow_a_training()
        send_poison(servers)
        check("metrics stay inside", httpx.get(f"{ADDRESS}/metrics").status_code == 404)
        statuses, complaints = visit_during_a_load(servers[0])
        # what the server was reading when it died is all that is lost; its client asks again
        lost = statuses.pop(0, 0) + statuses.pop(502, 0)
        what = f"{statuses[200]} answers while one server is killed, {lost} of {CONNECTIONS} lost"
        check(f"{what}; other statuses: {dict(statuses)}", set(statuses) == {200} and lost <= 32)
        check("it is gone", servers[0].poll() == -signal.SIGKILL)
        check(f"the page goes on without a complaint {complaints}", not complaints)
        telling = [
            f"{path.name}: {line}"
            for path in directory.glob("*.log")
            for line in path.read_text("utf-8", "replace").splitlines()
            if SECRET in line
        ]
        check(f"no log holds what was typed {telling[:3]}", not telling)


if __name__ == "__main__":
    main()
