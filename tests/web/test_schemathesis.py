"""Whatever the API's own document allows, and much that it does not: never a fault of ours.

Every answer has a status, a type and a form that the document declares. Trainings are taken in, and
wait: whether they run is for other tests.
"""

from collections.abc import Callable

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import checks

from app.jobs import Jobs
from app.main import create_app
from app.settings import Settings


class Waiting(Jobs):
    """Trainings that never begin."""

    def _fill(self) -> None:
        pass


def still_app() -> FastAPI:
    """The application, without processes of its own."""
    app = create_app(Settings())
    jobs: Jobs = app.state.jobs
    app.state.jobs = Waiting(jobs.epochs, jobs.keep, waiting=100)
    return app


DOCUMENT = schemathesis.openapi.from_asgi("/openapi.json", still_app())
WHOLE_PAGE = "/api/export"  # each answer is a page with everything in it
HELD = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


def so_often(examples: int, *, derandomize: bool = True) -> Callable[[Callable], Callable]:
    """As many examples, the same at each run or others each time."""
    return settings(
        max_examples=examples,
        derandomize=derandomize,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        database=None,
    )


@DOCUMENT.exclude(path=WHOLE_PAGE).parametrize()
@so_often(20)
def test_every_operation_answers_as_it_says(case):
    case.call_and_validate(checks=HELD, timeout=60)


@DOCUMENT.include(path=WHOLE_PAGE).parametrize()
@so_often(3)  # soak asks for sixty
def test_the_page_as_a_file_answers_as_it_says(case):
    case.call_and_validate(checks=HELD, timeout=60)


@pytest.mark.soak
@DOCUMENT.exclude(path=WHOLE_PAGE).parametrize()
@so_often(300, derandomize=False)
def test_every_operation_answers_as_it_says_to_examples_by_chance(case):
    case.call_and_validate(checks=HELD, timeout=60)


@pytest.mark.soak
@DOCUMENT.include(path=WHOLE_PAGE).parametrize()
@so_often(60, derandomize=False)
def test_the_page_as_a_file_answers_as_it_says_to_examples_by_chance(case):
    case.call_and_validate(checks=HELD, timeout=60)
