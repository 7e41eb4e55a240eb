"""The chat itself, over its own websocket and HTTP: a canary in every untrusted place, and none comes out.

One server for the module (Chainlit is one per process); the screener behind its gate is switched between faults. The
last test lets everything pass, and must see the canary where the others must not.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import uuid
from collections.abc import AsyncGenerator, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import socketio
import uvicorn
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route

from app import wiring
from app.testing.builders import some_settings
from app.testing.canaries import CANARY, FAULTS, SwitchedScreener, leaky_steps, load_inputs, traces_of
from app.testing.scripted_planner import ScriptedPlanner, Step
from app.wiring import Application, build_application

PATIENCE = 30.0
CSV = f"customer_id,first_name,{CANARY}\nC1,{CANARY},1\nC2,x{CANARY},2\n"


class Records(logging.Handler):
    """Keeps every log record as text."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record) + str(vars(record)))


@dataclass
class Server:
    """The running chat, and what tests change in it."""

    url: str
    application: Application
    screener: SwitchedScreener
    records: Records
    api: FastAPI

    def arm(self, fault: str) -> None:
        """Switch the gate to a fault, with a short patience for the one that hangs."""
        self.records.lines.clear()
        self.application.gate._deadline = 0.05 if fault == "hang" else 5.0  # pyright: ignore[reportPrivateUsage]
        self.screener.switch(fault)

    def say(self, *steps: Step) -> None:
        """Let the planner answer with these steps."""
        agent = self.application._agent(ScriptedPlanner.of(*steps))  # pyright: ignore[reportPrivateUsage]
        self.application.__dict__["agent"] = agent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The whole application, chat included, on 127.0.0.1."""
    folder = tmp_path_factory.mktemp("chat")
    settings = some_settings(home=folder / "home", today="2026-06-15")
    prepared = build_application(settings)
    load_inputs(prepared, folder)
    prepared.close()
    screener, records = SwitchedScreener(), Records()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Application, "_screening", lambda self: screener)
        patch.setattr("app.gate.Gate.self_check", lambda self: None)
        patch.setattr(wiring, "_running", [])
        logging.getLogger().addHandler(records)
        from app.api import create_app

        api = create_app(settings)
        served = uvicorn.Server(uvicorn.Config(api, port=0, log_level="warning", access_log=False))
        thread = threading.Thread(target=served.run)
        thread.start()
        while not served.started:
            threading.Event().wait(0.02)
        port = served.servers[0].sockets[0].getsockname()[1]
        yield Server(f"http://127.0.0.1:{port}", wiring.running_application(), screener, records, api)
        screener.switch("open")
        served.should_exit = True
        thread.join(20)
        wiring.running_application().close()
        logging.getLogger().removeHandler(records)


@dataclass
class Browser:
    """A chat client: what it received over the websocket and over HTTP, as text."""

    server: Server
    http: aiohttp.ClientSession
    socket: socketio.AsyncClient
    session: str
    received: list[str] = field(default_factory=list[str])
    events: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def catch(self, event: str, data: Any = None) -> None:
        self.events.append((event, data))
        self.received.append(f"{event} {json.dumps(data, ensure_ascii=False, default=str)}")
        if event == "task_end":
            self.idle.set()

    async def send(self, text: str, files: tuple[str, ...] = ()) -> None:
        """Send a message and wait until the turn is over."""
        message = {
            "id": str(uuid.uuid4()), "threadId": "", "type": "user_message", "name": "user", "output": text,
            "createdAt": "2026-06-15T12:00:00Z",
        }  # fmt: skip
        self.idle.clear()
        await self.socket.emit("client_message", {"message": message, "fileReferences": [{"id": f} for f in files]})
        await asyncio.wait_for(self.idle.wait(), PATIENCE)
        await self.settle()

    async def settle(self) -> None:
        """Wait until nothing more arrives: elements and titles are sent by tasks of their own."""
        seen = -1
        while seen != len(self.received):
            seen = len(self.received)
            await asyncio.sleep(0.3)

    async def request(self, method: str, path: str, **kwargs: Any) -> str:
        """Do a request; its body and headers count as received."""
        async with self.http.request(method, self.server.url + path, allow_redirects=False, **kwargs) as answer:
            body = await answer.text(errors="replace")
            self.received.append(f"{answer.status} {dict(answer.headers)} {body}")
            return body

    async def trace(self, turn: str) -> dict[str, Any]:
        """Ask for the trace of a turn as the button under its reply does."""
        action = {"name": "trace", "payload": {"turn": turn}, "id": str(uuid.uuid4())}
        body = {"sessionId": self.session, "action": action}
        answer = json.loads(await self.request("POST", "/chat/project/action", json=body))
        return answer.get("response") or {}

    async def upload(self, name: str, content: str) -> str:
        """Upload a file and return its id."""
        form = aiohttp.FormData()
        form.add_field("file", content.encode(), filename=name, content_type="text/csv")
        body = await self.request("POST", f"/chat/project/file?session_id={self.session}", data=form)
        return str(json.loads(body)["id"])

    async def press(self, label: str) -> None:
        """Press the button whose label begins like this."""
        shown = [data for event, data in self.events if event == "action" and data["label"].startswith(label)]
        assert shown, f"no button {label} was shown"
        await self.request("POST", "/chat/project/action", json={"sessionId": self.session, "action": shown[0]})
        await self.settle()

    def leaks(self) -> list[str]:
        """Return what came with the canary in it."""
        return [text[:400] for text in self.received if CANARY in text]


@pytest.fixture
async def browser(server: Server) -> AsyncGenerator[Browser]:
    """A connected chat client."""
    jar, connector = aiohttp.CookieJar(unsafe=True), aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=jar) as http:
        async with http.post(server.url + "/chat/auth/header") as answer:
            assert answer.status == 200
        cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in jar)
        made = Browser(server, http, socketio.AsyncClient(http_session=http, reconnection=False), str(uuid.uuid4()))
        made.socket.on("*", made.catch)
        auth = {"clientType": "webapp", "sessionId": made.session, "threadId": "", "userEnv": "{}", "chatProfile": ""}
        await made.socket.connect(
            server.url, auth=auth, headers={"Cookie": cookies, "Origin": server.url},
            socketio_path="/chat/ws/socket.io", transports=["websocket"], wait_timeout=10,
        )  # fmt: skip
        await made.socket.emit("connection_successful")
        await asyncio.wait_for(made.idle.wait(), PATIENCE)  # the server says so once at the start
        yield made
        await made.socket.disconnect()


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
