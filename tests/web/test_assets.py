import gzip
import json
import os
import re
from pathlib import Path
from urllib.parse import unquote

import brotli
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.web.assets import accepts, create_assets

STATIC = Path(__file__).parents[2] / "static"
SCRIPT = 'export const greeting = "Good Day";\n' * 40


@pytest.fixture
def directory(tmp_path):
    folder = tmp_path / "static"
    (folder / "views").mkdir(parents=True)
    (folder / "main.js").write_text(SCRIPT)
    (folder / "main.js.br").write_bytes(brotli.compress(SCRIPT.encode()))
    (folder / "views" / "cell.css").write_text("body { margin: 0; }")
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / ".secret").write_text("hidden")
    (tmp_path / "outside.txt").write_text("outside")
    return folder


def client_of(assets):
    return TestClient(Starlette(routes=[Mount("/static", app=assets)]))


@pytest.fixture
def assets(directory):
    return create_assets(directory)


@pytest.fixture
def client(assets):
    return client_of(assets)


def raw(client, address, **headers):
    """Body as it came over the wire, before any decoding."""
    with client.stream("GET", address, headers=headers) as response:
        return response, b"".join(response.iter_raw())


def test_address_in_the_page_is_cached_for_ever(client, assets):
    response = client.get(assets.url("main.js"))
    assert response.status_code == 200
    assert response.text == SCRIPT
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_address_with_an_old_hash_answers_but_is_not_cached_for_ever(client):
    response = client.get("/static/0123456789abcdef/main.js")
    assert response.text == SCRIPT
    assert response.headers["cache-control"] == "no-cache"


def test_one_hash_names_the_whole_tree(assets):
    assert assets.url("main.js") == f"/static/{assets.hash}/main.js"
    assert assets.url("views/cell.css") == f"/static/{assets.hash}/views/cell.css"


def test_hash_follows_the_content_and_not_the_clock(directory):
    before = create_assets(directory).hash
    os.utime(directory / "main.js", (1, 1))
    assert create_assets(directory).hash == before
    (directory / "views" / "cell.css").write_text("body { margin: 1px; }")
    assert create_assets(directory).hash != before


