"""An HTTP server in a thread of the test, on a free port of 127.0.0.1, that records every request before it answers."""

from __future__ import annotations

import json
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


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
    """One answer: a JSON value or raw bytes, after ``delay`` seconds; a 204 has no body."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    raw: bytes | None = None
    delay: float = 0.0


class RecordingServer(ABC):
    """Serves while its block runs. A subclass says in ``reply`` what a request gets; ``asked`` lists the requests."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                fake.serve(self)

            do_POST = do_PUT = do_PATCH = do_GET = do_DELETE = _serve

            def log_message(self, format: str, *args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The address to give to the adapter."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @abstractmethod
    def reply(self, asked: Asked) -> Reply:
        """Return the answer to a request."""

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and answer it."""
        parts = urlsplit(handler.path)
        raw = handler.rfile.read(int(handler.headers.get("Content-Length", 0) or 0))
        body = json.loads(raw) if raw else None
        asked = Asked(handler.command, parts.path, parse_qs(parts.query), dict(handler.headers.items()), body)
        self.asked.append(asked)
        _send(handler, self.reply(asked))


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
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
