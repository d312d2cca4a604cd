"""A server goes by its own names, and a request names one of them."""

import asyncio

import pytest

from app.main import create_app
from app.settings import Settings


def status(path="/api/models", hosts=("127.0.0.1:8000",), server=("127.0.0.1", 8000), names=""):
    app = create_app(Settings(allowed_hosts=names))
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", host.encode()) for host in hosts],
        "server": server,
    }
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent[0]["status"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000"])
@pytest.mark.parametrize("server", [("127.0.0.1", 8000), ("127.8.8.8", 80), ("::1", 8000)])
def test_on_a_loopback_address_a_server_goes_by_its_local_names(host, server):
    assert status(hosts=[host], server=server) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "evil@localhost", "["]
)
@pytest.mark.parametrize("server", [("127.0.0.1", 8000), ("::1", 8000)])
def test_another_name_that_leads_to_a_loopback_address_is_refused(host, server):
    assert status(hosts=[host], server=server) == 400
    assert status("/", hosts=[host], server=server) == 400


@pytest.mark.parametrize("server", [("10.0.0.7", 8000), ("/run/socket", None), None])
def test_elsewhere_any_name_is_taken_unless_names_are_given(server):
    assert status(hosts=["lstm.example"], server=server) == 200
    assert status(hosts=["evil.example"], server=server, names="lstm.example") == 400


def test_names_that_are_given_hold_on_a_loopback_address_too():
    assert status(hosts=["lstm.example"], names="lstm.example localhost") == 200
    assert status(hosts=["localhost"], names="lstm.example localhost") == 200
    assert status(hosts=["127.0.0.1"], names="lstm.example localhost") == 400


@pytest.mark.parametrize("hosts", [(), ("localhost", "localhost"), ("localhost", "evil.example")])
@pytest.mark.parametrize("names", ["", "localhost"])
def test_a_request_names_one_host(hosts, names):
    assert status(hosts=hosts, names=names) == 400
    assert status(hosts=hosts, server=("10.0.0.7", 80)) == 400


def test_whether_the_server_is_ready_may_be_asked_by_any_name_or_none():
    assert status("/healthz", hosts=["10.0.0.7:8000"]) == 200
    assert status("/healthz", hosts=()) == 200
