"""Whole conversations with a hosted planner, against an emulator of the API that is not ours, by both routes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.testing.builders import some_settings
from app.testing.emulator import emulator_of, why_missing
from app.wiring import Application, build_application

HERE = Path(__file__).parent
MISSING = why_missing(HERE)
pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)
TODAY = "2026-06-15"
CONVERSATION = "cnv-emulated"


def openai_route(url: str) -> dict[str, Any]:
    """The settings of OpenAI or a compatible service."""
    return {"openai_api_key": "k", "openai_base_url": f"{url}/v1", "openai_model": "gpt-4o-mini"}


def azure_route(url: str) -> dict[str, Any]:
    """The settings of a deployment of Azure OpenAI."""
    return {"azure_openai_endpoint": url, "azure_openai_api_key": "k", "azure_openai_deployment": "gpt-4o-mini"}


def application_at(home: Path, sample_home: Path, values: dict[str, Any]) -> Application:
    """The whole application over a copy of the sample shop."""
    shutil.copytree(sample_home, home)
    return build_application(some_settings(home=home, today=TODAY, **values))


@pytest.mark.parametrize("route", [openai_route, azure_route])
async def test_a_campaign_is_built_asked_about_and_held_at_launch(
    route: Callable[[str], dict[str, Any]], sample_home: Path, tmp_path: Path
) -> None:
    with emulator_of(HERE) as emulator:
        application = application_at(tmp_path / "home", sample_home, route(emulator.url))
        try:
            said = application.agent.reply
            built = await said(CONVERSATION, "Build a summer campaign for lapsed high-value customers")
            asked = await said(CONVERSATION, "And who is in it?")
            invented = await said(CONVERSATION, "Tell me how many exactly.")
            launched = await said(CONVERSATION, "Good, launch it.")
        finally:
            await application.agent.close()
            application.close()
        requests = emulator.requests()
    assert built.text == "The campaign is drafted. Nothing was sent."
    assert [(c.round, c.function, c.ok) for c in built.turn.calls] == [
        (1, "find_audience", True), (1, "search_content", True), (2, "write_brief", True), (3, "draft_variants", True),
        (4, "plan_experiment", False), (5, "plan_experiment", True),
    ]  # fmt: skip
    assert {a.kind for a in built.turn.artifacts} >= {"audience", "brief", "variant", "experiment", "campaign"}
    assert built.turn.tokens_in > 0
    assert [c.function for c in asked.turn.calls] == ["profile_audience"] and asked.text.startswith("They are lapsed")
    assert "987654" not in invented.text
    assert [c.function for c in launched.turn.calls] == ["request_launch"]
    assert [pending.kind for pending in launched.turn.pending_approvals] == ["launch"]
    planned = [request for request in requests if request.get("tools")]
    formats = [request["response_format"] for request in requests if "response_format" in request]
    assert formats and all(form["json_schema"]["strict"] for form in formats)  # the writer's
    assert '"default"' not in json.dumps(formats)
    first = {tool["function"]["name"] for tool in planned[0]["tools"]}
    assert {"segmentation-find_audience", "experiment-request_launch"} <= first
    assert not any("approve" in name for name in first)
    answered = [m["tool_call_id"] for m in planned[1]["messages"] if m["role"] == "tool"]
    assert answered == ["call_people", "call_content"]


@pytest.mark.parametrize("fault", ["--chaos-drop", "--chaos-malformed", "--chaos-disconnect", "--chaos-ratelimit"])
async def test_a_service_that_fails_is_said_to_fail(fault: str, sample_home: Path, tmp_path: Path) -> None:
    with emulator_of(HERE, fault, "1") as broken:
        values = {**openai_route(broken.url), "llm_max_retries": 0}
        application = application_at(tmp_path / "home", sample_home, values)
        try:
            reply = await application.agent.reply(CONVERSATION, "Build a summer campaign for lapsed customers")
        finally:
            await application.agent.close()
            application.close()
    assert reply.turn.calls == ()
    assert reply.turn.planner == "gpt-4o-mini"  # nothing steps in for it in silence
    assert reply.turn.stopped
    assert "planner unavailable" in reply.text
