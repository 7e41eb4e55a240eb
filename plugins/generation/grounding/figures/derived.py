"""Figures that follow without a word for the sum: what was added, multiplied, left over, bracketed or used up.

The source itself says what is to be done with them ("a further 12", "double points", "the rest", "one litre covers").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations, pairwise, permutations

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size

_NEAR = 1e-6
_TENTH = 0.51
_FULL = 100.0
_FEW = 10
_DAY = 86_400.0


def derived(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``q`` follows from what the sources say of other figures."""
    if any(abs(value - q.value) < _NEAR * max(1.0, q.value) for value in _values(q, evidence)):
        return True
    return (
        is_the_rest(q, evidence)
        or is_a_bracket_of_a_measure(q, evidence)
        or used_up(q, evidence)
        or early_enough(q, evidence)
        or described_one_by_one(q, evidence)
        or beyond_a_bound(q, evidence)
    )


def _values(q: Quantity, evidence: Evidence) -> Iterator[float]:
    yield from _with_the_further(q, evidence)
    yield from _multiplied(q, evidence)
    yield from _so_many_for_a_sum(q, evidence)
    yield from _of_a_whole(q, evidence)
    yield from _over_a_span(q, evidence)
    yield from _all_days_of(q, evidence)


_FURTHER = r"\b(?:further|additional|extra|more|another|new|other)\b"
"""What says of a number that it comes on top of another."""


def _is_further(figure: Quantity, passage: Passage) -> bool:
    near = passage.text[max(0, figure.start - 12) : figure.end + 12]
    return has(_FURTHER, near) and not has(r"\bmore than|\bno more\b", near)


def additions(evidence: Evidence) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield a number and another of the same things that the source adds to it: 24 shades and 12 further shades."""
    counted = [(f, p) for p in evidence.passages for f in p.figures if f.kind == "count" and f.noun]
    for (one, _), (two, home) in permutations(counted, 2):
        if _is_further(two, home) and concept(one.noun) == concept(two.noun):
            yield one, two


def _with_the_further(q: Quantity, evidence: Evidence) -> Iterator[float]:
    if q.kind == "count":
        yield from (one.value + two.value for one, two in additions(evidence))


def _multiplied(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return a number of the source doubled where the source doubles it: two stamps for one, on double days."""
    factors = {f.value for p in evidence.passages for f in p.figures if f.kind == "factor"}
    if q.kind == "count" and factors and q.noun:
        known = [f.value for p in evidence.passages for f in p.figures if f.kind == "count"
                 if concept(f.noun) == concept(q.noun)]  # fmt: skip
        yield from (n * factor for n in known for factor in factors)


_IT_TAKES = r"\b(?:takes?|needs?|enough for|buys?|pays? for|covers?|that'?s|makes?|reach\w*|after|equals?)\b"


