"""Whose a day or an hour is: the show, the course or the weekday that the source gives it to."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.owner_rules import names_in
from plugins.generation.grounding.reading.dates import Day, clocks, weekdays
from plugins.generation.grounding.reading.passages import Passage

_STARTS = r"\b(?:starts?|starting|begins?|beginning|kicks? off|commenc\w+)\b[^.;]{0,20}$"
"""What says that a day is the first one."""
_TELLING = 2
"""Words of another thing that a sentence needs before its day is held to be that of the wrong thing."""


def day_of_another(day: Day, evidence: Evidence) -> bool:
    """Return whether a sentence names one thing and takes the day of another: ``Paper Cities until 31 May``."""
    when = (day.day.month, day.day.day)
    return _of_another(lambda p: any((d.day.month, d.day.day) == when for d in p.days),
                       lambda p: any(d.role == day.role for d in p.days), evidence)  # fmt: skip


def clock_of_another(minutes: int, evidence: Evidence) -> bool:
    """Return whether a sentence names one thing and takes the hour of another: ``the talk starts at 7.30 pm``."""
    return _of_another(lambda p: minutes % 720 in {c % 720 for c in p.clocks}, lambda p: bool(p.clocks), evidence)


def _of_another(has_it: Callable[[Passage], bool], has_one: Callable[[Passage], bool], evidence: Evidence) -> bool:
    """Return whether the sentence has a name and words of a passage with another such value, and none of its own."""
    said, named = evidence.sentence.concepts, names_in(evidence.sentence)
    homes = [p for p in evidence.passages if has_it(p)]
    own = frozenset[str]().union(*(_with_its_subject(p, has_one, evidence) for p in homes))
    for rival in evidence.passages:
        if rival in homes or not has_one(rival):
            continue
        only, mine = (rival.concepts - own) & said, (own - rival.concepts) & said
        its_name = named & names_in(rival) - frozenset[str]().union(*(names_in(p) for p in homes))
        if homes and its_name and len(only) >= _TELLING and not mine:
            return True
    return False


def _with_its_subject(passage: Passage, has_one: Callable[[Passage], bool], evidence: Evidence) -> frozenset[str]:
    """Return the concepts of a passage and of those before it in its source that have no such value: its subject."""
    found = passage.concepts
    whole = next(s.passages for s in evidence.sources if passage in s.passages)
    for before in whole[: whole.index(passage)][::-1]:
        if has_one(before):
            break
        found |= before.concepts
    return found


def subject_and_all(passage: Passage, evidence: Evidence) -> frozenset[str]:
    """Return the concepts of a passage, and of the one before where it goes on about it: ``It closes at 6pm``."""
    if not has(r"^\W*(?:it|they|this|these|both)\b", passage.text):
        return passage.concepts
    whole = next(s.passages for s in evidence.sources if passage in s.passages)
    at = whole.index(passage)
    return passage.concepts | (whole[at - 1].concepts if at else frozenset[str]())


def starts_on_another_day(day: Day, evidence: Evidence) -> bool:
    """Return whether a course of weekly meetings starts on one of them that is not the first."""
    before = evidence.sentence.text[: day.start]
    return has(_STARTS, before) and any(d.role == "start" for p in evidence.passages for d in p.days)


def ends_a_year(day: Day, evidence: Evidence) -> bool:
    """Return whether a day only bounds a year for which the source has a yearly rate: from 1 January to 31 December."""
    bounds = {(1, 1), (12, 31)}
    said = {(d.day.month, d.day.day) for d in evidence.sentence.days}
    yearly = has(r"\b(?:a|per|every|each) (?:year|annum)\b|\bannual|\byearly", evidence.text)
    return yearly and (day.day.month, day.day.day) in bounds and bounds <= said


_APART = re.compile(
    r"[,;]|:(?!\d)| (?:and|but) (?=(?:at|on|from|until|till|by|also|weekends?|weekdays?|\d|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b)",  # noqa: E501
    re.I,
)
_HALF_A_DAY = 720
_A_SPAN = 2
_Spans = dict[int, set[tuple[int, int]]]


def hours_of_another_day(text: str, evidence: Evidence) -> bool:
    """Return whether a weekday is told with the times, or the opening hours, that the source gives to other days."""
    theirs: dict[int, set[int]] = {}
    spans: _Spans = {}
    for passage in evidence.passages:
        for day, times in _hours(passage.text).items():
            theirs.setdefault(day, set()).update(times)
        for day, hours in _open(passage.text).items():
            spans.setdefault(day, set()).update(hours)
    elsewhere = any(
        day in theirs and not {c % _HALF_A_DAY for c in times} & {c % _HALF_A_DAY for c in theirs[day]}
        for day, times in _hours(text).items()
    )
    every = set[tuple[int, int]]().union(*spans.values()) if spans else set[tuple[int, int]]()
    return elsewhere or any(
        day in spans and not hours & spans[day] and hours <= every for day, hours in _open(text).items()
    )


def _hours(text: str) -> dict[int, set[int]]:
    """Return the clock times that stand with each weekday, clause by clause."""
    out: dict[int, set[int]] = {}
    for clause in _APART.split(text):
        times = {minutes for minutes, _, _ in clocks(clause)}
        for day in weekdays(clause) if times else ():
            out.setdefault(day, set()).update(times)
    return out


_BETWEEN = re.compile(r"\s*(?:-|to|until|till|and)\s*", re.I)
_HOURS_THEN_DAYS = re.compile(r"(?<=[\dm.]),(?= (?:mon|tues|wednes|thurs|fri|satur|sun)days?\b)", re.I)
"""The comma in ``from 07:00 to 19:00, Monday to Friday``, which parts nothing."""


def _open(text: str) -> _Spans:
    """Return the hours from which until which something is on each weekday, where a clause has one such span."""
    out: _Spans = {}
    told = _APART.split(text)
    if len(clocks(text)) == _A_SPAN:
        told = _APART.split(_HOURS_THEN_DAYS.sub("", text))
    for clause in told:
        found = sorted(clocks(clause), key=lambda clock: clock[1])
        spans = {
            (one[0] % _HALF_A_DAY, two[0] % _HALF_A_DAY)
            for one, two in pairwise(found)
            if _BETWEEN.fullmatch(clause[one[2] : two[1]])
        }
        for day in weekdays(clause) if len(spans) == 1 else ():
            out.setdefault(day, set()).update(spans)
    return out
