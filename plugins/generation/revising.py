"""Revising: what was asked is changed and nothing else; the new text is a new variant, screened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Brief, ContentDocument, ContentFilter, ContentLibrary, Tone, Variant
from app.domain.errors import Refused
from app.domain.safety import VerdictRecord
from app.workspace import Workspace
from plugins.generation import channels
from plugins.generation.draft_edits import (
    SENTENCE,
    Edit,
    OpenDraft,
    Wanted,
    add_emoji,
    add_sentence,
    diff_of,
    drop_documents,
    personalise,
    remove_emoji,
    remove_mention,
    repick,
    shorten,
    shorter,
    shorter_subject,
    simpler,
)
from plugins.generation.drafting import Drafting, seed_of
from plugins.generation.material import (
    SERVICES,
    SHORT_FORMS,
    CopyRequest,
    Material,
    choose_material,
    find_asked,
    sentence_of,
)
from plugins.generation.offline_writer import Copy, Plan, tone_without_deadline
from plugins.generation.preview import variant_id
from plugins.generation.variants import Screened, copy_of, reasons_of

TONE_OF: dict[str, Tone] = {
    "friendlier": "friendly",
    "more_urgent": "urgent",
    "more_formal": "formal",
    "more_playful": "playful",
    "less_pushy": "calm",
}
REWRITES = frozenset({*TONE_OF, "change_tone", "change_channel", "new_options", "add_discount"})


@dataclass(frozen=True)
class Revised:
    """A new variant, the one it came from, and what is different."""

    screened: Screened
    previous: Variant
    changed_fields: tuple[str, ...]
    diff: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Revising:
    """Applies edits in order to each variant and stores the results as the campaign's variants."""

    def __init__(self, workspace: Workspace, library: ContentLibrary, drafting: Drafting) -> None:
        self._workspace = workspace
        self._library = library
        self._drafting = drafting

    def revise(self, campaign: Campaign, wanted: Wanted) -> list[Revised]:
        """Return what became of each variant; ``Refused`` when there is none, or nothing to change is known."""
        if campaign.state not in (CampaignState.DRAFT, CampaignState.APPROVED):
            raise Refused(f"A {campaign.state.value} campaign cannot be changed.", code="illegal_move")
        if not campaign.variants or campaign.brief_id is None:
            raise Refused("There are no variants yet. Call generation-draft_variants first.", code="no_variants")
        edits = list(wanted.edits) or _implied(wanted)
        if not edits:
            raise Refused("Say what to change: pass edits.", code="no_edits", field="edits")
        ids = [variant_id(campaign, v) for v in wanted.variants] or list(campaign.variants.values())
        brief = self._workspace.get(Brief, campaign.brief_id)
        revised = [self._one(campaign, brief, self._workspace.get(Variant, i), edits, wanted) for i in ids]
        labels = dict(campaign.variants)
        labels |= {r.screened.variant.label: r.screened.variant.id for r in revised}
        names = ", ".join(r.screened.variant.label for r in revised)
        state = CampaignState.DRAFT if campaign.state is CampaignState.APPROVED else campaign.state
        changed = campaign.model_copy(update={"variants": labels, "state": state})
        self._workspace.save_campaign(changed, f"{', '.join(edits)}: {names}")
        return revised

    def _one(self, campaign: Campaign, brief: Brief, variant: Variant, edits: Sequence[str], wanted: Wanted) -> Revised:
        if "undo" in edits:
            return self._undone(variant)
        draft = self._open(campaign, brief, variant, wanted)
        for edit in edits:
            EDITS[edit](self, draft) if edit not in REWRITES else self._rewrite(campaign, brief, draft, edit)
        if wanted.max_length:
            shorten(draft, wanted.max_length)
        serial = len(self._workspace.find(Variant, campaign_id=campaign.id))
        copy = Copy(draft.tone, draft.fields, (), draft.citations)
        plan = Plan(draft.tone)
        origin = self._drafting.origin_of(variant, draft.seed)
        done = self._drafting.store(
            campaign,
            copy,
            draft.material,
            variant.label,
            plan,
            origin,
            serial,
            self._drafting.check(campaign),
            channel=draft.channel,
            parent=variant,
            edits=tuple(edits),
        )
        before, _ = copy_of(self._workspace, variant)
        changed = tuple(k for k in draft.fields if before.get(k) != draft.fields[k])
        return Revised(done, variant, changed, diff_of(before, draft.fields), tuple(draft.notes))

    def _undone(self, variant: Variant) -> Revised:
        if variant.parent_id is None:
            raise Refused(f"Variant {variant.label} was not revised; there is nothing to undo.", code="nothing_to_undo")
        parent = self._workspace.get(Variant, variant.parent_id)
        records = [self._workspace.get(VerdictRecord, i) for i in parent.verdict_ids]
        before, _ = copy_of(self._workspace, variant)
        now, _ = copy_of(self._workspace, parent)
        changed = tuple(k for k in now if before.get(k) != now[k])
        return Revised(Screened(parent, reasons_of(records)), variant, changed, diff_of(before, now))

    def _open(self, campaign: Campaign, brief: Brief, variant: Variant, wanted: Wanted) -> OpenDraft:
        fields, citations = copy_of(self._workspace, variant)
        request = self._drafting.request(campaign, brief, variant.channel)
        material = choose_material(self._library, request, self._drafting.check(campaign).entitled)
        material = _as_cited(material, [self._library.get(c.document_id) for c in citations], variant.channel)
        return OpenDraft(
            variant, fields, citations, variant.tone, variant.channel, request, material, variant.seed, wanted
        )

    def _rewrite(self, campaign: Campaign, brief: Brief, draft: OpenDraft, edit: str) -> None:
        """Write the message anew from the same documents, in another tone, for another channel, or another way."""
        request, material = draft.request, draft.material
        if edit == "change_channel":
            draft.channel = draft.wanted.channel or draft.channel
            request = replace(request, channel=draft.channel)
        if edit == "add_discount":
            percent = draft.wanted.discount_percent
            brief = brief.model_copy(update={"discount_percent": percent, "offer_id": None, "no_offer": False})
            request = self._drafting.request(campaign, brief, draft.channel)
            material = choose_material(self._library, request, self._drafting.check(campaign).entitled)
            if material.offer is None or (percent and material.offer.facts.get("percent") != percent):
                have = f" Approved: {material.offer.say['np'][0]}." if material.offer else ""
                asked = f"{percent:g}% off" if percent else "a discount"
                raise Refused(f"No approved offer of {asked} fits this campaign.{have}", code="nothing_approved")
        tone = TONE_OF.get(edit) or (draft.wanted.tone if edit == "change_tone" else None) or draft.tone
        dated = material.offer is not None and material.offer.valid_until is not None
        if tone == "urgent" and not dated:
            draft.notes.append("Nothing here has an end date, so the copy is confident, not urgent.")
            tone = tone_without_deadline(tone)
        serial = len(self._workspace.find(Variant, campaign_id=campaign.id))
        seed = seed_of(campaign, serial, draft.variant.label)
        copies, _, problems = self._drafting.write(material, request, [Plan(tone, label=draft.variant.label)], seed)
        draft.notes += problems
        draft.fields, draft.citations, draft.tone = dict(copies[0].fields), copies[0].citations, tone
        draft.seed, draft.request, draft.material = seed, request, material

    def rewritten(self, material: Material, request: CopyRequest, plan: Plan, seed: int) -> tuple[Copy, list[str]]:
        """Return the message written anew to ``plan``, and what went wrong on the way."""
        copies, _, problems = self._drafting.write(material, request, [plan], seed)
        return copies[0], problems

    # --- edits within the text
    def mention(self, draft: OpenDraft) -> None:
        """Add an approved sentence about what was asked for; ``Refused`` when there is none."""
        asked = draft.wanted.mention or ""
        document = self._approved(asked, draft)
        if document is None:
            raise Refused(
                f"Nothing approved was found about {asked!r}, so it is not mentioned.", code="nothing_approved"
            )
        roles = () if draft.channel == "email" else SHORT_FORMS
        add_sentence(draft, sentence_of(document, *roles), document)

    def longer(self, draft: OpenDraft) -> None:
        """Add approved content that is not in the message yet."""
        used = {c.document_id for c in draft.citations}
        spare = [d for d in draft.material.citable() if d.id not in used and d.type != "audience"]
        if not spare:
            draft.notes.append("There is no further approved content to add.")
        for document in spare[:2]:
            add_sentence(draft, sentence_of(document), document)

    def fix_block(self, draft: OpenDraft) -> None:
        """Take out what the checks objected to: documents that are not for this audience, sentences with findings."""
        records = [self._workspace.get(VerdictRecord, i) for i in draft.variant.verdict_ids]
        check = self._drafting.check(self._workspace.campaign(draft.variant.campaign_id))
        cited = [self._library.get(i) for i in {c.document_id for c in draft.citations}]
        not_theirs = {v.document.id for v in check.violations([d for d in cited if d is not None])}
        if not_theirs:
            drop_documents(draft, not_theirs)
        for record in records:
            spans = [(f.start, f.end) for f in record.findings if f.end > f.start and f.rule != "eligibility.audience"]
            if record.field in (draft.body_name,) and spans:
                self._drop_spans(draft, copy_of(self._workspace, draft.variant)[0][record.field], spans)
            elif record.field in ("subject", "preheader", "cta", "title") and spans:
                repick(draft, record.field)
        if not records:
            draft.notes.append("Nothing stands against this variant.")

    @staticmethod
    def _drop_spans(draft: OpenDraft, text: str, spans: Sequence[tuple[int, int]]) -> None:
        bad: set[str] = set()
        position = 0
        for part in SENTENCE.findall(text):
            if any(start < position + len(part) and end > position for start, end in spans):
                bad.add(part.strip())
            position += len(part)
        draft.keep(lambda sentence: sentence not in bad)

    def _approved(self, asked: str, draft: OpenDraft) -> ContentDocument | None:
        where = ContentFilter(on=draft.request.on, locale=draft.request.locale, channel=draft.channel)
        return find_asked(
            self._library, where, asked, ("perk", "reassurance", "product", "proof", "offer", "disclaimer")
        )


