"""Put the served chat under load, with the offline planner: chats over socket.io and clients over HTTP. Prints a table.

    python tests/benchmarks/load.py [--chats 50] [--clients 200] [--turns 2000]

``--turns`` is the length of the memory run after the loads; 0 leaves it out.

Every chat says a word of its own in each message, and must find that word, and no other chat's, in what the store kept
of its conversation. Exits with 1 on any error or cross-talk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import socketio

FOLLOW_UPS = ("Make it {days} days instead. Note {word}.", "How big is the audience? Note {word}.")
"""Said in turn; the days are others each time, so that no two turns have the same results."""
FIRST = "Find customers in the UK who have not ordered for 90 days. Note {word}."
PATIENCE_SECONDS = 180


@dataclass
class Talk:
    """One chat: its word, its thread, and how long each turn and its first live stage took in milliseconds."""

    word: str
    address: str
    cookies: dict[str, str]
    thread: str = ""
    started: float = 0.0
    milliseconds: list[float] = field(default_factory=list[float])
    first_stages: list[float] = field(default_factory=list[float])
    client: Any = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self) -> None:
        """Open a chat as the browser does."""
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("first_interaction", self._begun)
        self.client.on("task_end", self._ended)
        self.client.on("element", self._shown)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        auth = {
            "sessionId": str(uuid.uuid4()),
            "clientType": "webapp",
            "userEnv": "{}",
            "threadId": "",
            "chatProfile": "",
        }
        await self.client.connect(
            self.address, headers={"Cookie": cookie, "Origin": self.address}, auth=auth,
            socketio_path="/chat/ws/socket.io", transports=["websocket"], wait_timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        await self.client.emit("connection_successful")
        await asyncio.wait_for(self.done.wait(), PATIENCE_SECONDS)  # the chat ends its greeting as it ends a turn

    @property
    def days(self) -> int:
        """A number of days that neither this chat nor the one beside it said lately."""
        return 30 + (zlib.crc32(self.word.encode()) + 7 * len(self.milliseconds)) % 700

    async def _begun(self, data: Any) -> None:
        self.thread = str(data["thread_id"])

    async def _shown(self, data: Any) -> None:
        if data.get("type") == "tasklist" and len(self.first_stages) == len(self.milliseconds):
            self.first_stages.append((time.perf_counter() - self.started) * 1000)

    async def _ended(self, *_: Any) -> None:
        self.done.set()

    async def say(self, words: str) -> None:
        """Send one message and wait for the end of its turn."""
        self.done.clear()
        step = {
            "id": str(uuid.uuid4()), "threadId": self.thread, "name": "local", "type": "user_message",
            "output": words.format(word=self.word, days=self.days), "createdAt": "", "metadata": {},
        }  # fmt: skip
        self.started = time.perf_counter()
        await self.client.emit("client_message", {"message": step, "fileReferences": []})
        await asyncio.wait_for(self.done.wait(), PATIENCE_SECONDS)
        self.milliseconds.append((time.perf_counter() - self.started) * 1000)


class Server:
    """``cpo serve`` over a home folder of its own."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.home = home
        settings = {"CPO_HOME": str(home), "CPO_PORT": str(port), "CPO_PLANNER": "offline", "CPO_TODAY": "2026-06-15"}
        command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
        self.process = subprocess.Popen(command, env={**os.environ, **settings})  # noqa: TID251 - a child's settings

    def megabytes(self) -> float:
        """The resident memory of the server."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def processor_seconds(self) -> float:
        """The processor time that the server has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def wait(self, web: aiohttp.ClientSession) -> None:
        """Wait until it answers."""
        for _ in range(PATIENCE_SECONDS * 5):
            try:
                async with web.get(self.address + "/health"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.2)
        raise SystemExit("The server did not start.")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


async def open_chats(server: Server, count: int, cookies: dict[str, str], prefix: str) -> list[Talk]:
    """Connect chats, each with a word that no other has."""
    talks = [Talk(f"{prefix}{number:03d}mark", server.address, cookies) for number in range(count)]
    await asyncio.gather(*(talk.connect() for talk in talks))
    await asyncio.gather(*(talk.say(FIRST) for talk in talks))
    return talks


def crosstalk(server: Server, talks: Sequence[Talk]) -> list[str]:
    """Return the threads that lack their own word or hold another's, as stored."""
    wrong: list[str] = []
    with sqlite3.connect(server.home / "cpo.sqlite") as connection:
        for talk in talks:
            rows = connection.execute("SELECT body FROM turns WHERE conversation_id = ?", [talk.thread]).fetchall()
            words = {word for (body,) in rows for word in re.findall(r"[a-z]+\d{3}mark", body)}
            if words != {talk.word} or len(rows) != len(talk.milliseconds):
                said = f"{len(rows)} turns of {len(talk.milliseconds)}, words {sorted(words)[:3]}"
                wrong.append(f"{talk.word} in {talk.thread or 'no thread'}: {said}")
    return wrong


