"""Drafting a set of variants for a campaign: material once, a message for each tone or lead, each screened."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from app.domain.audience import Audience, Channel, Shop
from app.domain.campaign import Campaign
from app.domain.content import Brief, ContentDocument, ContentFilter, ContentLibrary, Tone, Variant
from app.domain.safety import Decision, Finding, Screen
from app.workspace import Workspace
from plugins.generation.eligibility import EligibilityCheck
from plugins.generation.grammar import load_grammar
from plugins.generation.grounding.checker import CitedSentence, check_copy
from plugins.generation.material import CopyRequest, Material, choose_material, find_asked
from plugins.generation.offline_writer import Copy, Plan, tone_without_deadline, write_set
from plugins.generation.variants import Origin, Screened, store_variant
from plugins.generation.writer import HostedWriter

MORE_TONES: tuple[Tone, ...] = ("empathetic", "confident", "playful", "premium", "formal", "calm", "casual", "exciting")
LEADS = ("offer", "product", "service", "proof")
LABELS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Drafted:
    """What a call wrote, with the documents it was written from."""

    screened: tuple[Screened, ...]
    copies: tuple[Copy, ...]
    material: Material
    channel: Channel
    problems: tuple[str, ...]


class Drafting:
    """Writes, checks and stores variants. Without a hosted writer the offline one writes, and the variants say so."""

    def __init__(
        self,
        workspace: Workspace,
        shop: Shop | None,
        library: ContentLibrary,
        screen: Screen,
        *,
        writer: HostedWriter | None = None,
        locale: str = "en-US",
    ) -> None:
        self._workspace = workspace
        self._shop = shop
        self._library = library
        self._screen = screen
        self._writer = writer
        self._locale = locale

    def draft(
        self, campaign: Campaign, brief: Brief, *, count: int, channel: Channel | None, tone: Tone | None, about: str
    ) -> Drafted:
        """Write ``count`` variants, store them as the campaign's, and return them."""
        chosen = channel or brief.channels[0]
        if about and about != brief.about:
            brief = brief.model_copy(update={"about": about})
            self._workspace.put(brief)
        request = self.request(campaign, brief, chosen)
        check = self.check(campaign)
        material = choose_material(self._library, request, check.entitled)
        serial = len(self._workspace.find(Variant, campaign_id=campaign.id))
        seed = seed_of(campaign, serial)
        plans = [
            replace(p, label=label) for p, label in zip(plan_set(brief, material, count, tone), LABELS, strict=False)
        ]
        copies, origin, problems = self.write(material, request, plans, seed)
        done = [
            self.store(campaign, copy, material, label, plan, origin, serial, check)
            for label, copy, plan in zip(LABELS, copies, plans, strict=False)
        ]
        labels = {s.variant.label: s.variant.id for s in done}
        channels = campaign.channels if chosen in campaign.channels else (*campaign.channels, chosen)
        updated = campaign.model_copy(update={"variants": labels, "channels": channels})
        self._workspace.save_campaign(updated, f"{len(done)} {chosen} variants drafted")
        return Drafted(
            tuple(done),
            tuple(copies),
            material,
            chosen,
            (
                *problems,
                *self._unanswered(request, material),
                *self._notes(brief, material, tone),
                *self._borrowed(material),
            ),
        )

    def request(self, campaign: Campaign, brief: Brief, channel: Channel) -> CopyRequest:
        """Return what is to be written for a campaign on a channel."""
        return CopyRequest(
            channel=channel,
            on=max(brief.send_on or self._workspace.today, self._workspace.today),
            campaign=_utm_name(campaign, brief),
            goal=brief.goal if len(brief.goal) < 120 else "",
            theme=brief.theme,
            about=brief.about,
            locale=self._locale,
            discount_percent=brief.discount_percent,
            offer_id=None,
            include=(brief.offer_id,) if brief.offer_id else (),
            without=frozenset({"offer"}) if brief.no_offer else frozenset(),
            categories=self._categories(campaign),
        )

    def _unanswered(self, request: CopyRequest, material: Material) -> list[str]:
        """Say it when nothing approved speaks of what the messages were to be about."""
        if not request.about or material.subject:
            return []
        where = ContentFilter(on=request.on, locale=request.locale, channel=request.channel)
        if find_asked(self._library, where, request.about):
            return []
        return [f"Nothing approved was found about {request.about!r}, so the messages do not speak of it."]

    def _borrowed(self, material: Material) -> list[str]:
        """Say it when a real shop's people would get the sample shop's content."""
        if self._shop is None or self._shop.synthetic:
            return []
        sample = [d for d in (material.brand, *material.citable()) if d.origin.startswith("sample/")]
        if not sample:
            return []
        return [
            f"{len(sample)} of the sources are the sample shop's, which is made up: load your own content with "
            "`cpo ingest content` before anything is sent."
        ]

    def check(self, campaign: Campaign) -> EligibilityCheck:
        """Return the eligibility check of the campaign's audience."""
        audience = self._workspace.get(Audience, campaign.audience_id) if campaign.audience_id else None
        return EligibilityCheck(self._shop, audience)

    def write(
        self, material: Material, request: CopyRequest, plans: Sequence[Plan], seed: int
    ) -> tuple[list[Copy], Origin, list[str]]:
        """Return a message for each plan, where they come from, and what went wrong on the way."""
        if self._writer is not None:
            return self._writer.write_set(material, request, plans, seed=seed)
        version = load_grammar(request.locale).version
        return write_set(material, request, plans, seed=seed), Origin(prompt_version=version, seed=seed), []

    def origin_of(self, variant: Variant, seed: int) -> Origin:
        """Return the origin of a revision: the author of the variant it came from, at no further cost."""
        return Origin(variant.written_by, variant.prompt_version, seed)

    def store(
        self, campaign: Campaign, copy: Copy, material: Material, label: str, plan: Plan, origin: Origin, serial: int,
        check: EligibilityCheck, *, channel: Channel | None = None, parent: Variant | None = None,
        edits: tuple[str, ...] = (),
    ) -> Screened:  # fmt: skip
        """Check, screen and store one message."""
        grammar = load_grammar(self._locale)
        factor = parent.factor if parent else (f"lead: {plan.lead} first" if plan.lead else f"tone: {copy.tone}")
        hypothesis = parent.hypothesis if parent else ""
        if not parent or "change_tone" in edits:
            hypothesis = grammar.leads[plan.lead] if plan.lead else grammar.hypotheses.get(copy.tone, "")
            factor = f"lead: {plan.lead} first" if plan.lead else f"tone: {copy.tone}"
        used = {c.document_id for c in copy.citations}
        cited = list(self._cited(material, used))
        return store_variant(
            self._workspace,
            self._screen,
            copy,
            channel=channel or _channel_of(copy),
            campaign_id=campaign.id,
            label=label,
            factor=factor,
            hypothesis=hypothesis,
            origin=origin,
            serial=serial,
            violations=check.violations(cited),
            extra=self._grounding(copy, cited, material.brand),
            parent_id=parent.id if parent else None,
            edits=edits,
        )

    def _cited(self, material: Material, used: set[str]) -> list[ContentDocument]:
        known = {d.id: d for d in material.citable()}
        found = [known.get(i) or self._library.get(i) for i in sorted(used)]
        return [d for d in found if d is not None]

    def _grounding(self, copy: Copy, cited: Sequence[ContentDocument], brand: ContentDocument) -> list[Finding]:
        """Check what a model wrote; the offline writer's facts are approved phrasings by construction."""
        if self._writer is None or not copy.sentences:
            return []
        return grounding_findings(copy, cited, self._workspace.today, sender=str(brand.facts.get("name", "")))

    def _categories(self, campaign: Campaign) -> tuple[str, ...]:
        audience = self._workspace.get(Audience, campaign.audience_id) if campaign.audience_id else None
        return (
            tuple(sorted(_values(audience.definition, "favourite_category") | _bought(audience.definition)))
            if audience
            else ()
        )

    @staticmethod
    def _notes(brief: Brief, material: Material, tone: Tone | None) -> list[str]:
        notes: list[str] = []
        wanted = brief.discount_percent
        if wanted and (material.offer is None or material.offer.facts.get("percent") != wanted):
            have = (
                f"the approved offer was used: {material.offer.say['np'][0]}"
                if material.offer
                else "no offer is mentioned"
            )
            notes.append(f"No approved offer of {wanted:g}% fits; {have}.")
        dated = material.offer is not None and material.offer.valid_until is not None
        if not dated and (tone == "urgent" or (tone is None and "urgent" in brief.tones)):
            notes.append("Nothing here has an end date, so no variant is urgent; the confident tone was used instead.")
        return notes


