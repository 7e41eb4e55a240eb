"""What those whom a copy names come to at the prices of the source: two adults and a ten-year-old sail for £70.

Each person is given the price of the source that is for such a person, by name or by age; a total that these do not
make is none. Also what several of a thing with one price cost, and counts that the sentence itself takes apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.arithmetic import leaves_out_a_fee
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import weekdays
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, whole_number

_GROUPS = {
    "adult": r"adults?|grown-?ups?|parents?|grandparents?|mums?|dads?|passengers?|persons?|people|guests?|visitors?|driver",  # noqa: E501
    "child": r"child(?:ren)?|kids?|youngsters?|juniors?|under[- ]?\d+s?|children \d+|toddlers?|infants?|bab(?:y|ies)|girls?|boys?|sons?|daughters?|ages?",  # noqa: E501
    "teen": r"teens?|teenagers?|youths?",
    "student": r"students?|concessions?|concessionary|reduced",
    "senior": r"seniors?|pensioners?|over-?\d+s?",
    "member": r"members?",
}
"""Kinds of people who pay a price of their own."""
_N = r"(?P<n>\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_YEARS = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"  # noqa: E501
_OF_AN_AGE = re.compile(
    rf"\b{_N} (?:(?:children|child) aged |(?:toddler|child|girl|boy|son|daughter|kid) of |(?:(?:toddler|child|girl|boy|kid) aged ))?"  # noqa: E501
    rf"(?P<age>{_YEARS})(?:-year-old\b)?", re.I
)  # fmt: skip
_AGED = re.compile(r"\b(?:aged|ages?|years) \d{1,2}(?:, \d{1,2})*(?:,? and \d{1,2})?\b", re.I)
"""The ages of several: ``two children ages 6 and 9``."""
_SOMEBODY = re.compile(
    rf"\b{_N} (?:(?:other|more|paying|full-price|foot|young|small) )?(?P<who>" + "|".join(_GROUPS.values()) + r")\b(?! (?:aged|of) )", re.I  # noqa: E501
)  # fmt: skip
_AGES = re.compile(
    r"\b(?:(?P<low>\d{1,2}) ?(?:to|-|and) ?(?P<high>\d{1,2})\b|under[- ]?(?:the age of )?(?P<under>\d{1,2})|(?P<max>\d{1,2}) (?:and|or) (?:under|younger)"  # noqa: E501
    r"|(?P<min>\d{1,2}) (?:and|or) (?:over|older|above)|over[- ]?(?P<over>\d{1,2}))", re.I
)  # fmt: skip
_GROWN = 18
_MOST_OF_A_PARTY = 20


@dataclass(frozen=True)
class _Price:
    """A price of the source and the words that say whom it is for."""

    value: float
    label: str

    def suits(self, group: str, age: int | None) -> bool:
        """Return whether the price is for a person of ``group``, or of ``age`` where one is told."""
        bounds = _ages(self.label)
        if age is not None and bounds:
            return any(low <= age <= high for low, high in bounds)
        return has(rf"\b(?:{_GROUPS[group]})\b", self.label)


def _ages(label: str) -> list[tuple[int, int]]:
    """Return the spans of ages that a label names: 5 to 12 of ``child ages 5 to 12``."""
    out: list[tuple[int, int]] = []
    for found in _AGES.finditer(label):
        low = int(found["low"] or found["min"] or (int(found["over"]) + 1 if found["over"] else 0))
        high = int(found["high"] or found["max"] or (int(found["under"]) - 1 if found["under"] else 120))
        out.append((low, high))
    return out


def _prices(evidence: Evidence, unit: str) -> Iterator[_Price]:
    """Return the prices of the sources with their labels; what is free costs nothing."""
    for passage in evidence.passages:
        at = 0
        for price in (f for f in passage.figures if f.kind == "money" and f.unit == unit):
            before = passage.text[at : price.start]
            behind = re.match(r" (?:for|per|each) [a-z]+(?: \d+ (?:to|and) [a-z\d]+)?", passage.text[price.end :])
            yield _Price(price.value, before + (behind[0] if behind else ""))
            at = price.end
        for free in re.finditer(r"[^.;,]*(?:, )?\b(?:free|for nothing)\b", passage.text):
            yield _Price(0.0, free[0])


def _party(text: str) -> list[tuple[int, str, int | None]]:
    """Return who is named: how many, of which group, and how old where that is told."""
    out: list[tuple[int, str, int | None]] = []
    taken: list[tuple[int, int]] = []
    for found in _OF_AN_AGE.finditer(text):
        if not re.search(r"year-old|aged|\bof\b", found[0]):
            continue
        age = whole_number(found["age"])
        out.append((whole_number(found["n"]), "child" if age < _GROWN else "adult", age))
        taken.append(found.span())
    for found in _SOMEBODY.finditer(text):
        if not any(start <= found.start() < end for start, end in taken):
            who = next(name for name, words in _GROUPS.items() if re.fullmatch(words, found["who"], re.I))
            out.append((whole_number(found["n"]), who, None))
    return out


def party_pays(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``q`` is what all who are named pay together, two at least."""
    party = _party(evidence.sentence.text)
    if not 1 < sum(n for n, _, _ in party) <= _MOST_OF_A_PARTY:
        return False
    prices = list(_prices(evidence, q.unit))
    if has(r"\bsav(?:e|es|ing|ings)\b|\b(?:less|cheaper)\b", evidence.sentence.text):
        return any(
            round(total - price.value, 2) == round(q.value, 2)
            for total in _totals(party, [p for p in prices if len(_party(p.label)) < _TOGETHER])
            for price in prices
            if len(_party(price.label)) >= _TOGETHER
        )
    totals = _totals(party, prices)
    fees = {round(total + price, 2) for total in totals for price in _fees(prices, evidence.sentence.text)}
    return round(q.value, 2) in totals | fees and q.value > 0


