"""A local server that speaks the wire format of Azure AI Content Safety (2024-09-01), faults included.

Each answer is made by a ``Reply`` that the test queues or sets; every request is recorded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from app.testing.recording_server import Asked, RecordingServer, Reply

NAMES = ("Hate", "SelfHarm", "Sexual", "Violence")


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


class FakeContentSafety(RecordingServer):
    """``analyze`` and ``shields`` decide the answers; ``items`` is what stands in the blocklist."""

    def __init__(self) -> None:
        super().__init__()
        self.analyze: Callable[[Asked], Reply] = lambda _: Reply(scores())
        self.shields: Callable[[Asked], Reply] = lambda _: Reply(shield())
        self.items: dict[str, str] = {}

    def reply(self, asked: Asked) -> Reply:
        """Return what the service answers."""
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
