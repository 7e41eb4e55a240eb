"""Rules about figures: each one stands in the source, with its unit, its hedge and its owner, or follows from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from plugins.generation.grounding.arithmetic import follows, is_example, unsaid
from plugins.generation.grounding.dates import clocks, weekdays
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.lexicon import concept, stem
from plugins.generation.grounding.matching import Stated, in_years, matches, same, ways
from plugins.generation.grounding.owner_rules import owner_problems
from plugins.generation.grounding.passages import Passage
from plugins.generation.grounding.quantities import PERIODS, Quantity, unit_size

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
    if q.kind == "count" and q.spelled and q.value <= 10:
        return (
            stem(q.noun) in _RHETORICAL
            or (not q.noun and not ids and len(sentence.figures) == 1)
            or _next_stem(q, sentence) in _RHETORICAL
            or has(r"\b(?:or two|the two|both|one or)\b", sentence.text)
            or has(
                r"\b(?:between (?:any )?|(?:month|week|day|year|step|round|level|part|night) )$",
                sentence.text[: q.start],
            )
            or has(r"\bnumber $", sentence.text[: q.start])
        )
    if q.kind in ("time", "months") and has(r"^one\b", q.text):
        return not ids
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
        r"\b(?:open\w*|here|daily|hours|days?|rather than|instead of|not)[:,]? $", evidence.sentence.text[: q.start]
    )
    if (q.noun and not spans) or has(r"\b(?:ages?|aged|children|people|players?) $", evidence.sentence.text[: q.start]):
        return False
    if not opens and not has(
        r"(?:\b(?:before|after|until|till|by|at|from|past|between|to|and)|[,-]) ?$", evidence.sentence.text[: q.start]
    ):
        return False
    hours = {minutes % 720 for p in evidence.passages for minutes in p.clocks}
    return int(q.value * 60) % 720 in hours


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


_LOOSE = r"\b(?:on average|average|typically|usually|about|around|roughly|generally|normally)\b"


def _converts(q: Quantity, sentence: Passage) -> bool:
    """Return whether a figure in brackets says the one before it in another unit: ``30 feet (about 9 metres)``."""
    before = [f for f in sentence.figures if f.end <= q.start]
    between = sentence.text[before[-1].end : q.start] if before else ""
    return (
        bool(before)
        and before[-1].kind == q.kind
        and ("(" in between or has(r"^, (?:or )?(?:about |around |roughly )?$", between))
    )


_DEADLINE = r"^(?: (?:to go|left|or more))? ?(?:before|ahead of|prior to|in advance)\b"
"""What follows a time that is a latest moment: ``up to 12 hours before check-in``."""
_AHEAD = _DEADLINE + r"|^ (?:or more |or longer )?(?:ahead|off|out|away|beforehand|earlier)\b|^'? ?notice\b"
"""What says the same behind a time in the copy: ``at least 24 hours off``, ``12 hours' notice``."""
_HOLDS = r"\b(?:hold|seat|fit|store|sleep|take|carr|room|capacity|space|maximum|max|limit|most)"
"""What holds so many holds up to so many."""


_AT_MOST = (
    r"\b(?:that's|that is|which is|this is|it's|is|are)? ?(?:how|as) (?:large|big|long|wide|high|tall|deep|far|heavy|fast|late|many|much|hot|"  # noqa: E501
    r"strong|thick) (?:as )?(?:our|the|its|their|it|they|these|you|we|your)\b[^.;]{0,40}\b(?:go(?:es)?|gets?|comes?|can|may|will|grows?|runs?|reach\w*|carr\w+|seats?|take\w*|holds?)\b|"  # noqa: E501
    r"\b(?:is|are)(?: about)? the (?:most|longest|largest|biggest|maximum|widest|highest|tallest|heaviest|furthest|limit)\b|"  # noqa: E501
    r"\b(?:tops?|maxe?s) out\b|\band (?:no|not an? \w+) (?:further|more|longer|bigger|larger|wider|higher|heavier|later)\b|\bat (?:its|their|the very) (?:most|fullest|longest|largest|biggest|best|highest|widest|outside)\b|"  # noqa: E501
    r"\b(?:the )?(?:largest|longest|biggest|tallest|widest|heaviest|highest|furthest)(?: (?:of (?:them|ours|all)|one|ones|size|sizes))?\b[^.;]{0,30}\b(?:is|are|measures?|weighs?|holds?|runs?|reach\w*)\b"  # noqa: E501
)
"""How a copy says that a figure is the most there is: ``that's how large our rugs go``, ``tops out at``."""


def _reaches(q: Quantity, passage: Passage) -> bool:
    """Return whether ``up to`` stands right before a figure."""
    return has(r"\bup to (?:about )?$", passage.text[: q.start])


