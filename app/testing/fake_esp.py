"""A local server that speaks the wire formats of Mailchimp's and Mautic's APIs as far as drafts go, faults included.

It keeps what it is given, so that a test sees how many drafts there really are. A fault is used up by one request.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SENDING = re.compile(r"/actions/(?:send|schedule|test)|/send$|/contact/\d+/send")


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Fault:
    """What to answer instead. ``after`` lets the request take effect first; ``delay`` is in seconds."""

    status: int = 500
    body: bytes = b'{"detail": "planted"}'
    headers: dict[str, str] = field(default_factory=dict[str, str])
    after: bool = False
    delay: float = 0.0
    only: str = ""
    """The method the fault waits for; empty for any."""


class FakeEsp:
    """Serves on a free port of 127.0.0.1. ``faults`` are used up in order; ``drafts`` is what the service holds."""

    def __init__(self, authorization: str) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.drafts: list[dict[str, Any]] = []
        self._authorization = authorization
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
        """The address to give to the connector; Mailchimp's has a version in its path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> FakeEsp:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def sent(self) -> list[Asked]:
        """The requests that would send something; there must be none."""
        return [asked for asked in self.asked if SENDING.search(asked.path)]

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Record one request and answer it."""
        parts = urlsplit(handler.path)
        raw = handler.rfile.read(int(handler.headers.get("Content-Length", 0) or 0))
        body = json.loads(raw) if raw else None
        asked = Asked(handler.command, parts.path, parse_qs(parts.query), dict(handler.headers.items()), body)
        self.asked.append(asked)
        fault = next((f for f in self.faults if f.only in ("", asked.method)), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.after:
                self._answer(asked)
            time.sleep(fault.delay)
            _send(handler, fault.status, fault.body, fault.headers)
            return
        status, value = self._answer(asked)
        _send(handler, status, json.dumps(value).encode() if value is not None else b"", {})

    def _answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.headers.get("Authorization") != self._authorization:
            return 401, {"title": "API Key Invalid", "status": 401, "detail": "Your API key may be invalid."}
        for method, path, answer in self._routes():
            if asked.method == method and (found := re.fullmatch(path, asked.path)):
                return answer(asked, found)
        return 404, {"title": "Resource Not Found", "status": 404, "detail": "The requested resource was not found."}

    def _routes(self) -> list[tuple[str, str, Callable[[Asked, re.Match[str]], tuple[int, Any]]]]:
        return [
            ("GET", "/3.0/campaigns", self._list_campaigns),
            ("POST", "/3.0/campaigns", self._new_campaign),
            ("PUT", r"/3\.0/campaigns/(\w+)/content", self._content),
            ("GET", "/api/emails", self._list_emails),
            ("POST", "/api/emails/new", self._new_email),
        ]

    def _list_campaigns(self, asked: Asked, _: re.Match[str]) -> tuple[int, Any]:
        wanted = asked.query.get("list_id", [""])[0]
        rows = [row for row in self.drafts if row["recipients"]["list_id"] == wanted]
        return 200, {"campaigns": [{"id": r["id"], "settings": {"title": r["settings"]["title"]}} for r in rows]}

    def _new_campaign(self, asked: Asked, _: re.Match[str]) -> tuple[int, Any]:
        if asked.body.get("recipients", {}).get("list_id") != "a1b2c3":
            errors = [{"field": "recipients.list_id", "message": "This list does not exist."}]
            return 400, {"title": "Invalid Resource", "status": 400, "detail": "Invalid.", "errors": errors}
        row = {**asked.body, "id": f"{len(self.drafts) + 1:010x}", "status": "save"}
        self.drafts.append(row)
        return 200, row

    def _content(self, asked: Asked, found: re.Match[str]) -> tuple[int, Any]:
        row = next((row for row in self.drafts if row["id"] == found[1]), None)
        if row is None:
            return 404, {"title": "Resource Not Found", "status": 404, "detail": "No campaign."}
        row["html"] = asked.body["html"]
        return 200, {"html": row["html"], "plain_text": "made from it"}

    def _list_emails(self, asked: Asked, _: re.Match[str]) -> tuple[int, Any]:
        words = asked.query.get("search", [""])[0]
        rows = {str(row["id"]): row for row in self.drafts if words in row["name"]}
        return 200, {"total": str(len(rows)), "emails": rows or []}

    def _new_email(self, asked: Asked, _: re.Match[str]) -> tuple[int, Any]:
        row = {**asked.body, "id": len(self.drafts) + 1}
        self.drafts.append(row)
        return 201, {"email": row}


def _send(handler: BaseHTTPRequestHandler, status: int, payload: bytes, headers: dict[str, str]) -> None:
    try:
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(payload)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(payload)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True
