"""What a figure is per: a price per person and month, 62 g per metre, 150 g a day."""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import has
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import PERIODS, Quantity

_PACE = re.compile(
    r"\b(?:per|an?|each|every) (second|minute|hour|day|week|month|year|night)\b|\b(hour|dai|week|month|year|night)ly\b",
    re.I,
)


def _pace(q: Quantity, passage: Passage) -> str:
    """Return per which time a quantity is: ``150 g of food per day``."""
    found = _PACE.search(passage.text[q.end : passage.clause(q.start, q.end)[1]])
    return (found[1] or found[2]).lower().replace("dai", "day") if found else ""


_AS_ADJECTIVE = {"year": r"|\bannual|\byearly", "day": r"|\bdaily", "month": r"|\bmonthly"}


def _rate_lost(other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether ``62 g per metre`` is told as so many grams, with no word of what it is per."""
    found = re.match(r" ?per (?:\d+ ?)?(?P<what>[a-z]+)", passage.text[other.end :], re.I)
    if other.kind not in ("mass", "volume", "length", "energy", "power", "data") or found is None:
        return False
    return concept(found["what"].lower()) not in sentence.concepts and not has(
        rf"\b(?:per|each|every|an?|/) ?(?:\d+ ?)?{found['what'][:1]}|{found['what']}", sentence.text
    )


_ALONE = r"\b(?:solo|alone|on your own|by yourself|for one|one person|just you)\b"
_ORDERED = ("order", "item", "ticket")
"""What is bought anyway: a price per order is the price."""
_EACH_ONE = r"|\bfor (?:the |your )?(?:first|second|third|one|each|1)\b"
_PERIOD_SAID = {"year": r"|\b(?:12|twelve) months\b", "week": r"|\b(?:7|seven) (?:days|nights)\b",
                "month": r"|\b(?:30|thirty) days\b|\b(?:four|4) weeks\b", "day": r"|\b24 hours\b"}  # fmt: skip


_PERSONS = ("person", "head", "guest", "adult", "child", "traveller", "passenger")
_BY_PERSON = (
    r"\b(?:each|apiece|pp|people|person|persons|everyone|everybody|an? (?:head|place|seat|ticket)|"
    r"(?:per|for one|one|an?) (?:guest|adult|child|kid|member|student|place|seat|ticket|traveller|passenger))\b|p\.p\."
)
_LEGS = ("trip", "ride")
_EACH_LEG = r"\b(?:each way|one[- ]way|single|per (?:journey|crossing|trip|ride)|(?:a|every|each) (?:journey|crossing|trip|ride))\b"  # noqa: E501
"""What says that a price is for one journey."""
_APIECE = r"\b(?:each|person|people|head|guests?|adults?|two|you|pp|p\.p\.)\b"


def per_changed(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether ``q`` of the copy is per something else than ``other``, the same figure of the source."""
    if q.kind != "money":
        mine, theirs = _pace(q, sentence), _pace(other, passage)
        return (bool(mine and theirs) and mine != theirs) or _rate_lost(other, sentence, passage)
    if _per_both(other, sentence, passage):
        return False
    if _other_piece(q, other, sentence, passage):
        return True
    if q.per == other.per:
        return False
    if not q.per:
        return _period_lost(other, sentence)
    if q.per == other.apiece or (q.per == "person" and not other.per and has(_BY_PERSON, passage.text)):
        return False
    if not other.per and q.per in _LEGS and has(_EACH_LEG, passage.text):
        return False
    if not other.per:
        kept = re.sub(_NO_PERIOD, " ", passage.text, flags=re.I)
        said = has(rf"\b(?:per |a |each |every )?{q.per}" + _AS_ADJECTIVE.get(q.per, ""), kept)
        return not said and q.per not in _ORDERED
    return True


_NO_PERIOD = r"\b(?:no|without|not an?) (?:annual|yearly|monthly|weekly|daily)\b|\b(?:first|last|next|every few) (?:year|month|week|day)s?\b"  # noqa: E501
"""A period of which the source says that nothing is paid by it: ``paid once, with no annual renewal``."""
_PER_TWO = re.compile(
    r"^ ?(?:per|an?|each) (?P<one>[a-z]+)(?: and| per|,| for (?:one|each|every|an?)) (?:per )?(?P<two>[a-z]+)\b", re.I
)
"""What a price is per where it is per two things: ``€18 | per pupil and lesson``, ``€64 | per year for one person``."""


def _per_both(other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether the copy says both things that a price is per: ``each pupil pays €18 per lesson``."""
    found = _PER_TWO.match(passage.text[other.end :])
    return found is not None and all(
        has(rf"\b(?:per|each|every|an?|one|and|single) {found[side]}s?\b|\b{found[side]}ly\b", sentence.text)
        for side in ("one", "two")
    )


def _other_piece(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether a price is for another thing, for each person where the source has no persons, or for all."""
    if q.apiece and other.apiece and concept(q.apiece) != concept(other.apiece):
        return True
    if q.apiece and other.per in PERIODS and not q.per:
        return True
    if q.apiece in _PERSONS and not has(_BY_PERSON + rf"|\b{q.apiece}", passage.text):
        return True
    return other.apiece == "person" and q.per in PERIODS and not q.apiece and not has(_APIECE, sentence.text)


def _period_lost(other: Quantity, sentence: Passage) -> bool:
    """Return whether the copy leaves out what the price is per, and says it nowhere in the sentence."""
    if other.per in _ORDERED or (other.per == "person" and has(_ALONE, sentence.text)):
        return False
    said = rf"\b{other.per}|{other.per}ly\b|annual|monthly|each|apiece|a ?piece|\ba head|/" + _PERIOD_SAID.get(
        other.per, _EACH_ONE
    )
    return not has(said, sentence.text)
