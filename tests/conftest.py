"""What several tests need: the application, without a network between."""

import os
from collections.abc import Iterator

import httpx
import jaxtyping
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings

# the shapes in annotations are checked where cells and networks are what is tested: tests/core
jaxtyping.config.update("jaxtyping_disable", True)


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient | httpx.Client]:
    if address := os.environ.get("LSTM_VIZ_TEST_ADDRESS"):  # a server that runs elsewhere
        with httpx.Client(base_url=address, timeout=30) as client:
            yield client
        return
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as client:
        yield client
