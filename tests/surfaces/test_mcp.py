"""MCP with the official client over both transports: only what reads, nothing unreleased, no approval."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from app.domain.people import Role
from app.mcp_server import READ_ONLY, http_app
from app.testing.builders import a_gate, some_settings
from app.testing.rest_server import serving
from app.testing.screeners import blocking
from app.wiring import Application, build_application

TODAY = "2026-06-15"
ARGUMENTS: dict[str, dict[str, Any]] = {
    "segmentation-count_audience": {"conditions": [{"field": "lifecycle", "op": "eq", "value": "lapsed"}]},
    "segmentation-profile_audience": {"conditions": [{"field": "lifecycle", "op": "eq", "value": "lapsed"}]},
    "segmentation-compare_audiences": {"audience_a": "aud-none"},
    "retrieval-search_content": {"query": "summer"},
    "retrieval-get_content": {"content_id": "off-summer15"},
    "safety-check_copy": {"text": "Guaranteed results!"},
    "experiment-estimate_sample_size": {"n": 5000, "arms": 2, "baseline": 0.05},
    "experiment-compare_variants": {"variant_a": "A"},
}
ANSWER_BY_THEMSELVES = {
    "segmentation-describe_customers", "segmentation-count_audience", "segmentation-segment_customers",
    "segmentation-profile_audience", "retrieval-search_content", "retrieval-get_content", "safety-check_copy",
    "safety-list_rules", "experiment-estimate_sample_size", "experiment-list_campaigns",
}  # fmt: skip


@asynccontextmanager
async def over_http(url: str, token: str | None = None) -> AsyncGenerator[ClientSession]:
    """A session of the official client over streamable HTTP."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx.AsyncClient(headers=headers, timeout=60) as client,
        streamable_http_client(f"{url}/mcp", http_client=client) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session


async def posted(url: str, headers: dict[str, str]) -> int:
    """The status of a bare request."""
    async with httpx.AsyncClient(headers=headers) as client:
        return (await client.post(f"{url}/mcp", json={})).status_code


def body_of(result: types.CallToolResult) -> dict[str, Any]:
    """The JSON of a result."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return json.loads(content.text)


async def everything_is_read_only(session: ClientSession) -> None:
    """List the tools and call each: all of them read, and answer or say why not."""
    tools = (await session.list_tools()).tools
    assert {tool.name for tool in tools} == READ_ONLY
    assert all(tool.description and tool.inputSchema["type"] == "object" for tool in tools)
    for tool in tools:
        result = await session.call_tool(tool.name, ARGUMENTS.get(tool.name, {}))
        body = body_of(result)
        assert body["ok"] is not result.isError
        if tool.name in ANSWER_BY_THEMSELVES:
            assert body["ok"], (tool.name, body)
        else:
            assert body["ok"] or body["error"] not in ("failed", "unavailable", "unknown_function"), (tool.name, body)
    for name in ("experiment-request_launch", "generation-write_brief", "approve", "segmentation-find_audience"):
        refused = await session.call_tool(name, {})
        assert refused.isError and body_of(refused)["error"] == "unknown_function"
    wrong = await session.call_tool("retrieval-search_content", {"query": 5, "CANARY": "CANARY"})
    assert wrong.isError and "CANARY" not in str(wrong)
    assert body_of(wrong)["error"] == "invalid_arguments"
    missing = await session.call_tool("retrieval-search_content", {})
    assert missing.isError and body_of(missing)["error"] == "invalid_arguments"


async def test_over_standard_input_and_output(sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    environment = {**os.environ, "CPO_HOME": str(home), "CPO_TODAY": TODAY}  # noqa: TID251 - of another process
    command = StdioServerParameters(
        command=sys.executable, args=["-c", "from app.cli import main; main()", "mcp"], env=environment
    )
    with (tmp_path / "errors").open("w") as errors:
        async with stdio_client(command, errlog=errors) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            await everything_is_read_only(session)


async def test_over_http(application: Application) -> None:
    before = len(application.store.approvals_of())
    with serving(application, http_app(application)) as server:
        async with over_http(server.url) as session:
            await everything_is_read_only(session)
        assert await posted(server.url, {"Host": "evil.example"}) == 421
    assert len(application.store.approvals_of()) == before


async def test_over_http_a_canary_does_not_leave(application: Application) -> None:
    application.__dict__["gate"] = a_gate(application.store, blocking("CANARY"))
    with serving(application, http_app(application)) as server:
        async with over_http(server.url) as session:
            for name, arguments in (
                ("safety-check_copy", {"text": "CANARY"}), ("retrieval-search_content", {"query": "CANARY"}),
                ("retrieval-get_content", {"content_id": "CANARY"}), ("CANARY", {}),
            ):  # fmt: skip
                result = await session.call_tool(name, arguments)
                assert result.isError and "CANARY" not in str(result)


async def test_over_http_a_login_is_needed_where_there_are_users(sample_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    made = build_application(some_settings(home=home, today=TODAY, users_file=home / "users.yaml"))
    for name, role in (("ann", Role.MARKETER), ("cy", Role.AUDITOR)):
        made.users_file.add(name, frozenset({role}), None)
    with serving(made, http_app(made)) as server:
        async with over_http(server.url, server.token("ann", Role.MARKETER)) as session:
            assert (await session.list_tools()).tools
        assert await posted(server.url, {}) == 401
        audit = {"Authorization": f"Bearer {server.token('cy', Role.AUDITOR)}"}
        assert await posted(server.url, audit) == 403
    made.close()
