"""The chat itself, over its own websocket and HTTP: a canary in every untrusted place, and none comes out.

The last test of the first part lets everything pass, and must see the canary where the others must not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from app.testing.canaries import CANARY, FAULTS, leaky_steps, traces_of

if TYPE_CHECKING:
    from conftest import Browser, Server
else:
    Browser = Server = Any

CSV = f"customer_id,first_name,{CANARY}\nC1,{CANARY},1\nC2,x{CANARY},2\n"


def stored(server: Server) -> list[str]:
    """Return the files of the installation that hold the canary."""
    server.application.store.checkpoint()
    return traces_of(server.application.settings.home)


@pytest.fixture(params=FAULTS)
def fault(request: pytest.FixtureRequest, server: Server) -> Generator[str]:
    """The gate set to deny, raise and hang in turn."""
    server.arm(request.param)
    yield request.param
    server.screener.switch("open")


@pytest.mark.statement("S1", "S8", "S10", "S55", "S56", "S57", "S58", "S59", "S62")
async def test_no_canary_leaves_a_chat(
    server: Server, browser: Browser, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    server.say(*leaky_steps())
    await browser.send(f"{CANARY}: build a campaign")  # the first message is also the title of the thread
    server.say(RuntimeError(f"exception {CANARY}"))
    await browser.send("and again")
    assert browser.leaks() == []
    assert any(event == "new_message" for event, _ in browser.events)
    assert stored(server) == []
    assert [line for line in server.records.lines if CANARY in line] == []
    out, err = capfd.readouterr()
    assert CANARY not in out + err


@pytest.mark.statement("S39", "S55", "S56")
async def test_no_canary_leaves_by_an_upload(server: Server, browser: Browser, fault: str) -> None:
    server.say(*leaky_steps())
    file = await browser.upload(f"{CANARY}.csv", CSV)
    await browser.send(f"load {CANARY}", (file,))
    assert browser.leaks() == []
    assert stored(server) == []


async def test_the_canary_is_seen_where_the_gate_is_open(server: Server, browser: Browser) -> None:
    server.arm("open")
    server.say(*leaky_steps())
    file = await browser.upload(f"{CANARY}.csv", CSV)
    await browser.send(f"{CANARY} hello", (file,))
    kinds = {event for event, data in browser.events if CANARY in json.dumps(data, default=str)}
    assert kinds >= {"new_message", "update_message", "first_interaction", "element"}, kinds
    await browser.press("Load as customers")  # the button under the proposed column mapping
    said = [data["output"] for event, data in browser.events if event == "new_message"]
    assert "2 rows read, 2 loaded" in said[-1]
    assert stored(server) != []


def turns_of(browser: Browser) -> list[str]:
    """Return the ids of the turns that were shown."""
    cards = [data["props"] for event, data in browser.events if event == "element" and data.get("name") == "TurnCard"]
    return [card["turn"] for card in cards]


async def test_a_trace_is_given_out_screened_anew_and_to_its_owner_alone(server: Server, browser: Browser) -> None:
    server.arm("open")
    server.say(*leaky_steps())
    await browser.send("hello")
    (turn,) = turns_of(browser)
    head, *called = [json.loads(part) for part in (await browser.trace(turn))["trace"]]
    assert (head["turn"], len(called)) == (turn, len(server.application.store.turn(turn).calls))  # pyright: ignore[reportOptionalMemberAccess]
    assert CANARY in str(called)
    browser.received.clear()
    server.arm("deny")
    assert (await browser.trace(turn))["trace"] and browser.leaks() == []
    server.arm("open")
    stranger = await server.application.agent.reply("somebody-elses", "hello", person="somebody else")
    assert "no such turn" in (await browser.trace(stranger.turn.id))["problem"]
    assert "no such turn" in (await browser.trace("trn-none"))["problem"]
    server.screener.switch("open")


# --- the routes

DRIVEN = {("GET", "/"), ("GET", "/health"), ("GET", "/services"), ("GET", "/openapi.json")}
"""The routes that the description of the interface leaves out; those in it are driven as it describes them."""

HOSTILE: dict[str, Any] = {"params": {"q": CANARY, "session_id": CANARY}, "headers": {"x-note": CANARY}}
BODY = {"sessionId": CANARY, CANARY: CANARY, "action": {"name": CANARY, "payload": {CANARY: 1}, "id": CANARY}}


def routes_of(routes: Sequence[BaseRoute], prefix: str = "") -> set[tuple[str, str]]:
    """Return method and path of every HTTP route, of included routers too; a kind of route it does not know fails."""
    found: set[tuple[str, str]] = set()
    for route in routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            found |= routes_of(included.routes, prefix + route.include_context.prefix)  # pyright: ignore[reportAttributeAccessIssue]
        elif isinstance(route, Route):
            found |= {(method, prefix + route.path) for method in (route.methods or {"GET"}) - {"HEAD", "OPTIONS"}}
        else:
            assert isinstance(route, Mount), f"{route!r} is a way out that nobody drives"
    return found


def requests_of(api: FastAPI) -> dict[tuple[str, str], dict[str, Any]]:
    """Return every route with a body that fits its description and has the canary in every free string."""
    described = api.openapi()
    found: dict[tuple[str, str], dict[str, Any]] = {route: {} for route in DRIVEN}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            body = {"json": filled(content["schema"], described)} if content else {}
            found[method.upper(), path] = body
    return found


def filled(schema: Any, described: Any, depth: int = 0) -> Any:
    """Return a value that fits a JSON schema, with the canary in every string that may be anything: ids may not."""
    schema = schema["anyOf"][0] if "anyOf" in schema else schema
    if "$ref" in schema:
        return filled(described["components"]["schemas"][schema["$ref"].split("/")[-1]], described, depth)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if "pattern" in schema:
        return "plain-id"
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("properties", {}) if depth < 3 else {}
        return {name: filled(part, described, depth + 1) for name, part in wanted.items()} or {CANARY: CANARY}
    if kind == "array":
        return [filled(schema.get("items", {}), described, depth + 1)]
    return {"integer": 2, "number": 0.5, "boolean": True}.get(str(kind), CANARY)


@pytest.mark.statement("S60")
def test_every_route_is_driven(server: Server) -> None:
    assert routes_of(server.api.routes) == set(requests_of(server.api)), "a route that is not described: see DRIVEN"
    assert [route.path for route in server.api.routes if isinstance(route, Mount)] == ["/chat"]


@pytest.mark.statement("S60", "S61")
async def test_no_canary_leaves_by_a_route(server: Server, browser: Browser, fault: str) -> None:
    for (method, path), wanted in requests_of(server.api).items():
        await browser.request(method, re.sub(r"\{[^}]+\}", CANARY, path), **{**HOSTILE, **wanted})
    for method, path in (("GET", f"/{CANARY}"), ("POST", f"/{CANARY}"), ("PATCH", "/health")):
        await browser.request(method, path, **HOSTILE)
    assert browser.leaks() == []


@pytest.mark.statement("S60", "S61")
async def test_no_canary_leaves_by_a_route_of_the_chat(server: Server, browser: Browser, fault: str) -> None:
    from chainlit.server import app as chat

    routes = routes_of(chat.routes)
    assert len(routes) > 20
    for method, path in sorted(routes):
        address = "/chat" + re.sub(r"\{[^}]+\}", CANARY, path)
        await browser.request(method, address, **HOSTILE)
        if method != "GET":
            await browser.request(method, address, **HOSTILE, json=BODY)
            await browser.request(method, address, **HOSTILE, json={**BODY, "sessionId": browser.session})
    assert browser.leaks() == []
