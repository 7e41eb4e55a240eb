"""When a figure of the copy says what a figure of the source says: kind, unit, rounding and hedge considered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size

Stated = tuple[Quantity, Passage]
"""A figure of the source and the sentence it stands in."""
_EXACT = 1e-6
_ROUNDED = 0.51
"""Percentage points within which a share out of a number may be rounded: 41 of 46 is 89%."""


def same(one: float, two: float, tolerance: float = _EXACT) -> bool:
    """Return whether two values are equal within a share of the larger."""
    return abs(one - two) <= tolerance * max(abs(one), abs(two), _EXACT)


def _comparable(q: Quantity) -> Quantity:
    """Return a share out of a number as per cent."""
    return replace(q, kind="percent", value=q.value * 100) if q.kind == "ratio" else q


_CROWNS = tuple({"kr", crown} for crown in ("sek", "nok", "dkk", "isk"))
"""Currencies that ``kr`` may stand for."""


def kinds_match(q: Quantity, other: Quantity) -> bool:
    """Return whether two figures measure the same: money in one currency, a bare count and a year."""
    if q.kind == other.kind:
        return q.kind != "money" or q.unit == other.unit or {q.unit, other.unit} in _CROWNS or _in_dollars(q, other)
    return {q.kind, other.kind} == {"count", "year"}


def _in_dollars(q: Quantity, other: Quantity) -> bool:
    """Return whether one of two prices has a bare dollar sign, which may be that of the other."""
    bare = any(re.match(r"\$|[\d.,]+ (?:dollar|buck)", f.text) for f in (q, other))
    return bare and {q.unit, other.unit} <= _DOLLARS


_DOLLARS = {"usd", "aud", "cad", "nzd", "hkd", "sgd"}


def matches(q: Quantity, other: Quantity) -> bool:
    """Return whether ``q`` of the copy says the value of ``other`` of the source, hedge considered."""
    if {q.kind, other.kind} == {"ratio", "percent"}:
        q, other = _comparable(q), _comparable(other)
        if abs(q.value - other.value) < _ROUNDED:
            return True
    if {q.kind, other.kind} == {"time", "months"}:
        return _same_span(q, other) if q.kind == "time" else _same_span(other, q)
    if {q.kind, other.kind} == {"count", "time"}:
        return _counts_nights(q, other) if q.kind == "count" else _counts_nights(other, q)
    if {q.kind, other.kind} == {"count", "months"}:
        return _counts_months(q, other) if q.kind == "count" else _counts_months(other, q)
    if not kinds_match(q, other):
        return False
    if q.kind != other.kind:
        return not q.hedge and q.value == other.value
    return q.text == other.text if q.kind == "code" else _says_value(q, other)


def _same_span(days: Quantity, months: Quantity) -> bool:
    """Return whether a time is so many months of 30 days, or of a twelfth of a year, or four weeks for one."""
    spans = {30 * months.value, 365 * months.value / 12, months.value * 28 if months.value == 1 else -1}
    return round(days.value / 86400) in spans


_INSTALMENTS = ("monthly", "equal", "payments", "instalments", "installments")


def _counts_months(bare: Quantity, months: Quantity) -> bool:
    """Return whether a bare number counts years (``two``), or monthly payments."""
    if bare.noun in _INSTALMENTS:
        return same(bare.value, months.value)
    if {bare.hedge, months.hedge} == {"max", "under"}:
        highest, below = bare.value, months.value / 12
        return same(*((highest + 1, below) if bare.hedge == "max" else (below + 1, highest)))
    return months.unit in ("year", "yr") and not bare.noun and same(bare.value * 12, months.value)


def _counts_nights(bare: Quantity, span: Quantity) -> bool:
    """Return whether a count of nights is a time in weeks: a stay of seven nights is one of a week."""
    return bare.noun in ("night", "nights") and span.unit == "week" and same(bare.value * unit_size("day"), span.value)


def _says_value(q: Quantity, other: Quantity) -> bool:
    if q.kind in ("count", "months") and {q.hedge, other.hedge} == {"max", "under"}:
        return _same_bound(q, other)
    if q.hedge == "approx":
        return same(q.value, other.value, 0.08)
    if q.hedge == "nearly":
        return q.value * 0.88 <= other.value <= q.value
    if q.hedge in ("min", "under") and q.hedge != other.hedge and not same(q.value, other.value):
        low, high = (q.value, q.value * 1.12) if q.hedge == "min" else (q.value * 0.9, q.value)
        return low <= other.value <= high
    metric = q.kind in ("mass", "length", "area", "volume", "celsius", "speed") and q.unit != other.unit
    return same(q.value, other.value, 0.02 if metric else _EXACT)


def _same_bound(q: Quantity, other: Quantity) -> bool:
    """Return whether ``9 and under`` and ``under 10`` bound the same whole numbers."""
    step = 12 if q.kind == "months" and q.unit in ("year", "yr") else 1
    highest, below = (q, other) if q.hedge == "max" else (other, q)
    return same(highest.value + step, below.value)


def ways(q: Quantity, sentence: Passage) -> list[Quantity]:
    """Return what a figure may mean: itself, in the unit of the figure before, pounds as a weight, euro cents."""
    found = [q, likely(q, sentence), *_behind_a_word(q, sentence)]
    if q.kind == "money" and q.text.lower().endswith(("cent", "cents", "ct", "cts")):
        found += [replace(q, unit=currency) for currency in _OF_CENTS]
    return list(dict.fromkeys(found))


def ways_said(q: Quantity, sentence: Passage, pool: Iterable[Quantity]) -> list[Quantity]:
    """Return what a figure of the copy may mean, a bare number also as a price and as an age in years."""
    return [*ways(q, sentence), *as_money(q, sentence), *_priced(q, sentence, pool), *in_years(q, sentence)]


def likely(q: Quantity, sentence: Passage) -> Quantity:
    """Return what a figure means beside the figures before it: the same unit; pounds may be a weight."""
    if q.kind == "money" and q.text.lower().endswith(("pound", "pounds")):
        return replace(q, kind="mass", unit="lb", value=q.value * unit_size("lb"))
    return _with_unit(q, sentence)


_OF_CENTS = ("eur", "usd", "aud", "cad", "nzd", "hkd", "sgd", "zar", "chf")
"""Currencies that have cents; the sign beside them says which only where it stands."""
_WORD_AND_UNIT = re.compile(
    r" [a-z]{3,} (?P<unit>seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?)\b", re.I
)


def _behind_a_word(q: Quantity, sentence: Passage) -> list[Quantity]:
    """Return ``18 long hours`` as a time: a word between the number and its unit only says what they are like."""
    found = _WORD_AND_UNIT.match(sentence.text[q.end :]) if q.kind == "count" else None
    unit = found["unit"].lower().removesuffix("s") if found else ""
    if not unit or unit == "night":
        return []
    return [replace(q, kind="months" if unit in ("month", "year") else "time", unit=unit, noun="",
                    value=q.value * unit_size(unit))]  # fmt: skip


_TARIFF = frozenset(
    """reduced concession concessions concessionary single return adult adults child children student students senior
    seniors pensioners member members off online""".split()  # noqa: SIM905
)
"""Words behind a price without its currency that say for whom it is: ``eleven euros, eight reduced``."""


def as_money(q: Quantity, sentence: Passage) -> list[Quantity]:
    """Return a bare number as a price where one stands before it: ``a single is eleven pounds, a return nineteen``."""
    if q.kind != "count" or (q.noun and q.noun not in _TARIFF):
        return []
    before = [f for f in sentence.figures if f.end <= q.start and f.kind == "money"]
    return [replace(q, kind="money", unit=before[-1].unit, noun="")] if before else []


_PRICED_AT = re.compile(
    r"(?:\b(?:at|for|costs?|cost|is|are|just|only|pay|pays|from|comes? to|set you back|and)|,) (?:just |only |a mere )?$",  # noqa: E501
    re.I,
)


def _priced(q: Quantity, sentence: Passage, pool: Iterable[Quantity]) -> list[Quantity]:
    """Return a bare number in words that ends its clause as a price of the source: ``half an hour, at forty-eight``."""
    alone = q.kind == "count" and q.spelled and (not q.noun or q.noun in _TARIFF)
    if not alone or not _PRICED_AT.search(sentence.text[: q.start]):
        return []
    return [replace(q, kind="money", unit=unit, noun="") for unit in {p.unit for p in pool if p.kind == "money"}]


def _with_unit(q: Quantity, sentence: Passage) -> Quantity:
    """Return ``28`` of ``seven hours alone, 28 with the case`` in the unit of the figure before it."""
    if q.kind != "count" or q.noun:
        return q
    before = [
        f
        for f in sentence.figures
        if f.end <= q.start and (f.unit or f.kind == "percent") and f.kind != "money" and f.value
    ]
    if not before:
        return q
    model = before[-1]
    size = 1.0 if model.kind == "workdays" else unit_size(model.unit)
    return replace(q, kind=model.kind, unit=model.unit, value=q.value * size)


def in_years(q: Quantity, sentence: Passage) -> list[Quantity]:
    """Return an age as a time: ``from age one to age three``."""
    if q.kind != "count" or not re.search(
        r"\b(?:ages?|aged|under|over|below|above) (?:\d+ (?:to|and|-) )?$", sentence.text[: q.start], re.I
    ):
        return []
    return [replace(q, kind="months", unit="year", value=q.value * unit_size("year"))]