_TOGETHER = 2
"""So many kinds of people in one price make it a family's."""


def _totals(party: list[tuple[int, str, int | None]], prices: list[_Price]) -> set[float]:
    """Return what all of a party pay, each the price for such a person."""
    totals = {0.0}
    for n, group, age in party:
        fitting = {p.value for p in prices if p.suits(group, age)}
        if age is not None and group == "child" and not fitting:
            fitting = {p.value for p in prices if p.suits("child", None) and not _ages(p.label)}
        totals = {round(total + n * value, 2) for total in totals for value in fitting}
    return totals


_THINGS = re.compile(
    r"\b(?:one|an?|the|their|your|1) (?P<thing>car|vehicle|van|motorhome|caravan|tent|bike|bicycle|dog)\b", re.I
)


def _fees(prices: list[_Price], text: str) -> Iterator[float]:
    """Return what the car or the dog costs that comes along, where a price of the source is for one such."""
    for found in _THINGS.finditer(text):
        thing = rf"\b{found['thing']}\b" + (r"|\bvehicle\b" if found["thing"].lower() in _VEHICLES else "")
        yield from (price.value for price in prices if has(thing, price.label))


_VEHICLES = ("car", "van", "motorhome")


def of_a_bill(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number or an age is that of those, or of the things, that are named beside what all cost."""
    text = evidence.sentence.text
    prices = [f for f in evidence.sentence.figures if f.kind == "money"]
    named = any(
        m.start() <= q.start < m.end() for pattern in (_OF_AN_AGE, _SOMEBODY, _AGED) for m in pattern.finditer(text)
    )
    party = sum(n for n, _, _ in _party(text))
    if q.value == party and has(r"^ (?:[a-z]+ ){0,2}(?:tickets?|passes|seats|places)\b", text[q.end :]):
        return True
    return (named and any(party_pays(f, evidence) for f in prices)) or any(
        q in several_cost(f, evidence) for f in prices
    )


_BUYS = r"\b(?:costs?|come(?:s)? to|for|are|is|at|pay|set you back|add up to|total\w*|make(?:s)?)(?: (?:just|only|a mere|you))?\W*$|[:=,] ?$"  # noqa: E501
_IN_LOTS = r"\b(?:when you buy|or more|any \w+ for|for (?:two|three|four|five|six|\d+)\b|set of|pack of|pair|box of|case of|bundle)"  # noqa: E501
"""What says that a price is not simply that of one."""


def several_cost(q: Quantity, evidence: Evidence) -> list[Quantity]:
    """Return how many ``q`` is the price of: ``two 6 kg bags cost €69.80`` is twice that of the one 6 kg bag."""
    sentence = evidence.sentence
    if q.kind != "money" or not has(_BUYS, sentence.text[: q.start]) or leaves_out_a_fee(evidence):
        return []
    start = sentence.clause(q.start, q.end)[0]
    found: list[Quantity] = []
    for many in sentence.figures:
        if many.kind != "count" or not 1 < many.value <= _MOST_OF_A_PARTY or not start <= many.start < q.start:
            continue
        named = [f for f in sentence.figures if many.end <= f.start < q.start and f.unit and f.kind != "money"]
        nouns = {concept(w) for w in re.findall(r"[a-z]{3,}", sentence.text[many.end : q.start].lower())}
        if any(_single(p, q, many, named, nouns, passage) for passage in evidence.passages for p in passage.figures):
            found.append(many)
    return found


def _single(
    price: Quantity, q: Quantity, many: Quantity, named: list[Quantity], nouns: set[str], passage: Passage
) -> bool:
    """Return whether a price of the source is that of one of the things named, and ``many`` of them make ``q``."""
    if (price.kind, price.unit) != ("money", q.unit) or abs(many.value * price.value - q.value) >= _CENT:
        return False
    before = [f.end for f in passage.figures if f.kind == "money" and f.end <= price.start]
    label = passage.text[max(before, default=0) : price.start]
    sizes = [f for f in passage.figures if max(before, default=0) <= f.start < price.start and f.unit]
    if has(_IN_LOTS, passage.text) or (named and not any(matches(n, s) for n in named for s in sizes)):
        return False
    return bool(named) or bool(nouns & {concept(w) for w in re.findall(r"[a-z]{3,}", label.lower())})


_CENT = 0.006


def taken_apart(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a count is that of its kinds: ``17 blooms: 12 tulips, 5 daisies``, two each of three."""
    sentence = evidence.sentence
    stated = [o for p in evidence.passages for o in p.figures if o.kind == "count"]
    parts = [f for f in sentence.figures if f is not q and f.kind == "count" and f.value > 1 and f.noun]
    if (
        len(parts) > 1
        and sum(f.value for f in parts) == q.value
        and all(any(matches(f, o) for o in stated) for f in parts)
    ):
        return True
    for found in re.finditer(r"\b(?P<n>[a-z]+|\d+) (?:[a-z]+ )?each of (?P<kinds>[^.;:]+)", evidence.text, re.I):
        kinds = len(re.findall(r",| and ", found["kinds"].replace(", and ", ", "))) + 1
        if whole_number(found["n"]) * kinds == q.value:
            return True
    return False


_LISTED = re.compile(
    r"^ (?:[a-z-]+ ){0,2}[a-z-]+(?: (?:-|\u2013|\()|[:,]) ?"
    r"(?P<list>(?:[^.;:()!?]|\.\d)+?,? (?:and|or) [\w.'-]*\w)"
)
"""What stands behind a number that is followed by a list: ``four | colours, oat, slate, rust and white``."""
_BETWEEN_ITEMS = re.compile(r",? (?:and|or) |, ")
_LONGEST_ITEM = 4


def counts_a_list(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a count is how many things are listed right behind it, all of them in the source."""
    found = _LISTED.match(evidence.sentence.text[q.end :])
    items = _BETWEEN_ITEMS.split(found["list"]) if found else []
    words = set(re.findall(r"[\w.'-]*\w", evidence.low))
    return len(items) == q.value and all(
        len(item.split()) <= _LONGEST_ITEM and set(item.lower().split()) <= words for item in items
    )


def in_a_week(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``40 times a week`` is six a day on six days and four on the seventh."""
    if not has(r"^ ?(?:\w+ )?(?:a|per|each|every) week\b", evidence.sentence.text[q.end :]):
        return False
    for passage in evidence.passages:
        total, covered = 0.0, set[int]()
        for part in re.split(r"(?:,| and| while|;) (?=(?:and )?(?:\d+|[a-z]+) (?:[a-z]+ )?on\b)", passage.text):
            named = weekdays(part) or (set(range(7)) if has(r"\b(?:a day|daily)\b", part) else set[int]())
            counts = [f.value for f in passage.figures if f.kind == "count" and f.text in part]
            if named and len(counts) == 1 and not named & covered:
                total, covered = total + counts[0] * len(named), covered | named
        if total == q.value:
            return True
    return False
