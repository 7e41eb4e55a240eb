"""The attribute that results are to be split by, as it is said: 'by country', 'per gender', 'men vs women'."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import whole
from app.llm.offline.reading import Reading

_NAMES: tuple[tuple[str, str], ...] = (
    ("country", r"countr(?:y|ies)|nations?|nationalit(?:y|ies)|markets?|geograph(?:y|ies)"),
    ("city", r"cit(?:y|ies)|towns?"),
    ("gender", r"genders?|sex(?:es)?"),
    ("age", r"ages?(?: (?:groups?|bands?|brackets?|classes|ranges?))?"),
    ("loyalty_tier", r"loyalty(?: (?:tiers?|levels?|status(?:es)?|class(?:es)?))?|member(?:ship)?(?: (?:tiers?|levels?|status))?|tiers?"),
    ("value_tier", r"(?:customer )?value(?: (?:tiers?|segments?|bands?|levels?|class(?:es)?))?|spend(?:ing)?(?: (?:tiers?|levels?|bands?))?"),
    ("lifecycle", r"life ?cycles?(?: stages?)?"),
    ("preferred_channel", r"(?:preferred |contact )?channels?(?: preferences?)?"),
    ("favourite_category", r"(?:favou?rite |product )?categor(?:y|ies)"),
    ("language", r"languages?"),
    ("signup_days", r"(?:customer )?tenures?|sign-?ups?(?: (?:age|date))?"),
)  # fmt: skip
_ATTRIBUTE = "|".join(f"(?P<{name}>{words})" for name, words in _NAMES)
_OF = r"(?:(?:the|their|its|our|each|every|all|various|different|single|customers?'?|of|groups? of|people'?s) )*"
_SPLIT_BY = r"(?:by|per|across|for each|for every|for all|in all|the same (?:in|for|across|over)|in each|in every|within each|between|among|over|along|according to|depending on|depend(?:s|ed|ing)? (?:up)?on|differ\w*(?: \w+)? (?:by|with|across|per|on|for|between|from)|var(?:y|ies|ied)(?: \w+)? (?:by|with|across|per|on|for|between))"
_BY = whole(rf"{_SPLIT_BY} {_OF}(?:{_ATTRIBUTE})(?:s|-?wise)?")
_NOUN_FIRST = whole(
    rf"(?:{_ATTRIBUTE})(?:[- ]?wise| ?(?:split|breakdown|cut|view|differences?))|(?:does|do|did|is|was) {_OF}(?:{_ATTRIBUTE.replace('?P<', '?P<n_')}) (?:matter|make (?:a|any) difference|play (?:a|any) role|important|change (?:it|that|anything|the (?:result|effect|lift)))"
)
_LEAD = r"(?:(?:and|but|so|now|then|ok|also|what about|how about|again|once more|same|the same|please|next|only|just)\b[\s,]*)*"
_TURNS = r"(?:(?:can i (?:see|have|get)|show|give|see|have|get|need|want|do|look at|break(?:ing)?|split(?:ting)?|slice|cut|group|divide|separate|segment|drill|report)\b(?: (?:me|us|it|that|this|them|those|these|the|down|up|out|into|in|results?|effects?|numbers?|figures?|lifts?|outcomes?|readout|winner|differences?|a|same|again|separately|broken|split|how|looks?|look|is|was))*)?"
_UNKNOWN = re.compile(
    rf"^{_LEAD}{_TURNS}\s*(?:broken down |split |grouped )?(?:by|per|for each|for every|in each|across) {_OF}(?P<words>[a-z][\w-]*(?: [a-z][\w-]*){{0,2}})[\s?.!]*$"
)
_BARE = re.compile(rf"^{_LEAD}(?:the |different |various |all |each |single )?(?:{_ATTRIBUTE})[\s?.!]*$")
_NO_ATTRIBUTE = whole(
    r"variants?|variant_|versions?|arms?|messages?|campaigns?|copies|e-?mails?|sms|texts?|push|chance|luck|accident|mistake|now|then|today|tomorrow|yesterday|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|end|next|last|time|far|itself|hand|default|law|me|you|us|him|her|it|that|this|them|much|many|how|who|whom|what|why|when|one|ones|persons?|people|customers?|recipients?|head|capita|control|percent|points?|metric|channel_"
)


def attribute_of(text: str) -> str:
    """Return the field that results are to be broken down by, or nothing."""
    found = _BY.search(text) or _NOUN_FIRST.search(text)
    if found is None:
        return ""
    named = next(name for name, value in found.groupdict().items() if value)
    return named.removeprefix("n_")


def asked_attribute(reading: Reading) -> str:
    """Return the attribute a message asks for: a field, two of its values against each other, or its own words.

    Words that name no known field are kept as they are: an own column may be called so, and where none is, the
    function says which there are.
    """
    if known := attribute_of(reading.text):
        return known
    if bare := _BARE.match(reading.text):
        return next(name for name, value in bare.groupdict().items() if value)
    if two := _two_values(reading):
        return two
    found = _UNKNOWN.match(reading.text)
    if not found or _NO_ATTRIBUTE.search(found["words"]) or reading.wishes.channels or reading.wishes.metric:
        return ""
    return found["words"]


_AGAINST = whole(r"vs|versus|against|compared (?:to|with)|than|between|or|as")


def _two_values(reading: Reading) -> str:
    """'men vs women', 'better in France than in Germany': two values of one field against each other."""
    hits = reading.audience.hits
    fields = {hit.condition.field for hit in hits}
    if len(fields) != 1 or len({str(hit.condition.value) for hit in hits}) < 2 or not _AGAINST.search(reading.text):
        return ""
    return next(iter(fields))


PATTERNS = tuple(
    pattern.pattern.replace("\\b", " ").replace("\\w", " ") for pattern in (_BY, _NOUN_FIRST, _UNKNOWN, _NO_ATTRIBUTE)
)
"""The patterns as written: their words are right as they stand (vocabulary.py)."""