def _most_said(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether the copy says in other words that a figure is the most, or the latest moment."""
    ahead = has(_DEADLINE, passage.text[other.end :]) and has(_AHEAD, sentence.text[q.end :])
    return ahead or has(_AT_MOST, sentence.text)


def _hedge_lost(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> str:
    if q.kind == "code" or same(q.value, 0) or _converts(q, sentence):
        return ""
    if other.hedge == "max" and _most_said(q, other, sentence, passage):
        return ""
    if other.hedge == "max" and q.hedge not in ("max", "under", "range") and q.kind not in ("count",):
        return "dropped_qualifier"
    if (
        other.hedge == "max"
        and not (q.hedge or q.spelled)
        and _reaches(other, passage)
        and not has(_HOLDS, sentence.text)
    ):
        return "dropped_qualifier"
    if other.hedge == "from" and q.kind == "money" and q.hedge not in ("from", "min", "max"):
        return "dropped_qualifier"
    if (
        other.hedge == "range"
        and q.hedge in ("", "min")
        and q.kind in ("length", "mass", "volume", "percent", "money", "workdays", "time", "months")
    ):
        return "dropped_qualifier"
    if other.hedge == "approx" and q.hedge not in ("approx", "nearly", "max") and not has(_LOOSE, sentence.text):
        return "dropped_qualifier"
    value = q.value * 12 if (q.kind, other.kind) == ("count", "months") else q.value
    if q.hedge == "min" and other.hedge in ("", "max", "approx", "nearly", "under") and same(value, other.value):
        ahead = has(r"^ ?(?:before|ahead|prior|in advance|notice|beforehand)", sentence.text[q.end :])
        spread = has(r"\b(?:spread|split|pay|paid)\b[^.;]* over (?:the )?$", sentence.text[: q.start])
        lasting = spread or (q.kind in ("time", "months") and has(r"\bover (?:the )?$", sentence.text[: q.start]))
        return "" if lasting or ahead else "hedge_changed"
    if q.hedge == "max" and other.hedge in ("min", "from") and q.kind != "count":
        return "hedge_changed"
    return ""


_PACE = re.compile(
    r"\b(?:per|an?|each|every) (second|minute|hour|day|week|month|year|night)\b|\b(hour|dai|week|month|year|night)ly\b",
    re.I,
)


def _pace(q: Quantity, passage: Passage) -> str:
    """Return per which time a quantity is: ``150 g of food per day``."""
    found = _PACE.search(passage.text[q.end : passage.clause(q.start, q.end)[1]])
    return (found[1] or found[2]).lower().replace("dai", "day") if found else ""


_AS_ADJECTIVE = {"year": r"|\bannual|\byearly", "day": r"|\bdaily", "month": r"|\bmonthly"}


def _rate_lost(other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether ``62 g per metre`` is told as so many grams, with no word of what it is per."""
    found = re.match(r" ?per (?:\d+ ?)?(?P<what>[a-z]+)", passage.text[other.end :], re.I)
    if other.kind not in ("mass", "volume", "length", "energy", "power", "data") or found is None:
        return False
    return concept(found["what"].lower()) not in sentence.concepts and not has(
        rf"\b(?:per|each|every|an?|/) ?(?:\d+ ?)?{found['what'][:1]}|{found['what']}", sentence.text
    )


_ALONE = r"\b(?:solo|alone|on your own|by yourself|for one|one person|just you)\b"
_ORDERED = ("order", "item", "ticket")
"""What is bought anyway: a price per order is the price."""
_EACH_ONE = r"|\bfor (?:the |your )?(?:first|second|third|one|each|1)\b"
_PERIOD_SAID = {"year": r"|\b(?:12|twelve) months\b", "week": r"|\b(?:7|seven) (?:days|nights)\b",
                "month": r"|\b(?:30|thirty) days\b|\b(?:four|4) weeks\b", "day": r"|\b24 hours\b"}  # fmt: skip
_APIECE = r"\b(?:each|person|people|head|guests?|adults?|two|you|pp|p\.p\.)\b"


def _per_changed(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    if q.kind != "money":
        mine, theirs = _pace(q, sentence), _pace(other, passage)
        return (bool(mine and theirs) and mine != theirs) or _rate_lost(other, sentence, passage)
    if q.apiece and other.apiece and concept(q.apiece) != concept(other.apiece):
        return True
    if q.apiece and other.per in PERIODS and not q.per:
        return True
    if other.apiece == "person" and q.per in PERIODS and not q.apiece and not has(_APIECE, sentence.text):
        return True
    if q.per == other.per:
        return False
    if not q.per and other.per == "person" and has(_ALONE, sentence.text):
        return False
    if not q.per and other.per in _ORDERED:
        return False
    if not q.per:
        return not has(
            rf"\b{other.per}|{other.per}ly\b|annual|monthly|each|/" + _PERIOD_SAID.get(other.per, _EACH_ONE),
            sentence.text,
        )
    if not other.per:
        said = has(rf"\b(?:per |a |each |every )?{q.per}" + _AS_ADJECTIVE.get(q.per, ""), passage.text)
        return not said and q.per not in _ORDERED
    return True


def figure_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the figures of the sentence."""
    sentence = evidence.sentence
    pool = [(way, p) for p in evidence.passages for o in p.figures for way in ways(o, p)]
    elsewhere = [
        o for s in evidence.case.sources.values() if s not in evidence.sources for p in s.passages for o in p.figures
    ]
    years = {d.day.year for p in evidence.passages for d in p.days if d.dated}
    if _pays_back_later(evidence):
        yield "number_not_in_source"
    for q in sentence.figures:
        if _in_a_name(q, evidence) or (q.kind == "year" and q.value in years):
            continue
        right = [
            (o, p) for way in (*ways(q, sentence), *in_years(q, sentence)) for o, p in pool
            if matches(way, o) and _noun_fits(way, o, p, evidence)
        ]  # fmt: skip
        if right:
            yield from _in_context(q, right, evidence)
        elif not _explained(q, [o for o, _ in pool], evidence):
            if any(matches(q, o) for o in elsewhere):
                yield "wrong_citation"
            else:
                yield "code_not_in_source" if q.kind == "code" else "number_not_in_source"


_PAYS_BACK = re.compile(
    r"\bpa(?:ys|id) (?:itself|for itself)(?: back)? (?:on|in|after|with|by|over) (?:your |the |just |only )*(?P<n>[\w-]+)",  # noqa: E501
    re.I,
)
_NTH = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_N = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _pays_back_later(evidence: Evidence) -> bool:
    """Return whether ``pays for itself on your third visit`` names another visit than the prices do."""
    found = _PAYS_BACK.search(evidence.sentence.text)
    word = found["n"].lower().removesuffix("th").removesuffix("rd").removesuffix("nd") if found else ""
    full = found["n"].lower() if found else ""
    at = int(word) if word.isdigit() else next((n for n in range(1, 11) if full in (_NTH[n], _N[n])), 0)
    prices = sorted({f.value for p in evidence.passages for f in p.figures if f.kind == "money" and f.value})
    return bool(at and len(prices) > 1) and at not in {math.ceil(b / a) for a, b in combinations(prices, 2)}


def _in_a_name(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a bare number is part of a name of the source: ``Pace 5``."""
    name = re.search(r"[A-Z][\w-]* ?$", evidence.sentence.text[: q.start])
    return q.kind == "count" and name is not None and f"{name[0]}{q.text}" in evidence.text


def _explained(q: Quantity, pool: list[Quantity], evidence: Evidence) -> bool:
    """Return whether a figure that is not in the source is no claim, follows from others, or is an example.

    An example is a number of the reader's own from which another figure follows: ``four weeks come to £48``.
    """
    sentence = evidence.sentence
    times = q.value if q.kind == "count" else q.value / 86400 if q.unit == "day" else 0
    if times in _days_named(evidence) and has(r"^ ?(?:times|(?:days? )?an? week)\b", sentence.text[q.end :]):
        return True
    if (
        q.unit
        and q.kind != "money"
        and same(q.value, unit_size(q.unit))
        and has(rf"\b(?:per|each|every|an?) {q.unit}\b", evidence.low)
    ):
        return True
    if q.kind == "count" and _times_an_hour(q, evidence):
        return True
    if _one_of_more(q, evidence):
        return False
    if _side_of_a_size(q, evidence) or (q.kind == "months" and has(r"^ of \d", sentence.text[q.end :])):
        return True
    if _rhetorical(q, sentence, evidence.ids) or _hour(q, evidence) or _scenery(q, evidence):
        return True
    if (
        q.value == _MONTHS_IN_YEAR
        and q.noun in ("monthly", "payments", "instalments", "months")
        and any(p.kind == "money" and p.per == "month" for p in pool)
    ):
        return True
    before = _said_before(sentence, evidence)
    known = pool + before + _beside(q, pool + before, evidence)
    if any(follows(way, known, evidence) for way in ways(q, sentence)) or is_example(q, pool + before, evidence):
        return True
    if _base_of_a_rate(q, sentence):
        return True
    said = [f for f in sentence.figures if f is not q and not any(matches(f, p) for p in pool)]
    stands = any(o.kind == q.kind and same(o.value, q.value) for o in pool) or q.value in unsaid(sentence.text)
    pool = pool + before
    return any(follows(f, [*pool, q], evidence) and (stands or not follows(f, pool, evidence)) for f in said)


def _beside(q: Quantity, pool: list[Quantity], evidence: Evidence) -> list[Quantity]:
    """Return the other figures of the sentence that may be counted with: amounts, and prices that follow without ``q``."""  # noqa: E501
    others = [f for f in evidence.sentence.figures if f is not q]
    amounts = [f for f in others if f.kind not in _VALUES or is_example(f, pool, evidence)]
    prices = [f for f in others if f.kind in _VALUES and follows(f, pool + amounts, evidence)]
    return amounts + prices


_AMOUNTS = ("count", "mass", "volume", "length", "area", "energy")


def _side_of_a_size(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a bare number is a side of a size of the source, its unit left out: ``10 x 15 prints``."""
    sizes = re.findall(r"\b(\d+) ?(?:x|by|\u00d7) ?(\d+)", evidence.text)
    return q.kind == "count" and any(
        found.start() <= q.start < found.end() and found.groups() in sizes
        for found in re.finditer(r"\b(\d+) ?(?:x|by|\u00d7) ?(\d+)", evidence.sentence.text)
    )


_VALUES = ("money", "percent", "ratio")


def _days_named(evidence: Evidence) -> set[int]:
    """Return how many weekdays are named in the sources, and in each clause of them."""
    clauses = re.split(r",(?! (?:and )?\w+days?)|;", evidence.text)
    return {len(weekdays(text)) for text in (evidence.text, *clauses)}


def _base_of_a_rate(q: Quantity, sentence: Passage) -> bool:
    """Return whether a measure is only what a price is per: ``£6.40 per 100 g``; the price is held by itself."""
    round_number = q.value / unit_size(q.unit) in (1, 10, 100, 1000)
    return round_number and has(r"\b(?:per|on every|for every) $", sentence.text[: q.start])


_MONTHS_IN_YEAR = 12
_MINUTES_IN_HOUR = 60


def _times_an_hour(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``four trains an hour`` says what ``every 15 minutes`` says."""
    every = re.search(r"\bevery (\d+) minutes\b", evidence.low)
    hourly = has(r"^ ?(?:\w+ )?(?:an|per|every|each) hour\b", evidence.sentence.text[q.end :])
    return every is not None and hourly and same(q.value * int(every[1]), _MINUTES_IN_HOUR)


def _said_before(sentence: Passage, evidence: Evidence) -> list[Quantity]:
    """Return the figures of the sentences before this one: each has been held against the sources itself."""
    before = evidence.case.sentences[: evidence.case.sentences.index(sentence)]
    return [f for s in before for f in s.figures if f.kind == "money" or (f.kind in _AMOUNTS and s.cited)]


def _one_of_more(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``one coat`` stands where the source counts two coats and never one."""
    if q.kind != "count" or q.value != 1 or not q.noun or len(evidence.sentence.figures) > 1:
        return False
    same_noun = [
        o for p in evidence.aligned[:1] for o in p.figures if o.kind == "count" and concept(o.noun) == concept(q.noun)
    ]
    return bool(same_noun) and all(o.value > 1 and not o.hedge for o in same_noun)


def _scenery(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a count of something no source speaks of stands before the colon: ``A dozen deadlines: ...``."""
    return (
        q.kind == "count"
        and (concept(q.noun) not in evidence.stems if q.noun else q.spelled)
        and len(evidence.sentence.text[q.end :].partition(":")[2].split()) >= 3
    )


def _noun_fits(q: Quantity, other: Quantity, passage: Passage, evidence: Evidence) -> bool:
    """A bare count counts the same thing, unless the copy's word stands nowhere in the sources."""
    if q.kind != "count" or not q.noun or not other.noun or not q.spelled:
        return True
    after = evidence.sentence.text[q.end : q.end + 40]
    if has(r"^(?:kind|type|sort|variet|flavour|flavor)", other.noun):
        return True
    counted = {concept(w.lower()) for w in re.findall(r"[A-Za-z]+", after)[:3]}
    return concept(other.noun) in counted or concept(q.noun) not in evidence.stems


def _in_context(q: Quantity, right: list[Stated], evidence: Evidence) -> Iterator[str]:
    sentence = evidence.sentence
    hedges = [_hedge_lost(q, o, sentence, p) for o, p in right]
    if all(hedges):
        yield hedges[0]
    if all(_per_changed(q, o, sentence, p) for o, p in right):
        yield "per_unit_changed"
    yield from owner_problems(q, right, evidence)
