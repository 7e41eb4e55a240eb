"""The offline writer: approved phrases for the facts, a grammar for the rhetoric, many drafts, the best kept.

It invents nothing, because it has nothing to invent with: every figure, name and claim stands in a slot that is filled
with an approved phrasing, and the day on which an offer ends comes from the document's own date. The same seed and
material always give the same text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.content import Citation, ContentDocument
from plugins.generation import channels
from plugins.generation.copy_quality import score_of
from plugins.generation.distinctness import overlap
from plugins.generation.grammar import (
    Grammar,
    Sentence,
    Slot,
    ToneGrammar,
    load_grammar,
    realise,
    slots_in,
    usable,
)
from plugins.generation.material import SHORT_FORMS, CopyRequest, Material, sentence_of

POOL = 12
KEPT = 4
OPTIONAL_MOVES = ("proof", "agenda", "hello", "mood", "products_more", "perk", "ack", "how_to_choose", "thanks")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LEANS_ON_GREETING = re.compile(r"^(Until then|Up to and including that day|Until that day|What you get until then)")


@dataclass(frozen=True)
class Copy:
    """A message before screening: its fields, and every sentence with the documents it is from."""

    tone: str
    fields: dict[str, str]
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    penalty: float = 0.0
    lead: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Plan:
    """One message to write: a tone, and what it leads with when that is the factor."""

    tone: str
    lead: str = ""
    label: str = "A"


def write_set(material: Material, request: CopyRequest, plans: Sequence[Plan], *, seed: int) -> list[Copy]:
    """Return one message for each plan: the combination of good drafts in which no two are alike."""
    pools = [write_pool(material, request, plan, seed=seed) for plan in plans]
    chosen: list[Copy] = []
    for pool in pools:

        def badness(copy: Copy) -> tuple[float, float]:
            likeness = max((overlap(_body(copy), _body(other)) for other in chosen), default=0.0)
            same = sum(copy.fields.get(k) == o.fields.get(k) for o in chosen for k in ("subject", "cta", "title"))
            return (copy.penalty + 60 * likeness + 40 * same, likeness)

        chosen.append(min(pool, key=badness))
    return chosen


def write_pool(material: Material, request: CopyRequest, plan: Plan, *, seed: int) -> list[Copy]:
    """Return the best drafts of one plan, best first."""
    grammar = load_grammar(request.locale)
    drafts: dict[str, Copy] = {}
    for number in range(POOL):
        rng = random.Random(f"{seed}:{plan.tone}:{plan.lead}:{request.theme}:{request.campaign}:{number}")
        draft = _WRITERS[request.channel](grammar, material, request, plan, rng)
        drafts.setdefault(_body(draft), draft)
    return sorted(drafts.values(), key=lambda d: d.penalty)[:KEPT]


def _body(copy: Copy) -> str:
    return copy.fields.get("body") or copy.fields.get("text", "")


def tone_without_deadline(tone: str) -> str:
    """Return the tone that is used when there is no dated fact to be urgent about."""
    return "confident" if tone == "urgent" else tone


# --- slots
def spoken_day(day: date, *, year: bool = True) -> str:
    """Return a day as copy says it: ``31 August 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def make_slots(
    material: Material, request: CopyRequest, tone: str, product_role: str, rng: random.Random
) -> dict[str, Slot]:
    """Return the value of every slot there is material for, with the document each comes from."""
    slots: dict[str, Slot] = {"brand": Slot(str(material.brand.facts["name"]))}
    slots["signoff"] = Slot(str(material.brand.facts.get("sign_off") or slots["brand"].value))
    offer = material.offer
    if offer:
        for role in ("np", "vp", "who", "how", "limit", "short"):
            _put(slots, role, offer, role, rng)
        fitting = [s for s in offer.say.get("subject", ()) if len(s) <= channels.SUBJECT_MAX]
        if fitting:
            slots["subject"] = Slot(rng.choice(fitting), offer.id)
        if offer.valid_until:
            until = offer.valid_until
            slots["until"] = Slot(_deadline(until, request.on, year=True), offer.id)
            slots["day"] = Slot(_deadline(until, request.on, year=False), offer.id)
    for number, product in enumerate(material.products, 1):
        role = product_role if product_role in product.say else "list"
        _put(slots, f"p{number}", product, role, rng, with_cost=offer is None)
        _put(slots, f"n{number}", product, "name", rng)
        _put(slots, f"price{number}", product, "price", rng)
    if product_role == "chat":
        _close_sentences(slots)
    _put(slots, "perk", material.perk, "s", rng)
    _put(slots, "caveat", material.perk, "caveat", rng)
    _put(slots, "proof", material.proof, "s", rng)
    _put(slots, "safe", material.reassurance, "s", rng)
    _put(slots, "ack", material.ack, _for_tone(material.ack, "ack", tone), rng)
    _put(slots, "mood", material.mood, _for_tone(material.mood, "mood", tone), rng, cite=False)
    if material.terms:
        _put(slots, "terms", material.terms[0], "s", rng)
    return slots


