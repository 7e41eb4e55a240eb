"""What is yet to come, told as there already: ``now on Android`` of what the source plans for next year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import days
from plugins.generation.grounding.reading.lexicon import STOP, concept
from plugins.generation.grounding.reading.relative import relative_times, stated_times

_CLAUSE = re.compile(
    r"(?<!\d)[;,:]|[;,:](?!\d)|\.\s|"
    r"\b(?:and(?= (?:will|is|are|its|it|the|[a-z]+ (?:is|are|will))\b)|but|while|whereas)\b",
    re.I,
)
_YET_TO_COME = (
    r"\b(?:in (?:active )?(?:development|preparation|the works|beta)|under (?:development|construction)|planned|being (?:built|developed|prepared|tested)|"  # noqa: E501
    r"coming (?:soon|later|to|in|next)|(?:will|to) (?:come|follow|be (?:added|available|launched|released|introduced|opened|rolled out))|"  # noqa: E501
    r"not yet (?:open|available|live|released|in service)|scheduled|(?:is|are) (?:due|expected|set) (?:to|in|for|on)|on the roadmap|"  # noqa: E501
    r"will (?:open|start|begin|launch|run|arrive|offer|operate|join|replace|have|serve|sell|add|support))\b"
)
"""How a source says that a thing is not there yet."""
_BEGINS = r"\b(?:from|begins?|starts?|(?:re-?)?opens?|returns?|launch(?:es)?|available|arrives?|on sale|will|valid|effective|debuts?|premieres?|introduc\w+)\b"  # noqa: E501
_THERE_NOW = (
    r"\b(?:already|up and running|(?:is|are|it's|they're|we're) (?:now |finally )?(?:here|live|open|out|in place|in service|running|available)\b|"  # noqa: E501
    r"(?:has|have) (?:now |finally )?(?:arrived|landed|launched|opened|started|begun|gone live)|just (?:landed|arrived|launched|opened)|"  # noqa: E501
    r"now(?! (?:on sale|taking)\b)|right away|straight away|today|this very (?:day|morning|afternoon|evening)|as we speak)\b"  # noqa: E501
)
"""How a copy says that it is there."""
_STILL_AHEAD = (
    r"\b(?:will|soon|coming|from|starting|starts?|begins?|opens|launches|later|next|until then|planned|due|upcoming|"
    r"tomorrow|ahead|wait\w*|in (?:development|the works|beta)|countdown|not yet)\b|'ll\b|"
    r"\b(?:order|book|reserve|register|sign up|apply|enter|tickets?|bookings?|entries|enrol\w*|subscribe|join|vote|pre-?order)\b"  # noqa: E501
)
"""What leaves it ahead, or asks for no more than to book it."""


def presence_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``not_started`` where the sentence has a thing there that the source says is yet to come."""
    sentence, as_of = evidence.sentence, evidence.case.as_of
    text = re.sub(_IN_SO_LONG, " ", sentence.text, flags=re.I)
    sooner = [last for when in relative_times(sentence.text, as_of) for _, last in when.ranges]
    now = has(_THERE_NOW, text) and (
        has(_FIRMLY, text) or not has(_STILL_AHEAD, re.sub(_THERE_NOW, " ", text, flags=re.I))
    )
    if sentence.raw.endswith("?") or not (now or (sooner and not has(_THERE_NOW, sentence.text))):
        return
    told = stated_times(sentence.text, sentence.days, as_of)
    for source in evidence.sources:
        parts = [part for passage in source.passages for part in _parts(passage.text)]
        for part in parts:
            first = _first_day(part, as_of)
            if first is None or any(last >= (as_of if first == date.max else first) for _, last in told):
                continue
            if not now and (first == date.max or max(sooner) >= first):
                continue
            if _speaks_of_what_is_there(part, parts, sentence.concepts, as_of):
                continue
            if _speaks_of(part, [other for other in parts if other != part], sentence.concepts):
                yield "not_started"
                return


def _speaks_of_what_is_there(part: str, parts: list[str], said: frozenset[str], as_of: date) -> bool:
    """Return whether a sentence has a word of a part that is there, and of the one to come no word of its own."""
    yet, others = _concepts(part), [other for other in parts if other != part]
    there = frozenset[str]().union(*(_concepts(other) for other in others if _first_day(other, as_of) is None))
    mine = yet - frozenset[str]().union(*map(_concepts, others))
    return bool((there - yet) & said) and not mine & said


def _speaks_of(part: str, others: list[str], said: frozenset[str]) -> bool:
    """Return whether a sentence with the words ``said`` is about a part of a source and not about the others."""
    mine = _concepts(part)
    marks = mine - frozenset[str]().union(*map(_concepts, others))
    return len(mine & said) >= _MANY or len(marks & said) >= min(2, len(marks)) > 0 or (
        bool(marks & said) and len(marks) <= _FEW
    )  # fmt: skip


_IN_SO_LONG = r"\b[\w-]+ (?:weeks?|months?|years?) (?:from )?today\b"
"""A time to come that only counts from today: ``two weeks today``."""
_FIRMLY = r"\b(?:already|now (?:on|in|for|available)|up and running)\b"
"""What is said of now whatever stands beside it."""
_FEW = 4
_MANY = 4


def _parts(text: str) -> list[str]:
    """Return the parts of a sentence that may each have a time of their own."""
    out: list[str] = []
    start = 0
    for found in _CLAUSE.finditer(text):
        out.append(text[start : found.start()])
        start = found.end()
    return [part for part in [*out, text[start:]] if part.strip()]


def _concepts(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]{3,}", text.lower())
    return frozenset(concept(word) for word in words if word not in STOP) - _OF_TIME


_OF_TIME = frozenset(
    concept(word)
    for word in """available open start begin launch plan come later soon summer spring autumn winter development now
    new january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday version run offer service will from""".split()  # noqa: SIM905
)


def _first_day(part: str, as_of: date) -> date | None:
    """Return the day before which a part of a source says that its thing is not there; nothing where it may be."""
    times = stated_times(part, tuple(days(part, as_of)), as_of)
    ahead = [first for first, _ in times if first > as_of]
    if has(_YET_TO_COME, part):
        if times and not ahead:
            later = [last for first, last in times if first <= as_of < last < date.max and has(r"\blater\b", part)]
            return max(later, default=None)
        return min(ahead, default=date.max)
    if ahead and len(ahead) == len(times) and has(_BEGINS, part):
        return min(ahead)
    return None
