"""The REST interface under requests made from its own description: no 500, no undescribed answer, no echo."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.people import Role
from app.domain.safety import Decision, Draft
from app.gate import CANARIES
from app.testing.builders import a_gate, some_settings
from app.testing.rest_server import RestServer, serving
from app.testing.screeners import ScriptedScreener
from app.wiring import build_application
from plugins.segmentation.sample_shop import SAMPLE_ID, write_sample_shop

load_all_checks()
CANARY = "CANARY"
CUSTOMERS = 300
"""Few enough that every way of making segments takes moments."""
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
FEW = settings(
    max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW,
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


def judge(draft: Draft) -> Decision:
    """Block what holds the canary, and the texts with which a gate checks itself."""
    return Decision.BLOCK if CANARY in draft.text or draft in CANARIES else Decision.ALLOW


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[RestServer]:
    """A server with a login, whose gate blocks every text with the canary."""
    home = tmp_path_factory.mktemp("fuzz") / "home"
    write_sample_shop(home / "datasets" / SAMPLE_ID, date(2026, 6, 15), customers=CUSTOMERS)
    made = build_application(
        some_settings(home=home, today="2026-06-15", users_file=home / "users.yaml", requests_per_minute=1_000_000)
    )
    made.prepare()
    made.users_file.add("root", frozenset({Role.ADMIN}), None)
    made.__dict__["gate"] = a_gate(made.store, ScriptedScreener(judge))
    with serving(made) as running:
        yield running
    made.close()


@pytest.fixture(scope="module")
def rest(server: RestServer) -> Any:
    """The description as the server gives it."""
    return schemathesis.openapi.from_url(f"{server.url}/openapi.json", timeout=60)


def by_topic(rest: Any) -> dict[str, list[Any]]:
    """The operations by their topic."""
    found: dict[str, list[Any]] = {}
    for result in rest.get_all_operations():
        operation = result.ok()
        found.setdefault(operation.tags[0], []).append(operation)
    return found


TOPICS = ("turns", "audiences", "content", "generation", "screening", "experiments", "approvals", "results",
          "campaigns", "audit", "session", "health", "first paths")  # fmt: skip


def test_every_topic_is_tried(rest: Any) -> None:
    assert set(by_topic(rest)) == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_a_client_sends_breaks_it(topic: str, rest: Any, server: RestServer) -> None:
    """Requests that fit the description, and the same with a canary in every string."""
    token = {"Authorization": f"Bearer {server.token('root', Role.ADMIN)}"}
    for operation in by_topic(rest)[topic]:

        @FEW
        @given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            response = case.call(headers=token, timeout=60)
            assert response.status_code < 500, response.text
            case.validate_response(response, checks=CHECKS)
            case.body = with_canary(case.body)
            case.path_parameters = with_canary(case.path_parameters)
            case.query = with_canary(case.query)
            answer = case.call(headers={**token, "X-Canary": CANARY}, timeout=60)
            assert answer.status_code < 500, answer.text
            assert CANARY not in answer.text and CANARY not in str(answer.headers)

        try_it()


def with_canary(value: Any) -> Any:
    """The value with the canary in place of every string."""
    if isinstance(value, str):
        return CANARY
    if isinstance(value, dict):
        return {key: with_canary(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_canary(item) for item in value]
    return value
