"""Choosing what a message may say: approved, in date on the day it is sent, and true of everybody who gets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from app.domain.audience import Channel
from app.domain.content import ContentDocument, ContentFilter, ContentLibrary, DocumentType
from app.domain.errors import Refused

GENERAL_THEME = "newsletter"
PRODUCTS_WANTED = 5
SERVICES: tuple[DocumentType, ...] = ("perk", "reassurance", "proof")
Entitled = Callable[[ContentDocument], bool]


@dataclass(frozen=True)
class CopyRequest:
    """What is to be written. ``include`` are ids that the person asked for by name; they are used even when the
    audience is not entitled to them, so that the eligibility check can say so. ``without`` are types left out."""

    channel: Channel
    on: date
    campaign: str
    goal: str = ""
    theme: str | None = None
    about: str = ""
    locale: str = "en-US"
    discount_percent: float | None = None
    offer_id: str | None = None
    include: tuple[str, ...] = ()
    without: frozenset[str] = frozenset()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Material:
    """The documents chosen for one set of variants."""

    brand: ContentDocument
    offer: ContentDocument | None = None
    perk: ContentDocument | None = None
    products: tuple[ContentDocument, ...] = ()
    proof: ContentDocument | None = None
    reassurance: ContentDocument | None = None
    terms: tuple[ContentDocument, ...] = ()
    ack: ContentDocument | None = None
    mood: ContentDocument | None = None
    subject: ContentDocument | None = None
    """The perk, reassurance or proof that the message was asked to be about: it stands in every message."""

    def citable(self) -> tuple[ContentDocument, ...]:
        """Return the documents whose facts may stand in the copy."""
        single = (self.offer, self.perk, *self.products, self.proof, self.reassurance, *self.terms, self.ack)
        return tuple(d for d in single if d is not None)


def choose_material(library: ContentLibrary, request: CopyRequest, entitled: Entitled) -> Material:
    """Return the documents for ``request``; ``Refused`` (``nothing_approved``) names what is missing."""
    where = ContentFilter(on=request.on, locale=request.locale, channel=request.channel)

    def usable(*types: str, theme: str | None = None) -> list[ContentDocument]:
        wanted = cast("Sequence[DocumentType]", types)
        return [d for d in library.usable(where, wanted, theme=theme, limit=200) if entitled(d)]

    brands = library.usable(where, ("brand",))
    if not brands:
        raise Refused(
            "There is no approved document of type brand (name, site, postal address), so no message can be signed. "
            "Write one as docs/content.md shows and load it with `cpo ingest content FILE`.",
            code="nothing_approved",
        )
    subject = find_asked(library, where, request.about, (*SERVICES, "product"))
    subject = subject if subject is not None and subject.type in SERVICES else None
    asked = [d for d in (subject, *(library.get(i) for i in request.include)) if d is not None]
    offer = None if "offer" in request.without else _named(asked, "offer") or choose_offer(usable("offer"), request)
    products = () if "product" in request.without else _products(library, where, usable("product"), request, offer)
    if offer is None and not products and not asked:
        raise Refused(
            f"Nothing approved was found for a {request.channel} message on {request.on.isoformat()}: there is no "
            "offer and no product in date. Add or approve content, then ask again.",
            code="nothing_approved",
        )
    found = Material(brand=brands[0], offer=offer, products=products, subject=subject)
    return _with_rest(found, asked, usable, library, request)


def _with_rest(
    material: Material,
    asked: Sequence[ContentDocument],
    usable: Callable[..., list[ContentDocument]],
    library: ContentLibrary,
    request: CopyRequest,
) -> Material:
    def best(kind: str) -> ContentDocument | None:
        if kind in request.without:
            return None
        found = usable(kind)
        themed = [d for d in found if request.theme in d.themes]
        general = [d for d in found if not d.themes]
        return _named(asked, kind) or next(iter([*sorted(themed + general, key=lambda d: -d.priority)]), None)

    required = [library.get(i) for d in (material.offer, *material.products) if d for i in d.requires]
    acks = [d for d in usable("audience") if d.eligibility]
    moods = [d for d in usable("theme") if request.theme in d.themes]
    return replace(
        material,
        perk=best("perk"),
        proof=best("proof"),
        reassurance=best("reassurance"),
        terms=tuple(d for d in required if d is not None and d.status == "approved"),
        ack=acks[0] if acks else None,
        mood=moods[0] if moods else None,
    )


def find_asked(
    library: ContentLibrary, where: ContentFilter, asked: str, types: Sequence[DocumentType] = ()
) -> ContentDocument | None:
    """Return the approved document nearest to what a person named (``free returns``); None when there is none."""
    for query in (asked, re.sub(r"\b(free|our|the|your)\b", " ", asked)):
        hits = library.search(query, where, types=types, limit=1) if query.strip() else []
        if hits:
            return library.get(hits[0].document_id)
    return None


SHORT_FORMS = ("short", "s")
"""The phrasings of a document for SMS and push, shortest first."""


def sentence_of(document: ContentDocument, *roles: str) -> str:
    """Return the first approved phrasing of ``roles`` that there is, with its caveat, as a sentence; else the body."""
    for role in roles or ("s", "list", "np"):
        if document.say.get(role):
            text = document.say[role][0]
            caveat = document.say.get("caveat", ()) if role != "short" else ()
            text = f"{text}; {caveat[0]}" if caveat else text
            return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
    return document.body


def _named(asked: Sequence[ContentDocument], kind: str) -> ContentDocument | None:
    return next((d for d in asked if d.type == kind), None)


def choose_offer(offers: Sequence[ContentDocument], request: CopyRequest) -> ContentDocument | None:
    """Return the offer named, else the one of the percentage asked for, the theme's, the audience's, a general one.

    When a percentage was asked for and no offer has it, the theme's offer is returned: the caller says so.
    """
    if request.offer_id:
        return next((o for o in offers if o.id == request.offer_id), None)
    if request.discount_percent is not None:
        exact = [o for o in offers if o.facts.get("percent") == request.discount_percent]
        fitting = [o for o in exact if request.theme in o.themes] or [o for o in exact if _general(o)]
        if fitting:
            return fitting[0]
    themed = [o for o in offers if request.theme and request.theme in o.themes]
    theirs = [o for o in offers if o.eligibility]
    general = [o for o in offers if _general(o)]
    return next(iter([*themed, *theirs, *general]), None)


def _general(offer: ContentDocument) -> bool:
    return not offer.themes or GENERAL_THEME in offer.themes


def _products(
    library: ContentLibrary,
    where: ContentFilter,
    shelf: Sequence[ContentDocument],
    request: CopyRequest,
    offer: ContentDocument | None,
) -> tuple[ContentDocument, ...]:
    named = [d for d in (library.get(i) for i in request.include) if d is not None and d.type == "product"]
    queries = [q for q in ((request.theme or "").replace("_", " "), request.goal) if q]
    hits = [hit for query in queries for hit in library.search(query, where, types=("product",), limit=8)]
    asked_about = library.search(request.about, where, types=("product",), limit=5) if request.about else []
    scope = " ".join(offer.say.get("np", ())).lower() if offer else ""
    found = {d.id: d for d in shelf}
    for hit in (*hits, *asked_about):
        document = library.get(hit.document_id)
        if document is not None:
            found.setdefault(document.id, document)
    liked = {h.document_id: h.score for h in hits}
    about = {h.document_id: 4.0 + h.score for h in asked_about}

    def rank(document: ContentDocument) -> tuple[float, str]:
        score = document.priority / 100 + liked.get(document.id, 0.0) + about.get(document.id, 0.0)
        score += 3.0 * (request.theme in document.themes)
        score += 2.0 * any(tag in scope for tag in document.tags if len(tag) > 3)
        score += 1.5 * any(tag in request.categories for tag in document.tags)
        return (-score, document.id)

    ordered = sorted(found.values(), key=rank)
    chosen = [*named, *(d for d in ordered if d not in named)]
    return tuple(_one_a_category(chosen)[:PRODUCTS_WANTED])


def _one_a_category(products: Sequence[ContentDocument]) -> list[ContentDocument]:
    """Put the best of each category first, so that the first two differ; keep the order otherwise."""
    seen: set[str] = set()
    first: list[ContentDocument] = []
    rest: list[ContentDocument] = []
    for product in products:
        category = product.tags[0] if product.tags else product.title.split(" ")[0].lower()
        (rest if category in seen else first).append(product)
        seen.add(category)
    return [*first, *rest]
