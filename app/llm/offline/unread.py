"""Restrictions in a message that no matcher read: they must be said, or everybody would be counted in silence."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import Scan
from app.llm.offline.spans import DURATION

_PEOPLE = r"(?:customers?|people|persons?|shoppers?|buyers?|spenders?|clients?|users|members|subscribers|everyone|everybody|anyone|anybody|those|folks|women|men|ladies|ones)"
_END = r"(?=[,.;:?!\x00]|$| (?:and|or|but|so|then|with|using|by|for) | in time | to (?:sell|win|get|push|promote|announce|celebrate))"
_RESTRICTIONS = (
    re.compile(rf"(?:\b{_PEOPLE}|\x00)[ ,]*(?P<words>(?:who|whose|named|called|living|owning|having)\b[^,.;:?!\x00]*?){_END}"),
    re.compile(rf"\b(?P<words>(?:except|excluding|without|apart from|other than|unless) [^,.;:?!\x00]*?){_END}"),
    re.compile(rf"\b(?P<words>(?:in|within|over|during)(?: the)? (?:last|past|previous) {DURATION})"),
    re.compile(
        rf"(?:\b{_PEOPLE}|\x00) (?P<words>(?:in|from|near|around) (?!(?:general|total|question|it|this|that|them|each|every|the|our|my|a|an|all|here|there|mind|time|front|need|both|each|either|general|particular|variant|control|test|last|past|one|english|those|these|which|where|what|[a-h])\b)[a-z-]{{3,}})\b{_END}"
    ),
    re.compile(rf"\b(?P<words>(?:top|best|first|biggest) \d+ {_PEOPLE})\b"),
)  # fmt: skip
_EMPTY = re.compile(
    rf"\b(?:{_PEOPLE}|who|whose|that|have|has|had|are|is|were|was|be|been|do|does|did|not|no|never|the|a|an|in|of|at|on|for|to|and|or|with|us|our|my|me|ever|yet|also|just|only|really|actually|still|except|excluding|without|apart|from|other|than|unless|named|called|having|approval)\b|[\W_]"
)


def unread_restrictions(scan: Scan) -> tuple[str, ...]:
    """Return the phrases that narrow who is meant and were left over when every matcher had taken its part."""
    left = "".join(scan.text[i] if letter == "\x01" else letter for i, letter in enumerate(scan.rest))
    found: dict[str, None] = {}
    for pattern in _RESTRICTIONS:
        for match in pattern.finditer(left):
            words = match["words"].strip()
            if _EMPTY.sub("", words) and not any(words in other for other in found):
                found[words] = None
    return tuple(found)