def _deadline(until: date, on: date, *, year: bool) -> str:
    return spoken_day(until, year=year or until.year != on.year)


def _close_sentences(slots: dict[str, Slot]) -> None:
    for name, slot in list(slots.items()):
        if re.fullmatch(r"p\d", name) and not slot.value.endswith((".", "!", "?")):
            slots[name] = Slot(slot.value + ".", slot.source)


def _for_tone(document: ContentDocument | None, role: str, tone: str) -> str:
    nearest = {"playful": "friendly", "casual": "friendly", "empathetic": "friendly", "exciting": "friendly"}
    for candidate in (f"{role}.{tone}", f"{role}.{nearest.get(tone, tone)}"):
        if document and candidate in document.say:
            return candidate
    return role


def _put(
    slots: dict[str, Slot],
    name: str,
    document: ContentDocument | None,
    role: str,
    rng: random.Random,
    *,
    with_cost: bool = False,
    cite: bool = True,
) -> None:
    phrases = document.say.get(role, ()) if document else ()
    if not document or not phrases:
        return
    phrase = rng.choice(phrases)
    if with_cost and document.say.get("cost"):
        phrase = f"{phrase.rstrip('.')}; {document.say['cost'][0]}"
    slots[name] = Slot(phrase, document.id if cite else "")


# --- e-mail
def _email(grammar: Grammar, material: Material, request: CopyRequest, plan: Plan, rng: random.Random) -> Copy:
    voice = grammar.voice(plan.tone, with_offer=material.offer is not None)
    slots = make_slots(material, request, plan.tone, voice.product_role if material.offer else "list", rng)
    picks = _pick_moves(voice, slots, material, plan, rng)
    paragraphs = _fit(_arranged(voice.plan, plan.lead), picks, grammar, slots, material, rng)
    body = "\n\n".join(" ".join(s.text for s in p) for p in paragraphs)
    sentences = tuple(s for p in paragraphs for s in p)
    fields = {
        "subject": _short_enough(voice, "subject", slots, material, rng, channels.SUBJECT_MAX),
        "preheader": _short_enough(voice, "preheader", slots, material, rng, channels.PREHEADER_MAX),
        "body": body,
        "cta": _short_enough(voice, "cta", slots, material, rng, 28),
        "link": _link(material, request, plan),
        "alt": _alt(material),
        "footer": footer_of(material.brand),
    }
    return _finished(plan, fields, sentences, material)


def _pick_moves(
    voice: ToneGrammar, slots: Mapping[str, Slot], material: Material, plan: Plan, rng: random.Random
) -> dict[str, str]:
    picks: dict[str, str] = {}
    has_code = material.offer is None or "code" in material.offer.facts
    for move in dict.fromkeys(m for paragraph in voice.plan for m in paragraph):
        found = usable([a for a in voice.alternatives(move) if a], slots, has_code=has_code)
        if plan.lead and plan.lead != "offer":
            found = [a for a in found if not LEANS_ON_GREETING.match(a)]
        if move == "perk" and "caveat" in slots:
            found = [a for a in found if "caveat" in slots_in(a)]
        if found:
            picks[move] = rng.choice(found)
    if "products" in voice.moves and "products" not in picks and "p1" in slots:
        picks["products"] = "<p1>." if not slots["p1"].value.endswith(".") else "<p1>"
    if "how" in voice.moves and "how" not in picks and "how" in slots:
        picks["how"] = "<How>."
    if "products" not in picks:
        picks.pop("products_intro", None)
    subject = _subject_move(material)
    if subject in slots and subject not in picks:
        bounded = subject == "perk" and "caveat" in slots
        picks[subject] = f"<{subject.capitalize()}>; <caveat>." if bounded else f"<{subject.capitalize()}>."
    return picks


