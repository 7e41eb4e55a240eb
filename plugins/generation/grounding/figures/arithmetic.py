"""Figures that follow from the figures of the source: sums, differences, products, shares, rates and ages.

A result counts only with words that say a sum was done ("together", "works out at", "you save"): any two figures add up
to something, and a wrong figure must not be excused by a sum nobody did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise, permutations

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.calendar_sums import days_named, months_between, seconds_between
from plugins.generation.grounding.figures.derived import additions
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size
from plugins.generation.grounding.wording.certainty_rules import SAMPLE

_ANNOUNCED = (
    r"\b(?:together|total\w*|in all|all in|altogether|combined|all told|between (?:them|the \w+)|sum|(?:comes?|came|coming) (?:to|out at)|"  # noqa: E501
    r"add(?:s|ed)? up|works? out|working out|that(?:'s| is| makes| leaves| means)|makes? (?:it|that|for)|which (?:is|makes|means|leaves|brings|comes|works)|"  # noqa: E501
    r"sav(?:es?|ed|ings?)|difference|less|more|fewer|extra|left|leav(?:es?|ing)|keeps?|spare|instead|rather than|down (?:from|to)|"  # noqa: E501
    r"reg|rrp|was|were|usual\w*|normal\w*|regular\w*|full price|each|apiece|a ?piece|equals?|on average|average|brings?|earns?|"  # noqa: E501
    r"payments? of|instalments? of|installments? of|split|spread|set you back|cheaper|(?:a|per) (?:month|week|day) for|one by one|one at a time|separately|individually|per|against|versus|"  # noqa: E501
    r"on (?:its|their) own|longer|shorter|earlier|later|ahead|lighter|heavier|faster|there and back|both ways|round-trip|return (?:trip|journey|fare|ticket)|for the (?:lot|pair|set|two|three|four)|"  # noqa: E501
    r"so (?:you|it|each|every|that|the|a|an|\d|[a-z-]+ (?:pounds?|euros?|dollars?|quid|bucks|pence|cents)\b|[\u00a3$\u20ac]))|(?:=|\bnot(?= [\u00a3$\u20ac]))"  # noqa: E501
)
"""Words that say a sum was done, whichever."""
_SUM = (
    r"\b(?:together|total\w*|in all|all in|altogether|combined|both|all told|between them|sum|pair|bundle|plus|"
    r"comes? to|came to|instead of|rather than|down from|was|were|before|full price|separately|adds? up|worth|usual\w*|normal\w*|compared|in for|pays?)\b"  # noqa: E501
)
_LESS = (
    r"\b(?:less|fewer|more|extra|sav(?:es?|ed|ings?)|difference|faster|longer|shorter|lighter|off|instead|cut|drop\w*|"
    r"reduc\w*|cheaper|saved|better|below|under|lower|smaller|larger|bigger|taller|wider|deeper|thicker|higher|heavier|knock\w*|trim\w*|up(?! to)|down|rises?|increase\w*|grew|pay|"  # noqa: E501
    r"another|before|after|earlier|later|head start|ahead|left|leav(?:es?|ing)|keep|extra|discount|spare)\b"
)
_APART = r"\b(?:separately|individually|on their own|one by one)\b"
_BUNDLE = 3
"""Prices: of two things and of both together."""
_ALL_IN = r"\b(?:in all|all in|in total|altogether|all told)\b"
_PLUS_A_FEE = r"\b(?:plus|with|and) (?:an? |the )?(?:[a-z-]+ ){0,4}[\u00a3$\u20ac]\d[\d.,]* [a-z ]*(?:fee|charge|deposit|payment)|\b(?:plus|with|and) (?:an? |the )?(?:[a-z-]+ )*(?:fee|charge|deposit|payment) of [\u00a3$\u20ac]"  # noqa: E501
"""A price that does not hold all there is to pay."""
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
_CENT, _TENTH = 0.006, 0.51
_HOW_MANY = ((r"\b(?:between you|both of you|you (?:two|both)|pairs?|couple|both|there and back|both ways|each way|round-trip|return (?:trip|journey|fare|ticket))\b", 2),  # noqa: E501
             (r"\btrio\b", 3))  # fmt: skip
"""Words that count without a figure: ``a pair``, ``there and back``."""
_A_YEAR = {"day": 365, "week": 52, "month": 12, "year": 1, "quarter": 4}
_A_MONTH = {"day": 30, "month": 1, "week": 52 / 12}


_AGE_BEFORE = r"\b(?:child(?:ren)?|kids?|people|anyone|everyone|those|adults?|drivers?|aged?|ages) (?:aged )?(?:under|over|below|above|from)?[- ]?$"  # noqa: E501
"""What opens an age, which no sum makes: ``children under 5``."""


def follows(q: Quantity, pool: list[Quantity], evidence: Evidence) -> bool:
    """Return whether ``q`` can be computed from ``pool``, the figures of the source and of the sentence."""
    text = evidence.sentence.text
    others = spoken_of([p for p in pool if p is not q], evidence)
    if q.kind == "count" and has(_AGE_BEFORE, text[: q.start]):
        return False
    if q.kind == "money":
        return _among(q, _sums_of_money(q, others, evidence), _CENT, 0.05 * q.value)
    if q.kind == "percent":
        if _among(q, _sums_of_shares(others, evidence), _CENT, 0.05 * q.value):
            return True
        return _among(q, _percentages(others, evidence), _TENTH, _TENTH)
    if q.kind == "ratio":
        return _among(q, (share / 100 for share in _percentages(others, evidence)), 1e-3, 0.03)
    if q.kind == "factor":
        shares = [p.value for p in pool if p.kind == "percent" and p.value]
        grown = list(additions(evidence))
        ratios = [a / b for a, b in permutations(shares, 2)] + [(a.value + b.value) / a.value for a, b in grown]
        ratios += [a.value / b.value for a, b in _pairs(others) if b.value and not grown]
        return any(abs(ratio - q.value) < _CENT for ratio in ratios)
    if q.kind in ("time", "months", "count", "mass", "volume", "length", "area", "data", "energy") or q.unit:
        exact = 0.01 * q.value if q.kind == "area" else 1e-6 * max(q.value, 1)
        return _among(q, _measures(q, others, text, evidence), exact, 0.06 * q.value)
    return False


def spoken_of(pool: list[Quantity], evidence: Evidence) -> list[Quantity]:
    """Return the figures of ``pool`` that the copy says, or of whose thing it has spoken by the end of the sentence.

    What nothing speaks of is no part of a sum: without a word of parking, no price is one less parking.
    """
    at = evidence.case.sentences.index(evidence.sentence)
    told = evidence.case.sentences[: at + 1]
    said = frozenset[str]().union(*(s.concepts for s in told))
    mine = [f for s in told for f in s.figures]
    spoken, unspoken = set[tuple[int, str]](), set[tuple[int, str]]()
    for source, passage in ((s, p) for s in evidence.sources for p in s.passages):
        for figure in passage.figures:
            left, right = passage.clause(figure.start, figure.end)
            beside = [f for f in passage.figures if left <= f.start < right]
            about = (passage.near(figure.start, figure.end) | _subject_of(passage)) - _SAYS_NOTHING
            named = (
                not about or about & said or any(f.kind == o.kind and f.value == o.value for f in mine for o in beside)
            )
            alone = sum(f.kind == "money" for p in source.passages for f in p.figures) == 1
            named = named or figure.kind == "percent" or (figure.kind == "money" and alone)
            named = named or (bool(figure.per) and any(f.unit == figure.per for f in mine))
            (spoken if named else unspoken).add((figure.start, figure.text))
    return [p for p in pool if (p.start, p.text) not in unspoken - spoken or p in mine]


def _subject_of(passage: Passage) -> frozenset[str]:
    """Return the words that open a sentence before its first figure: ``The Balcony Walk | lasts seven days``."""
    first = min((f.start for f in passage.figures), default=0)
    return passage.near(0, 0) if passage.clause(0, 0)[1] >= first else frozenset()


_SAYS_NOTHING = frozenset(
    concept(word) for word in ("cost", "price", "pay", "charge", "get", "from", "include", "weigh")
)
"""Words beside a figure that do not say what it is of."""


def _among(q: Quantity, values: Iterable[float], close: float, loosely: float) -> bool:
    """Return whether ``q`` says one of ``values``: within ``close``, or ``loosely`` where its hedge allows.

    ``over 20`` may say 21, ``just under 2`` may say 1.9, ``about 50`` either.
    """
    for value in values:
        if abs(value - q.value) < close or (q.hedge == "approx" and abs(value - q.value) <= loosely):
            return True
        if q.hedge == "min" and q.value < value <= 1.12 * q.value:
            return True
        if q.hedge in ("nearly", "under") and 0.88 * q.value <= value < q.value:
            return True
    return False


def is_example(q: Quantity, pool: list[Quantity], evidence: Evidence) -> bool:
    """Return whether ``q`` is a number of the reader's own from which another figure of the sentence follows.

    ``Four weeks come to £48``, ``£250 brings you 500 points``: the rate is the source's, the amount is not.
    """
    lasting = q.kind in ("time", "months") and has(r"\bover (?:the |your )?$", evidence.sentence.text[: q.start])
    if (q.hedge and not lasting) or q.kind not in ("money", *_SHARES):
        return False
    given = [p for p in pool if p is not q]
    said = has(
        _ANNOUNCED + r"|\b(?:comes? (?:to|back)|back|spend|buy|collects?|purchases?|worth of)\b", evidence.sentence.text
    )
    results = [
        f for f in evidence.sentence.figures
        if f is not q and f.kind in ("money", *_SHARES)
        and (_next(q, f, evidence) if said else _at_a_rate(q, f, given))
    ]  # fmt: skip
    times = q.value / unit_size(q.unit) if q.kind != "money" else q.value
    if times == 1:
        return False
    return any(
        abs(times * rate - f.value) < (_CENT if f.kind == "money" else 1e-6)
        for f in results
        for rate in _rates(f, q, given)
        if rate and f.value
    )


def _at_a_rate(q: Quantity, result: Quantity, pool: list[Quantity]) -> bool:
    """Return whether no source states a sum of money, and one has a price per day or month for an amount of them.

    It then needs no word that a sum was done: ``three days at $84 a day: $252``.
    """
    stated = any(p.kind == "money" and p.value == result.value for p in pool)
    return result.kind == "money" and not stated and any(p.per and p.per == q.unit for p in pool)


def _next(q: Quantity, result: Quantity, evidence: Evidence) -> bool:
    """Return whether no other price or share stands between an amount and what it comes to."""
    first, last = sorted((q, result), key=lambda figure: figure.start)
    between = [f for f in evidence.sentence.figures if first.end <= f.start < last.start]
    return not any(f.kind in ("money", "percent") for f in between)


def _rates(result: Quantity, amount: Quantity, pool: list[Quantity]) -> Iterator[float]:
    """Return how much of ``result`` the source gives for one of ``amount``: 15p a kWh, 2 points for each £1."""
    if result.kind == "money" and amount.kind != "money":
        prices = [p.value for p in pool if p.kind == "money" and p.unit == result.unit]
        yield from prices
        yield from (a * unit_size(b.unit) / b.value for a in prices for b in pool if b.kind == amount.kind and b.value)
    elif result.kind == "money" and result.unit == amount.unit:
        yield from (p.value / 100 for p in pool if p.kind == "percent")
        yield from (1 - p.value / 100 for p in pool if p.kind == "percent")
    elif amount.kind == "money" and result.kind == "count":
        paid = [p for p in pool if p.kind == "money" and p.unit == amount.unit and p.value]
        yield from (a.value / b.value for a in pool for b in paid if a.kind == "count")


def _sums_of_money(q: Quantity, pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    text = evidence.sentence.text
    money = sorted({p.value for p in pool if p.kind == "money" and p.unit == q.unit})
    parts = _parts(pool) | unsaid(text) | _periods(pool, evidence)
    only = _only_sums(money, parts, pool, evidence)
    if only is not None:
        yield from only
        return
    yield from _a_year_for_all(pool, evidence)
    yield from _by_rates(q, pool, money, parts, evidence)
    if has(_APART, text) and len(money) >= _BUNDLE:
        yield from _apart(money, _parts(pool))
        return
    if has(_FOR_ONE, text[q.end :]):
        yield from (a / n for a in money for n in _counted(pool))
    for words, sums in _WORDED:
        if has(words, text):
            yield from sums(money, parts, pool)
    if has(_SUM + r"|\badd\b|\bwith\b", text):
        more = 1 if has(r"\b(?:additional|further|extra)\b", evidence.text) else 0
        yield from (a + b * (n - more) for a, b in permutations(money, 2) for n in parts)
    if has(r"\b(?:the (?:pair|two|set|bundle|combo|duo)|both|together)\b", text) and has(_ANNOUNCED, text):
        yield from (a + b - c for a, b in combinations(money, 2) for c in money if max(a, b) < c < a + b)
    if has(r"\badd\b", text):
        yield from (a + b for a, b in combinations(money, 2))
    yield from _another_period(q, pool)


_FOR_ONE = r"^ (?:an?|per|each|for each|for every|apiece)\b(?! (?:second|minute|hour|day|night|week|month|year)\b)"
"""What follows the price of one of many: ``8p | a card``."""


def _only_sums(money: list[float], parts: set[float], pool: list[Quantity], evidence: Evidence) -> list[float] | None:
    """Return the sums that alone are meant: with a fee on top, there and back, in stages; None where any may be."""
    text = evidence.sentence.text
    if leaves_out_a_fee(evidence):
        with_fee = [a * n + b for a, b in permutations(money, 2) for n in parts]
        return with_fee + [a + b for a, b in combinations(money, 2)]
    if has(_RETURN, text) and not has(_ANNOUNCED, re.sub(_RETURN, " ", text, flags=re.I)):
        both_ways = [] if has(_RETURN_PRICED, evidence.text) else [2 * a for a in money]
        return both_ways + [a * n for a in money for n in _parts(list(evidence.sentence.figures))]
    return list(_staged(pool, evidence)) or None


_RETURN = r"\b(?:there and back|both ways|round-trip|return (?:trip|journey|fare|ticket))\b"
"""What doubles a price for one way, and makes no other sum."""
_RETURN_PRICED = r"[$\u00a3\u20ac]\d[\d.,]*(?: for an?)? (?:return|round-trip)\b|\b(?:return|round-trip)(?: \w+)?(?: is| costs?| for| at|:)? [$\u00a3\u20ac]\d"  # noqa: E501
"""A price of the source that is for both ways already."""


def _staged(pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return what a term costs at one price a month first and at another after that."""
    monthly = [p for p in pool if p.kind == "money" and p.per == "month"]
    spans = sorted({p.value for p in pool if p.kind == "months"})
    if has(_SUM + r"|\bcost\b", evidence.sentence.text) and has(_LATER_PRICE, evidence.text):
        yield from (
            a.value * n + b.value * (m - n) for a, b in permutations(monthly, 2) for n, m in combinations(spans, 2)
        )


