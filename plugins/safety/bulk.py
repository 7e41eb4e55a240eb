"""Screen many texts from a file of JSON lines. One answer for each line, in order, also for lines that are wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TextIO, cast

from app.domain.safety import Decision, Draft, Surface, Verdict

MAX_LINE = 4_000_000
SURFACE_NAMES = {
    "social": Surface.COPY, "web": Surface.COPY, "web_slot": Surface.COPY, "push_notification": Surface.PUSH,
    "e-mail": Surface.EMAIL, "mail": Surface.EMAIL, "text": Surface.SMS, "csv": Surface.CSV_CELL,
    "cell": Surface.CSV_CELL,
    "tool": Surface.UNTRUSTED, "document": Surface.UNTRUSTED, "upload": Surface.UNTRUSTED, "reply": Surface.CHAT,
}  # fmt: skip


class ScreensLocally(Protocol):
    """The part of ``Screening`` that is needed here."""

    def screen_local(self, draft: Draft) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class BulkCount:
    """How many lines were answered, by decision; ``failed`` lines could not be read (they count as blocked too)."""

    lines: int
    decisions: dict[str, int]
    failed: int

    @property
    def words(self) -> str:
        """One sentence for the person."""
        parts = ", ".join(f"{count} {name}" for name, count in self.decisions.items())
        return f"{self.lines} texts screened: {parts or 'none'}; {self.failed} lines could not be read."


def screen_lines(source: Iterable[str], target: TextIO, screening: ScreensLocally) -> BulkCount:
    """Read ``{id, text, surface}`` lines and write one verdict line for each, blank lines left out.

    ``surface`` may be missing (``copy``). A line that is no JSON object, has no text or names an unknown surface gets
    a blocked row whose finding says what is wrong. Raises only what writing to ``target`` raises.
    """
    decisions = {decision.value: 0 for decision in Decision}
    lines = failed = 0
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        answer, readable = _answer(line, number, screening)
        lines += 1
        failed += not readable
        decisions[answer["decision"]] += 1
        target.write(json.dumps(answer, ensure_ascii=True) + "\n")
    return BulkCount(lines, decisions, failed)


def _answer(line: str, number: int, screening: ScreensLocally) -> tuple[dict[str, Any], bool]:
    identifier: Any = None
    try:
        if len(line) > MAX_LINE:
            return _unreadable(identifier, number, "line-too-long", "Split the text over several lines."), False
        raw = json.loads(line)
        if not isinstance(raw, dict):
            return _unreadable(identifier, number, "not-an-object", "Write one JSON object a line."), False
        row = cast("dict[str, Any]", raw)
        identifier = row.get("id")
        if not isinstance(row.get("text"), str):
            return _unreadable(identifier, number, "no-text", "Give 'text' as a string."), False
        surface = _surface(row.get("surface"))
        if surface is None:
            known = ", ".join(s.value for s in Surface)
            return _unreadable(identifier, number, "unknown-surface", f"Use one of: {known}."), False
        return _row(identifier, screening.screen_local(Draft(text=row["text"], surface=surface))), True
    except (ValueError, RecursionError):
        return _unreadable(identifier, number, "not-json", "Write one JSON object a line."), False
    except Exception:
        return _unreadable(identifier, number, "failed", "Screening gave no answer, so nothing leaves."), False


def _surface(name: Any) -> Surface | None:
    if name is None or name == "":
        return Surface.COPY
    plain = str(name).strip().lower()
    if plain in SURFACE_NAMES:
        return SURFACE_NAMES[plain]
    return next((s for s in Surface if s.value == plain), None)


def _row(identifier: Any, verdict: Verdict) -> dict[str, Any]:
    findings = [
        {"rule": f.rule, "category": f.category, "severity": f.severity, "start": f.start, "end": f.end, "fix": f.fix}
        for f in verdict.findings
    ]
    left = verdict.text if verdict.decision in (Decision.ALLOW, Decision.REDACT) else ""
    return {
        "id": identifier, "decision": verdict.decision.value, "text": left, "findings": findings,
        "screened_by": verdict.screened_by,
    }  # fmt: skip


def _unreadable(identifier: Any, number: int, why: str, fix: str) -> dict[str, Any]:
    finding = {
        "rule": f"line.{why}", "category": "structure", "severity": 7, "start": 0, "end": 0,
        "fix": f"Line {number}: {fix}",
    }  # fmt: skip
    return {"id": identifier, "decision": "block", "text": "", "findings": [finding], "screened_by": "rules"}