def _subject_move(material: Material) -> str:
    """Return the move that says what the message was asked to be about; empty when nothing was asked."""
    moves = {"perk": "perk", "proof": "proof", "reassurance": "safe"}
    return moves[material.subject.type] if material.subject else ""


def _arranged(plan: Sequence[Sequence[str]], lead: str) -> list[list[str]]:
    paragraphs = [list(p) for p in plan]
    if not lead or lead == "offer":
        return paragraphs
    if len(paragraphs[0]) > 1:
        paragraphs[:1] = [paragraphs[0][:1], paragraphs[0][1:]]
    wanted = {"product": "products", "proof": "proof", "service": "safe"}[lead]
    for paragraph in paragraphs:
        if wanted in paragraph:
            if lead != "product":
                paragraph.remove(wanted)
                paragraphs.insert(1, [wanted])
            else:
                paragraphs.remove(paragraph)
                paragraphs.insert(1, paragraph)
            break
    return [p for p in paragraphs if p]


def _fit(
    plan: Sequence[Sequence[str]],
    picks: dict[str, str],
    grammar: Grammar,
    slots: Mapping[str, Slot],
    material: Material,
    rng: random.Random,
) -> list[list[Sentence]]:
    """Realise the plan; leave optional moves out while it is too long, add a thought on choosing when too short."""
    dropped: set[str] = set()
    asked = _subject_move(material)
    while True:
        kept = {m: t for m, t in picks.items() if m not in dropped}
        paragraphs = [[s for move in p if move in kept for s in realise(kept[move], slots)] for p in plan]
        words = sum(channels.word_count(s.text) for p in paragraphs for s in p)
        spare = next((m for m in OPTIONAL_MOVES if m in kept and m != asked), None)
        if words <= channels.BODY_MAX_WORDS or spare is None:
            break
        dropped.add(spare)
    family = "friendly" if "signoff" in picks else "informational"
    spare_thoughts = [a for a in grammar.plain[family].alternatives("how_to_choose") if a != picks.get("how_to_choose")]
    rng.shuffle(spare_thoughts)
    while words < channels.BODY_MIN_WORDS and spare_thoughts:
        thought = realise(spare_thoughts.pop(), slots)
        paragraphs.insert(max(1, len(paragraphs) - 2), thought)
        words += sum(channels.word_count(s.text) for s in thought)
    return [p for p in paragraphs if p]


def _short_enough(
    voice: ToneGrammar, move: str, slots: Mapping[str, Slot], material: Material, rng: random.Random, longest: int
) -> str:
    has_code = material.offer is None or "code" in material.offer.facts
    found = usable(voice.alternatives(move), slots, has_code=has_code)
    made = [" ".join(s.text for s in realise(a, slots)) for a in found]
    fitting = [t for t in made if len(t) <= longest]
    if fitting:
        return rng.choice(fitting)
    return min(made, key=len) if made else slots["brand"].value


def _link(material: Material, request: CopyRequest, plan: Plan) -> str:
    site = str(material.brand.facts["site"])
    return channels.tracked_link(site, medium=request.channel, campaign=request.campaign, content=plan.label)


def _alt(material: Material) -> str:
    named = material.products[0].say.get("name", ()) if material.products else ()
    return (named[0] if named else f"Logo of {material.brand.facts['name']}")[: channels.ALT_MAX]


def footer_of(brand: ContentDocument) -> str:
    """Return the footer: who sends, why, the postal address, and the way out."""
    name, site = brand.facts["name"], str(brand.facts["site"]).rstrip("/")
    way_out = str(brand.facts.get("unsubscribe_url") or f"{site}/unsubscribe")
    return (
        f"This advertisement was sent by {name} because you agreed to receive e-mail from us.\n"
        f"{brand.facts['postal_address']}\n"
        f"Unsubscribe: {{{{ unsubscribe_url | default: '{way_out}' }}}}"
    )