def grounding_findings(copy: Copy, cited: Sequence[ContentDocument], as_of: date, *, sender: str = "") -> list[Finding]:
    """Return what the grounding checker finds: hard findings block, soft ones hold for a person.

    ``sender`` is the name that signs the message; it needs no source.
    """
    sources = {d.id: _approved_text(d) for d in cited}
    said = [CitedSentence(s.text, s.sources) for s in copy.sentences if "{{" not in s.text]
    found: list[Finding] = []
    for problem in check_copy(said, sources, as_of, sender=sender):
        decision = Decision.BLOCK if problem.severity == "hard" else Decision.HOLD
        fix = f"Say only what {', '.join(problem.cited) or 'a cited source'} says."
        found.append(
            Finding(rule=f"grounding.{problem.reason}", category="grounding", severity=5, decision=decision, fix=fix)
        )
    return found


def _approved_text(document: ContentDocument) -> str:
    """Return all that was approved of a document, a line each: its title, its body and its phrasings."""
    phrasings = (text for texts in document.say.values() for text in texts if "{{" not in text)
    return "\n".join((document.title, " ".join(document.body.split()), *dict.fromkeys(phrasings)))


def plan_set(brief: Brief, material: Material, count: int, tone: Tone | None) -> list[Plan]:
    """Return one plan a variant: different tones, or, where the tone is given, what the message leads with."""
    dated = material.offer is not None and material.offer.valid_until is not None

    def possible(wanted: str) -> str:
        return wanted if dated else tone_without_deadline(wanted)

    fixed = tone or (brief.tones[0] if len(brief.tones) == 1 else None)
    if fixed:
        leads = [lead for lead in LEADS if _has(material, lead)]
        if count <= len(leads):
            return [Plan(possible(fixed), lead) for lead in leads[:count]] if count > 1 else [Plan(possible(fixed))]
        rest = [t for t in (*brief.tones, *MORE_TONES) if t != fixed]
        return [Plan(possible(t)) for t in dict.fromkeys(map(possible, (fixed, *rest)))][:count]
    ordered = dict.fromkeys(possible(t) for t in (*brief.tones, *MORE_TONES))
    return [Plan(t) for t in ordered][:count]


