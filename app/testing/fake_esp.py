"""A local server that speaks the wire formats of Mailchimp's and Mautic's APIs as far as drafts go, faults included.

It keeps what it is given, so that a test sees how many drafts there really are. A fault is used up by one request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.testing.recording_server import Asked, RecordingServer, Reply

SENDING = re.compile(r"/actions/(?:send|schedule|test)|/send$|/contact/\d+/send")


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


class FakeEsp(RecordingServer):
    """``faults`` are used up in order; ``drafts`` is what the service holds."""

    def __init__(self, authorization: str) -> None:
        super().__init__()
        self.faults: list[Fault] = []
        self.drafts: list[dict[str, Any]] = []
        self._authorization = authorization

    @property
    def sent(self) -> list[Asked]:
        """The requests that would send something; there must be none."""
        return [asked for asked in self.asked if SENDING.search(asked.path)]

    def reply(self, asked: Asked) -> Reply:
        """Return what the service answers, or the fault that waits for this method."""
        fault = next((f for f in self.faults if f.only in ("", asked.method)), None)
        if fault is None:
            status, value = self._answer(asked)
            return Reply(value, status)
        self.faults.remove(fault)
        if fault.after:
            self._answer(asked)
        return Reply(status=fault.status, raw=fault.body, headers=fault.headers, delay=fault.delay)

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