def _so_many_for_a_sum(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return how many go into a sum at so much each: at $5 for each, $25,000 are 5,000."""
    if q.kind == "count" and has(_IT_TAKES, evidence.sentence.text) and has(_EACH_GIVES, evidence.text):
        sums = [f for p in evidence.passages for f in p.figures if f.kind == "money" and f.value]
        yield from (a.value / b.value for a, b in permutations(sums, 2) if a.unit == b.unit and a.value > b.value)


_EACH_GIVES = r"\b(?:for (?:each|every)|every|each|per)\b"


def _of_a_whole(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return the numbers that a share of the source is made of: 42 of ``42 of our 118 shops``."""
    if q.kind == "count":
        shares = [f for p in evidence.passages for f in p.figures if f.kind == "ratio"]
        yield from (float(n) for f in shares for n in re.findall(r"\d+", f.text))


_SPANS = {"hour": 3_600.0, "day": _DAY, "night": _DAY, "week": 7 * _DAY, "month": 1.0, "year": 12.0}
_MONTHS = ("month", "year")


def _over_a_span(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return what a price per period comes to over the span that the sentence names: £9 a day, for a week."""
    if q.kind not in ("money", "time", "months"):
        return
    prices = [f for p in evidence.passages for f in p.figures if f.kind == "money" and f.per in _SPANS and f.value]
    for price in prices:
        kind = "months" if price.per in _MONTHS else "time"
        for f in evidence.sentence.figures:
            if q.kind == "money" and f.kind == kind and f.unit != price.per:
                yield price.value * f.value / _SPANS[price.per]
            if q.kind == kind and f.kind == "money" and f.unit == price.unit and f.value > price.value:
                yield f.value / price.value * _SPANS[price.per]


def _all_days_of(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return how long something takes that is on for the same hours on each day of a row of days."""
    if q.kind != "time":
        return
    for passage in evidence.passages:
        if len(passage.days) > 1 and has(r"\b(?:each|every|both|per) days?\b|\bdaily\b|\ba day\b", passage.text):
            days = abs((passage.days[-1].day - passage.days[0].day).days) + 1
            lengths = [60.0 * (b - a) for a, b in pairwise(passage.clocks) if b > a]
            lengths += [f.value for f in passage.figures if f.kind == "time" and f.value < _DAY]
            yield from (days * length for length in lengths)


_REST = r"\b(?:the (?:rest|remainder|others?)|remaining|remainder)\b"
_LESS_BEHIND = r"^ ?(?:less|fewer|lower|off|smaller|lighter|reduction|cut|drop)\b"
_LOOSELY = 0.75


def is_the_rest(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a share is what another leaves: two thirds beside ``a third``, under a fifth beside ``83% less``.

    The source or the copy speaks of the rest, or the other share is one by which something is less.
    """
    if q.kind not in ("percent", "ratio") or not has(r"^ of\b", evidence.sentence.text[q.end :]):
        return False
    value = q.value * (_FULL if q.kind == "ratio" else 1)
    for passage in evidence.passages:
        for share in (f for f in passage.figures if f.kind in ("percent", "ratio")):
            left = _FULL - share.value * (_FULL if share.kind == "ratio" else 1)
            less = has(_LESS_BEHIND, passage.text[share.end :])
            if not less and not has(_REST, passage.text + evidence.sentence.text):
                continue
            if abs(left - value) < 2 * _TENTH or (q.hedge in ("under", "nearly") and _LOOSELY * value <= left < value):
                return True
    return False


_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0)


def is_a_bracket_of_a_measure(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a round measure bounds that of the passage told: ``under 15 minutes`` for 12."""
    size = unit_size(q.unit)
    number = q.value / size
    if q.hedge not in ("under", "nearly") or not q.unit or q.kind == "money" or number <= 0:
        return False
    lead = number
    while lead >= _FEW:
        lead /= 10
    told = [f for p in evidence.aligned[:2] for f in p.figures if f.kind == q.kind and f.hedge in ("", "max", "approx")]
    return lead in _ROUND and len(told) == 1 and _LOOSELY * q.value <= told[0].value < q.value


_COVERS = r"^(?: [a-z]+){0,3} (?:covers?|makes?|gives?|yields?|fills?|treats?|feeds?|serves?|protects?|is enough for|does|coats?|paints?|seeds?)\b[^.;]*$"  # noqa: E501


def used_up(q: Quantity, evidence: Evidence) -> bool:
    """Return whether an amount and what it is good for stand side by side at the rate of the source, once or in coats.

    ``20 square metres in two coats take 4 litres`` where a litre covers 10.
    """
    near = [f for f in evidence.sentence.figures if f is not q]
    counted = [f for p in evidence.passages for f in [*p.figures, *near] if f.kind == "count" and f.value < _FEW]
    times = {1.0} | {f.value for f in counted}
    for passage in evidence.passages:
        for base, rate in combinations(passage.figures, 2):
            if base.kind == rate.kind or not has(_COVERS, passage.text[base.end : rate.start]):
                continue
            if q.kind not in (base.kind, rate.kind) or not base.value or not rate.value:
                continue
            for other in (f for f in near if f.kind in (base.kind, rate.kind) and f.kind != q.kind):
                used, good = (q, other) if q.kind == base.kind else (other, q)
                made = used.value / base.value * rate.value
                if rate.hedge == "max" and q is good and q.hedge != "max":
                    continue
                if any(abs(good.value * n - made) < 0.01 * made for n in times):
                    return True
    return False


_AHEAD = r"^'? ?(?:notice\b|(?:to go |left )?(?:before|ahead|prior|beforehand|in advance|earlier)\b)"


_CALLS_OFF = r"\b(?:cancel\w*|call(?:ing)? off|chang\w+|amend\w*|mov\w+|reschedul\w+|tell(?:ing)? us|let(?:ting)? us know|return\w*)\b"  # noqa: E501
"""What can be done up to a latest moment; what opens so long before cannot be done earlier."""


def early_enough(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a moment lies before the latest one of the source: three days for ``up to 48 hours before``."""
    if (
        q.kind != "time"
        or not has(_AHEAD, evidence.sentence.text[q.end :])
        or not has(_CALLS_OFF, evidence.sentence.text)
    ):
        return False
    return any(
        f.kind == "time" and f.value <= q.value and has(_AHEAD, p.text[f.end :])
        and (f.hedge in ("max", "min") or has(r"\b(?:within|less|fewer)\b[^.;]*$", p.text[: f.start]))
        for p in evidence.passages
        for f in p.figures
    )  # fmt: skip


def described_one_by_one(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a passage names as many of a thing one after the other: ``a large bin and a small bin``."""
    if q.kind != "count" or not 1 < q.value < _FEW or not q.noun or q.hedge:
        return False
    counted = {concept(f.noun) for p in evidence.passages for f in p.figures if f.kind == "count" and f.noun}
    behind = re.findall(r"[a-z]+", evidence.sentence.text[q.end :].lower())[:4]
    for word in (w for w in behind if w.endswith("s") and concept(w) not in counted):
        single = re.escape(f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s"))
        for passage in evidence.passages:
            if len(re.findall(rf"\b(?:an?|one|the) (?:[\w-]+ ){{0,4}}{single}\b", passage.text, re.I)) == q.value:
                return True
    return False


def beyond_a_bound(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a sum of the reader's own in a question is a bound of the source and a rest that the copy tells.

    ``Borrowing £12,000? The first £10,000 ..., the remaining £2,000 ...``.
    """
    if q.kind != "money" or not evidence.sentence.raw.endswith("?"):
        return False
    bounds = {f.value for p in evidence.passages for f in p.figures if f.kind == "money" and f.unit == q.unit}
    told = {f.value for s in evidence.case.sentences for f in s.figures if f.kind == "money"}
    return any(abs(q.value - bound) in told for bound in bounds & told if bound != q.value)
