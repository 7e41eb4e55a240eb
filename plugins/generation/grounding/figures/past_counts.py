"""Numbers of a time that is over, told of another: last season's days for this one, a year's number a month."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.relative import stated_times

_PAST = r"\b(?:had|was|were|saw|did|sold|made|gave|won|ran|came|took|drew|held|\w{3,}ed)\b"
_LAST_TIME = r"\blast (?:year|season|month|week|summer|winter|autumn|spring|time)(?:'s)?\b|\bprevious\b"
_TO_COME = (
    r"\b(?:will|this coming|coming (?:year|season|winter|summer)|next (?:year|season|winter|summer)|upcoming)\b|'ll\b"
)
_BY_NOW = r"\b(?:already|so far|to date|this (?:year|season))\b"
_EVERY = re.compile(r"^ (?:[a-z]+ ){0,2}?(?:every|each|an?|per) (?P<per>day|week|month)\b", re.I)


def past_count_problems(evidence: Evidence) -> Iterator[str]:
    """Yield why a number of a past time is told of another time: ``142 days to ski this winter`` of last season's."""
    sentence, as_of = evidence.sentence, evidence.case.as_of
    for q in sentence.figures:
        if q.kind not in ("count", "time") or q.spelled or q.hedge:
            continue
        told = [p for p in evidence.passages if any(o.kind == q.kind and matches(q, o) for o in p.figures)]
        if not told or not all(_is_over(p, as_of) for p in told):
            continue
        every = _EVERY.match(sentence.text[q.end :])
        if (
            q.kind == "count"
            and every
            and not any(has(rf"\b(?:every|each|per|an?) {every['per']}\b", p.text) for p in told)
        ):
            yield "per_unit_changed"
        elif not _same_time(sentence, told) and has(
            _TO_COME if _of_this_year(told, as_of) else _TO_COME + "|" + _BY_NOW, sentence.text
        ):
            yield "date_not_in_source"


def _is_over(passage: Passage, as_of: date) -> bool:
    """Return whether all that a sentence of the source tells lies in the past."""
    times = stated_times(passage.text, passage.days, as_of)
    over = bool(times) and all(last < as_of for _, last in times)
    return has(_PAST, passage.text) and (over or has(_LAST_TIME, passage.text))


def _of_this_year(told: list[Passage], as_of: date) -> bool:
    """Return whether the time that is over lies in the year of sending, so that "this year" is no other time."""
    return any(first.year == as_of.year for p in told for first, _ in stated_times(p.text, p.days, as_of))


def _same_time(sentence: Passage, told: list[Passage]) -> bool:
    """Return whether the sentence itself says that the number is of the past time."""
    years = {f.value for p in told for f in p.figures if f.kind == "year"}
    named = {f.value for f in sentence.figures if f.kind == "year"}
    return bool(years & named) or has(_LAST_TIME, sentence.text)
