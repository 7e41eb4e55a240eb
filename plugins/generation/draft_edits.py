"""Edits within one message: each changes what it is named for, sentence by sentence, and leaves the rest alone."""

from __future__ import annotations

import difflib
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.audience import Channel
from app.domain.content import Citation, ContentDocument, Tone, Variant
from app.domain.errors import Refused
from plugins.generation import channels
from plugins.generation.grammar import Slot, load_grammar, realise, usable
from plugins.generation.material import CopyRequest, Material
from plugins.generation.offline_writer import cite, make_slots

Edit = Literal[
    "shorter", "longer", "simpler", "friendlier", "more_urgent", "more_formal", "more_playful", "less_pushy",
    "add_emoji", "remove_emoji", "add_cta", "change_cta", "change_subject", "shorter_subject", "add_discount",
    "remove_discount",
    "fix_block", "add_personalisation", "mention", "remove_mention", "undo", "new_options", "change_tone",
    "change_channel",
]  # fmt: skip


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


@dataclass
class OpenDraft:
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


def _holds(fields: dict[str, str], sentence: str) -> bool:
    return any(sentence in text for text in fields.values())


_LONGEST: dict[Channel, int] = {"email": channels.BODY_MAX_WORDS, "push": channels.PUSH_BODY_MAX}
"""What ``shorten`` holds a body to when something is added: words of an e-mail, characters of a push message."""


def add_sentence(draft: OpenDraft, sentence: str, document: ContentDocument) -> None:
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
    draft.fields[name] = text
    if draft.channel in _LONGEST:
        shorten(draft, _LONGEST[draft.channel], keep=sentence)
    draft.citations = (*draft.citations, cite(sentence, document))


def drop_documents(draft: OpenDraft, ids: set[str]) -> None:
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


def shorter_subject(draft: OpenDraft) -> None:
    """Choose a shorter wording of the subject (of a push message: the title); say so when there is none."""
    name = "title" if draft.channel == "push" else "subject"
    if name not in draft.fields:
        draft.notes.append("An SMS has no subject.")
        return
    before = len(draft.fields[name])
    repick(draft, name, longest=before - 1)
    if len(draft.fields[name]) >= before:
        draft.notes.append(f"There is no shorter {name} in this tone.")


def repick(draft: OpenDraft, name: str, *, longest: int | None = None) -> None:
    """Choose another wording for one field, from the same tone and documents; ``longest`` in characters."""
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
    limit = {"subject": channels.SUBJECT_MAX, "preheader": channels.PREHEADER_MAX, "cta": 28, "title": 40}[name]
    made = [" ".join(s.text for s in realise(o, slots)) for o in usable(options, slots, has_code=code)]
    fitting = [t for t in made if len(t) <= min(limit, longest or limit) and t != draft.fields.get(name)]
    if fitting:
        draft.fields[name] = rng.choice(fitting)


def shorten(draft: OpenDraft, longest: int, *, keep: str = "") -> None:
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
        if _bounds_another(draft, sentence):
            continue
        draft.keep(lambda s, gone=sentence: s != gone)
        draft.keep(lambda s: not _bounds_nothing(draft, s))
    if size() > longest:
        draft.notes.append(f"It cannot be made shorter than {size()} without dropping the offer or its conditions.")


def _caveats(draft: OpenDraft) -> list[tuple[str, str]]:
    """Return (caveat in lower case, the phrase it bounds) of the documents that have one."""
    found = [d for d in draft.material.citable() if d.say.get("caveat") and d.say.get("s")]
    return [(c.lower(), s.lower()) for d in found for c in d.say["caveat"] for s in d.say["s"]]


def _bounds_another(draft: OpenDraft, sentence: str) -> bool:
    """Return whether a sentence is the caveat of another one that stays: it may not go before that one."""
    low, body = sentence.lower(), draft.fields[draft.body_name].lower()
    return any(c in low and s not in low and s in body for c, s in _caveats(draft))


def _bounds_nothing(draft: OpenDraft, sentence: str) -> bool:
    """Return whether a sentence is a caveat of something that is not said any more."""
    low, body = sentence.lower(), draft.fields[draft.body_name].lower()
    bound = [s for c, s in _caveats(draft) if c in low]
    return bool(bound) and not any(s in body for s in bound)


def shorter(draft: OpenDraft) -> None:
    if draft.wanted.max_length:
        return
    text = draft.fields[draft.body_name]
    now = channels.word_count(text) if draft.channel == "email" else len(text)
    shorten(draft, int(now * 0.7))


def simpler(draft: OpenDraft) -> None:
    """Split long sentences at their semicolons."""
    name = draft.body_name
    text = re.sub(r";\s+(\w)", lambda m: ". " + m[1].upper(), draft.fields[name])
    draft.fields[name] = re.sub(r"\bthrough\b", "until", text) if text == draft.fields[name] else text
    draft.citations = tuple(
        c.model_copy(update={"sentence": re.sub(r";\s+(\w)", lambda m: ". " + m[1].upper(), c.sentence)})
        for c in draft.citations
    )


def add_emoji(draft: OpenDraft) -> None:
    name = "subject" if "subject" in draft.fields else "title" if "title" in draft.fields else "text"
    sign = THEME_EMOJI.get(draft.request.theme or "", "\u2728")
    if sign not in draft.fields[name]:
        draft.fields[name] = f"{draft.fields[name]} {sign}" if name != "text" else f"{sign} {draft.fields[name]}"
    if name == "text":
        size = channels.sms_size(draft.fields[name])
        draft.notes.append(f"The emoji makes the SMS UCS-2: {size.segments} segments.")


def remove_emoji(draft: OpenDraft) -> None:
    draft.fields = {k: EMOJI.sub("", v).strip() for k, v in draft.fields.items()}


def personalise(draft: OpenDraft) -> None:
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


def remove_mention(draft: OpenDraft) -> None:
    """Leave out what was named: the product of that name, or else the sentences with those words, never the offer."""
    asked = (draft.wanted.remove or "").lower()
    words = [w for w in re.findall(r"[a-z0-9]{3,}", asked) if w not in ("the", "any", "our")]
    if not words:
        raise Refused("Say what to leave out: pass remove.", field="remove")

    def names_it(text: str) -> bool:
        return all(re.search(rf"\b{re.escape(w[:6])}", text.lower()) for w in words)

    before = dict(draft.fields)
    cited = {c.document_id for c in draft.citations}
    named = {d.id for d in draft.material.products if d.id in cited and names_it(d.title)}
    if named:
        drop_documents(draft, named)
    else:
        offered = _offer_sentences(draft)
        draft.keep(lambda s: not names_it(s) or any(o in s or s in o for o in offered))
        for name in ("subject", "preheader", "title", "cta"):
            if name in draft.fields and names_it(draft.fields[name]):
                repick(draft, name)
        if any(names_it(o) for o in offered):
            draft.notes.append("It is part of the offer's own wording and stays there; say 'no discount' to drop that.")
    if draft.fields == before:
        draft.notes.append(f"{draft.wanted.remove!r} was not left out of anything.")


def _offer_sentences(draft: OpenDraft) -> list[str]:
    ids = {d.id for d in (draft.material.offer, *draft.material.terms) if d}
    return [c.sentence for c in draft.citations if c.document_id in ids]


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