def test_hash_follows_the_names(directory):
    before = create_assets(directory).hash
    (directory / "picture.png").rename(directory / "image.png")
    assert create_assets(directory).hash != before


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("main.js", "text/javascript; charset=utf-8"),
        ("views/cell.css", "text/css; charset=utf-8"),
        ("picture.png", "image/png"),
    ],
)
def test_content_type_follows_the_suffix(client, assets, name, content_type):
    assert client.get(assets.url(name)).headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("*", "br", brotli.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_client_gets_the_best_encoding_it_accepts(client, assets, accepted, encoding, decode):
    response, body = raw(client, assets.url("main.js"), **{"accept-encoding": accepted})
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    assert int(response.headers["content-length"]) == len(body)
    assert decode(body).decode() == SCRIPT


def test_pictures_are_not_compressed_again(client, assets):
    response, body = raw(client, assets.url("picture.png"), **{"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers
    assert body == b"\x89PNG"


def test_each_encoding_has_its_own_tag(client, assets):
    tags = {
        client.get(assets.url("main.js"), headers={"accept-encoding": accepted}).headers["etag"]
        for accepted in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


def test_known_tag_is_answered_without_a_body(client, assets):
    url = assets.url("main.js")
    tag = client.get(url).headers["etag"]
    response = client.get(url, headers={"if-none-match": f'W/"other", {tag}'})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["etag"] == tag
    assert response.headers["cache-control"].endswith("immutable")
    assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(client, assets):
    url = assets.url("main.js")
    head = client.head(url)
    assert head.content == b""
    assert head.headers == client.get(url).headers


def test_documentation_stays_here_and_lines_keep_their_numbers(directory):
    script = """/**
 * What it does.
 */
export const a = 1; /** kept */
// why
/** @type {x} */ let c;
  /** One line. */
export const b = 2;
"""
    (directory / "main.js").write_text(script)
    assets = create_assets(directory)
    sent = client_of(assets).get(assets.url("main.js"), headers={"accept-encoding": "gzip"}).text
    kept = ["export const a = 1; /** kept */", "// why", "/** @type {x} */ let c;"]
    assert sent.splitlines() == ["", "", "", *kept, "", "export const b = 2;"]


def test_no_module_holds_a_comment_that_is_text():
    for path in STATIC.rglob("*.js"):
        if "vendor" in path.parts:
            continue
        within = re.findall(r"`[^`]*`", path.read_text("utf-8"))
        assert not any(re.search(r"^\s*/\*\*", text, re.MULTILINE) for text in within), path


def test_a_module_is_served_with_those_it_needs_and_each_can_be_had_alone(directory):
    (directory / "main.js").write_text('import { one } from "./views/one.js";\nalert(one);\n')
    (directory / "main.js.br").unlink()
    (directory / "views" / "one.js").write_text("export const one = 1;\n")
    assets = create_assets(directory, entry="main.js")
    served = client_of(assets).get(assets.url("main.js")).text
    assert "const one = 1;" in served
    assert "./views/one.js" not in served
    assert './views/one.js"' in assets.text("main.js")
    developing = create_assets(directory, entry="main.js", reload=True)
    text = client_of(developing).get(developing.url("main.js")).text
    assert text == assets.text("main.js")


def test_style_sheets_are_served_as_one_in_their_order(directory):
    (directory / "last.css").write_text("body { margin: 1px; }")
    assets = create_assets(directory, sheets={"page.css": ["views/cell.css", "last.css"]})
    client = client_of(assets)
    response = client.get(assets.url("page.css"))
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["cache-control"].endswith("immutable")
    assert response.text == "body { margin: 0; }\nbody { margin: 1px; }"
    tag = response.headers["etag"]
    again = client.get(assets.url("page.css"), headers={"if-none-match": tag})
    assert again.status_code == 304


def test_writing_is_refused(client, assets):
    response = client.post(assets.url("main.js"))
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert set(response.json()) == {"detail"}


@pytest.mark.parametrize(
    "name",
    [
        "missing.js",
        "",
        "views",
        "views/",
        ".secret",
        "main.js.br",
        "../outside.txt",
        "%2e%2e/outside.txt",
        "..%2foutside.txt",
        "..%5coutside.txt",
        "views/../../outside.txt",
        "views/../main.js",
        "/etc/passwd",
        "main.js%00",
    ],
)
def test_nothing_but_the_files_can_be_named(assets, name):
    # as a server hands the path on: a client would straighten it first
    for path in (name, unquote(name)):
        answer = assets.respond("GET", f"/{assets.hash}/{path}", Headers({}))
        assert answer.status_code == 404
        assert set(json.loads(answer.body)) == {"detail"}


def test_address_of_a_missing_file_is_an_error_for_the_page_and_not_for_the_visitor(assets):
    with pytest.raises(KeyError, match=r"missing\.js"):
        assets.url("missing.js")


def test_edited_file_shows_without_a_restart_while_developing(directory):
    assets = create_assets(directory, reload=True)
    client = client_of(assets)
    before = assets.url("main.js")
    (directory / "main.js").write_text("edited")
    (directory / "main.js.br").unlink()
    os.utime(directory / "main.js", (1, 1))
    assert client.get(before).headers["cache-control"] == "no-cache"
    assert assets.url("main.js") != before
    assert client.get(assets.url("main.js")).text == "edited"
    (directory / "new.js").write_text("new")
    assert client.get(assets.url("new.js")).text == "new"


def test_files_are_read_once_while_serving(directory, assets, client):
    (directory / "main.js").write_text("edited")
    assert client.get(assets.url("main.js")).text == SCRIPT


def test_plotly_travels_compressed():
    assets = create_assets(STATIC)
    bundle = assets.url("vendor/plotly-cartesian-4.1.1.min.js")
    response, body = raw(client_of(assets), bundle, **{"accept-encoding": "br"})
    assert response.headers["content-encoding"] == "br"
    assert len(body) < 450_000


@pytest.mark.parametrize(
    ("header", "encoding", "accepted"),
    [
        ("gzip;q=0.5", "gzip", True),
        ("gzip; q=0.001", "gzip", True),
        ("gzip;q=0", "gzip", False),
        ("gzip;q=0.000", "gzip", False),
        ("GZIP", "gzip", True),
        ("*;q=0", "br", False),
        ("*;q=0, br", "br", True),
        ("x-gzip-like", "gzip", False),
    ],
)
def test_weights_in_accept_encoding_are_obeyed(header, encoding, accepted):
    assert accepts(header, encoding) is accepted
