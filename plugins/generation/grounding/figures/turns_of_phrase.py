"""Figures of a copy that need no source: turns of phrase, and what the source says with other units and hours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.calendar_sums import days_named
from plugins.generation.grounding.figures.matching import same
from plugins.generation.grounding.reading.dates import clocks, weekdays
from plugins.generation.grounding.reading.lexicon import concept, stem
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size, whole_number

_RHETORICAL = frozenset(
    stem(word)
    for word in """things reasons ways steps step clicks click taps tap words way reason favourites picks ideas treats
    questions moments facts options minutes seconds birds thing worlds friends stars sizes""".split()  # noqa: SIM905
)
"""What is counted in a turn of phrase: ``three reasons``, ``two clicks``."""


def _rhetorical(q: Quantity, sentence: Passage, ids: tuple[str, ...]) -> bool:
    if q.kind == "ordinal" or (q.value == 0 and q.kind != "code") or (q.kind == "count" and q.value == 1 and q.spelled):
        return True
    if q.kind == "factor":
        return has(
            r"\b(?:think|look|check) twice|twice (?:over|the fun)|double[- ](?:check|breasted|bed|room)\b",
            sentence.text,
        ) or (q.text.lower() == "twice" and has(r"^ ?(?:[,.;:!?)]|$|and (?:then|once|again))", sentence.text[q.end :]))
    if q.kind == "count" and q.spelled and has(r"^for $", sentence.text[: q.start]) and not q.noun:
        return has(r"^,", sentence.text[q.end :])
    if q.kind == "count" and q.spelled and q.value <= 10:
        return (
            stem(q.noun) in _RHETORICAL
            or (not q.noun and not ids and len(sentence.figures) == 1)
            or _next_stem(q, sentence) in _RHETORICAL
            or has(r"\b(?:or two|the two|both|one or|two (?:hands|eyes|ears|feet|legs))\b", sentence.text)
            or has(
                r"\b(?:between (?:any )?|(?:month|week|day|year|step|round|level|part|night) )$",
                sentence.text[: q.start],
            )
            or has(r"\bnumber $", sentence.text[: q.start])
        )
    if q.kind in ("time", "months") and has(r"^one\b", q.text):
        return not ids or has(r"^ or (?:two|so|more)\b", sentence.text[q.end :])
    return q.spelled and q.kind == "time" and q.unit in ("minute", "min", "second", "sec") and not ids


def _next_stem(q: Quantity, sentence: Passage) -> str:
    """Return the stem of the word behind a figure, whichever word it is."""
    found = re.match(r" ?([a-z]+)", sentence.text[q.end :], re.I)
    return stem(found[1].lower()) if found else ""


def _hour(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a bare number is an hour of the source: ``before ten``, ``9 to 5``, ``rather than 11``."""
    if q.kind != "count" or not 1 <= q.value <= 12:
        return False
    spans = _in_a_span_of_hours(q, evidence)
    if spans is False:
        return False
    opens = spans or has(
        r"\b(?:open\w*|here|daily|hours(?: are| run)?|[a-z]*days?|rather than|instead of|not)[:,]? $",
        evidence.sentence.text[: q.start],
    )
    if (q.noun and not spans) or has(r"\b(?:ages?|aged|children|people|players?) $", evidence.sentence.text[: q.start]):
        return False
    if not opens and not has(
        r"(?:\b(?:before|after|until|till|by|at|from|past|between|to|and)|[,-]) ?$", evidence.sentence.text[: q.start]
    ):
        return False
    hours = {minutes % 720 for p in evidence.passages for minutes in p.clocks}
    if has(r"\b(?:until|till|to) $", evidence.sentence.text[: q.start]):
        lasting = {f.value / 60 for p in evidence.passages for f in p.figures if f.kind == "time" and f.unit != "day"}
        hours |= {(start + length) % 720 for start in hours for length in lasting}
    return int(q.value * 60) % 720 in hours


_CLOCK_BEFORE = r"\b(?:at|from|until|till|by|before|after|to|between|and|past|around|about) $"


