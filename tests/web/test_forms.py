"""The fields and file names of a form are UTF-8, and nothing else is tried."""

from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

CHARSETS = [
    *("punycode", "undefined", "utf-7", "unicode_escape", "raw_unicode_escape", "idna", "hex"),
    *("latin-1", "utf-16", "no-such", "base64", "\x00"),
]
PATHS = ["/api/models", "/api/train"]


@pytest.fixture(scope="module")
def server():
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client


def form(name=b"title", text=b"a title", filename=b"words.csv") -> bytes:
    return b"\r\n".join(
        [
            b"--b",
            b'Content-Disposition: form-data; name="%s"' % name,
            b"",
            text,
            b"--b",
            b'Content-Disposition: form-data; name="file"; filename="%s"' % filename,
            b"",
            b"nothing",
            b"--b--",
            b"",
        ]
    )


def send(server, path, body, content_type: str | bytes = "multipart/form-data; boundary=b"):
    return server.post(path, content=body, headers={"content-type": content_type})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("charset", CHARSETS)
def test_another_charset_is_refused_before_the_form_is_read(server, path, charset):
    content_type = f'multipart/form-data; boundary=b; charset="{charset}"'
    with patch("app.web.forms.MultiPartParser") as parser:
        answer = send(server, path, form(), content_type.encode())
    assert (answer.status_code, parser.called) == (422, False)
    assert "UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("field", ["name", "text", "filename"])
def test_what_is_not_utf_8_is_refused_wherever_it_stands(server, path, field):
    answer = send(server, path, form(**{field: b"\xe9\xff"}))
    assert answer.status_code == 422
    assert "is not UTF-8" in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "b" * 500,
        "multipart/form-data; boundary=other",
        'multipart/form-data; boundary="a\\"b"',
    ],
)
def test_a_form_without_its_boundary_is_refused(server, path, content_type):
    answer = send(server, path, form(), content_type)
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) < 300


def test_a_title_of_any_script_arrives_as_it_was_typed(server):
    title = "Größe 長い 🙂"
    csv = "text,label\ngood day,good\nbad day,bad\n" * 20
    for charset in ("", "; charset=utf-8", "; charset=UTF8"):
        parts = [
            b"--b",
            b'Content-Disposition: form-data; name="title"',
            b"",
            title.encode(),
            b"--b",
            b'Content-Disposition: form-data; name="epochs"',
            b"",
            b"1",
            b"--b",
            'Content-Disposition: form-data; name="file"; filename="größe.csv"'.encode(),
            b"",
            csv.encode(),
            b"--b--",
            b"",
        ]
        kind = f"multipart/form-data; boundary=b{charset}"
        answer = send(server, "/api/train", b"\r\n".join(parts), kind)
        assert answer.status_code == 202, answer.text
        job = answer.json()["job"]
        assert server.get(f"/api/train/{job}").json()["title"] == title
        server.delete(f"/api/train/{job}")
