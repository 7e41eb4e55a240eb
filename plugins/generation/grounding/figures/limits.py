"""What lies outside a bound of the source: an age, a weekday, a season, a share of several, a total told again and again."""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.day_owners import subject_and_all
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import months_in_order, weekdays
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, whole_number
from plugins.generation.grounding.reading.relative import relative_times

_DENIED = r"\b(?:not?|never|nor|cannot|without|unless|except|closed?|only|until|sorry|instead|wait|too (?:old|young)|accompan\w+|with an adult)\b|n't\b"  # noqa: E501
"""What leaves open, or says, that something is not to be had."""


def limit_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against a sentence that offers what a bound of its sources keeps out."""
    sentence = evidence.sentence
    if not sentence.cited or sentence.raw.endswith("?"):
        return
    told = _with_the_question(evidence)
    if not has(_DENIED, told):
        if _outside_ages(told, evidence):
            yield "dropped_condition"
        if _outside_weekdays(told, evidence):
            yield "day_not_in_source"
        if _outside_season(told, evidence):
            yield "not_started"
    if sentence.days and _further_weekday(evidence):
        yield "day_not_in_source"
    if _one_for_all(evidence):
        yield "number_of_other_product"
    if _total_again(evidence):
        yield "per_unit_changed"


def _with_the_question(evidence: Evidence) -> str:
    """Return the sentence with the questions and calls right before it, to which it answers."""
    told = evidence.case.sentences
    at = told.index(evidence.sentence)
    first = at
    while first and not told[first - 1].cited and told[first - 1].paragraph == evidence.sentence.paragraph:
        first -= 1
    return " ".join(s.text for s in told[first : at + 1])


_AN_AGE = re.compile(
    r"\b(?:aged|age|turned|turning|(?:you are|you're|i'm|she's|he's|is|just|at) (?=\d+\?))(?: just)? (?P<a>\d{1,3})\b"
    r"(?! ?(?:to|-|or|and over|and above|and under|\+|%|percent))|\b(?P<b>[\w]+)-year-olds?\b",
    re.I,
)
_MOST = re.compile(
    r"\b(?:up to(?: and including)?|until|maximum|to) (?:the )?(?:age(?:d|s)?(?: of)? )(?P<n>\d{1,3})\b", re.I
)
_LEAST = re.compile(
    r"\b(?:aged?|ages|for|must be|to)(?: (?:anyone|those|people|adults|children|guests|at least|over))*(?: aged?)? "
    r"(?P<n>\d{1,3})(?: years(?: old| of age)?)?(?: old)? (?:or|and) (?:over|older|above|up)\b|"
    r"\bmust be (?:at least|over) (?P<m>\d{1,3})\b(?! ?(?:cm|m|kg|g|metres?|minutes?|hours?|days?|weeks?)\b)",
    re.I,
)
_SPAN = re.compile(
    r"\b(?:aged?|ages|between) (?P<n>\d{1,3})(?: to |-| and )(?P<m>\d{1,3})\b(?! ?[a-z]*(?:cm|kg|am|pm))", re.I
)


def _outside_ages(told: str, evidence: Evidence) -> bool:
    """Return whether an age that the copy calls lies outside the only ages of the source: ``Aged 77?``."""
    said = {whole_number(m["a"] or m["b"]) for m in _AN_AGE.finditer(told)} - {0}
    bounds = [bound for p in evidence.passages for bound in _ages(p.text)]
    if has(r"\b(?:under|over|below|above)(?: the age of)?[ -]\d{1,3}s?\b", evidence.low):
        return False
    return bool(said) and len(bounds) == 1 and not any(bounds[0][0] <= age <= bounds[0][1] for age in said)


def _ages(text: str) -> Iterator[tuple[int, int]]:
    yield from ((0, int(m["n"])) for m in _MOST.finditer(text))
    yield from ((int(m["n"] or m["m"]), 999) for m in _LEAST.finditer(text))
    yield from ((int(m["n"]), int(m["m"])) for m in _SPAN.finditer(text))


_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_ON_A_DAY = re.compile(
    rf"\b(?:on (?:a |any |the )?|this |next |any |every |each |come )(?P<a>{_DAY}s?|weekends?)\b|"
    rf"\b(?P<b>{_DAY})s? (?:night|evening|morning|afternoon)s?\b|\b(?:at|over) (?:the |any |this )?(?P<c>weekends?)\b",
    re.I,
)
_SCHEDULE = rf"\b{_DAY}s? ?(?:to|-|through|until) ?{_DAY}|\b{_DAY}s\b|\b(?:every|each) {_DAY}\b|\bweek(?:days|ends)\b"
_DAILY = r"\b(?:daily|every day|any day|seven days|7 days|24/7|all week|other days|rest of the week)\b"


def _outside_weekdays(told: str, evidence: Evidence) -> bool:
    """Return whether all days that the copy names lie outside the weekdays on which the source has its thing."""
    said = set[int]().union(*(weekdays(m["a"] or m["b"] or m["c"]) for m in _ON_A_DAY.finditer(told)))
    homes = [p for p in evidence.passages if has(_SCHEDULE, p.text)]
    if not said or len(homes) != 1 or has(_DAILY, evidence.text):
        return False
    open_on = weekdays(homes[0].text)
    if has(r"\b(?:next|following) (?:working |business )?day\b|\bnext-day\b", evidence.text):
        open_on |= {(day + 1) % 7 for day in open_on}
    everywhere = weekdays(told) | weekdays(evidence.case.low)
    shared = (subject_and_all(homes[0], evidence) & evidence.sentence.concepts) - _OF_DAYS
    closed = has(rf"\b(?:closed|except|not|no) [^.;]*{_DAY}", homes[0].text)
    return not closed and not everywhere & open_on and len(shared) >= _MANY


_OF_DAYS = frozenset(map(concept, "monday tuesday wednesday thursday friday saturday sunday weekend weekday".split()))  # noqa: SIM905
_MANY = 2


_COMES_ROUND = re.compile(rf"\b(?:every|each) {_DAY}(?:(?:,? and |,? or |, ){_DAY})*\b|\b{_DAY}s\b", re.I)


def _further_weekday(evidence: Evidence) -> bool:
    """Return whether beside dates something comes round on a weekday that no source has: ``every Sunday too``."""
    stated = weekdays(evidence.text)
    dated = {day.day.weekday() for p in evidence.passages for day in p.days}
    rows = " ".join(m[0] for m in _COMES_ROUND.finditer(evidence.sentence.text))
    return bool(stated) and not has(_DAILY, evidence.text) and not weekdays(rows) <= stated | dated


def _outside_season(told: str, evidence: Evidence) -> bool:
    """Return whether the copy offers now, or soon, what the source has in other months of every year only."""
    as_of = evidence.case.as_of
    ranges = [span for when in relative_times(told, as_of) for span in when.ranges]
    if has(r"\b(?:right now|tonight|today)\b", told):
        ranges.append((as_of, as_of))
    soon = [(a, b) for a, b in ranges if b >= as_of and (b - a).days < 40]
    if not soon or evidence.sentence.days:
        return False
    for passage in evidence.passages:
        spans = months_in_order(passage.text)
        if len(spans) != 1 or passage.days or not has(_ON, passage.text) or re.search(r"\b20\d\d\b", passage.text):
            continue
        first, last = spans[0]
        on = {(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)}
        shared = passage.concepts & evidence.sentence.concepts
        if len(shared) >= _MANY and not any({a.month, b.month} & on for a, b in soon):
            return True
    return False


_ON = r"\b(?:open|opens|runs?|available|served|offered|sails?|operates?|held|flowers?|blooms?|season|on sale)\b"


_OF_SEVERAL = re.compile(
    r"(?:^|[;:.,] ?)(?:the |these )?(?P<n>\d+|two|three|four|five|six) (?P<what>[a-z]+s) (?:[a-z]+ )?"
    r"(?:provide|contain|give|cost|weigh|hold|deliver|supply|make|cover|come to|have)\b[^.;]*$",
    re.I,
)
_SEVERAL = ("mass", "money", "volume", "power", "energy", "count", "percent")


def _one_for_all(evidence: Evidence) -> bool:
    """Return whether what several have together is told of each: ``two tablets provide 500 mg`` as 500 mg in each."""
    sentence = evidence.sentence
    for q in (f for f in sentence.figures if f.kind in _SEVERAL):
        homes = [(o, p) for p in evidence.passages for o in p.figures if matches(q, o)]
        found = [_OF_SEVERAL.search(p.text[: o.start]) for o, p in homes]
        if not homes or not all(found) or any(has(r"\b(?:each|apiece|per)\b", p.text[o.end :]) for o, p in homes):
            continue
        for m in (m for m in found if m):
            one = re.escape(m["what"].lower().removesuffix("s"))
            if has(rf"\b(?:each|every|a single|one|an?|per) (?:[\w-]+ ){{0,3}}{one}\b", sentence.text) and not has(
                rf"\b{one}s\b", sentence.text
            ):
                return True
    return False


_IN_TOTAL = (
    r"\b(?:in total|a total of|in all|altogether|so far|to date|combined|since (?:\d{4}|we |our |its )|between them)\b"
)
_AGAIN = r"^[^.;]*?\b(?:every|each|a|per) (?:single )?(?:year|month|week|day)\b|^[^.;]*?\b(?:annually|a year)\b"
_FOR_EACH = re.compile(
    r"\b(?:for|on|in|per) (?:each|every)(?: separate| single| individual| new)? (?P<what>[a-z]+)", re.I
)
_ANOTHER = r"\banother $|\b(?:and|plus) (?:a further|an additional|an extra) $"
_PERIODS = ("year", "month", "week", "day", "night", "hour", "policy", "calendar")


def _total_again(evidence: Evidence) -> bool:
    """Return whether a total of the source is told by the year, for each of several, or twice."""
    sentence = evidence.sentence
    for q in sentence.figures:
        homes = [(o, p) for p in evidence.passages for o in p.figures if matches(q, o)]
        if not homes or q.kind in ("ordinal", "year", "code") or (q.kind == "count" and q.value < _MANY):
            continue
        if not all(_summed(o, p) for o, p in homes):
            continue
        behind = sentence.text[q.end : sentence.clause(q.start, q.end)[1]]
        yearly = has(_AGAIN, behind) and not any(has(_AGAIN, p.text) for _, p in homes)
        each = _FOR_EACH.search(sentence.text[q.end :])
        apart = each is not None and each["what"].lower() not in _PERIODS and not any(
            has(rf"\b(?:each|every|per) (?:[a-z]+ )?{each['what']}", p.text) for _, p in homes
        )  # fmt: skip
        if yearly or apart or has(_ANOTHER, sentence.text[: q.start]):
            return True
    return False


def _summed(q: Quantity, passage: Passage) -> bool:
    """Return whether a figure of the source is a sum over all: ``up to £7,000 in total``, ``£7,000 a year``."""
    yearly = q.kind == "money" and q.hedge == "max" and has(_A_YEAR, passage.text[q.end :])
    return yearly or has(_IN_TOTAL, passage.text)


_A_YEAR = r"^[^.;,]*\b(?:a|per|each) (?:policy |calendar )?year\b"
