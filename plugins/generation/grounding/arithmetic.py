"""Figures that follow from the figures of the source: sums, differences, products, shares, ages and days between.

A result counts only with the words that say which sum was done ("together", "each", "you save"): any two figures add up
to something, and a wrong figure must not be excused by a sum nobody did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise, permutations

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.quantities import Quantity, unit_size

_SUM = (
    r"\b(?:together|total\w*|in all|all in|altogether|combined|both|all told|between them|sum|pair|bundle|plus|"
    r"comes? to|came to|instead of|rather than|down from|was|were|before|full price|separately|adds? up|worth|usual\w*|normal\w*|compared)\b"  # noqa: E501
)
_LESS = (
    r"\b(?:less|fewer|more|extra|sav(?:es?|ed|ings?)|difference|faster|longer|shorter|lighter|off|instead|cut|drop\w*|"
    r"reduc\w*|cheaper|saved|better|below|under|lower|smaller|knock\w*|trim\w*|up|down|rises?|increase\w*|grew|pay|"
    r"before|after|earlier|later|head start|ahead|left|leav(?:es?|ing)|keep|extra|discount|spare)\b"
)
_APART = r"\b(?:separately|individually|on their own|one by one)\b"
_BUNDLE = 3
"""Prices: of two things and of both together."""
_CHEAPER = r"\b(?:off|less|cheaper|sav(?:es?|ed|ings?)|reduc\w*|discount|cut|drop\w*|lower)\b"
"""What is left off is a share of the larger figure."""
_EACH = (
    r"\b(?:each|apiece|a ?piece|per|a (?:head|person|month|week|day|night|year|time|bottle|cup|pop|portion|serving|helping|plate|meal|box|bag|can|glass|piece|"  # noqa: E501
    r"wash|use|ride|trip|class|lesson|session|visit|go|film|game|hour|minute|mile|metre|kilo|litre|slice|treat|couple)|works out|"  # noqa: E501
    r"that's|every|\d+ an? [a-z]+)\b"
)
_FOR_ALL = (
    _SUM
    + r"|\bso (?:you|that)\b|\bmakes?\b"
    + r"|\bfor (?:all|the|both|a|an|\w+ \w+s?)\b|\bup to\b|\byear\b|\bover\b|\bof (?:live|music|fun)\b"
)
_SHARES = ("money", "mass", "length", "area", "volume", "time", "months", "count", "energy", "power", "data")
_MOST_PARTS = 1_000
_FEW = 10
_CENT, _TENTH = 0.011, 0.51


def follows(q: Quantity, pool: list[Quantity], evidence: Evidence) -> bool:
    """Return whether ``q`` can be computed from ``pool``, the figures of the source and of the sentence."""
    text = evidence.sentence.text
    others = [p for p in pool if p is not q]
    if q.kind == "money":
        close = 0.05 * q.value if q.hedge else _CENT
        return any(abs(value - q.value) < close for value in _sums_of_money(q, others, evidence))
    if q.kind == "percent":
        return any(abs(value - q.value) < _TENTH for value in _percentages(others, text))
    if q.kind == "factor":
        return any(abs(a.value / b.value - q.value) < 1e-6 for a, b in _pairs(others) if b.value)
    if q.kind in ("time", "months", "count", "mass", "volume", "length", "area", "data", "energy"):
        close = 0.06 * q.value if q.hedge else 1e-6 * max(q.value, 1)
        return any(abs(value - q.value) <= close for value in _measures(q, others, text, evidence))
    return False


def _sums_of_money(q: Quantity, pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    text = evidence.sentence.text
    money = sorted({p.value for p in pool if p.kind == "money" and p.unit == q.unit})
    shares = {p.value for p in pool if p.kind == "percent"}
    parts = _parts(pool)
    single = {p.value for p in pool if p.kind == "money" and p.unit == q.unit and (p.per or p.apiece)}
    yield from (a * n for a in single for n in parts)
    if has(r"\beach\b|\bper\b", evidence.text):
        yield from (a * n for a in money for n in _parts(list(evidence.sentence.figures)))
    yield from (a * s / 100 for a in money for s in shares)
    yield from (a * (1 - s / 100) for a in money for s in shares)
    if has(_LESS, text):
        if has(_APART, text) and len(money) >= _BUNDLE:
            yield from (a + b - c for a, b, c in permutations(money, 3))
            return
        yield from (a - b for a, b in permutations(money, 2))
        yield from (a * n - b for a in money for n in parts for b in money)
    if has(_SUM, text):
        yield from (a + b for a, b in combinations(money, 2))
    if has(_SUM + r"|\badd\b|\bwith\b", text):
        more = 1 if has(r"\b(?:additional|further|extra)\b", evidence.text) else 0
        yield from (a + b * (n - more) for a, b in permutations(money, 2) for n in parts)
        few = [n for n in parts if n <= _FEW]
        yield from (a * n + b * m for a, b in combinations(money, 2) for n in few for m in few)
    if has(_FOR_ALL, text):
        yield from (a * n for a in money for n in parts)
    if has(_EACH, text):
        yield from (
            a / n for a in money for n in {*parts, *(p.value for p in pool if p.kind == "count" and p.value > 1)}
        )
        yield from (a / (n * m) for a in money for n, m in combinations(_counted(pool), 2))
    yield from _another_period(q, pool)


def _parts(pool: list[Quantity]) -> set[float]:
    """Return how many there are of anything: people, bottles, nights."""
    counted = {p.value for p in pool if p.kind in ("count", "multibuy")}
    counted |= {round(p.value / unit_size(p.unit), 6) for p in pool if p.kind in ("time", "months")}
    return {n for n in counted if 1 < n <= _MOST_PARTS}


def _counted(pool: list[Quantity]) -> list[float]:
    """Return the few bare numbers that multiply: ``4 meals for 2 people`` are eight portions."""
    return sorted({p.value for p in pool if p.kind == "count" and 1 < p.value <= _MOST_PARTS})


def _another_period(q: Quantity, pool: list[Quantity]) -> Iterator[float]:
    for p in pool:
        if p.kind != "money" or p.unit != q.unit:
            continue
        if p.per == "month" and q.per == "day":
            yield p.value / 30
        elif p.per == "month":
            yield p.value * 12
            yield from (p.value * (12 - n.value) for n in pool if n.kind == "months" and n.unit == "month")
        elif p.per == "year" and q.per in ("month", "day", "week"):
            yield p.value / {"month": 12, "day": 365, "week": 52}[q.per]


def _percentages(pool: list[Quantity], text: str) -> Iterator[float]:
    if has(_LESS, text):
        for a, b in _pairs(pool):
            if a.value > b.value or not has(_CHEAPER, text):
                yield abs(a.value - b.value) / a.value * 100
    if has(r"\bof\b", text):
        yield from (a.value / b.value * 100 for a, b in _pairs(pool) if a.kind == "money" and b.value)
    counts = [p.value for p in pool if p.kind == "count"]
    yield from (a / b * 100 for a, b in permutations(counts, 2) if 0 < a < b)
    shares = [p.value for p in pool if p.kind == "percent"]
    if has(_LESS + r"|\bso\b|\bunderlying\b|\brest\b", text):
        yield from (a - b for a, b in permutations(shares, 2))
    if has(r"\bpay(?:s|ing)?\b|\bof the (?:price|cost)\b|\bleft\b|\brest\b|\bremain\w*|\bother\b", text):
        yield from (100 - share for share in shares)


def _spans(evidence: Evidence) -> Iterator[tuple[date, date]]:
    """Return the first and the last day of what runs from one to the other."""
    for passage in evidence.passages:
        for first, last in pairwise(passage.days):
            if (first.role, last.role) == ("start", "end") and first.day < last.day:
                yield first.day, last.day


def _in_proportion(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return what ``15 kcal per 100 ml`` is in the amount that the sentence names."""
    for rate in (f for p in evidence.passages for f in p.figures if f.kind == q.kind != "time" and f.unit):
        for passage in evidence.passages:
            found = re.match(r"(?: of [a-z]+)? (?:per|an?|each) (minute|hour|day|week)\b", passage.text[rate.end :])
            if found and rate in passage.figures:
                times = [f.value / unit_size(found[1]) for f in evidence.sentence.figures if f.kind == "time"]
                yield from (rate.value * n for n in times)
    for passage in evidence.passages:
        for rate, base in pairwise(passage.figures):
            if (
                rate.kind == q.kind
                and base.value
                and passage.text[rate.end : base.start].strip() in ("per", "in", "for", "/")
            ):
                yield from (rate.value * f.value / base.value for f in evidence.sentence.figures if f.kind == base.kind)


