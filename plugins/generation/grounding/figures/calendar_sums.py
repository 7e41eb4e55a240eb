"""What follows from days, months and clock times: how long something lasts, and how long until it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import months_in_order, weekdays

_DAY = 86_400.0
_HALF_A_DAY = 720
_MINUTES_A_DAY = 1_440
_UNTIL_THEN = (
    r"\b(?:left|to go|remain\w*|from (?:today|now)|away|until|till|(?:end|clos|expir|finish|start|open|begin|leav|launch|arriv)\w* in|"  # noqa: E501
    r"in|more|days'|weeks')\b"
)
"""What stands with a number of days counted from today: ``three days left``, ``ends in five days``."""


def seconds_between(text: str, evidence: Evidence) -> Iterator[float]:
    """Return the seconds between two days, from today to a day, from a first to a last day, and between clock times."""
    known = {day.day for passage in evidence.passages for day in passage.days}
    yield from (abs((a - b).days) * _DAY for a, b in combinations(sorted(known), 2))
    if has(_UNTIL_THEN, text):
        ahead = [(day - evidence.case.as_of).days for day in known]
        yield from (days * _DAY for days in ahead if days > 0)
    if has(r"\bdays? of\b|\b-day\b|\bdays\b", text):
        yield from ((last - first).days * _DAY + _DAY for first, last in _spans(evidence))
    times = sorted({minutes for passage in evidence.passages for minutes in passage.clocks})
    for a, b in combinations(times, 2):
        yield (b - a) * 60.0
        if has(r"\b(?:next|following) (?:one )?(?:day|morning)|\bovernight\b|\bnight\b", evidence.text):
            yield (_MINUTES_A_DAY - b + a) * 60.0


def _spans(evidence: Evidence) -> Iterator[tuple[date, date]]:
    """Return the first and the last day of what runs from one to the other."""
    for passage in evidence.passages:
        for first, last in pairwise(passage.days):
            if (first.role, last.role) == ("start", "end") and first.day < last.day:
                yield first.day, last.day


def months_between(evidence: Evidence) -> Iterator[float]:
    """Return how many months ``July to September`` are, and the months named by several such spans together."""
    named: set[int] = set()
    for passage in evidence.passages:
        for first, last in months_in_order(passage.text):
            span = {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}
            yield float(len(span))
            named |= span
    if named:
        yield float(len(named))


def clock_follows(minutes: int, evidence: Evidence) -> bool:
    """Return whether a clock time lies a stated time before or after a stated clock time: 50 minutes after 11:00."""
    times = {c for p in evidence.passages for c in p.clocks}
    lasting = {f.value / 60 for p in evidence.passages for f in p.figures if f.kind == "time" and f.value < _DAY}
    copied = {c for s in evidence.case.sentences for c in s.clocks if c != minutes}
    reader = re.search(r"\b(?:you|your|at)\b", evidence.sentence.text, re.I) is not None
    starts = times | copied if reader else times
    return any(
        (start + sign * length - minutes) % _HALF_A_DAY == 0
        for start in starts
        for length in lasting
        for sign in (1, -1)
    )


def days_named(evidence: Evidence) -> set[int]:
    """Return how many weekdays are named in the sources, and in each clause of them."""
    clauses = re.split(r",(?! (?:and )?\w+days?)|;", evidence.text)
    return {len(weekdays(text)) for text in (evidence.text, *clauses)}
