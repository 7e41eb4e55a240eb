"""From which moment a time counts, and what has happened when it is over: ordered, sent off, arrived.

``Returns within 60 days of dispatch`` gives no "60 days from the day it arrives", and what leaves the workshop in two
days is not "on your doorstep in two days".
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import is_empty
from plugins.generation.grounding.reading.passages import Passage

_EVENTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.I))
    for name, pattern in (
        ("order", r"\b(?:order(?:s|ed|ing)?|buy(?:s|ing)?|bought|purchas\w+|book(?:ed|ing)?|check(?:ing)? ?out|pay(?:ing|ment)?|paid)\b(?! (?:is|are) (?:sent|shipped|dispatched|delivered))"),  # noqa: E501
        ("sent", r"\b(?:dispatch\w*|despatch\w*|ship(?:s|ped|ping|ment)?|leav(?:es?|ing) (?:our|the) \w+|sent (?:out|off)|post(?:ed|ing)|in the post|on (?:its|their) way|hand(?:ed|s)? (?:it |them )?(?:over )?to the courier)\b"),  # noqa: E501
        ("arrived", r"\b(?:deliver(?:y|ed|s|ies)?|arriv\w+|receiv\w+|receipt|doorsteps?|at your door|reach(?:es|ed|ing)? you|with you|in your hands|turns? up|lands?|home|get(?:s|ting)? it)\b"),  # noqa: E501
        ("opened", r"\b(?:activat\w+|account opening|opening (?:the|your|an) account|install(?:ed|ation|ing)?|register(?:ed|ing)|registration|first use)\b"),  # noqa: E501
    )
)  # fmt: skip
_COUNTS_FROM = re.compile(
    r"\b(?:of|from|after|following|since|once|as soon as|when|begins? (?:on|with|at)|starts? (?:on|with|at))\b(?P<what>[^.;:!?]{0,45})",  # noqa: E501
    re.I,
)
_DONE_WITHIN = r"\b(?:within|in|inside|under|takes?|after)(?: (?:just|only|about|as little as|up to))? $"
_ORDER_AND = r"^\W*(?:[\w' ]{0,25}, )?(?:order|buy|book)\b[^.;:]{0,60}\band\b"
_FOR_GOOD = r"\b(?:return\w*|refund\w*|trial|warranty|guarantee\w*|exchange\w*|cancel\w*)\b"


def moment_moved(evidence: Evidence) -> bool:
    """Return whether a time of the source is counted from another moment, ends with another, or is used before it."""
    return _counted_from_another(evidence) or _used_too_early(evidence)


def _event(text: str) -> str:
    """Return the first thing that happens in a text: ``order``, ``sent``, ``arrived`` or ``opened``."""
    found = [(m.start(), name) for name, pattern in _EVENTS if (m := pattern.search(text))]
    return min(found)[1] if found else ""


def _from_event(text: str, at: int) -> str:
    """Return what a time that ends at ``at`` is counted from: ``60 days | of dispatch``."""
    for found in _COUNTS_FROM.finditer(text, at):
        if found.start() - at > _FAR:
            break
        event = _event(found["what"])
        if event:
            return event
    return ""


_FAR = 50


def _until_event(text: str, start: int) -> str:
    """Return what has happened when a time is over: ``is dispatched within | two days``."""
    before = re.split(r"[.;:!?]|, | and | but ", text[:start])[-1]
    if not has(_DONE_WITHIN, text[:start]):
        return ""
    found = [(m.end(), name) for name, pattern in _EVENTS for m in pattern.finditer(before)]
    return max(found)[1] if found else ""


def _counted_from_another(evidence: Evidence) -> bool:
    sentence = evidence.sentence
    for q in sentence.figures:
        for passage in evidence.passages:
            for f in passage.figures:
                if (
                    f.kind in ("time", "months", "count", "workdays")
                    and matches(q, f)
                    and _other_moment(q.start, q.end, sentence, f.start, f.end, passage)
                ):  # noqa: E501, RUF100
                    return True
    return False


def _other_moment(start: int, end: int, sentence: Passage, begin: int, stop: int, passage: Passage) -> bool:
    mine, theirs = _from_event(sentence.text, end), _from_event(passage.text, stop)
    if not mine and has(_ORDER_AND, sentence.text[:start]) and not has(_FOR_GOOD, sentence.text):
        mine = "order"
    if mine and theirs and mine != theirs:
        return True
    mine, theirs = _until_event(sentence.text, start), _until_event(passage.text, begin)
    return theirs == "sent" and mine == "arrived"


_USES = r"\b(?:spend|use|redeem|enjoy|cash in)\b[^.;:]{0,60}\b(?:today|tonight|now|this (?:very )?(?:morning|afternoon|evening|minute|week)|straight away|right away|immediately|at once|the same day|on the spot|there and then)\b"  # noqa: E501
_VALID = r"\b(?:valid|redeem\w*|can be (?:used|spent)|may be (?:used|spent)|usable|to spend)\b"


def _used_too_early(evidence: Evidence) -> bool:
    """Return whether a voucher that is valid from a later day on is spent now."""
    sentence, today = evidence.sentence, evidence.case.as_of
    if not has(_USES, sentence.text):
        return False
    used = {
        root
        for m in re.finditer(_USES, sentence.text, re.I)
        for root, (at, _) in zip(sentence.stems, sentence.spans, strict=True)
        if m.start() <= at < m.end() and not is_empty(root)
    }
    return any(
        has(_VALID, p.text) and p.days and min(d.day for d in p.days) > today and used & p.concepts
        for p in evidence.passages
    )