def _has(material: Material, lead: str) -> bool:
    return {
        "offer": material.offer is not None, "product": bool(material.products),
        "proof": material.proof is not None, "service": material.reassurance is not None,
    }[lead]  # fmt: skip


def seed_of(campaign: Campaign, serial: int, label: str = "") -> int:
    """Return the seed of a set: the same name, audience and number of variants before always give the same one."""
    about = f"{campaign.name}|{campaign.audience_id}|{label}|{serial}"
    return int.from_bytes(hashlib.sha256(about.encode()).digest()[:4], "big")


def _utm_name(campaign: Campaign, brief: Brief) -> str:
    month = (brief.send_on or campaign.created_at.date()).strftime("%Y-%m")
    return f"{brief.theme or 'campaign'} {month}"


def _channel_of(copy: Copy) -> Channel:
    return "sms" if "text" in copy.fields else "push" if "title" in copy.fields else "email"


def _values(node: Any, name: str) -> set[str]:
    if isinstance(node, list):
        return {v for item in cast("list[Any]", node) for v in _values(item, name)}
    if not isinstance(node, dict):
        return set()
    tree = cast("dict[str, Any]", node)
    if tree.get("field") == name and tree.get("op", "eq") in ("eq", "in"):
        value = tree.get("value")
        return {str(v) for v in (cast("list[Any]", value) if isinstance(value, list) else [value])}
    return {v for key, item in tree.items() if key != "not" for v in _values(item, name)}


def _bought(node: Any) -> set[str]:
    if isinstance(node, list):
        return {v for item in cast("list[Any]", node) for v in _bought(item)}
    if not isinstance(node, dict):
        return set()
    tree = cast("dict[str, Any]", node)
    bought = tree.get("bought")
    own = {str(bought["category"])} if isinstance(bought, dict) and bought.get("category") else set[str]()
    return own | {v for key, item in tree.items() if key not in ("not", "bought") for v in _bought(item)}
