"""Rules about how far a statement reaches: all, every, any, always, in full, all year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.certainty_rules import PARTLY, SAMPLE
from plugins.generation.grounding.dates import months
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.polarity_rules import NEGATOR

_GENERAL = re.compile(
    r"\b(?:all (?!\d|(?:two|three|four|five|six|seven|eight|nine|ten)\b|that|this|included|together|with|by|via|through|at|on|without|you|there is|set|about|the (?:way|while|details)|yours|day|night|summer|winter|season|weekend|year|week|ready|that|this|of (?:us|it|that)|in all|in one|from|in\b|at once|good|for)|every (?!bite|sip|step|day\b|week|month|year|hour|time|moment|now|occasion|mile|night|morning|detail|adventure|(?:\d+|two|three|four|five|six|other|few) )|"  # noqa: E501
    r"everything(?! (?:you need|else|is ready))|everyone(?! else)|anyone(?! else)|anybody|everybody|any (?!\w+ (?:between|from|up)|time|questions?|longer|more|worries|luck|plans|trouble|idea)|always (?!some|happy|here|love|wanted|glad|there|a pleasure|been)|"  # noqa: E501
    r"sitewide|site-wide|storewide|everywhere(?! but)|anywhere(?! (?:in|on|within))|anytime|any time|no matter what|as (?:often|many|much|long) as you (?:like|want|wish|please)|the whole (?!way|day|summer|family|weekend|time|story|truth)\w+|your (?:whole|entire) \w+|whatever you (?:buy|order|spend)|when(?:ever)? you (?:like|want|wish|please)|right away|whenever(?=\s*(?:[,.;!]|$))|unlimited|no strings|unconditional\w*|no minimum|no exceptions?|no (?:conditions|limits?|exclusions)|entire (?:range|store|collection|site|order)|whole (?:range|store|collection|site|shop))",  # noqa: E501
    re.I,
)
_UNIVERSAL = r"\b(?:all|every(?! (?:second|third|other|two|three|\d))|each|any|anytime|of your choice|everything|everyone|anyone|always|entire|whole|unlimited|everywhere|anywhere|sitewide|no minimum|no limit|no exclusions|no matter|whatever|worldwide|everybody|regardless)\b"  # noqa: E501


def generality_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``generality_added`` for all, every, anyone, always ... where the source sets limits or says nothing."""
    if any(test(evidence) for test in (_refund_widened, _fees_widened, _part_made_whole, _new_or_not)):
        yield "generality_added"
        return
    found = _GENERAL.search(evidence.sentence.text)
    if found and has(rf"\b{re.escape(found[0].split()[0])}\b", evidence.text):
        return
    if found and (_plural_in(evidence, found) or _generic(evidence, found) or _opens(evidence, found)):
        return
    if found and has(
        r"^\W*(?:bring|invite|gather|treat|call|calling|hello|hi|hey|round up) $",
        evidence.sentence.text[: found.start()],
    ):
        return
    spoken_of = " ".join((evidence.aligned_text, *(p.text for _, p in evidence.by_clause)))
    if found and not has(_UNIVERSAL, spoken_of) and (evidence.sentence.cited or evidence.sentence.figures):
        yield "generality_added"


_COUNTED = ("ratio", "percent", "count")
_NARROWING = (
    "from|who|that|which|with|aged|filed|made|over|under|priced|booked|bought|ordered|placed|above|below|on|worth"
)


