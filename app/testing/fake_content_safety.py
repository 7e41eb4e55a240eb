"""A local server that speaks the wire format of Azure AI Content Safety (2024-09-01), faults included.

Each answer is made by a ``Reply`` that the test queues or sets; every request is recorded.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

NAMES = ("Hate", "SelfHarm", "Sexual", "Violence")


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """One answer: a JSON value or raw bytes, after ``delay`` seconds."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    raw: bytes | None = None
    delay: float = 0.0


def scores(**severities: int) -> dict[str, Any]:
    """Return a full answer of text:analyze; categories not named are 0."""
    rows = [{"category": name, "severity": severities.get(name, 0)} for name in NAMES]
    return {"blocklistsMatch": [], "categoriesAnalysis": rows}


def shield(*, prompt: bool = False, documents: tuple[bool, ...] = (False,)) -> dict[str, Any]:
    """Return a full answer of text:shieldPrompt."""
    return {
        "userPromptAnalysis": {"attackDetected": prompt},
        "documentsAnalysis": [{"attackDetected": found} for found in documents],
    }


def error(status: int, code: str = "InternalError", **headers: str) -> Reply:
    """Return an error of the service."""
    named = {"x-ms-error-code": code, **{key.replace("_", "-"): value for key, value in headers.items()}}
    return Reply({"error": {"code": code, "message": "planted"}}, status, named)


class FakeContentSafety:
    """Serves on a free port of 127.0.0.1. ``analyze`` and ``shields`` decide the answers; ``asked`` lists requests."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.analyze: Callable[[Asked], Reply] = lambda _: Reply(scores())
        self.shields: Callable[[Asked], Reply] = lambda _: Reply(shield())
        self.items: dict[str, str] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                fake.serve(self)

            do_POST = do_PATCH = do_GET = do_DELETE = _serve

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        """The address to give to the adapter."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeContentSafety:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and answer it."""
        parts = urlsplit(handler.path)
        raw = handler.rfile.read(int(handler.headers.get("Content-Length", 0) or 0))
        body = json.loads(raw) if raw else None
        asked = Asked(handler.command, parts.path, parse_qs(parts.query), dict(handler.headers.items()), body)
        self.asked.append(asked)
        self._send(handler, self._answer(asked))

    def _answer(self, asked: Asked) -> Reply:
        if asked.path == "/contentsafety/text:analyze":
            return self.analyze(asked)
        if asked.path == "/contentsafety/text:shieldPrompt":
            return self.shields(asked)
        if asked.path.startswith("/contentsafety/text/blocklists/"):
            return self._blocklist(asked)
        return error(404, "ResourceNotFound")

    def _blocklist(self, asked: Asked) -> Reply:
        name = asked.path.split("/")[4].partition(":")[0]
        if asked.path.endswith(":addOrUpdateBlocklistItems"):
            texts = [str(item["text"]) for item in cast("list[dict[str, Any]]", asked.body["blocklistItems"])]
            added = [{"blocklistItemId": f"id-{text}", "text": text} for text in texts]
            self.items.update({item["blocklistItemId"]: item["text"] for item in added})
            return Reply({"blocklistItems": added})
        if asked.path.endswith(":removeBlocklistItems"):
            for item_id in cast("list[str]", asked.body["blocklistItemIds"]):
                self.items.pop(item_id, None)
            return Reply(None, 204)
        if asked.path.endswith("/blocklistItems"):
            return Reply({"value": [{"blocklistItemId": key, "text": text} for key, text in self.items.items()]})
        return Reply({"blocklistName": name, "description": ""}, 201)

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.delay:
            time.sleep(reply.delay)
        payload = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
        if reply.status == 204:
            payload = b""
        try:
            handler.send_response(reply.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(payload)), **reply.headers}
            for name, value in headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(payload)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