def _pairs(pool: list[Quantity]) -> Iterator[tuple[Quantity, Quantity]]:
    for a, b in permutations(pool, 2):
        if a.kind == b.kind and a.kind in _SHARES and a.value and (a.kind != "money" or a.unit == b.unit):
            yield a, b


def _measures(q: Quantity, pool: list[Quantity], text: str, evidence: Evidence) -> Iterator[float]:
    same = sorted({p.value for p in pool if p.kind == q.kind})
    said_before = [f for s in evidence.case.sentences if s is not evidence.sentence for f in s.figures]
    counts = {p.value for p in [*pool, *said_before] if p.kind == "count" and 1 < p.value <= _MOST_PARTS}
    if has(_SUM + r"|\bof\b", text):
        yield from (a + b for a, b in combinations(same, 2))
    if has(_LESS, text):
        yield from (a - b for a, b in permutations(same, 2))
    if q.kind != "count" or has(_FOR_ALL, text):
        yield from (a * n for a in same for n in counts if a not in (0, n))
    if q.kind == "count":
        if has(_EACH + r"|\bgives?\b|\bmakes?\b|\blasts?\b", text):
            yield from (a / b for a, b in permutations(same, 2) if b)
        spent = [p for p in pool if p.kind == "money" and p.value]
        yield from (n * b.value / a.value for n in counts for a, b in permutations(spent, 2) if a.unit == b.unit)
    if q.kind in ("count", "months"):
        size = 12 if q.kind == "months" else 1
        yield from ((evidence.case.as_of.year - p.value) * size for p in pool if p.kind == "year")
    yield from _in_proportion(q, evidence)
    if q.kind == "area":
        sides = [p.value / 1000 for p in pool if p.kind == "length"]
        yield from (a * b for a, b in combinations(sides, 2))
    if q.kind == "time":
        yield from _times_between(text, evidence)


def _times_between(text: str, evidence: Evidence) -> Iterator[float]:
    """Return the seconds between two days, from a first to a last day, and between two clock times."""
    known = {day.day for passage in evidence.passages for day in passage.days}
    yield from (abs((a - b).days) * 86400.0 for a, b in combinations(sorted(known), 2))
    if has(r"\bdays? of\b|\b-day\b|\bdays\b", text):
        yield from ((last - first).days * 86400.0 + 86400.0 for first, last in _spans(evidence))
    for passage in evidence.passages:
        yield from (abs(a - b) * 60.0 for a, b in combinations(passage.clocks, 2))
