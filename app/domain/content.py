"""Approved content, briefs, and the copy written from them."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from app.domain.audience import Channel
from app.domain.entities import Entity
from app.domain.safety import Decision

Tone = Literal[
    "urgent", "informational", "friendly", "playful", "formal", "premium", "empathetic", "exciting", "casual",
    "confident", "calm",
]  # fmt: skip


class Citation(BaseModel):
    """One sentence of the copy and the approved text behind it.

    ``quote`` is a verbatim substring of the source; ``content_hash`` is the SHA-256 of the source when it was cited.
    """

    model_config = ConfigDict(frozen=True)

    sentence: str
    document_id: str
    title: str
    quote: str
    content_hash: str


class Brief(Entity):
    """What the campaign is for. ``assumptions`` were made by us and can be undone by a phrase."""

    kind: ClassVar[str] = "brief"

    goal: str
    theme: str | None = None
    audience_words: str = ""
    offer: str | None = None
    offer_until: date | None = None
    channels: tuple[Channel, ...] = ("email",)
    primary_metric: str = "conversion_rate"
    tones: tuple[Tone, ...] = ("urgent", "informational", "friendly")
    send_on: date | None = None
    constraints: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Variant(Entity):
    """One message. Either ``fields`` (released text) or ``sealed`` (text that was blocked or held, encrypted) is set.

    ``fields`` by channel: e-mail ``subject, preheader, body, cta, link, alt, footer``; SMS ``text``; push ``title,
    body, link``. Bodies are plain text with Liquid merge tags (``{{ first_name | default: 'there' }}``) and no
    citation markers; the markers live in ``citations``.
    """

    kind: ClassVar[str] = "variant"

    label: str
    channel: Channel
    tone: str
    factor: str
    """The one thing in which this variant differs from its siblings."""
    hypothesis: str
    fields: dict[str, str] = {}
    sealed: str = ""
    citations: tuple[Citation, ...] = ()
    decision: Decision
    verdict_ids: tuple[str, ...] = ()
    screened_by: str
    policy_hash: str
    prompt_version: str = ""
    written_by: str = "offline writer"
    seed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    parent_id: str | None = None
    edits: tuple[str, ...] = ()


class ContentHit(BaseModel):
    """One approved document found. ``score`` is 0..1, comparable across engines; ``snippet`` is verbatim."""

    model_config = ConfigDict(frozen=True)

    document_id: str
    title: str
    type: str
    snippet: str
    score: float
    valid_until: date | None = None
