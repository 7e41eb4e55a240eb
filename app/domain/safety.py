"""What is screened, and what screening decides."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from app.domain.entities import Entity


class Surface(StrEnum):
    """Where a text is going, which decides the rules that apply to it."""

    COPY = "copy"
    """Outbound marketing copy without a channel of its own: social posts, web slots, single lines."""
    EMAIL = "email"
    """A whole marketing e-mail: needs an opt-out and a postal address."""
    SMS = "sms"
    PUSH = "push"
    CHAT = "chat"
    """What the marketer reads: replies, cards, tables, traces."""
    CSV_CELL = "csv_cell"
    """One cell of an exported file."""
    UNTRUSTED = "untrusted"
    """Text on its way in: uploads, tool arguments and results, documents, customer fields."""


class Decision(StrEnum):
    """What happens to a text; ordered from mildest to strictest."""

    ALLOW = "allow"
    """Leaves as it is."""
    REDACT = "redact"
    """Leaves with the offending spans replaced."""
    HOLD = "hold"
    """The screeners cannot judge it: waits for a named person."""
    BLOCK = "block"
    """Never leaves."""


STRICTNESS = {Decision.ALLOW: 0, Decision.REDACT: 1, Decision.HOLD: 2, Decision.BLOCK: 3}

Category = Literal[
    "hate", "self_harm", "sexual", "violence", "personal_data", "secret", "injection", "markup", "link",
    "brand", "legal", "urgency", "encoding", "language", "grounding", "structure", "size", "unavailable",
]  # fmt: skip


class Draft(BaseModel):
    """A text that has not been screened. ``text`` is any Unicode; nothing may show it."""

    model_config = ConfigDict(frozen=True)

    text: str
    surface: Surface


class Finding(BaseModel):
    """One thing a screener found.

    ``start`` and ``end`` are code-point offsets into the screened text (end exclusive; both 0 for a finding about
    the whole text). ``severity`` is 0..7, on Azure's eight-level scale. ``fix`` says what to write instead.
    """

    model_config = ConfigDict(frozen=True)

    rule: str
    category: Category
    severity: int = Field(ge=0, le=7)
    decision: Decision
    start: int = Field(default=0, ge=0)
    end: int = Field(default=0, ge=0)
    fix: str = ""


class Verdict(BaseModel):
    """The answer of all screeners together; the strictest wins.

    ``text`` is what may leave: NFC-normalised, redacted where the decision is REDACT, and empty where it is BLOCK
    (HOLD keeps it for the reviewer only). ``screened_by`` is ``rules`` or ``azure+rules``.
    """

    model_config = ConfigDict(frozen=True)

    decision: Decision
    text: str
    findings: tuple[Finding, ...] = ()
    screened_by: str
    policy_hash: str
    surface: Surface


class VerdictRecord(Entity):
    """The verdict on one field of one variant (or of one checked text), kept without the text.

    ``text_sha256`` is of the UTF-8 bytes screened; ``decision_id`` names the audit row.
    """

    kind: ClassVar[str] = "verdict"

    subject: str
    """A variant id, or ``text``."""
    field: str
    decision: Decision
    findings: tuple[Finding, ...]
    screened_by: str
    policy_hash: str
    decision_id: str
    text_sha256: str


class ScreenedDraft(BaseModel):
    """A draft's verdict together with the id of its audit row."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    decision_id: str


class Screen(Protocol):
    """Screen drafts in order, each audited. Synchronous; called from worker threads. Never raises for bad text."""

    def __call__(self, drafts: Sequence[Draft]) -> Sequence[ScreenedDraft]: ...