def _implied(wanted: Wanted) -> list[Edit]:
    implied: list[Edit] = []
    if wanted.tone:
        implied.append("change_tone")
    if wanted.channel:
        implied.append("change_channel")
    if wanted.mention:
        implied.append("mention")
    if wanted.remove:
        implied.append("remove_mention")
    if wanted.discount_percent is not None:
        implied.append("add_discount" if wanted.discount_percent else "remove_discount")
    if wanted.max_length and not implied:
        implied.append("shorter")
    return implied


def _as_cited(material: Material, cited: Sequence[ContentDocument | None], channel: str) -> Material:
    """Return the material with the documents that the message really cites, so that a rewrite keeps its facts.

    A short message has no room for a service that nobody asked for: one that it cites is its subject.
    """
    found = list(dict.fromkeys(d.id for d in cited if d))
    by_id = {d.id: d for d in cited if d}
    documents = [by_id[i] for i in found]
    products = [d for d in documents if d.type == "product"]
    rest = [d for d in material.products if d.id not in by_id]

    def one(kind: str, fallback: ContentDocument | None) -> ContentDocument | None:
        return next((d for d in documents if d.type == kind), fallback)

    offer = one("offer", None if documents else material.offer)
    asked = material.subject.id if material.subject else ""
    service = next((d for d in documents if d.id == asked or (channel != "email" and d.type in SERVICES)), None)
    return replace(
        material,
        subject=service,
        offer=offer,
        terms=material.terms if offer else (),
        perk=one("perk", material.perk),
        proof=one("proof", material.proof),
        reassurance=one("reassurance", material.reassurance),
        products=(*products, *rest)[:5],
    )


