"""The REST interface under requests made from its own description: no 500, no undescribed answer, no echo."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.people import Role
from app.testing.builders import a_gate, some_settings
from app.testing.rest_server import RestServer, serving
from app.testing.screeners import blocking
from app.wiring import build_application

load_all_checks()
CANARY = "CANARY"
SLOW = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
    HealthCheck.data_too_large,
]
FEW = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[RestServer]:
    """A server with a login, whose gate blocks every text with the canary."""
    home = tmp_path_factory.mktemp("fuzz") / "home"
    shutil.copytree(sample_home, home)
    made = build_application(
        some_settings(home=home, today="2026-06-15", users_file=home / "users.yaml", requests_per_minute=1_000_000)
    )
    made.users_file.add("root", frozenset({Role.ADMIN}), None)
    made.__dict__["gate"] = a_gate(made.store, blocking(CANARY))
    with serving(made) as running:
        yield running
    made.close()


@pytest.fixture(scope="module")
def rest(server: RestServer) -> Any:
    """The description as the server gives it."""
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json")


described = schemathesis.pytest.from_fixture("rest")


@described.parametrize()
@FEW
def test_nothing_a_client_sends_breaks_it(case: Any, server: RestServer) -> None:
    """Requests that fit the description, and the same with a canary in every string."""
    token = {"Authorization": f"Bearer {server.token('root', Role.ADMIN)}"}
    response = case.call(headers=token)
    assert response.status_code < 500, response.text
    case.validate_response(
        response, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
    )
    planted = copy.copy(case)
    planted.body = with_canary(case.body)
    planted.path_parameters = with_canary(case.path_parameters)
    planted.query = with_canary(case.query)
    answer = planted.call(headers={**token, "X-Canary": CANARY})
    assert answer.status_code < 500, answer.text
    assert CANARY not in answer.text and CANARY not in str(answer.headers)


def with_canary(value: Any) -> Any:
    """The value with the canary in place of every string."""
    if isinstance(value, str):
        return CANARY
    if isinstance(value, dict):
        return {key: with_canary(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_canary(item) for item in value]
    return value
