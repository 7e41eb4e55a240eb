"""Approved content, briefs, and the copy written from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

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
    offer_id: str | None = None
    discount_percent: float | None = None
    """The discount the person asked for, per cent; used only when an approved offer has it."""
    no_offer: bool = False
    about: str = ""
    """What the messages were asked to be about, in the person's words; empty when the theme says it."""


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


# --- approved content

DocumentType = Literal[
    "offer", "perk", "product", "proof", "reassurance", "disclaimer", "audience", "theme", "tone", "brand",
]  # fmt: skip
DocumentStatus = Literal["draft", "approved", "expired", "retired"]
Theme = Literal[
    "winback", "summer", "spring", "autumn", "winter", "black_friday", "christmas", "new_year", "valentines",
    "mothers_day", "fathers_day", "easter", "halloween", "back_to_school", "welcome", "birthday", "anniversary",
    "loyalty", "new_arrivals", "product_launch", "clearance", "flash_sale", "cart_abandonment", "post_purchase",
    "replenishment", "upsell", "referral", "review_request", "event", "vip_preview", "payday", "newsletter",
]  # fmt: skip
FactValue = bool | int | float | date | str


class ContentDocument(BaseModel):
    """One piece of approved (or not yet approved) content.

    ``body`` is what is searched and cited. ``facts`` are typed slots, ``say`` the approved phrasings by role: the only
    wording of a fact that may stand in copy. ``audiences`` empty means everybody; ``eligibility`` is a condition of the
    audience language that every recipient must meet for the text to be true of them. Both dates are whole days of the
    shop, ends included. ``content_hash`` is the SHA-256 of everything that is cited, searched or said.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    type: DocumentType
    title: str
    status: DocumentStatus
    body: str
    version: int = 1
    approved_by: str | None = None
    approved_at: datetime | None = None
    locale: str = "en-US"
    channels: tuple[Channel, ...] = ("email", "sms", "push")
    audiences: tuple[str, ...] = ()
    eligibility: dict[str, Any] = {}
    themes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    requires: tuple[str, ...] = ()
    priority: Annotated[int, Field(ge=0)] = 0
    facts: dict[str, FactValue] = {}
    say: dict[str, tuple[str, ...]] = {}
    origin: str = ""
    """The file it came from, relative to the folder that was loaded; ``sample`` marks the bundled corpus."""
    content_hash: str = ""

    def valid_on(self, day: date) -> bool:
        """Return whether the text is true on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )


class ContentFilter(BaseModel):
    """What may come back at all. Written by code only: no word of a model or a person reaches a filter."""

    model_config = ConfigDict(frozen=True)

    on: date
    locale: str = "en-US"
    channel: Channel | None = None


class ContentLibrary(Protocol):
    """Approved content as the writer sees it; the index of retrieval is one. Raises ``Unavailable`` when it is down."""

    @property
    def engine(self) -> str: ...

    def usable(
        self, where: ContentFilter, types: Sequence[DocumentType], *, theme: str | None = None, limit: int = 50
    ) -> list[ContentDocument]:
        """Return approved documents of these types, highest priority first, then by id."""
        ...

    def search(
        self,
        query: str,
        where: ContentFilter,
        *,
        types: Sequence[DocumentType] = (),
        theme: str | None = None,
        limit: int = 5,
    ) -> list[ContentHit]:
        """Return approved documents at or above the threshold, best first; an empty list is an answer."""
        ...

    def get(self, document_id: str) -> ContentDocument | None:
        """Return a document whatever its status, or None."""
        ...

    def upcoming(self, where: ContentFilter, *, theme: str) -> list[ContentDocument]:
        """Return approved offers of ``theme`` that start after ``where.on``, earliest first."""
        ...
