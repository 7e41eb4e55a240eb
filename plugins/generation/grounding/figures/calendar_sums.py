"""What follows from days, months and clock times: how long something lasts, and how long until it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import months_in_order, weekdays
from plugins.generation.grounding.reading.passages import Passage

_DAY = 86_400.0
_HALF_A_DAY = 720
_MINUTES_A_DAY = 1_440
_UNTIL_THEN = (
    r"\b(?:left|to go|remain\w*|from (?:today|now)|away|until|till|(?:end|clos|expir|finish|start|open|begin|leav|launch|arriv)\w* in|"  # noqa: E501
    r"in|more|days'|weeks')\b"
)
"""What stands with a number of days counted from today: ``three days left``, ``ends in five days``."""
_TODAY_TOO = r"\b(?:left|to go|remain\w*|(?:counting|including|with) today|today included)\b"
"""What may count the day of sending among the days left."""


def seconds_between(text: str, evidence: Evidence) -> Iterator[float]:
    """Return the seconds between two days, from today to a day, from a first to a last day, and between clock times."""
    known = {day.day for passage in evidence.passages for day in passage.days}
    yield from (abs((a - b).days) * _DAY for a, b in combinations(sorted(known), 2))
    if has(_UNTIL_THEN, text):
        ahead = [(day - evidence.case.as_of).days for day in known]
        yield from (days * _DAY for days in ahead if days > 0)
        if has(_TODAY_TOO, text):
            yield from ((days + 1) * _DAY for days in ahead if days >= 0)
    if has(r"\bdays? of\b|\b-day\b|\bdays\b", text):
        yield from ((last - first).days * _DAY + _DAY for first, last in spans_of_days(evidence))
    if has(
        r"\b(?:in all|in total|altogether|all told|together|total|of (?:tuition|teaching|lessons?|classes|instruction|practice|\w+ing)|adds? up|comes? to)\b",  # noqa: E501
        text,
    ):
        yield from hours_of_a_course(evidence)
    yield from _on_each_day(evidence)
    times = sorted({minutes for passage in evidence.passages for minutes in passage.clocks})
    for a, b in combinations(times, 2):
        yield (b - a) * 60.0
        if has(r"\b(?:next|following) (?:one )?(?:day|morning)|\bovernight\b|\bnight\b", evidence.text):
            yield (_MINUTES_A_DAY - b + a) * 60.0


def _on_each_day(evidence: Evidence) -> Iterator[float]:
    """Return how long all days of a course take: Saturday and Sunday, each day from 10 am to 1 pm, are six hours."""
    for passage in evidence.passages:
        days = len(weekdays(passage.text))
        if days > 1 and has(r"\b(?:each|both|every|per|on either) days?\b|\bdaily\b", passage.text):
            yield from (days * (b - a) * 60.0 for a, b in pairwise(passage.clocks) if b > a)
            yield from (days * f.value for f in passage.figures if f.kind == "time" and f.value < _DAY)


WEEKLY = (
    r"\b(?:consecutive|weekly|(?:every|each|once a|one \w+ a) week|(?:mon|tues|wednes|thurs|fri|satur|sun)days|"
    r"(?:every|each) (?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:morning|afternoon|evening|night)s)\b"  # noqa: E501
)
"""What says that something comes once a week."""
_MEETS = r"^(?:session|class|lesson|evening|morning|afternoon|week|meeting|workshop|part|date|night|consecutive|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"  # noqa: E501


def meetings(passage: Passage) -> set[int]:
    """Return how often a course meets: ``ten consecutive Tuesdays``, ``every Monday for six weeks``."""
    counted = {f.value for f in passage.figures if f.kind == "count" and (has(_MEETS, f.noun) or not f.noun)}
    weeks = {f.value / (7 * _DAY) for f in passage.figures if f.kind == "time" and f.unit == "week"}
    return {int(n) for n in counted | weeks if 1 < n <= _MOST_MEETINGS and n == int(n)}


_MOST_MEETINGS = 60


def hours_of_a_course(evidence: Evidence) -> Iterator[float]:
    """Return how long all meetings of a course take: ten evenings from 6.30pm to 8.30pm are 20 hours."""
    for source in evidence.sources:
        times = (
            {n for passage in source.passages for n in meetings(passage)} if has(WEEKLY, source.text) else set[int]()
        )
        lengths = {(b - a) * 60.0 for p in source.passages for a, b in pairwise(p.clocks) if b > a}
        lengths |= {f.value for p in source.passages for f in p.figures if f.kind == "time" and f.value < _DAY}
        yield from (n * length for n in times for length in lengths)


def spans_of_days(evidence: Evidence) -> Iterator[tuple[date, date]]:
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


_AHEAD_OF = r"^ (?:\w+ ){0,3}(?:before\w*|prior|ahead|earlier|in advance|notice|early)\b"
"""What stands behind a time that is counted back from a clock time."""


def clock_follows(minutes: int, evidence: Evidence) -> bool:
    """Return whether a clock time lies a stated time before or after a stated clock time: 50 minutes after 11:00."""
    times = {c for p in evidence.passages for c in p.clocks}
    spans = [(f, p.text[f.end :]) for p in evidence.passages for f in p.figures if f.kind == "time" and f.value < _DAY]
    copied = {c for s in evidence.case.sentences for c in s.clocks if c != minutes}
    reader = re.search(r"\b(?:you|your|at)\b", evidence.sentence.text, re.I) is not None
    starts = times | copied if reader else times
    return any(
        (start + sign * f.value / 60 - minutes) % _HALF_A_DAY == 0
        for start in starts
        for f, behind in spans
        for sign in ((1, -1) if has(_AHEAD_OF, behind) else (1,))
    )


def days_named(evidence: Evidence) -> set[int]:
    """Return how many weekdays are named in the sources, and in each clause of them."""
    clauses = re.split(r",(?! (?:and )?\w+days?)|;", evidence.text)
    return {len(weekdays(text)) for text in (evidence.text, *clauses)}
