"""Words that only seem new: the greeting, a journey there and back, an ordinal within a count of the source.

Each is looked at where it stands: ``return`` says nothing in "a return trip" of what is priced each way, but much in
"30-day returns".
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has

_GREETING = re.compile(
    r"^\W*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day))(?: there)? "
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof)\.? )?[a-z][\w'& -]{0,40}[,:!]",
    re.I,
)
"""Whom a letter greets: ``Dear Ms. Alvarez, ...``."""
_JOURNEY = r"^ (?:trips?|tickets?|journeys?|fares?|crossings?|rides?|flights?|sailings?|passages?|transfers?)\b"
_TICKETS = frozenset(("ticket", "tickets", "fare", "fares", "trip", "trips", "journey", "journeys"))
_BOTH_WAYS = r"\b(?:each|one|either|both) ways?\b|\bsingles?\b|\bround[- ]trips?\b|\bthere and back\b"
"""What a source says of which two make a return journey: ``£6 each way``."""
_SAME_DAY = r"\bon the (?:very )?(?:same )?day (?:of|on which|that|it|you|we|they|when)\b|\b(?:that|the same) day\b"
_NOT_GIVEN = r"\bnot included?\b|\bexclud|\bsurcharge|\bsupplement|\bextra\b|\bseparately\b|\badditional"
_SENT_BACK = (
    r"\b(?:send|sends|sent|bring|brings|brought|give|gives|post|posted|ship|shipped|hand|handed) (?:[\w-]+ ){0,3}back\b"
)
"""How a source says that something is returned: ``we send the watch back``."""
_SAID_BY: dict[str, str] = {
    "self": r"\w{2}sel(?:f|ves)\b",
    "half": r"\b0?\.5\b|\u00bd",
    **dict.fromkeys(("return", "returns", "returned"), _SENT_BACK),
}
"""Words that a source says by another."""
_MONTHS = frozenset(("apr", "mar", "sec"))
"""Short names that are something else in capitals: ``APR``."""
_ENDS_PART = r"^\s*(?:[.,;:)!]|$| and\b| but\b)"
_ORDINALS: dict[str, str] = dict(
    zip(
        """third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
        sixteenth seventeenth eighteenth nineteenth twentieth""".split(),  # noqa: SIM905
        """three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
        nineteen twenty""".split(),  # noqa: SIM905
        strict=True,
    )
)
"""Each ordinal and the count whose last thing it is: ``the eighth lesson`` of "eight lessons"."""
_FIRST_COUNT = 3
"""The count of the first of these ordinals."""
_OF_LESS = frozenset(("discount", "reduction", "saving", "markdown"))
_OFF = r"(?:%|\d|per ?cent) (?:off\b|discount|less\b|cheaper)|\breduc|\bhalf[- ]price\b|\b[$\u00a3\u20ac]\d[\d.,]* (?:instead|off)"  # noqa: E501
_POINTED_AT = r"\b(?:the|this|that|your|our) $"


def greeted(text: str, at: int) -> bool:
    """Return whether the place ``at`` lies in the greeting that opens ``text``: ``Dear Mr Henrik Vos, ...``."""
    found = _GREETING.match(text)
    return found is not None and at < found.end()


def seems_new(evidence: Evidence, word: str, span: tuple[int, int]) -> bool:
    """Return whether a word that no source has says nothing that they do not say."""
    text, behind = evidence.sentence.text, evidence.low
    before, after = text[: span[0]], text[span[1] :]
    if greeted(text, span[0]):
        return True
    if word == "return" and has(_JOURNEY, after):
        return has(_BOTH_WAYS, behind)
    if word in _TICKETS and has(r"\b(?:return|round[- ]trip|single|one[- ]way) $", before):
        return has(_BOTH_WAYS, behind)
    if word in ("sameday", "same-day"):
        return has(_ENDS_PART, after) and has(_SAME_DAY, behind)
    if word in _MONTHS:
        return not text[span[0] : span[1]].isupper()
    if word in _SAID_BY:
        return has(_SAID_BY[word], behind)
    if word == "extra":
        return has(_ENDS_PART, after) and has(_NOT_GIVEN, behind)
    if word in _OF_LESS:
        return has(_POINTED_AT, before) and has(_OFF, behind)
    return word in _ORDINALS and _counted(_ORDINALS[word], evidence)


def _counted(number: str, evidence: Evidence) -> bool:
    """Return whether a source has so many of a thing, in digits or as a word."""
    counts: list[str] = list(_ORDINALS.values())
    value = _FIRST_COUNT + counts.index(number)
    return has(rf"\b{number}\b", evidence.low) or any(
        f.kind == "count" and f.value == value for p in evidence.passages for f in p.figures
    )
