"""Put the served chat under load, with the offline planner: chats over socket.io and clients over HTTP. Prints a table.

    python tests/benchmarks/load.py [--chats 50] [--clients 200] [--turns 2000]

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
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import socketio

FOLLOW_UP = "How big is the audience? Note {word}."
FIRST = "Find customers in the UK who have not ordered for 90 days. Note {word}."
PATIENCE_SECONDS = 180


@dataclass
class Talk:
    """One chat: its word, its thread, and how long each turn took in milliseconds."""

    word: str
    address: str
    cookies: dict[str, str]
    thread: str = ""
    milliseconds: list[float] = field(default_factory=list[float])
    client: Any = None
    done: asyncio.Event = field(default_factory=asyncio.Event)

    async def connect(self) -> None:
        """Open a chat as the browser does."""
        self.client = socketio.AsyncClient(reconnection=False)
        self.client.on("first_interaction", self._begun)
        self.client.on("task_end", self._ended)
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

    async def _begun(self, data: Any) -> None:
        self.thread = str(data["thread_id"])

    async def _ended(self, *_: Any) -> None:
        self.done.set()

    async def say(self, words: str) -> None:
        """Send one message and wait for the end of its turn."""
        self.done.clear()
        step = {
            "id": str(uuid.uuid4()), "threadId": self.thread, "name": "local", "type": "user_message",
            "output": words.format(word=self.word), "createdAt": "", "metadata": {},
        }  # fmt: skip
        started = time.perf_counter()
        await self.client.emit("client_message", {"message": step, "fileReferences": []})
        await asyncio.wait_for(self.done.wait(), PATIENCE_SECONDS)
        self.milliseconds.append((time.perf_counter() - started) * 1000)


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


async def http_clients(server: Server, count: int, rounds: int) -> tuple[list[float], int]:
    """Let clients ask at once for what pages and monitors ask for; return milliseconds and the number of failures."""
    taken: list[float] = []
    failures = 0

    async def client(web: aiohttp.ClientSession, number: int) -> None:
        nonlocal failures
        for turn in range(rounds):
            started = time.perf_counter()
            async with web.get(
                server.address + ("/health", "/services", "/openapi.json")[(number + turn) % 3]
            ) as answer:
                await answer.read()
                failures += answer.status >= 400
            taken.append((time.perf_counter() - started) * 1000)

    limits = aiohttp.TCPConnector(limit=count)
    patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(connector=limits, timeout=patience) as web:
        await asyncio.gather(*(client(web, number) for number in range(count)))
    return taken, failures


async def measure(server: Server, chats: int, clients: int, turns: int) -> int:
    """Run the loads one after another, print the table, return the number of faults."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as web:
        await server.wait(web)
        async with web.post(server.address + "/chat/auth/header") as answer:
            answer.raise_for_status()
        cookies = {cookie.key: cookie.value for cookie in web.cookie_jar}
    print(f"{'load':44} {'n':>6} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms each':>12} {'memory MB':>10}")

    def row(name: str, taken: Sequence[float], cpu: float) -> None:
        each = 1000 * cpu / len(taken)
        middle = statistics.median(taken)
        print(f"{name:44} {len(taken):6} {middle:8.0f} {p95(taken):8.0f} {each:12.1f} {server.megabytes():10.0f}")

    faults: list[str] = []
    ten = await open_chats(server, 10, cookies, "ten")
    before = server.processor_seconds()
    for _ in range(5):
        await asyncio.gather(*(talk.say(FOLLOW_UP) for talk in ten))
    row(
        "follow-up turns, 10 chats at once",
        [ms for t in ten for ms in t.milliseconds[1:]],
        server.processor_seconds() - before,
    )
    before = server.processor_seconds()
    many = await open_chats(server, chats, cookies, "many")
    for _ in range(2):
        await asyncio.gather(*(talk.say(FOLLOW_UP) for talk in many))
    row(
        f"turns, {chats} chats at once",
        [ms for t in many for ms in t.milliseconds],
        server.processor_seconds() - before,
    )
    before = server.processor_seconds()
    taken, failures = await http_clients(server, clients, 3)
    row(f"requests, {clients} HTTP clients at once", taken, server.processor_seconds() - before)
    faults += [f"{failures} failed requests"] if failures else []
    faults += await grow(server, ten, turns, row)
    faults += crosstalk(server, [*ten, *many])
    for talk in (*ten, *many):
        await talk.client.disconnect()
    print("\n".join(faults) or "no error, no cross-talk")
    return len(faults)


async def grow(server: Server, talks: Sequence[Talk], turns: int, row: Any) -> list[str]:
    """Take many more turns and report memory as they go; the last half may not add a tenth."""
    memory = [server.megabytes()]
    done = 0
    while done < turns:
        before, mark = server.processor_seconds(), len(talks[0].milliseconds)
        for _ in range(max(1, turns // 5 // len(talks))):
            await asyncio.gather(*(talk.say(FOLLOW_UP) for talk in talks))
        fresh = [ms for talk in talks for ms in talk.milliseconds[mark:]]
        done += len(fresh)
        memory.append(server.megabytes())
        row(f"after {done} more turns", fresh, server.processor_seconds() - before)
    half = memory[len(memory) // 2]
    return [f"memory grew from {half:.0f} to {memory[-1]:.0f} MB in the last half"] if memory[-1] > 1.1 * half else []


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
