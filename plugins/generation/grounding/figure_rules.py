"""Rules about figures and days: each one stands in the source, with its unit, its hedge and its owner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

from plugins.generation.grounding.dates import months, weekdays
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.lexicon import CALENDAR, concept, is_empty, stem
from plugins.generation.grounding.passages import Passage
from plugins.generation.grounding.quantities import Quantity, unit_size

_RHETORICAL = frozenset(
    stem(w)
    for w in [
        "things",
        "reasons",
        "ways",
        "steps",
        "step",
        "clicks",
        "click",
        "taps",
        "tap",
        "words",
        "way",
        "reason",
        "favourites",
        "picks",
        "ideas",
        "treats",
        "questions",
        "moments",
        "facts",
        "options",
        "minutes",
        "seconds",
        "birds",
        "thing",
        "worlds",
        "friends",
        "stars",
        "sizes",
    ]
)
_EXACT = 1e-6


def _same(one: float, two: float, tolerance: float = _EXACT) -> bool:
    return abs(one - two) <= tolerance * max(abs(one), abs(two), _EXACT)


def _comparable(q: Quantity) -> Quantity:
    """Return months as days and shares as per cent, where that is exact enough to compare."""
    return replace(q, kind="percent", value=q.value * 100) if q.kind == "ratio" else q


def _kinds_match(q: Quantity, other: Quantity) -> bool:
    if q.kind == other.kind:
        return q.kind != "money" or q.unit == other.unit
    return {q.kind, other.kind} == {"count", "year"}


def matches(q: Quantity, other: Quantity) -> bool:
    """Return whether ``q`` of the copy says the value of ``other`` of the source, hedge considered."""
    if {q.kind, other.kind} == {"ratio", "percent"}:
        q, other = _comparable(q), _comparable(other)
    if {q.kind, other.kind} == {"time", "months"}:
        pair = (q, other) if q.kind == "time" else (other, q)
        return round(pair[0].value / 86400) in {
            30 * pair[1].value,
            365 * pair[1].value / 12,
            pair[1].value * 28 if pair[1].value == 1 else -1,
        }
    if {q.kind, other.kind} == {"workdays", "time"}:
        return False
    if {q.kind, other.kind} == {"count", "months"}:
        bare, years = (q, other) if q.kind == "count" else (other, q)
        return years.unit in ("year", "yr") and not bare.noun and _same(bare.value * 12, years.value)
    if not _kinds_match(q, other):
        return False
    if q.kind == "code":
        return q.text == other.text
    if q.hedge == "approx":
        return _same(q.value, other.value, 0.08)
    if q.hedge == "nearly":
        return q.value * 0.88 <= other.value <= q.value
    if q.hedge in ("min", "under") and not _same(q.value, other.value):
        low, high = (q.value, q.value * 1.12) if q.hedge == "min" else (q.value * 0.9, q.value)
        return low <= other.value <= high
    metric = q.kind in ("mass", "length", "area", "volume") and q.unit != other.unit
    return _same(q.value, other.value, 0.02 if metric else _EXACT)


_SUM = r"\b(?:together|total|in all|altogether|combined|both|all told|between them|sum|pair|bundle|plus)\b"
_LESS = r"\b(?:less|fewer|more|extra|save|saves|saving|difference|faster|longer|shorter|lighter|off|instead)\b"


def _derived(q: Quantity, pool: list[Quantity], text: str) -> bool:
    """Return whether ``q`` is a sum, a difference, a share or a multiple of two figures of the source."""
    money = sorted({p.value for p in pool if p.kind == "money"})
    shares = sorted({p.value for p in pool if p.kind == "percent"})
    out: list[float] = []
    if q.kind == "money":
        out += [
            a - b for a, b in permutations(money, 2) if has(_LESS + r"|\bup\b|\bdown\b|cheaper|rises?|drop|pay", text)
        ]
        out += [a + b for a, b in permutations(money, 2) if has(_SUM, text)]
        out += [a * s / 100 for a in money for s in shares] + [a * (1 - s / 100) for a in money for s in shares]
        if has(_SUM + r"|\bfor (?:all|the|\w+ \w+s)\b|\bworth\b|\bup to\b|adds up", text):
            out += [a * p.value for a in money for p in pool if p.kind in ("count", "multibuy") and p.value <= 24]
        out += [a * 12 for p in pool if p.per == "month" and p.kind == "money" for a in [p.value] if q.per == "year"]
        out += [a / 12 for p in pool if p.per == "year" and p.kind == "money" for a in [p.value] if q.per == "month"]
        out += [
            p.value / (30 if p.per == "month" else 365)
            for p in pool
            if p.kind == "money" and p.per in ("month", "year") and q.per == "day"
        ]
        return any(abs(v - q.value) < (0.011 if not q.hedge else 0.05 * q.value) for v in out)
    if q.kind == "percent":
        out += [(a - b) / a * 100 for a, b in permutations(money, 2) if a]
        out += [100 - s for s in shares if has(r"\bpay(?:s|ing)?\b|\bof the (?:price|cost)\b|\bleft\b", text)]
        return any(abs(v - q.value) < 0.51 for v in out)
    same = sorted({p.value for p in pool if p.kind == q.kind})
    if q.kind in ("count", "time", "months") and len(same) >= 2:
        summed, less = has(_SUM, text), has(_LESS, text)
        return any(
            (summed and _same(a + b, q.value)) or (less and _same(a - b, q.value)) for a, b in permutations(same, 2)
        )
    return False


def _rhetorical(q: Quantity, sentence: Passage) -> bool:
    if q.kind == "ordinal" or (q.value == 0 and q.kind != "code") or (q.kind == "count" and q.value == 1 and q.spelled):
        return True
    if q.kind == "factor":
        return has(r"\b(?:think|look|check) twice|double[- ](?:check|breasted|bed|room)\b", sentence.text)
    if q.kind == "count" and q.spelled and q.value <= 10:
        return (
            stem(q.noun) in _RHETORICAL
            or (not q.noun and not sentence.cited and len(sentence.figures) == 1)
            or has(r"\b(?:or two|the two|both|one or)\b", sentence.text)
        )
    if q.kind in ("time", "months") and has(r"^one\b", q.text):
        return not sentence.cited
    return q.spelled and q.kind == "time" and q.unit in ("minute", "min", "second", "sec") and not sentence.cited


_LOOSE = r"\b(?:on average|average|typically|usually|about|around|roughly|generally|normally)\b"


def _hedge_lost(q: Quantity, other: Quantity, sentence: Passage) -> str:
    if q.kind == "code" or _same(q.value, 0):
        return ""
    if other.hedge == "max" and q.hedge not in ("max", "under", "range") and q.kind not in ("count",):
        return "dropped_qualifier"
    if other.hedge == "max" and q.hedge == "" and q.kind == "count" and has(r"up to|maximum|limit", other.text):
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
    if q.hedge == "min" and other.hedge in ("", "max", "approx", "nearly", "under") and _same(q.value, other.value):
        return "hedge_changed"
    if q.hedge == "max" and other.hedge in ("min", "from") and q.kind != "count":
        return "hedge_changed"
    return ""


def _per_changed(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    if q.kind != "money" or q.per == other.per:
        return False
    if not q.per:
        return not has(rf"\b{other.per}|{other.per}ly\b|annual|monthly|each|/", sentence.text)
    if not other.per:
        return not has(rf"\b(?:per |a |each |every )?{q.per}", passage.text) and q.per not in (
            "order",
            "item",
            "ticket",
        )
    return True


def _era(q: Quantity, passage: Passage) -> str:
    """Return whether a price is the former or the present one."""
    before = passage.text[max(0, q.start - 14) : q.start]
    if has(r"\b(?:was|were|down from|instead of|usually|normally|formerly|before) \W*$", before):
        return "old"
    return "new" if has(r"\b(?:now|is now|only|just|today) \W*$", before) else ""


def _window(q: Quantity, passage: Passage) -> frozenset[str]:
    return passage.near(q.start, q.end)


_PAID = frozenset(concept(word) for word in ("pay", "cost", "get", "save", "off", "include"))


def _neighbour(q: Quantity, passage: Passage) -> str:
    """Return the content word right before a figure, in its clause."""
    near = passage.near(q.start, q.end)
    before = [s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at < q.start and s in near]
    return before[-1] if before else ""


def _swapped(q: Quantity, sentence: Passage, right: list[tuple[Quantity, Passage]], evidence: Evidence) -> bool:
    """Return whether the words around ``q`` are those of another figure of the same kind."""
    everything = [(_with_unit(o, p), p) for p in evidence.passages for o in p.figures]
    others = [(o, p) for o, p in everything if _kinds_match(q, o) and not matches(q, o)]
    if q.kind not in ("money", "count") and _neighbour(q, sentence) in {_neighbour(o, p) for o, p in others} - {
        _neighbour(o, p) for o, p in right
    } - {""}:
        return True
    mine = _window(q, sentence)
    own = frozenset[str]().union(*(_window(o, p) for o, p in right))
    for other, passage in others:
        theirs = _window(other, passage)
        telling = {s for s in mine & (theirs - own) if not is_empty(s)} - _PAID
        if telling and not mine & (own - theirs):
            return True
    return False


def names_in(passage: Passage) -> frozenset[str]:
    """Return the capitalised words of a sentence that are names: of products, places and people, not of days."""
    found = re.findall(r"(?<=[a-z,;] )[A-Z][\w'-]*|\b[A-Z]+\d+\b", passage.raw)
    return frozenset(w.lower().removesuffix("'s") for w in found) - CALENDAR


def _other_product(sentence: Passage, right: list[tuple[Quantity, Passage]], evidence: Evidence) -> bool:
    """Return whether the sentence names one thing and takes the figure of another."""
    mine = names_in(sentence) & frozenset[str]().union(*(names_in(p) for p in evidence.passages))
    theirs = [names_in(p) for _, p in right]
    if mine and all(names and not names & names_in(sentence) for names in theirs):
        return True
    firsts = {w for w in re.findall(r"[A-Z][a-z]+", sentence.text) if not is_empty(w.lower())}
    per_source = {s.id: set(re.findall(r"[A-Z][a-z]+", s.text)) for s in evidence.case.sources.values()}
    if len(per_source) < 2:
        return False
    distinctive = {n for n in firsts if sum(n in names for names in per_source.values()) == 1}
    if not distinctive:
        return False
    homes = [s.id for s in evidence.case.sources.values() if any(p in s.passages for _, p in right)]
    return bool(homes) and not any(per_source[home] & distinctive for home in homes)


def figure_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the figures of the sentence."""
    sentence = evidence.sentence
    pool = [(_with_unit(o, p), p) for p in evidence.passages for o in p.figures]
    elsewhere = [
        o for s in evidence.case.sources.values() if s not in evidence.sources for p in s.passages for o in p.figures
    ]
    for q in sentence.figures:
        right = [
            (o, p) for way in (q, _with_unit(q, sentence)) for o, p in pool
            if matches(way, o) and _noun_fits(way, o, p, evidence)
        ]  # fmt: skip
        if right:
            yield from _in_context(q, sentence, right, evidence)
        elif not _rhetorical(q, sentence) and not _derived(
            q, [o for o, _ in pool] + list(sentence.figures), sentence.text
        ):
            if any(matches(q, o) for o in elsewhere):
                yield "wrong_citation"
            else:
                yield "code_not_in_source" if q.kind == "code" else "number_not_in_source"


