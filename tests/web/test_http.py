"""HEAD, conditional requests, compression, and who may ask how often."""

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.web.middleware.rates import REMEMBERED, Bucket

READABLE = ["/", "/docs", "/healthz", "/openapi.json", "/api/models", "/api/models/article"]


@pytest.fixture
def serve():
    def serve(**settings):
        return TestClient(create_app(Settings(**settings)))

    return serve


@pytest.mark.parametrize("address", [*READABLE, "/api/step?sentence=Good%20Day"])
def test_head_is_get_without_its_body(client, address):
    head, get = client.head(address), client.get(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers == get.headers


def test_head_of_what_is_not_there_says_so(client):
    assert client.head("/nowhere").status_code == 404
    assert client.head("/api/step?sentence=").status_code == 422


@pytest.mark.parametrize("address", [*READABLE, "/api/step?sentence=Good%20Day"])
def test_what_the_visitor_has_is_not_sent_again(client, address):
    tag = client.get(address).headers["etag"]
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = client.get(address, headers={"if-none-match": known})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == tag
        assert answer.headers["cache-control"] == "no-cache"
        assert "content-length" not in answer.headers
        assert "content-type" not in answer.headers
    assert client.get(address, headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_another_sentence_has_another_tag(client):
    tags = {client.get(f"/api/step?sentence={word}").headers["etag"] for word in "ab"}
    assert len(tags) == 2


def test_errors_and_answers_to_post_carry_no_tag(client):
    assert "etag" not in client.get("/nowhere").headers
    assert "etag" not in client.post("/api/step", json={"sentence": "a"}).headers


def test_json_is_compressed_where_that_pays(client):
    body = {"sentence": "a b c d"}
    answer = client.post("/api/step", json=body, headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    plain = client.post("/api/step", json=body, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.json() == answer.json()
    small = client.get("/healthz", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers


def test_nobody_is_given_a_cookie(client):
    for address in READABLE:
        assert "set-cookie" not in client.get(address).headers


OWN = "http://testserver"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": OWN}, 200),
        ({"origin": "HTTP://TestServer"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "https://behind.a.proxy"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://testserver:8000"}, 403),
        ({"origin": "http://testserver.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": OWN}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://other.testserver"}, 403),
    ],
)
def test_only_a_page_of_our_own_may_post(client, headers, status):
    answer = client.post("/api/step", json={"sentence": "a"}, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert "another site" in answer.json()["detail"]


def test_reading_is_open_to_links_from_anywhere(client):
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("lstm.example", 200),
        ("LSTM.example:8000", 200),
        ("a.school.example", 200),
        ("school.example", 400),
        ("evilschool.example", 400),
        ("lstm.example.evil", 400),
        ("[::1]:8000", 400),
        ("", 400),
    ],
)
def test_a_server_answers_to_its_own_names_where_it_has_some(serve, host, status):
    client = serve(allowed_hosts="lstm.example *.school.example")
    assert client.get("/api/models", headers={"host": host}).status_code == status
    assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_an_address_that_asks_too_often_waits(serve):
    client = serve(rate_limit=3)
    statuses = [client.get("/api/models").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = client.get("/")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert list(answer.json()) == ["detail"]
    assert client.get("/healthz").status_code == 200


def test_changes_have_a_limit_of_their_own(serve):
    client = serve(change_rate_limit=1)
    first, second = (client.delete("/api/models/article").status_code for _ in range(2))
    assert first != 429
    assert second == 429
    for _ in range(3):
        assert client.post("/api/step", json={"sentence": "a"}).status_code == 200


def test_tokens_come_back_with_time_and_each_address_has_its_own():
    now = 0.0
    bucket = Bucket(2, lambda: now)
    assert [bucket.take("a"), bucket.take("a")] == [0, 0]
    assert bucket.take("a") == 30
    assert bucket.take("b") == 0
    now = 30.0
    assert bucket.take("a") == 0
    assert bucket.take("a") > 0


def test_addresses_that_are_silent_are_forgotten():
    bucket = Bucket(1)
    for number in range(REMEMBERED + 10):
        bucket.take(str(number))
    assert len(bucket.left) == REMEMBERED
    assert "0" not in bucket.left