def _spoken_clock(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``six forty-five`` is a clock time of the source, on either half of the day."""
    hours, minutes = divmod(round(q.value * 100), 100)
    if q.kind != "count" or not q.spelled or not 1 <= hours <= 12 or minutes not in range(5, 60, 5):
        return False
    known = {c % 720 for p in evidence.passages for c in p.clocks}
    said = has(_CLOCK_BEFORE, evidence.sentence.text[: q.start]) or has(
        r"^ (?:[ap]m|to|till|until)\b", evidence.sentence.text[q.end :]
    )
    return said and (hours % 12 * 60 + minutes) in known


_AT_ALL_TIMES = r"\b(?:anytime|at all (?:times|hours)|24 hours a day|always open)\b"
"""What ``round the clock`` says in other words."""


def _other_days(q: Quantity, sentence: Passage) -> bool:
    """Return whether ``the other six days`` are those of a week that the sentence does not name."""
    named = len(weekdays(sentence.text))
    rest = has(r"\b(?:other|remaining|rest of the|all) $", sentence.text[: q.start])
    return q.kind == "time" and q.unit == "day" and rest and named > 0 and same(q.value, (7 - named) * 86_400)


def _spans_of_hours(text: str) -> Iterator[tuple[int, int]]:
    """Return the full hours, by the twelve-hour clock, between which something is: 9 and 5 for ``9am to 5pm``."""
    for (first, _, end), (last, start, _) in pairwise(sorted(clocks(text), key=lambda clock: clock[1])):
        if text[end:start].strip() in ("to", "-", "and", "until", "till") and not (first % 60 or last % 60):
            yield first // 60 % 12, last // 60 % 12


def _in_a_span_of_hours(q: Quantity, evidence: Evidence) -> bool | None:
    """Return whether ``9 to 5`` is a span of the source; nothing where the figure is no end of a span."""
    text = evidence.sentence.text
    for match in re.finditer(r"\b(\d{1,2}) ?(?:-|to|till|until) ?(\d{1,2})\b(?! ?[a-z%])", text):
        if match.start() <= q.start < match.end():
            spans = {span for p in evidence.passages for span in _spans_of_hours(p.text)}
            return (int(match[1]) % 12, int(match[2]) % 12) in spans
    return None


def is_no_claim(q: Quantity, pool: list[Quantity], evidence: Evidence) -> bool:
    """Return whether a figure that stands in no source says nothing that a source would have to bear.

    A turn of phrase, an hour or a size of the source in other words, ``twice a week`` for two days that are named.
    ``pool`` are the figures of the cited sources.
    """
    sentence = evidence.sentence
    return (
        _rhetorical(q, sentence, evidence.ids)
        or _hour(q, evidence)
        or _spoken_clock(q, evidence)
        or _other_days(q, sentence)
        or (q.unit == "hour" and q.text == "24 hours" and has(_AT_ALL_TIMES, evidence.text))
        or _numbered(q, evidence)
        or _all_but_yourself(q, pool, sentence)
        or _scenery(q, evidence)
        or _unit_left_out(q, pool, sentence)
        or _side_of_a_size(q, evidence)
        or _base_of_a_rate(q, sentence)
        or (q.kind == "count" and _whole_of_a_share(q, evidence))
        or _days_a_week(q, evidence)
        or _one_of_a_unit(q, evidence)
        or _instalments_of_a_year(q, pool, sentence)
        or (q.kind == "count" and _times_an_hour(q, evidence))
        or (q.kind == "months" and has(r"^ of \d", sentence.text[q.end :]))
    )


_NTH = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _numbered(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number is that of a work the source calls the so-maniest: ``Symphony No. 5`` for the Fifth."""
    nth = _NTH[int(q.value)] if q.kind == "count" and 1 <= q.value < len(_NTH) else ""
    return bool(nth) and has(r"\bnumber $", evidence.sentence.text[: q.start]) and has(rf"\b{nth}\b", evidence.text)


def _all_but_yourself(q: Quantity, pool: list[Quantity], sentence: Passage) -> bool:
    """Return whether so many others make up a group of the source with the reader: ``nine other learners`` of ten."""
    others = q.kind == "count" and has(r"^ (?:other|fellow) [a-z]", sentence.text[q.end :])
    return others and any(o.kind == "count" and o.value == q.value + 1 and o.hedge == q.hedge for o in pool)


def _days_a_week(q: Quantity, evidence: Evidence) -> bool:
    times = q.value if q.kind == "count" else q.value / 86400 if q.unit == "day" else 0
    said = has(r"^ ?(?:times|(?:days? )?an? week)\b", evidence.sentence.text[q.end :])
    return said and (times in days_named(evidence) or (q.unit == "day" and _all_but(times, evidence)))


def _all_but(days: float, evidence: Evidence) -> bool:
    """Return whether so many days a week are all but those that the source names as closed."""
    found = _EXCEPT.search(evidence.text)
    return found is not None and days == 7 - len(weekdays(found[0]))


_EXCEPT = re.compile(r"\b(?:(?:daily|every day|all week) (?:except|but|apart from|other than)|closed) [^.;]*", re.I)
"""What names the days on which something is not."""


def _one_of_a_unit(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``1 km`` only says what the source gives something per."""
    one = bool(q.unit) and q.kind != "money" and same(q.value, unit_size(q.unit))
    return one and has(rf"\b(?:per|each|every|an?) {q.unit}\b", evidence.low)


def _instalments_of_a_year(q: Quantity, pool: list[Quantity], sentence: Passage) -> bool:
    counted = q.noun in ("monthly", "payments", "instalments", "months") or (
        q.kind == "months" and has(r"\b(?:over|in) (?:the )?$", sentence.text[: q.start])
    )
    return q.value == _MONTHS_IN_YEAR and counted and any(p.kind == "money" and p.per == "month" for p in pool)


def _unit_left_out(q: Quantity, pool: list[Quantity], sentence: Passage) -> bool:
    """Return whether a bare number that ends a clause has the unit of the source: ``read aloud in roughly five``."""
    if q.kind != "count" or q.noun or not has(r"^\s*(?:[.,;:!?)]|$)", sentence.text[q.end :]):
        return False
    return any(o.unit and o.kind != "money" and same(o.value / unit_size(o.unit), q.value) for o in pool)


def _side_of_a_size(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a bare number is a side of a size of the source, its unit left out: ``10 x 15 prints``."""
    sizes = re.findall(r"\b(\d+) ?(?:x|by|\u00d7) ?(\d+)", evidence.text)
    return q.kind == "count" and any(
        found.start() <= q.start < found.end() and found.groups() in sizes
        for found in re.finditer(r"\b(\d+) ?(?:x|by|\u00d7) ?(\d+)", evidence.sentence.text)
    )


def _whole_of_a_share(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number is what a share of the source is taken from: four of ``two of our four ports``."""
    shares = [
        f.text.split()[-1] for p in evidence.passages for f in p.figures if f.kind == "ratio" and " of " in f.text
    ]
    shared = any(f.kind in ("percent", "ratio") for f in evidence.sentence.figures)
    return shared and any(whole_number(share) == q.value for share in shares)


def _base_of_a_rate(q: Quantity, sentence: Passage) -> bool:
    """Return whether a measure is only what a price is per: ``£6.40 per 100 g``; the price is held by itself."""
    round_number = q.value / unit_size(q.unit) in (1, 10, 100, 1000)
    priced = any(f.kind == "money" and f.end == q.start - 1 for f in sentence.figures)
    return round_number and (priced or has(r"\b(?:per|on every|for every) $", sentence.text[: q.start]))


_MONTHS_IN_YEAR = 12
_MINUTES_IN_HOUR = 60


def _times_an_hour(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``four trains an hour`` says what ``every 15 minutes`` says."""
    every = re.search(r"\bevery (\d+) minutes\b", evidence.low)
    hourly = has(r"^ ?(?:\w+ )?(?:an|per|every|each) hour\b", evidence.sentence.text[q.end :])
    return every is not None and hourly and same(q.value * int(every[1]), _MINUTES_IN_HOUR)


def _scenery(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a count of something no source speaks of stands before the colon: ``A dozen deadlines: ...``."""
    return (
        q.kind == "count"
        and (concept(q.noun) not in evidence.stems if q.noun else q.spelled)
        and len(evidence.sentence.text[q.end :].partition(":")[2].split()) >= 3
    )
