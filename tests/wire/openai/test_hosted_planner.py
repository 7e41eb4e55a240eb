"""The hosted planner over real HTTP: the SDK, semantic-kernel's connectors and our loop against a local server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.functions import kernel_function

from app.agent import Budgets, Prices, Reply
from app.domain.conversation import ToolResult
from app.llm.hosted import azure_chat, openai_chat
from app.testing.builders import an_agent
from app.testing.fake_openai import FakeOpenAI, Fault, fake_openai
from app.workspace import Workspace


class Shop:
    """Two functions to chain and to run in parallel."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @kernel_function(name="find_audience", description="find people")
    def find_audience(self, country: Annotated[str, "ISO country, e.g. GB"]) -> ToolResult:
        return ToolResult(summary=f"120 people in {country}", data={"matched": 120}, handle={"audience_id": "aud-1"})

    @kernel_function(name="write", description="write copy")
    def write(self, audience_id: Annotated[str, "audience"]) -> ToolResult:
        return ToolResult(summary=f"3 variants for {audience_id}", data={"variants": 3})


def openai_service(fake: FakeOpenAI, **changes: Any) -> ChatCompletionClientBase:
    """The OpenAI route."""
    values: dict[str, Any] = {"model": "fake", "timeout_seconds": 2.0, "max_retries": 0, **changes}
    return openai_chat(api_key="k", base_url=fake.url + "/v1", **values)


def azure_service(fake: FakeOpenAI) -> ChatCompletionClientBase:
    """The Azure route."""
    return azure_chat(
        endpoint=fake.url, deployment="desk", api_version="2024-10-21", api_key="k", token_provider=None,
        timeout_seconds=2.0, max_retries=0,
    )  # fmt: skip


async def turn_with(service: ChatCompletionClientBase, text: str = "go", **kwargs: Any) -> Reply:
    """One turn of an agent with the shop's functions, its connections given back."""
    agent = an_agent(service, {"shop": Shop}, **kwargs)
    try:
        return await agent.reply("cnv-1", text)
    finally:
        await agent.close()


@pytest.mark.parametrize("make_service", [openai_service, azure_service])
async def test_a_campaign_turn_with_parallel_and_chained_calls(make_service: Callable[[FakeOpenAI], Any]) -> None:
    with fake_openai(
        [("shop-find_audience", {"country": "GB"}), ("shop-find_audience", {"country": "FR"})],
        [("shop-write", {"audience_id": "aud-1"})],
        "120 people, 3 variants.",
    ) as fake:
        prices = Prices(in_per_million=1.0, out_per_million=2.0)
        reply = await turn_with(make_service(fake), "build it", prices=prices)
    assert reply.text == "120 people, 3 variants."
    assert [(c.round, c.function) for c in reply.turn.calls] == [
        (1, "find_audience"),
        (1, "find_audience"),
        (2, "write"),
    ]
    assert (reply.turn.tokens_in, reply.turn.tokens_out) == (300, 60)
    assert reply.turn.cost == pytest.approx((300 * 1.0 + 60 * 2.0) / 1e6)
    tools = {t["function"]["name"]: t["function"] for t in fake.requests[0]["tools"]}
    assert tools["shop-find_audience"]["parameters"]["properties"]["country"]["type"] == "string"
    roles = [m["role"] for m in fake.requests[2]["messages"]]
    assert roles == ["system", "system", "user", "assistant", "tool", "tool", "assistant", "tool"]
    assert not fake.requests[0].get("stream")


async def test_azure_speaks_azure() -> None:
    with fake_openai("Hello.") as fake:
        await turn_with(azure_service(fake), "hi")
    assert fake.paths == ["/openai/deployments/desk/chat/completions?api-version=2024-10-21"]
    assert fake.headers[0]["api-key"] == "k"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(401, "invalid_api_key"), "refused the key"),
        (Fault(404, "model_not_found"), "does not exist"),
        (Fault(400, "bad_request"), "refused the request"),
        (Fault(400, "content_filter"), "filter"),
        (Fault(429, "rate_limit"), "rate limit"),
        (Fault(500, "oops"), "failed"),
        (Fault(503, "busy"), "failed"),
        (Fault(pause_seconds=3.0), "did not answer in time"),
        (Fault(body="<html>portal</html>"), "no answer"),
        (Fault(empty_choices=True), "no answer"),
        (Fault(text="partial", finish_reason="length"), "cut off"),
        (Fault(text="partial", finish_reason="content_filter"), "cut off"),
        (Fault(text="x", finish_reason="eos"), "no answer"),
        (Fault(text=""), "empty"),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_s5_s17_every_failure_ends_the_turn_in_our_own_words(fault: Fault, words: str) -> None:
    with fake_openai([("shop-find_audience", {"country": "GB"})], fault) as fake:
        reply = await turn_with(openai_service(fake), "go")
    assert words in reply.text
    assert "CANARY-PROVIDER" not in reply.text + str(reply.turn)
    assert "partial" not in reply.text
    assert "120 people in GB" in reply.text  # what was done is kept and said
    assert reply.turn.stopped


async def test_a_server_that_is_not_there() -> None:
    with fake_openai("x") as fake:
        url = fake.url
    service = openai_chat(api_key="k", base_url=url + "/v1", model="m", timeout_seconds=1.0, max_retries=0)
    reply = await turn_with(service, "go")
    assert "cannot be reached" in reply.text


async def test_a_rate_limit_that_passes_is_retried_by_the_sdk() -> None:
    with fake_openai(Fault(429, "rate_limit", headers=(("retry-after-ms", "10"),)), "Hello.") as fake:
        reply = await turn_with(openai_service(fake, max_retries=1))
    assert reply.text == "Hello."
    assert len(fake.requests) == 2


async def test_a_refusal_is_a_reply() -> None:
    with fake_openai(Fault(refusal="I cannot help with that.")) as fake:
        reply = await turn_with(openai_service(fake), "go")
    assert "cannot help" in reply.text


async def test_malformed_and_invented_calls_are_answered_and_mended() -> None:
    with fake_openai(
        [("shop-find_audience", {"land": "GB"}), ("shop-sell_everything", {})],
        [("shop-find_audience", {"country": "GB"})],
        "120 people.",
    ) as fake:
        reply = await turn_with(openai_service(fake), "go")
    assert reply.text == "120 people."
    results = [m["content"] for m in fake.requests[1]["messages"] if m["role"] == "tool"]
    assert "invalid_arguments" in results[0] and "unknown_function" in results[1]
    assert "sell_everything" not in results[1]


async def test_a_token_budget_ends_the_turn() -> None:
    with fake_openai([("shop-find_audience", {"country": "GB"})], "x") as fake:
        reply = await turn_with(openai_service(fake), budgets=Budgets(tokens=1000))
        assert reply.turn.stopped is None
    with fake_openai(*[[("shop-find_audience", {"country": "GB"})]] * 5) as fake:
        reply = await turn_with(openai_service(fake), budgets=Budgets(tokens=300))
    assert reply.turn.stopped is not None and "300 tokens" in reply.turn.stopped