# --- SMS and push
def _sms(grammar: Grammar, material: Material, request: CopyRequest, plan: Plan, rng: random.Random) -> Copy:
    slots = make_slots(material, request, plan.tone, "list", rng)
    forms = grammar.short_forms("sms", "offer" if material.offer else "plain", plan.tone)
    made = [s for a in usable(forms, slots, has_code=True) for s in [realise(a, slots)]]
    order = rng.sample(range(len(made)), len(made))
    terms = material.terms[0].say.get("short", ()) if material.terms else ()
    tail = [Sentence(terms[0], (material.terms[0].id,))] if terms else []
    subject = _subject_sentence(material)
    link = Sentence(_link(material, request, plan))
    stop = Sentence("Reply STOP to opt out.")
    tries = [(*made[i], *extra, *subject, link, stop) for extra in (tail, []) for i in order]
    sizes = [channels.sms_size(channels.fold_quotes(" ".join(s.text for s in t))).segments for t in tries]
    longest = channels.SMS_MAX_SEGMENTS + len(subject)  # what was asked for may cost a segment, the terms may not
    best = next((t for t, n in zip(tries, sizes, strict=True) if n <= longest), None)
    sentences = best or min(tries, key=lambda t: sum(len(s.text) for s in t))
    text = channels.fold_quotes(" ".join(s.text for s in sentences))
    return _finished(plan, {"text": text}, tuple(sentences), material)


def _push(grammar: Grammar, material: Material, request: CopyRequest, plan: Plan, rng: random.Random) -> Copy:
    slots = make_slots(material, request, plan.tone, "list", rng)
    prefix = "" if material.offer else "plain_"

    def pick(kind: str, longest: int) -> list[Sentence]:
        forms = usable(grammar.short_forms("push", prefix + kind, plan.tone), slots, has_code=True)
        made = [realise(f, slots) for f in forms]
        fitting = [m for m in made if len(" ".join(s.text for s in m)) <= longest]
        if fitting:
            return rng.choice(fitting)
        return min(made, key=lambda m: sum(len(s.text) for s in m)) if made else [Sentence(slots["brand"].value)]

    subject = _subject_sentence(material)
    title = pick("title", channels.PUSH_TITLE_MAX)
    body = [*pick("body", channels.PUSH_BODY_MAX - sum(len(s.text) + 1 for s in subject)), *subject]
    if subject and len(" ".join(s.text for s in body)) > channels.PUSH_BODY_MAX:
        body = subject  # there is no room for both, and this is what was asked for
    fields = {
        "title": " ".join(s.text for s in title), "body": " ".join(s.text for s in body),
        "link": _link(material, request, plan),
    }  # fmt: skip
    return _finished(plan, fields, (*title, *body), material)


def _subject_sentence(material: Material) -> list[Sentence]:
    """Return what the message was asked to be about, in its shortest approved phrasing."""
    subject = material.subject
    return [Sentence(sentence_of(subject, *SHORT_FORMS), (subject.id,))] if subject else []


_WRITERS = {"email": _email, "sms": _sms, "push": _push}


# --- citations
def _finished(plan: Plan, fields: dict[str, str], sentences: tuple[Sentence, ...], material: Material) -> Copy:
    known = {d.id: d for d in material.citable()}
    citations = tuple(
        cite(s.text, known[i]) for s in sentences for i in s.sources if i in known
    )  # fmt: skip
    return Copy(plan.tone, fields, sentences, citations, score_of(fields, plan.tone), plan.lead)


def cite(sentence: str, document: ContentDocument) -> Citation:
    """Return the citation of a sentence: the sentence of the document that shares most words with it, verbatim."""
    parts = [p for p in re.split(r"(?<=[.!?])\s+", document.body) if p]
    words = set(re.findall(r"[a-z0-9$%.]+", sentence.lower()))
    quote = max(parts, key=lambda p: len(words & set(re.findall(r"[a-z0-9$%.]+", p.lower()))), default=document.body)
    return Citation(
        sentence=sentence, document_id=document.id, title=document.title, quote=quote,
        content_hash=document.content_hash,
    )  # fmt: skip
