"""Rules about times told from the day of sending: the relative word fits the days that the source states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.relative import Range, When, relative_times, stated_times

_BEGINS = (
    r"\b(?:(?:re-?)?opens?|(?:re-?)?opening|returns?|is back|start(?:s|ing)?|begins?|beginning|launch(?:es|ing)?|"
    r"kicks? off|arrives?|lands?|premieres?|"
    r"debuts?|goes live|go(?:es)? on sale|takes? place|departs?|sets? sail|sails?|is held|happens?|hosts?|"
    r"opened|started|began|launched|arrived)\b"
)
_ENDS = (
    r"\b(?:ends?|ending|closes?|closing|finish(?:es)?|expires?|last (?:day|chance)|final day|deadline|until|till|by|"
    r"wraps? up|over)\b"
)
_ATTENDS = r"\b(?:pick (?:\w+ ){0,3}?up|collect(?:ion)?|join us|come (?:along|to|and)|see (?:it|us|you)|meet (?:us|the)|attend|catch|arrives?)\b"  # noqa: E501
"""What the reader does on the very day: ``pick it up next Monday``."""
_REGULARLY = r"\b(?:every|each|daily|nightly|weekly|weekdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b"
"""What says that something comes round by the week."""


def _clause(sentence: Passage, when: When) -> str:
    """Return the part of the sentence around a relative word, between commas and the like."""
    left = max((m.end() for m in re.finditer(r"[,;:()!?]|\band\b|\bbut\b", sentence.text[: when.start])), default=0)
    after = re.search(r"[,;:()!?]|\band\b|\bbut\b", sentence.text[when.end :])
    return sentence.text[left : when.end + (after.start() if after else len(sentence.text))]


def _told(evidence: Evidence) -> list[Passage]:
    """Return the passages with a time that the sentence speaks of, the best first."""
    as_of = evidence.case.as_of
    return [p for p in evidence.aligned if stated_times(p.text, p.days, as_of)]


def _points(passages: list[Passage], role: str) -> list[Range]:
    """Return the days on which something of the passages begins (``start``) or ends."""
    out: list[Range] = []
    for passage in passages:
        days = {d.day for d in passage.days if d.role != ("end" if role == "start" else "start")}
        step = timedelta(days=-1 if role == "start" else 1)
        plain = {d.day for d in passage.days if not d.role}
        out += [(day, day) for day in days if not (day in plain and day + step in plain)]
    return out


def _extents(passages: list[Passage], as_of: date) -> list[Range]:
    return [span for p in passages for span in stated_times(p.text, p.days, as_of)]


def fits(when: When, evidence: Evidence) -> bool:
    """Return whether the sources state a time that a relative word of the sentence can mean."""
    if when.exact:
        return when.meets([(d.day, d.day) for p in evidence.passages for d in p.days])
    return when.meets(_extents(evidence.passages, evidence.case.as_of))


def in_a_fitting_time(start: int, evidence: Evidence) -> bool:
    """Return whether a word stands in a relative time that the sources bear: ``later`` in ``later this month``."""
    return any(
        when.start <= start < when.end and fits(when, evidence)
        for when in relative_times(evidence.sentence.text, evidence.case.as_of)
    )


def relative_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``date_not_in_source`` where ``tomorrow``, ``this Friday`` or ``last year`` is not when the source says."""
    sentence, as_of = evidence.sentence, evidence.case.as_of
    for when in relative_times(sentence.text, as_of):
        word = sentence.text[when.start : when.end]
        if has(rf"\b{re.escape(word)}\b", evidence.text) or _misses_nothing(when, word, evidence):
            continue
        yield "date_not_in_source"


def _misses_nothing(when: When, word: str, evidence: Evidence) -> bool:
    """Return whether no time of the sources speaks against a relative word."""
    sentence, as_of = evidence.sentence, evidence.case.as_of
    told = _told(evidence)
    if not told:
        return True
    clause = _clause(sentence, when)
    if when.unit == "year":
        years = [p for p in told if any(f.kind == "year" for f in p.figures) or any(d.dated for d in p.days)]
        return not years or when.meets(_extents(evidence.passages, as_of))
    regular = set[int]().union(*(weekdays(p.text) for p in evidence.passages if has(_REGULARLY, p.text)))
    if when.unit == "day" and not when.ahead and not has(r"yesterday", word):
        return True
    begins, ends = has(_BEGINS, clause), has(_ENDS, clause)
    if has(_ATTENDS, clause) and not sentence.raw.endswith("?") and not regular:
        return when.meets(_extents(told, as_of))
    if not (begins or ends) or sentence.raw.endswith("?"):
        return True
    points = _points(told, "start") if begins else []
    points += _points(told, "end") if ends else []
    if not points:
        return when.meets(_extents(evidence.passages, as_of))
    if regular and any((last - first).days >= 6 or first.weekday() in regular for first, last in when.ranges):
        return True
    return when.meets(points)