def _remove_discount(revising: Revising, draft: OpenDraft) -> None:
    offer = draft.material.offer
    if offer is None:
        draft.notes.append("There is no discount in it.")
        return
    ids = {offer.id, *(t.id for t in draft.material.terms)}
    drop_documents(draft, ids)
    if draft.channel != "email" or channels.word_count(draft.fields["body"]) < channels.BODY_MIN_WORDS:
        request = replace(draft.request, without=draft.request.without | {"offer"}, include=())
        tone = tone_without_deadline(draft.tone)
        copy, problems = revising.rewritten(draft.material, request, Plan(tone, label=draft.variant.label), draft.seed)
        draft.notes += problems
        draft.fields, draft.citations, draft.tone, draft.request = dict(copy.fields), copy.citations, tone, request


EDITS: dict[str, Callable[[Revising, OpenDraft], None]] = {
    "shorter": lambda _, d: shorter(d),
    "longer": Revising.longer,
    "simpler": lambda _, d: simpler(d),
    "add_emoji": lambda _, d: add_emoji(d),
    "remove_emoji": lambda _, d: remove_emoji(d),
    "add_cta": lambda _, d: repick(d, "cta") if d.channel == "email" else None,
    "change_cta": lambda _, d: repick(d, "cta") if d.channel == "email" else None,
    "shorter_subject": lambda _, d: shorter_subject(d),
    "change_subject": lambda _, d: (
        repick(d, "title" if d.channel == "push" else "subject") if d.channel != "sms" else None
    ),
    "remove_discount": _remove_discount,
    "fix_block": Revising.fix_block,
    "add_personalisation": lambda _, d: personalise(d),
    "mention": Revising.mention,
    "remove_mention": lambda _, d: remove_mention(d),
}
