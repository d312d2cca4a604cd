"""Whatever the API's own document allows, and much that it does not: never a fault of ours.

Every answer has a status, a type and a form that the document declares.
"""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import checks

from app.main import create_app
from app.settings import Settings

DOCUMENT = schemathesis.openapi.from_asgi("/openapi.json", create_app(Settings()))
HELD = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@DOCUMENT.parametrize()
@settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    database=None,
)
def test_every_operation_answers_as_it_says(case):
    case.call_and_validate(checks=HELD)
