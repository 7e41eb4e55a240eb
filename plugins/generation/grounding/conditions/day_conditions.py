"""Weekdays that bound a statement, and how a copy may keep them without naming all: by one row, one day, the dates."""

from __future__ import annotations

import re
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import clocks, weekdays
from plugins.generation.grounding.reading.passages import Passage

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_DAY_RANGE = re.compile(r"\b\w+days? (?:to|through|until|-) \w+days?\b", re.I)
_DAY_GROUP = re.compile(
    rf"\b(?:weekdays|weekends|{_DAY}(?:(?:,? (?:and|to|through|until|till|or|&) |, |-){_DAY})*)\b", re.I
)
"""Days that share one row of a list: ``Monday through Friday``, ``Saturdays and Sundays``."""
_CLOSED = r"\b(?:not?|never|closed|except|excluding|excludes?|other than|nor)\b"
_ALL_WEEK = 7


def days_kept(found: re.Match[str], passage: Passage, evidence: Evidence) -> bool:
    """Return whether the copy keeps the weekdays ``found`` in a passage in a way of its own."""
    return (
        _same_days(found, passage, evidence.case.low)
        or _closed_told(passage, evidence.case.low)
        or (has(_DAY, found[0]) and has(r"\bweekends?\b", passage.text) and has(r"\bweekends?\b", evidence.case.low))
        or _row_told(passage, evidence.sentence)
        or _dates_told(found, evidence)
    )


def _same_days(found: re.Match[str], passage: Passage, low: str) -> bool:
    """Return whether the copy names days among those of the condition: ``a Tuesday`` of ``Sunday to Thursday``.

    Days that are kept out (``no delivery on Sundays``) are kept by days that leave them out: "Monday to Friday".
    """
    spans = [m[0] for m in _DAY_RANGE.finditer(passage.text) if m.start() <= found.start() < m.end()]
    said, meant = weekdays(low), weekdays(spans[0] if spans else found[0])
    if not said or len(said) == _ALL_WEEK:
        return False
    start, _ = passage.clause(found.start(), found.end())
    kept_out = has(_CLOSED, passage.text[start : found.start()])
    return said <= meant or (kept_out and not said & meant)


_SHUT = re.compile(
    rf"\b(?:closed|not open|shut|except|no (?:\w+ ){{0,2}}?)(?: (?:all day|always))?(?: on| for)? (?P<days>{_DAY}(?:(?:,| and|,? or| to) {_DAY})*)",  # noqa: E501
    re.I,
)
_SHUT_TOO = r"\b(?:not?|never|closed|shut|but|bar|except\w*|apart|off|rest\w*|aside|other than|every other)\b|n't\b"


def _closed_told(passage: Passage, low: str) -> bool:
    """Return whether the copy names only the days on which a passage is closed, as such: "any day but Monday"."""
    shut = frozenset[int]().union(*(weekdays(m["days"]) for m in _SHUT.finditer(passage.text)))
    said = weekdays(low)
    return bool(said) and said <= shut and has(_SHUT_TOO, low)


def _row_told(passage: Passage, sentence: Passage) -> bool:
    """Return whether a sentence tells some rows of a list of days with what stands in those rows.

    ``Monday to Friday 9 to 6, Saturday 9 to 2``: who comes on Saturday need not hear of the week.
    """
    said, rows = weekdays(sentence.text), _rows(passage.text)
    if not said or len(rows) < 2 or not said < frozenset[int]().union(*(days for days, _, _ in rows)):
        return False
    told = [(f.start, f.end) for f in passage.figures if any(matches(q, f) for q in sentence.figures)]
    bare = {f.value % 12 for f in sentence.figures if f.kind == "count"}
    told += [
        (start, end)
        for minutes, start, end in clocks(passage.text)
        if minutes in sentence.clocks or (not sentence.clocks and minutes / 60 % 12 in bare)
    ]
    inside = [(start, end) for days, start, end in rows if days & said]
    return bool(told) and all(any(a <= start < b for a, b in inside) for start, _ in told)


def _rows(text: str) -> list[tuple[set[int], int, int]]:
    """Return the days of each row and where the row stands: figures follow the days, or all lead up to them."""
    groups = list(_DAY_GROUP.finditer(text))
    if not groups:
        return []
    leads = re.search(r"\d", text[: groups[0].start()]) is not None
    cuts = [0, *(m.end() for m in groups)] if leads else [*(m.start() for m in groups), len(text)]
    return [(weekdays(m[0]), start, end) for m, (start, end) in zip(groups, pairwise(cuts), strict=True)]


def _dates_told(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the copy names the dates of a weekday instead of it: the 5th and the 12th for ``every Thursday``.

    A date that the source has too is no sign of it: it may only begin or end the time.
    """
    meant = weekdays(found[0])
    told = {d.day for s in evidence.case.sentences for d in s.days}
    known = {d.day for p in evidence.passages for d in p.days}
    return len(meant) == 1 and bool(told - known) and {d.weekday() for d in told} <= meant