REQUESTS = (
    ("POST", "/api/v1/audiences/count", {"conditions": [{"field": "country", "op": "eq", "value": "GB"}]}),
    ("POST", "/api/v1/campaigns/list", {}),
    ("GET", "/api/v1/health", None),
)
"""What a REST client asks for, in turn: a function over the data, one over the store, and what a monitor asks."""


async def rest_clients(server: Server, count: int) -> tuple[list[float], list[str]]:
    """Let clients ask at once, each every kind of request; return milliseconds and what failed."""
    taken: list[float] = []
    failures: list[str] = []

    async def client(web: aiohttp.ClientSession, number: int) -> None:
        for turn in range(len(REQUESTS)):
            method, path, body = REQUESTS[(number + turn) % len(REQUESTS)]
            started = time.perf_counter()
            async with web.request(method, server.address + path, json=body) as answer:
                await answer.read()
                if answer.status >= 400:
                    failures.append(f"{path} answered {answer.status}")
            taken.append((time.perf_counter() - started) * 1000)

    limits = aiohttp.TCPConnector(limit=count)
    patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(connector=limits, timeout=patience) as web:
        await asyncio.gather(*(client(web, number) for number in range(count)))
    return taken, failures


class Table:
    """Prints one line for each load: how long it took, what processor time it used, and the memory then."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = 0.0
        print(f"{'load':44} {'n':>6} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms each':>12} {'memory MB':>10}")

    def begin(self) -> None:
        """Start counting processor time."""
        self._before = self._server.processor_seconds()

    def row(self, name: str, taken: Sequence[float], others: int = 0) -> None:
        """Print the line of what was counted since ``begin``; ``others`` took place beside it and share the time."""
        each = 1000 * (self._server.processor_seconds() - self._before) / (len(taken) + others)
        middle, memory = statistics.median(taken), self._server.megabytes()
        print(f"{name:44} {len(taken):6} {middle:8.0f} {p95(taken):8.0f} {each:12.1f} {memory:10.0f}", flush=True)


async def together(talks: Sequence[Talk], rounds: int) -> list[float]:
    """Let chats talk at once, each turn beginning when the turns before it have ended; return milliseconds."""
    marks = [len(talk.milliseconds) for talk in talks]
    for number in range(rounds):
        await asyncio.gather(*(talk.say(FOLLOW_UPS[number % len(FOLLOW_UPS)]) for talk in talks))
    return [ms for talk, mark in zip(talks, marks, strict=True) for ms in talk.milliseconds[mark:]]


async def measure(server: Server, chats: int, clients: int, turns: int) -> int:
    """Run the loads one after another, print the table, return the number of faults."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as web:
        await server.wait(web)
        async with web.post(server.address + "/chat/auth/header") as answer:
            answer.raise_for_status()
        cookies = {cookie.key: cookie.value for cookie in web.cookie_jar}
    table = Table(server)
    ten = await open_chats(server, 10, cookies, "ten")
    await together(ten, 2)
    table.begin()
    table.row("follow-up turns, 1 chat", await together(ten[:1], 30))
    table.begin()
    marks = [len(talk.milliseconds) for talk in ten]
    table.row("follow-up turns, 10 chats at once", await together(ten, 10))
    stages = [ms for talk, mark in zip(ten, marks, strict=True) for ms in talk.first_stages[mark:]]
    table.row("of these, until the first live stage", stages)
    table.begin()
    many, (asked, faults) = await asyncio.gather(busy_chats(server, chats, cookies), rest_clients(server, clients))
    said = [ms for talk in many for ms in talk.milliseconds]
    table.row(f"turns, {chats} chats at once, with", said, others=len(asked))
    table.row(f"requests of {clients} REST clients at once", asked, others=len(said))
    faults += await grow(server, ten, turns, table)
    faults += crosstalk(server, [*ten, *many])
    for talk in (*ten, *many):
        await talk.client.disconnect()
    print("\n".join(faults) or "no error, no cross-talk")
    return len(faults)


async def busy_chats(server: Server, count: int, cookies: dict[str, str]) -> list[Talk]:
    """Open chats that each find an audience and ask twice."""
    talks = await open_chats(server, count, cookies, "many")
    await together(talks, 2)
    return talks


async def grow(server: Server, talks: Sequence[Talk], turns: int, table: Table) -> list[str]:
    """Take many more turns and report memory as they go; after the first fifth it may grow by a twentieth."""
    memory: list[float] = []
    done = 0
    while done < turns:
        table.begin()
        fresh = await together(talks, max(1, turns // 5 // len(talks)))
        done += len(fresh)
        memory.append(server.megabytes())
        table.row(f"after {done} more turns", fresh)
    grown = bool(memory) and memory[-1] > 1.05 * memory[0]
    return [f"memory grew from {memory[0]:.0f} to {memory[-1]:.0f} MB after the warm-up"] if grown else []


def main() -> None:
    """Serve a scratch installation and measure it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "home")
        try:
            faults = asyncio.run(measure(server, wanted.chats, wanted.clients, wanted.turns))
        finally:
            server.process.terminate()
            server.process.wait(timeout=60)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