_LATER_PRICE = r"\b(?:thereafter|after that|afterwards|then|from month)\b"


def _a_year_for_all(pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return what so many pay in a year at a price per user and month."""
    if not has(r"\b(?:an?|per|each|the|one|every) year\b|\bannual|\byearly|\b12 months\b", evidence.sentence.text):
        return
    monthly = [p for p in pool if p.kind == "money" and p.per == "month"]
    mine = set(evidence.sentence.figures)
    users = [f.value for f in pool if f in mine and f.kind == "count" and 1 < f.value <= _MOST_PARTS]
    yield from (p.value * 12 * n for p in monthly if p.apiece or has(_PER_HEAD, evidence.text) for n in users)


_PER_HEAD = r"\bper (?:user|seat|person|head|member|licen[cs]e|device|employee|line|child|pupil|student|desk)\b"


def leaves_out_a_fee(evidence: Evidence) -> bool:
    """Return whether a sum is told to be all there is where the source has a fee on top of the price."""
    return has(_ALL_IN, evidence.sentence.text) and has(_PLUS_A_FEE, evidence.text)


def _periods(pool: list[Quantity], evidence: Evidence) -> set[float]:
    """Return how many periods a price is paid for that no figure says: the months of a year, named days."""
    year = has(r"\byear\b|\bannual", evidence.sentence.text) and any(p.per == "month" for p in pool)
    named = days_named(evidence) if any(p.per == "day" for p in pool) else set[int]()
    nights = len(weekdays(evidence.sentence.text)) if has(r"\bnights?\b", evidence.sentence.text) else 0
    return {float(n) for n in (12 * year, nights, *named) if n}


def _by_rates(
    q: Quantity, pool: list[Quantity], money: list[float], parts: set[float], evidence: Evidence
) -> Iterator[float]:
    """Return what rates of the source make of prices and numbers: so much each, so many per cent off."""
    single = {p.value for p in pool if p.kind == "money" and p.unit == q.unit and (p.per or p.apiece)}
    shares = {p.value for p in pool if p.kind == "percent"}
    yield from (a * n for a in single for n in parts)
    yield from _worth(q, pool, evidence)
    if has(r"\beach\b|\bper\b", evidence.text):
        yield from (a * n for a in money for n in _parts(list(evidence.sentence.figures)))
    yield from (a * s / 100 for a in money for s in shares)
    yield from (a * (1 - s / 100) for a in money for s in shares)
    if q.per == "month" and has(r"\bannual|\byearly\b|\b(?:a|one|1|per) year\b|\b12 months\b", evidence.text):
        yield from (a / 12 for a in money)


def _worth(q: Quantity, pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return what prices by number or measure make of those of the copy, and what a saving leaves of a price.

    100 points worth £5 make £15 of 300 points; £3 and £2 a mile make £15 of 6 miles; £350 less on £2,400 leaves £2,050.
    """
    for passage in evidence.passages:
        prices = [f for f in passage.figures if f in pool and f.kind == "money" and f.unit == q.unit]
        for price in prices:
            counts = [f for f in passage.figures if f.kind == "count" and f.value > 1 and f.noun]
            yield from (price.value * n / f.value for f in counts for n in _as_many(f.noun, evidence))
            mine = [f for f in evidence.sentence.figures if f in pool and f.unit and f.unit == price.per]
            bases = (0.0, *(p.value for p in prices if p.per != price.per))
            yield from (price.value * f.value / unit_size(f.unit) + base for f in mine for base in bases)
            if has(_SAVES, passage.text[: price.start]) or has(r"^ (?:off|less|cheaper)\b", passage.text[price.end :]):
                yield from (p.value - price.value for p in pool if p.kind == "money" and p.unit == q.unit)


def _as_many(noun: str, evidence: Evidence) -> Iterator[float]:
    """Return how many of something the copy speaks of up to the end of the sentence: ``600 Brand points``."""
    for told in evidence.case.sentences[: evidence.case.sentences.index(evidence.sentence) + 1]:
        for mine in (f for f in told.figures if f.kind == "count"):
            behind = re.findall(r"[a-z]+", told.text[mine.end :].lower())[:2]
            if concept(noun) in map(concept, behind):
                yield mine.value


_SAVES = r"\b(?:sav(?:e|es|ing|ings)|discount|reduc\w+)(?: (?:of|by|you|them|an extra))? $"
"""What stands before a sum that is taken off a price."""


def _differences(money: list[float], parts: set[float], _: list[Quantity]) -> Iterator[float]:
    yield from (a - b for a, b in permutations(money, 2))
    yield from (a * n - b for a in money for n in parts for b in money if b != a)


def _totals(money: list[float], parts: set[float], _: list[Quantity]) -> Iterator[float]:
    yield from (a + b for a, b in combinations(money, 2))
    few = [n for n in parts if n <= _FEW]
    yield from (a * n + b * m for a, b in combinations(money, 2) for n in few for m in few)


def _multiples(money: list[float], parts: set[float], _: list[Quantity]) -> Iterator[float]:
    yield from (a * n for a in money for n in parts)


def _fractions(money: list[float], parts: set[float], pool: list[Quantity]) -> Iterator[float]:
    counted = _counted(pool)
    yield from (a / n for a in money for n in {*parts, *counted})
    yield from (a / (n * m) for a in money for n, m in combinations(counted, 2))
    yield from (a / (n + m) for a in money for n, m in combinations(counted, 2))


def _bases(measure: Quantity) -> set[float]:
    """Return the amounts a price is given per: one of the unit, and what is usual on a shelf (100 g, a kilo, a litre)."""  # noqa: E501
    usual = {"mass": {100.0, 1000.0}, "volume": {100.0, 1000.0}, "length": {1000.0}}
    return {unit_size(measure.unit)} | usual.get(measure.kind, set())


def _apart(money: list[float], parts: set[float]) -> Iterator[float]:
    """Return what things cost one by one, and what is saved by what they cost together."""
    sums = {round(a + b, 2) for a, b in combinations(money, 2)}
    prices = [a for a in money if round(a, 2) not in sums] or money
    bought = [some for size in range(2, min(len(prices), 5) + 1) for some in combinations(prices, size)]
    bought += [(a,) * int(n) for a in prices for n in parts if n <= _FEW]
    for some in bought:
        yield sum(some)
        yield from (sum(some) - b for b in prices if b not in some)


def _announced(money: list[float], parts: set[float], pool: list[Quantity]) -> Iterator[float]:
    """Return what prices give with each other, with numbers of things and with measures, in one step or two."""
    yield from _differences(money, parts, pool)
    yield from (a + b for a, b in combinations(money, 2))
    if len(money) >= _BUNDLE:
        yield sum(money)
        yield from (a + b + c for a, b, c in combinations(money, 3))
    yield from _multiples(money, parts, pool)
    yield from _fractions(money, parts, pool)
    yield from ((a - b) * n for a, b in permutations(money, 2) for n in parts)
    measured = [p for p in pool if p.kind in ("mass", "length", "volume", "area", "data", "energy") and p.value]
    yield from (a * p.value / unit_size(p.unit) for a in money for p in measured)
    yield from (a * base / p.value for a in money for p in measured for base in _bases(p))
    alike = [(a.value, b.value) for a, b in permutations(measured, 2) if a.kind == b.kind and a.value != b.value]
    yield from (a * x / y for a in money for x, y in alike)
    scaled = {a * x / y for a in money for x, y in alike}
    yield from (a - b for a, b in permutations(scaled | set(money), 2))


_WORDED = (
    (_ANNOUNCED, _announced),
    (_LESS, _differences),
    (_SUM, _totals),
    (_FOR_ALL, _multiples),
    (_EACH, _fractions),
)


def unsaid(text: str) -> set[float]:
    """Return the numbers that words of ``text`` stand for: 2 for ``a pair`` and for ``there and back``."""
    return {float(n) for pattern, n in _HOW_MANY if has(pattern, text)}


def _parts(pool: list[Quantity]) -> set[float]:
    """Return how many there are of anything: people, bottles, nights."""
    counted = {p.value for p in pool if p.kind in ("count", "multibuy")}
    counted |= {round(p.value / unit_size(p.unit), 6) for p in pool if p.kind in ("time", "months")}
    return {n for n in counted if 1 < n <= _MOST_PARTS}


def _counted(pool: list[Quantity]) -> list[float]:
    """Return the few bare numbers that multiply: ``4 meals for 4 people`` are sixteen portions."""
    return sorted(p.value for p in pool if p.kind == "count" and 1 < p.value <= _MOST_PARTS)[:8]


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
        elif p.per in _A_YEAR and q.per == "year":
            yield p.value * _A_YEAR[p.per]


def _percentages(pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    text = evidence.sentence.text
    if has(_LESS, text):
        for a, b in _pairs(pool):
            if a.value > b.value or not has(_CHEAPER, text):
                yield abs(a.value - b.value) / a.value * 100
    if has(r"\bof\b", text):
        whole = has(r"\bof (?:what|the|our|your|its)\b", text)
        yield from (
            a.value / b.value * 100 for a, b in _pairs(pool) if b.value and (a.kind == "money" or (whole and a.unit))
        )
    counts = [p.value for p in pool if p.kind == "count"]
    if has(SAMPLE, evidence.text) and not has(
        SAMPLE + r"|\bof (?:the|our) \d|\b(?:of|among|amongst) (?:all )?those who\b", evidence.case.low
    ):
        counts = []
    yield from (a / b * 100 for a, b in permutations(counts, 2) if 0 < a < b)
    shares = [p.value for p in pool if p.kind == "percent"]
    if has(
        r"\bpay(?:s|ing)?\b|\bof the (?:price|cost)\b|\bleft\b|\bleav(?:es|ing)\b|\bbalance\b|\belsewhere\b|\brest\b|\bremain\w*|\bother\b",  # noqa: E501
        text,
    ):
        yield from (100 - share for share in shares)


def _sums_of_shares(pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return what is left between two shares, and what a share and an extra one make together."""
    shares = {p.value for p in pool if p.kind == "percent"}
    within = has(r"\b(?:includ\w+|of which|made up of|consisting of)\b[^.;]*%", evidence.text)
    if has(_LESS + r"|\bso\b|\bunderlying\b|\brest\b", evidence.sentence.text):
        yield from (a - b for a, b in permutations(shares, 2))
    if (
        not within
        and has(_SUM, evidence.sentence.text)
        and has(r"\b(?:extra|additional|further|bonus|plus|on top|more)\b", evidence.text)
    ):
        yield from (a + b for a, b in combinations(shares, 2))


def _in_proportion(q: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return what ``15 kcal per 100 ml`` is in the amount that the sentence names."""
    for rate in (f for p in evidence.passages for f in p.figures if f.kind == q.kind != "time" and f.unit):
        for passage in evidence.passages:
            found = re.match(
                r"(?: of [a-z]+)? (?:per|an?|each) (minute|hour|day|week|month|year)\b", passage.text[rate.end :]
            )
            if found and rate in passage.figures:
                kind = "months" if found[1] in ("month", "year") else "time"
                times = [f.value / unit_size(found[1]) for f in evidence.sentence.figures if f.kind == kind]
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
    counts |= unsaid(text)
    if has(_SUM + r"|\banother\b", text):
        yield from (a + b for a, b in combinations(same, 2))
    if has(_LESS, text):
        yield from (a - b for a, b in permutations(same, 2))
    if q.kind != "count" or has(_FOR_ALL, text):
        yield from (a * n for a in same for n in counts if a not in (0, n))
    if q.kind == "count":
        yield from _days_counted(q, pool, evidence)
        if has(_EACH + r"|\bgives?\b|\bmakes?\b|\blasts?\b", text):
            yield from (a / b for a, b in permutations(same, 2) if b)
        yield from _people(q, pool)
        yield from _bought(pool, counts, evidence)
    if q.kind in ("count", "months"):
        yield from _months_lasting(q, pool, evidence)
        size = 12 if q.kind == "months" else 1
        yield from ((evidence.case.as_of.year - p.value) * size for p in pool if p.kind == "year")
    yield from _in_proportion(q, evidence)
    if q.kind == "area":
        sides = [p.value / 1000 for p in pool if p.kind == "length"]
        yield from (a * b for a, b in combinations(sides, 2))
    if q.kind == "time":
        yield from seconds_between(text, evidence)
        yield from _lasting(pool, evidence)
    if q.kind == "months" or (q.kind == "count" and has(r"\b(?:each|every|a|per) month\b|\bmonthly\b", evidence.text)):
        yield from months_between(evidence)


def _days_counted(q: Quantity, pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return how many nights lie between two days, and how many Tuesdays are in the weeks of a Tuesday course."""
    if has(r"^nights?$", q.noun):
        yield from (seconds / unit_size("day") for seconds in seconds_between("", evidence))
    named = weekdays(q.noun.capitalize())
    if named and named <= weekdays(evidence.text):
        yield from (p.value / unit_size("week") for p in pool if p.kind == "time" and p.unit == "week")


def _bought(pool: list[Quantity], counts: set[float], evidence: Evidence) -> Iterator[float]:
    """Return what an amount of the reader's own brings at a rate of the source: 2 points for £1 are 500 for £250.

    Two prices of the source make no such rate: eight sessions for £96 are not ten for £120.
    """
    stated = {f.value for p in evidence.passages for f in p.figures if f.kind == "money"}
    spent = [p for p in pool if p.kind == "money" and p.value]
    own = [p for p in spent if p.value not in stated]
    yield from (n * b.value / a.value for n in counts for a in spent for b in own if a.unit == b.unit and a is not b)


def _lasting(pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return how long so many last at so many a day: 90 capsules at one a day are 90 days."""
    found = re.search(r"\b(?:a|per|each|every) (day|week|night)\b|\b(dai)ly\b", evidence.text, re.I)
    if found:
        size = unit_size((found[1] or "day").lower().replace("night", "day"))
        counts = [p.value for p in pool if p.kind == "count" and p.value]
        yield from (a / b * size for a in counts for b in counts)


def _months_lasting(q: Quantity, pool: list[Quantity], evidence: Evidence) -> Iterator[float]:
    """Return how many months so many last at so many a day, where the copy says ``about``."""
    if q.kind == "months" and q.hedge == "approx":
        yield from (seconds / (30 * unit_size("day")) for seconds in _lasting(pool, evidence))


def _people(q: Quantity, pool: list[Quantity]) -> Iterator[float]:
    """Return shares of a number (62% of 150 are 93), what a year's number is a week, and how often one fits in another."""  # noqa: E501
    counts = [p.value for p in pool if p.kind == "count"]
    yield from (n * p.value / 100 for n in counts for p in pool if p.kind == "percent")
    if q.per in _A_YEAR:
        yield from (n / _A_YEAR[q.per] for n in counts)
    if q.per in _A_MONTH:
        yield from (n / _A_MONTH[q.per] for n in counts)
    measured = [p for p in pool if p.kind in ("mass", "volume", "length") and p.value]
    yield from (a.value / b.value for a, b in permutations(measured, 2) if a.kind == b.kind and a.value > b.value)