_EVERY = re.compile(
    r"\bevery (?:(?P<n>\d+|two|three|four|five|six|other|second) )?(?P<unit>day|week|month|year)s?\b"
    r"|\b(?P<adv>daily|weekly|fortnightly|monthly|quarterly|yearly|annually)\b|\b(?:a|per) (?P<per>day|week|month|year)\b",  # noqa: E501
    re.I,
)
_DAYS_IN = {"day": 1, "week": 7, "month": 30, "year": 365, "daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30,
            "quarterly": 91, "yearly": 365, "annually": 365}  # fmt: skip
_TIMES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "other": 2, "second": 2}


def _rhythms(text: str) -> set[int]:
    """Return how often things happen in ``text``, in days from one time to the next."""
    out = set[int]()
    for match in _EVERY.finditer(text):
        word = (match["unit"] or match["adv"] or match["per"]).lower()
        times = match["n"] or "1"
        out.add(_DAYS_IN[word] * (int(times) if times.isdigit() else _TIMES[times.lower()]))
    return out


def rhythm_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``number_not_in_source`` when something happens more or less often than the source says."""
    theirs = set[int]().union(*(_rhythms(p.text) for p in evidence.aligned[:2]))
    mine = {days for m in _EVERY.finditer(evidence.sentence.text) if not m["per"] for days in _rhythms(m[0])}
    if theirs and mine - theirs - {1}:
        yield "number_not_in_source"


def _with_unit(q: Quantity, sentence: Passage) -> Quantity:
    """Return ``28`` of ``seven hours alone, 28 with the case`` in the unit of the figure before it."""
    if q.kind != "count" or q.noun or q.spelled:
        return q
    before = [f for f in sentence.figures if f.end <= q.start and f.unit and f.kind != "money" and f.value]
    if not before:
        return q
    model = before[-1]
    return replace(q, kind=model.kind, unit=model.unit, value=q.value * unit_size(model.unit))


def _noun_fits(q: Quantity, other: Quantity, passage: Passage, evidence: Evidence) -> bool:
    """A bare count counts the same thing, unless the copy's word stands nowhere in the sources."""
    if q.kind != "count" or not q.noun or not other.noun or not q.spelled:
        return True
    after = evidence.sentence.text[q.end : q.end + 40]
    counted = {concept(w.lower()) for w in re.findall(r"[A-Za-z]+", after)[:3]}
    return concept(other.noun) in counted or concept(q.noun) not in evidence.stems


