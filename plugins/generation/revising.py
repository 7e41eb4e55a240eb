"""Revising: what was asked is changed and nothing else; the new text is a new variant, screened again."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.audience import Channel
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Brief, Citation, ContentDocument, ContentFilter, ContentLibrary, Tone, Variant
from app.domain.errors import Refused
from app.domain.safety import VerdictRecord
from app.workspace import Workspace
from plugins.generation import channels
from plugins.generation.drafting import Drafting, seed_of
from plugins.generation.grammar import Slot, load_grammar, realise, usable
from plugins.generation.material import CopyRequest, Material, choose_material
from plugins.generation.offline_writer import Copy, Plan, cite, make_slots, tone_without_deadline
from plugins.generation.preview import variant_id
from plugins.generation.variants import Screened, copy_of, reasons_of

Edit = Literal[
    "shorter", "longer", "simpler", "friendlier", "more_urgent", "more_formal", "more_playful", "less_pushy",
    "add_emoji", "remove_emoji", "add_cta", "change_cta", "change_subject", "add_discount", "remove_discount",
    "fix_block", "add_personalisation", "mention", "remove_mention", "undo", "new_options", "change_tone",
    "change_channel",
]  # fmt: skip
TONE_OF: dict[str, Tone] = {
    "friendlier": "friendly",
    "more_urgent": "urgent",
    "more_formal": "formal",
    "more_playful": "playful",
    "less_pushy": "calm",
}
REWRITES = frozenset({*TONE_OF, "change_tone", "change_channel", "new_options", "add_discount"})
EMOJI = re.compile(r"[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+ ?")
THEME_EMOJI = {
    "summer": "\u2600\ufe0f",
    "winter": "\u2744\ufe0f",
    "spring": "\U0001f331",
    "autumn": "\U0001f342",
    "christmas": "\U0001f384",
    "valentines": "\U0001f49a",
    "birthday": "\U0001f382",
    "halloween": "\U0001f383",
    "easter": "\U0001f423",
}
ABOUT_OFFER = re.compile(r"\b(code|offer|discount|% off|per cent off|terms|small print|checkout)\b|%", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$|\))[^.!?\n]*)*[.!?]*\)?[ ]*|\n+")


@dataclass(frozen=True)
class Wanted:
    """What the person asked for; empty ``variants`` means all of them."""

    variants: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    tone: Tone | None = None
    channel: Channel | None = None
    mention: str | None = None
    remove: str | None = None
    max_length: int | None = None
    discount_percent: float | None = None


@dataclass(frozen=True)
class Revised:
    """A new variant, the one it came from, and what is different."""

    screened: Screened
    previous: Variant
    changed_fields: tuple[str, ...]
    diff: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass
class _Draft:
    """A message while it is edited."""

    variant: Variant
    fields: dict[str, str]
    citations: tuple[Citation, ...]
    tone: str
    channel: Channel
    request: CopyRequest
    material: Material
    seed: int
    wanted: Wanted
    notes: list[str] = field(default_factory=list[str])

    @property
    def body_name(self) -> str:
        return "text" if self.channel == "sms" else "body"

    def sentences(self) -> list[str]:
        return SENTENCE.findall(self.fields[self.body_name])

    def keep(self, wanted: Callable[[str], bool]) -> int:
        """Drop the sentences of the body that are not wanted; return how many went."""
        parts = self.sentences()
        kept = [p for p in parts if not p.strip() or wanted(p.strip())]
        text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ ]+\n", "\n", "".join(kept))).strip()
        self.fields[self.body_name] = text
        self.citations = tuple(c for c in self.citations if _holds(self.fields, c.sentence))
        return len(parts) - len(kept)


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
            _shorten(draft, wanted.max_length)
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

    def _open(self, campaign: Campaign, brief: Brief, variant: Variant, wanted: Wanted) -> _Draft:
        fields, citations = copy_of(self._workspace, variant)
        request = self._drafting.request(campaign, brief, variant.channel)
        material = choose_material(self._library, request, self._drafting.check(campaign).entitled)
        material = _as_cited(material, [self._library.get(c.document_id) for c in citations])
        return _Draft(
            variant, fields, citations, variant.tone, variant.channel, request, material, variant.seed, wanted
        )

    def _rewrite(self, campaign: Campaign, brief: Brief, draft: _Draft, edit: str) -> None:
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
        seed = seed_of(f"{campaign.id}:{draft.variant.label}", serial)
        copies, _, problems = self._drafting.write(material, request, [Plan(tone, label=draft.variant.label)], seed)
        draft.notes += problems
        draft.fields, draft.citations, draft.tone = dict(copies[0].fields), copies[0].citations, tone
        draft.seed, draft.request, draft.material = seed, request, material

    def rewritten(self, material: Material, request: CopyRequest, plan: Plan, seed: int) -> tuple[Copy, list[str]]:
        """Return the message written anew to ``plan``, and what went wrong on the way."""
        copies, _, problems = self._drafting.write(material, request, [plan], seed)
        return copies[0], problems

    # --- edits within the text
    def mention(self, draft: _Draft) -> None:
        """Add an approved sentence about what was asked for; ``Refused`` when there is none."""
        asked = draft.wanted.mention or ""
        document = self._approved(asked, draft)
        if document is None:
            raise Refused(
                f"Nothing approved was found about {asked!r}, so it is not mentioned.", code="nothing_approved"
            )
        _add_sentence(draft, _sentence_of(document), document)

    def longer(self, draft: _Draft) -> None:
        """Add approved content that is not in the message yet."""
        used = {c.document_id for c in draft.citations}
        spare = [d for d in draft.material.citable() if d.id not in used and d.type != "audience"]
        if not spare:
            draft.notes.append("There is no further approved content to add.")
        for document in spare[:2]:
            _add_sentence(draft, _sentence_of(document), document)

    def fix_block(self, draft: _Draft) -> None:
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
    def _drop_spans(draft: _Draft, text: str, spans: Sequence[tuple[int, int]]) -> None:
        bad: set[str] = set()
        position = 0
        for part in SENTENCE.findall(text):
            if any(start < position + len(part) and end > position for start, end in spans):
                bad.add(part.strip())
            position += len(part)
        draft.keep(lambda sentence: sentence not in bad)

    def _approved(self, asked: str, draft: _Draft) -> ContentDocument | None:
        where = ContentFilter(on=draft.request.on, locale=draft.request.locale, channel=draft.channel)
        types = ("perk", "reassurance", "product", "proof", "offer", "disclaimer")
        for query in (asked, re.sub(r"\b(free|our|the|your)\b", " ", asked)):
            hits = self._library.search(query, where, types=types, limit=3)
            if hits:
                return self._library.get(hits[0].document_id)
        return None


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


def _as_cited(material: Material, cited: Sequence[ContentDocument | None]) -> Material:
    """Return the material with the documents that the message really cites, so that a rewrite keeps its facts."""
    found = list(dict.fromkeys(d.id for d in cited if d))
    by_id = {d.id: d for d in cited if d}
    documents = [by_id[i] for i in found]
    products = [d for d in documents if d.type == "product"]
    rest = [d for d in material.products if d.id not in by_id]

    def one(kind: str, fallback: ContentDocument | None) -> ContentDocument | None:
        return next((d for d in documents if d.type == kind), fallback)

    offer = one("offer", None if documents else material.offer)
    return replace(
        material,
        offer=offer,
        terms=material.terms if offer else (),
        perk=one("perk", material.perk),
        proof=one("proof", material.proof),
        reassurance=one("reassurance", material.reassurance),
        products=(*products, *rest)[:5],
    )


def _holds(fields: dict[str, str], sentence: str) -> bool:
    return any(sentence in text for text in fields.values())


def _sentence_of(document: ContentDocument) -> str:
    for role in ("s", "list", "np"):
        if document.say.get(role):
            text = document.say[role][0]
            caveat = document.say.get("caveat", ())
            text = f"{text}; {caveat[0]}" if caveat else text
            return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
    return document.body


def _add_sentence(draft: _Draft, sentence: str, document: ContentDocument) -> None:
    if document.id in {c.document_id for c in draft.citations}:
        draft.notes.append(f"It is mentioned already ({document.title}).")
        return
    name = draft.body_name
    text = draft.fields[name]
    if draft.channel == "sms":
        link = text.find("https://")
        text = f"{text[:link]}{sentence} {text[link:]}" if link >= 0 else f"{text} {sentence}"
    elif draft.channel == "push":
        text = f"{text} {sentence}"
    else:
        paragraphs = text.split("\n\n")
        paragraphs.insert(max(1, len(paragraphs) - 2), sentence)
        text = "\n\n".join(paragraphs)
        over = channels.word_count(text) - channels.BODY_MAX_WORDS
        if over > 0:
            draft.fields[name] = text
            _shorten(draft, channels.BODY_MAX_WORDS, keep=sentence)
            text = draft.fields[name]
    draft.fields[name] = text
    draft.citations = (*draft.citations, cite(sentence, document))


def drop_documents(draft: _Draft, ids: set[str]) -> None:
    """Take out every sentence that cites one of these documents, and the lines outside the body that rest on them."""
    gone = [c.sentence for c in draft.citations if c.document_id in ids]
    offers = draft.material.offer is not None and draft.material.offer.id in ids
    if offers:
        draft.material = replace(draft.material, offer=None, terms=())

    def stays(sentence: str) -> bool:
        return not any(sentence in g or g in sentence for g in gone) and not (offers and ABOUT_OFFER.search(sentence))

    draft.keep(stays)
    for name in ("subject", "preheader", "cta", "title"):
        if name in draft.fields and (offers or any(g in draft.fields[name] for g in gone)):
            repick(draft, name)


def repick(draft: _Draft, name: str) -> None:
    """Choose another wording for one field, from the same tone and documents."""
    grammar = load_grammar(draft.request.locale)
    with_offer = draft.material.offer is not None
    rng = random.Random(f"{draft.seed}:{name}:{draft.fields.get(name, '')}")
    slots: dict[str, Slot] = make_slots(draft.material, draft.request, draft.tone, "list", rng)
    if draft.channel == "push":
        kind = name if with_offer else f"plain_{name}"
        options = grammar.short_forms("push", kind, draft.tone)
    else:
        options = grammar.voice(draft.tone, with_offer=with_offer).alternatives(name)
    code = with_offer and draft.material.offer is not None and "code" in draft.material.offer.facts
    longest = {"subject": channels.SUBJECT_MAX, "preheader": channels.PREHEADER_MAX, "cta": 28, "title": 40}[name]
    made = [" ".join(s.text for s in realise(o, slots)) for o in usable(options, slots, has_code=code)]
    fitting = [t for t in made if len(t) <= longest and t != draft.fields.get(name)]
    if fitting:
        draft.fields[name] = rng.choice(fitting)


def _shorten(draft: _Draft, longest: int, *, keep: str = "") -> None:
    """Drop sentences until the body has at most ``longest`` words (characters for SMS and push): rhetoric first."""
    cited = {c.sentence: c.document_id for c in draft.citations}
    last_resort = {d.id for d in (draft.material.offer, *draft.material.terms) if d}

    def size() -> int:
        text = draft.fields[draft.body_name]
        return channels.word_count(text) if draft.channel == "email" else len(text)

    def rank(item: tuple[int, str]) -> tuple[int, int]:
        position, sentence = item
        source = next((d for s, d in cited.items() if s in sentence or sentence in s), None)
        return (0 if source is None else 2 if source in last_resort else 1, -position)

    body = [(i, s.strip()) for i, s in enumerate(draft.sentences()) if s.strip()]
    for _, sentence in sorted(body[1:], key=rank):
        if size() <= longest:
            return
        if sentence == keep or "first_name" in sentence or "https://" in sentence or "STOP" in sentence:
            continue
        if any((s in sentence or sentence in s) and d in last_resort for s, d in cited.items()):
            continue
        draft.keep(lambda s, gone=sentence: s != gone)
    if size() > longest:
        draft.notes.append(f"It cannot be made shorter than {size()} without dropping the offer or its conditions.")


def _shorter(revising: Revising, draft: _Draft) -> None:
    del revising
    if draft.wanted.max_length:
        return
    text = draft.fields[draft.body_name]
    now = channels.word_count(text) if draft.channel == "email" else len(text)
    _shorten(draft, int(now * 0.7))


def _simpler(revising: Revising, draft: _Draft) -> None:
    """Split long sentences at their semicolons."""
    del revising
    name = draft.body_name
    text = re.sub(r";\s+(\w)", lambda m: ". " + m[1].upper(), draft.fields[name])
    draft.fields[name] = re.sub(r"\bthrough\b", "until", text) if text == draft.fields[name] else text
    draft.citations = tuple(
        c.model_copy(update={"sentence": re.sub(r";\s+(\w)", lambda m: ". " + m[1].upper(), c.sentence)})
        for c in draft.citations
    )


def _add_emoji(revising: Revising, draft: _Draft) -> None:
    del revising
    name = "subject" if "subject" in draft.fields else "title" if "title" in draft.fields else "text"
    sign = THEME_EMOJI.get(draft.request.theme or "", "\u2728")
    if sign not in draft.fields[name]:
        draft.fields[name] = f"{draft.fields[name]} {sign}" if name != "text" else f"{sign} {draft.fields[name]}"
    if name == "text":
        size = channels.sms_size(draft.fields[name])
        draft.notes.append(f"The emoji makes the SMS UCS-2: {size.segments} segments.")


def _remove_emoji(revising: Revising, draft: _Draft) -> None:
    del revising
    draft.fields = {k: EMOJI.sub("", v).strip() for k, v in draft.fields.items()}


def _personalise(revising: Revising, draft: _Draft) -> None:
    del revising
    if "subject" in draft.fields:
        tagged = "{{ first_name | default: 'Hello' }}: " + draft.fields["subject"]
        if len(tagged) - len("{{ first_name | default: 'Hello' }}") + 14 > channels.SUBJECT_MAX:
            draft.notes.append("The subject has no room for a name; the greeting has it already.")
        else:
            draft.fields["subject"] = tagged
    else:
        name = "text" if "text" in draft.fields else "body"
        if "first_name" not in draft.fields[name]:
            draft.fields[name] = "{{ first_name | default: 'Hello' }}, " + draft.fields[name]


def _remove_discount(revising: Revising, draft: _Draft) -> None:
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


def _remove_mention(revising: Revising, draft: _Draft) -> None:
    del revising
    words = [
        w for w in re.findall(r"[a-z0-9]{3,}", (draft.wanted.remove or "").lower()) if w not in ("the", "any", "our")
    ]
    if not words:
        raise Refused("Say what to leave out: pass remove.", field="remove")

    def stays(sentence: str) -> bool:
        low = sentence.lower()
        return not all(re.search(rf"\b{re.escape(w[:6])}", low) for w in words)

    gone = draft.keep(stays)
    for name in ("subject", "preheader", "title", "cta"):
        if name in draft.fields and not stays(draft.fields[name]):
            repick(draft, name)
            gone += 1
    if not gone:
        draft.notes.append(f"{draft.wanted.remove!r} does not occur in it.")


EDITS: dict[str, Callable[[Revising, _Draft], None]] = {
    "shorter": _shorter,
    "longer": Revising.longer,
    "simpler": _simpler,
    "add_emoji": _add_emoji,
    "remove_emoji": _remove_emoji,
    "add_cta": lambda _, d: repick(d, "cta") if d.channel == "email" else None,
    "change_cta": lambda _, d: repick(d, "cta") if d.channel == "email" else None,
    "change_subject": lambda _, d: (
        repick(d, "title" if d.channel == "push" else "subject") if d.channel != "sms" else None
    ),
    "remove_discount": _remove_discount,
    "fix_block": Revising.fix_block,
    "add_personalisation": _personalise,
    "mention": Revising.mention,
    "remove_mention": _remove_mention,
}


def diff_of(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    """Return the changes line by line: ``field - old`` and ``field + new``, sentence by sentence."""
    lines: list[str] = []
    for name in after:
        old, new = before.get(name, ""), after[name]
        if old == new:
            continue
        pieces = difflib.ndiff(_pieces(old), _pieces(new))
        lines += [f"{name} {p[0]} {p[2:]}" for p in pieces if p[0] in "+-" and p[2:].strip()]
    return tuple(lines[:20])


def _pieces(text: str) -> list[str]:
    return [p.strip() for p in SENTENCE.findall(text) if p.strip()]