def _opens(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether the word stands before the colon, in an opening that says nothing of the source: ``Catch every smile:``."""  # noqa: E501
    sentence = evidence.sentence
    colon = sentence.text.find(":", found.end())
    if colon < 0 or len(sentence.text[colon:].split()) < 4:
        return False
    said = {s for s, (at, _) in zip(sentence.stems, sentence.spans, strict=True) if at < colon}
    return not any(s in evidence.stems and not is_empty(s) for s in said)


def _plural_in(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every fare`` says what the source says of ``fares``, and the source limits it in no way."""
    if has(SAMPLE, evidence.aligned_text) and any(f.kind in _COUNTED for p in evidence.aligned for f in p.figures):
        return False
    if not found[0].lower().startswith(("every ", "each ", "any ", "all ")) or has(
        r"\bevery (?:second|other|third)\b|\b(?:one|two|three|four|some|half) of (?:which|them)\b",
        evidence.aligned_text,
    ):
        return False
    words = re.findall(r"[a-z]+", evidence.sentence.text[found.start() :].lower())[1:5]
    plural = any(
        re.search(rf"\b{re.escape(_plural(w))}\b(?! (?:{_NARROWING})\b)", evidence.aligned_text, re.I)
        or _narrowed_alike(w, evidence)
        for w in words
        if len(w) > 2
    )
    return (
        plural
        and not NEGATOR.search(evidence.aligned_text)
        and not has(PARTLY + r"|\bselected\b|\bcertain\b|\bparticipating\b|\bonly\b", evidence.aligned_text)
    )


def _generic(evidence: Evidence, found: re.Match[str]) -> bool:
    """Return whether ``every box`` says what the source says of ``the box``, or ``every pair`` what it says ``per pair``."""  # noqa: E501
    noun = re.match(r"(?:every|each|any) (?P<noun>[a-z]{3,})\b", evidence.sentence.text[found.start() :], re.I)
    if not noun:
        return False
    subject = rf"^\W*(?:the|our|an?|this) {noun['noun']} \w+"
    return has(rf"\bper {noun['noun']}\b", evidence.aligned_text) or any(
        has(subject, p.text) and not NEGATOR.search(p.text) and not has(PARTLY, p.text) for p in evidence.aligned
    )


def _refund_widened(evidence: Evidence) -> bool:
    """Return whether a refund of a part has become a full one."""
    return (
        has(r"\bfull refund\b|\brefund(?:ed|s)? (?:you )?in full\b", evidence.sentence.text)
        and not has(r"\bfull\b|\bmoney[- ]back\b|\bentire\b|\bwhole\b", evidence.low)
        and has(
            r"\brefund\w* (?:\w+ ){0,3}(?:half|part|\d+ ?%)|\b(?:partial|half)\b|\b(?:minus|less|credit|voucher)\b|% of",  # noqa: E501
            evidence.low,
        )
    )


_ALL_YEAR = r"\b(?:all year|year-round|every month|365 days|the whole year|all twelve months)\b"
_WHOLLY = r"\b(?:fully|completely|entirely|wholly)\b"


def _part_made_whole(evidence: Evidence) -> bool:
    """Return whether some months have become all the year, or a share the whole."""
    text = evidence.sentence.text
    if has(_ALL_YEAR, text) and not has(_ALL_YEAR, evidence.low):
        return bool(months(evidence.aligned_text)) or has(r"\b(?:spring|summer|autumn|winter)\b", evidence.aligned_text)
    shares = [f for p in evidence.aligned[:1] for f in p.figures if f.kind == "percent" and f.value < _WHOLE]
    return (
        has(_WHOLLY, text) and bool(shares) and not has(_WHOLLY, evidence.low)
        and not any(f.kind == "percent" for f in evidence.sentence.figures)
    )  # fmt: skip


_EITHER_NEW = (
    r"\bnew\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\b(?:already|existing|current|returning|loyal|not)\b|"
    r"\b(?:already|existing|current|returning|loyal)\b[^.]{0,40}\b(?:or|and)\b[^.]{0,20}\bnew\b"
)
_ONE_KIND = (
    r"\b(?:new|existing|current|returning) (?:customers?|members?|subscribers?|users?|clients?|patients?|accounts?)\b"
)


def _new_or_not(evidence: Evidence) -> bool:
    """Return whether an offer for new customers has become one ``whether you're new or already with us``."""
    return (
        has(_EITHER_NEW, evidence.sentence.text)
        and has(_ONE_KIND, evidence.aligned_text)
        and not has(_EITHER_NEW, evidence.aligned_text)
    )


_WHOLE = 100
_FEES = r"\b(?:no|zero|without(?: any)?) (?:(?P<which>[a-z]+) )?(?:fees?|charges?)\b(?! (?:for|to|on|when|if))"


def _fees_widened(evidence: Evidence) -> bool:
    """Return whether ``no entry fee`` has become ``no fees``."""
    mine = re.search(_FEES, evidence.sentence.raw, re.I)
    theirs = [m for p in evidence.aligned for m in re.finditer(_FEES, p.raw, re.I)]
    return bool(mine and not mine["which"] and theirs) and all(m["which"] for m in theirs)


def _plural(word: str) -> str:
    if word.endswith(("ss", "sh", "ch", "x")):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word.removesuffix("s") + "s"


def _narrowed_alike(word: str, evidence: Evidence) -> bool:
    """Return whether ``any order over £40`` is narrowed by the figure or the word that narrows ``orders`` in the source."""  # noqa: E501
    place = re.search(rf"\b{re.escape(word)} (?:in|within|across) (?:the )?([A-Z]\w+)", evidence.sentence.text)
    if place and place[1] in evidence.aligned_text:
        return True
    said = re.search(rf"\b{re.escape(word)} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.sentence.text, re.I)
    if not said:
        return False
    theirs = re.search(
        rf"\b{re.escape(_plural(word))} (?:{_NARROWING}|of|in) (?P<how>[^,;]+)", evidence.aligned_text, re.I
    )
    mine = set(re.findall(r"\w+", said["how"].lower()))
    return theirs is not None and any(
        concept(w) in {concept(m) for m in mine} for w in re.findall(r"\w{2,}", theirs["how"].lower()) if w not in STOP
    )
