"""The running chat, and a client of it that keeps all it receives.

One server for the folder (Chainlit is one per process); the screener behind its gate is switched between faults.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import uuid
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import socketio
import uvicorn
from fastapi import FastAPI

from app import wiring
from app.testing.builders import some_settings
from app.testing.canaries import CANARY, SwitchedScreener, load_inputs
from app.testing.scripted_planner import ScriptedPlanner, Step
from app.wiring import Application, build_application

PATIENCE = 30.0


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


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """The whole application, chat included, on 127.0.0.1. It stays to the end; the patches it is made with do not."""
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
        from app.api import create_app

        api = create_app(settings)
        served = uvicorn.Server(uvicorn.Config(api, port=0, log_level="warning", access_log=False))
        thread = threading.Thread(target=served.run)
        thread.start()
        while not served.started:
            threading.Event().wait(0.02)
        application = wiring.running_application()
        assert application.gate.screened_by == screener.screened_by and application.agent
    port = served.servers[0].sockets[0].getsockname()[1]
    logging.getLogger().addHandler(records)
    yield Server(f"http://127.0.0.1:{port}", application, screener, records, api)
    screener.switch("open")
    served.should_exit = True
    thread.join(20)
    application.close()
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