def _in_context(
    q: Quantity, sentence: Passage, right: list[tuple[Quantity, Passage]], evidence: Evidence
) -> Iterator[str]:
    hedges = [_hedge_lost(q, o, sentence) for o, _ in right]
    if all(hedges):
        yield hedges[0]
    if all(_per_changed(q, o, sentence, p) for o, p in right):
        yield "per_unit_changed"
    if (_era(q, sentence) and all(_era(o, p) not in ("", _era(q, sentence)) for o, p in right)) or (
        q.kind != "code" and _swapped(q, sentence, right, evidence)
    ):
        yield "number_out_of_context"
    elif _other_product(sentence, right, evidence):
        yield "number_of_other_product"


_SPOKEN = re.compile(r"\b(?:half|quarter) (?:past|to) [a-z]", re.I)


def day_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the days, clock times and weekdays of the sentence."""
    sentence, known = evidence.sentence, [d for p in evidence.passages for d in p.days]
    for day in sentence.days:
        right = [
            d
            for d in known
            if (d.day.month, d.day.day) == (day.day.month, day.day.day)
            and (not (d.dated and day.dated) or d.day.year == day.day.year)
        ]
        if not right and day.day != evidence.case.as_of:
            yield "date_not_in_source"
        elif right and day.role and all(d.role and d.role != day.role for d in right):
            yield "date_role_changed"
        if day.weekday and not day.day.strftime("%a").lower().startswith(day.weekday):
            yield "weekday_wrong"
    times = {c for p in evidence.passages for c in p.clocks}
    spoken = _SPOKEN.search(sentence.text) is not None
    if any(c not in times and not (spoken and c + 720 in times) for c in sentence.clocks) and not (
        sentence.clocks == (0,) and known
    ):
        yield "time_not_in_source"
    yield from _loose_days(evidence, {d.day.weekday() for d in known}, {d.day.month for d in known})


def _loose_days(evidence: Evidence, dated_weekdays: set[int], dated_months: set[int]) -> Iterator[str]:
    sentence = evidence.sentence
    if not sentence.days and sentence.cited:
        named = weekdays(sentence.text)
        known = weekdays(evidence.text) | dated_weekdays
        idiom = has(
            r"\b(?:happy|long|lazy|your|the|weekend|black|cyber|good|easter|next|this|of a|any) (?:\w+ )?(?:weekend|sunday|monday|friday|saturday)",  # noqa: E501
            sentence.text,
        )
        if named and not named <= known and not (idiom and not has(r"\b(?:only|until|ends|by|on) ", sentence.text)):
            yield "day_not_in_source"
        if months(sentence.text) - months(evidence.text) - dated_months:
            yield "date_not_in_source"
