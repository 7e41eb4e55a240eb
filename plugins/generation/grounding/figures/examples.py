"""Figures of the reader's own: a £75 shop where orders over £60 are free, a ten-year-old where 6 to 15 pay half.

The figure stands in no source; it has to satisfy the bound of the source, or to give another figure at its rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size

_ONE_SUCH = (
    r"\b(?:an?|your|my|that|this|their) (?:[a-z-]+ )?$|"
    r"\b(?:spend|spends|spending|give|gives|giving|donate|move|moving|transfer|transferring|borrow|borrowing|need|put|buy|order|ordering|"
    r"deposit|invest|stay|staying|book|booking|pay in|save up|owe|owing|earn|bring|withdraw(?:ing)?|send(?:ing)?|load(?:ing)?|top up)(?: (?:just|only|in|over|say))?(?: an?)?(?: the equivalent of)? $|"  # noqa: E501
    r"\b(?:balance|order|shop|basket|purchase|bill|total|spend|deposit|loan|transfer|donation|gift|party|group|family|team|"
    r"stay|booking|sale|invoice|fare|fine|job) (?:of|is|for|at|comes to) (?:just |say,? )?$|^(?:say|take|picture),? $"
)
"""What stands before a figure of the reader's own: ``your | £75 order``, ``spend | £75``, ``a balance of | £1,000``."""
_CLAUSE = re.compile(r"[;:?!]|,(?! \d)|\.\s|\b(?:and|but|while|whereas|otherwise|or(?= \w+ \w))\b", re.I)
_CENT = 0.006
_BOUNDED = ("money", "count", "time", "months", "mass", "length")


_STANDING = r"^'? ?(?:standing\b|(?:of )?(?:membership|service|experience|loyalty|custom)\b|with (?:us|the)\b|without a (?:claim|break)\b)"  # noqa: E501
"""What follows the years of the reader's own: ``a member of three years' | standing``."""


def is_instance(q: Quantity, sentence: Passage) -> bool:
    """Return whether a figure is told as that of one order, stay or person: ``a three-night stay``, ``spend £75``."""
    if q.hedge or q.kind not in _BOUNDED:
        return False
    if has(r"^-(?:year-)?olds?\b", sentence.text[q.end :]):
        return True
    if q.kind == "months" and has(_STANDING, sentence.text[q.end :]):
        return True
    asked = q.kind == "money" and sentence.raw.endswith("?")
    return asked or has(_ONE_SUCH, sentence.text[: q.start])


def _size(q: Quantity) -> tuple[str, float]:
    """Return what a figure measures and how much, ages in years and nights by number."""
    if q.kind == "months" and q.unit in ("year", "yr"):
        return "count", q.value / 12
    if q.kind == "time" and q.unit in ("day", "night"):
        return "count", q.value / unit_size("day")
    return q.kind, q.value


def satisfies(q: Quantity, bound: Quantity, passage: Passage) -> bool | None:
    """Return whether a figure lies within a bound of the source; nothing where that is no bound for it."""
    kind, value = _size(q)
    other, limit = _size(bound)
    if kind != other or (kind == "money" and q.unit != bound.unit):
        return None
    if q.noun in _SPANS and bound.noun and bound.noun not in _SPANS:
        return None
    strict = has(r"\b(?:over|more than|above|exceeding) (?:the age of )?$", passage.text[: bound.start])
    if bound.hedge in ("min", "from"):
        return value > limit if strict else value >= limit
    if bound.hedge == "under":
        return value < limit
    if bound.hedge == "max":
        return value <= limit
    return None


_SPANS = ("night", "nights", "day", "days", "week", "weeks", "month", "months")
_TO = re.compile(r" ?(?:to|-|and|until) ?$")


def _between(q: Quantity, passage: Passage) -> Iterator[tuple[int, bool]]:
    """Return for each span of a passage (``aged 6 to 15``) where it stands and whether a figure lies in it."""
    for low, high in pairwise(passage.figures):
        if _size(low)[0] == _size(high)[0] == _size(q)[0] and _TO.fullmatch(passage.text[low.end : high.start]):
            yield low.start, _size(low)[1] <= _size(q)[1] <= _size(high)[1]


def meets_a_bound(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a figure of the reader's own satisfies the bound of what its clause tells.

    ``A £75 shop is delivered free`` for "free on orders over £60"; of a £50 shop it is wrong.
    """
    sentence = evidence.sentence
    if not is_instance(q, sentence):
        return False
    stated = {f.value for p in evidence.passages for f in p.figures if f.kind == "money"}
    if q.kind != "money" and any(f.kind == "money" and f.value not in stated for f in sentence.figures):
        return False
    own = _clause(sentence, q.start, q.end)
    mine = _stems_between(sentence, *own)
    told = [f for f in sentence.figures if own[0] <= f.start < own[1]]
    if sentence.raw.endswith("?"):
        at = evidence.case.sentences.index(sentence)
        mine = mine.union(*(s.concepts for s in evidence.case.sentences[at : at + 2]))
    best, verdicts = 0, list[bool]()
    for passage in evidence.passages:
        found = [(b.start, satisfies(q, b, passage)) for b in passage.figures if b.hedge]
        for at, verdict in [*found, *_between(q, passage)]:
            if verdict is None:
                continue
            part = _clause(passage, at, at)
            shared = len(mine & _stems_between(passage, *part))
            there = [o for o in passage.figures if part[0] <= o.start < part[1]]
            shared += sum(matches(f, o) for f in told for o in there)
            if shared > best:
                best, verdicts = shared, []
            if shared == best and shared:
                verdicts.append(verdict)
    return bool(verdicts) and any(verdicts)


def _clause(passage: Passage, start: int, end: int) -> tuple[int, int]:
    left = max((m.end() for m in _CLAUSE.finditer(passage.text) if m.end() <= start), default=0)
    right = min((m.start() for m in _CLAUSE.finditer(passage.text) if m.start() >= end), default=len(passage.text))
    return left, right


def _stems_between(passage: Passage, left: int, right: int) -> frozenset[str]:
    return frozenset(s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if left <= at < right) | (
        frozenset(["free"] if re.search(r"\bfree\b|\bnothing\b", passage.text[left:right], re.I) else [])
    )


def meets(bound: Quantity, passage: Passage, evidence: Evidence) -> bool:
    """Return whether a figure of the reader's own anywhere in the copy satisfies a bound of the source."""
    return any(is_instance(q, s) and satisfies(q, bound, passage) for s in evidence.case.sentences for q in s.figures)


def kept_by_example(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a figure of the reader's own lies within the bounds of a passage, which then needs no word."""
    own = [q for s in evidence.case.sentences for q in s.figures if is_instance(q, s)]
    return any(
        any(satisfies(q, bound, passage) for bound in passage.figures) or any(fits for _, fits in _between(q, passage))
        for q in own
    )


def bounds_met(passage: Passage, evidence: Evidence) -> frozenset[str]:
    """Return the bounds of a passage that a figure of the reader's own satisfies, as numbers and as whom they name."""
    met = {f"{_size(b)[1]:g}" for b in passage.figures if meets(b, passage, evidence)}
    aged = met and has(r"-(?:year-)?olds?\b", evidence.case.low)
    return frozenset(met) | (_OF_AN_AGE if aged else frozenset())


_OF_AN_AGE = frozenset(map(concept, ("children", "child", "kids", "people", "aged", "age", "juniors", "adults")))


def at_a_rate(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a figure is an amount of the reader's own, or what it comes to at a rate of the source.

    ``Moving a balance of £1,000? The fee would be £32`` at 3.2%; ``give £10 and they add another £10`` where gifts
    are matched.
    """
    near = _near(evidence)
    amounts = [f for f, s in near if f.kind == "money" and is_instance(f, s)]
    results = [f for f, _ in near if f.kind in ("money", "count")]
    return any(
        q in (amount, result) and _comes_to(amount, result, evidence)
        for amount in amounts
        for result in results
        if amount is not result
    )


def _near(evidence: Evidence) -> list[tuple[Quantity, Passage]]:
    """Return the figures of the sentence and of those beside it, with their sentences."""
    told = evidence.case.sentences
    at = told.index(evidence.sentence)
    return [(f, s) for s in told[max(0, at - 1) : at + 2] for f in s.figures]


_MATCHED = r"\b(?:pound|dollar|euro|penny)[- ]for[- ](?:pound|dollar|euro|penny)\b|\bmatch(?:es|ed|ing)? (?:every|each|all|your|any)\b|\bdoubl(?:e|es|ed|ing) (?:every|each|all|your|any) (?:gift|donation)"  # noqa: E501
_BECOMES = r"\b(?:becomes?|turns? into|worth|in (?:all|total)|altogether|together|makes?|total|doubled?|doubles)\b"
"""What says of a gift what it is with the other: ``£10 becomes £20``."""


def _comes_to(amount: Quantity, result: Quantity, evidence: Evidence) -> bool:
    """Return whether an amount gives a result by a percentage, points, instalments or a match of the source."""
    pool = [f for p in evidence.passages for f in p.figures]
    shares = [f.value / 100 for f in pool if f.kind == "percent"]
    counts = [f for f in pool if f.kind == "count" and f.value > 1]
    if result.kind == "money" and result.unit == amount.unit:
        if any(abs(amount.value * part - result.value) < _CENT for s in shares for part in (s, 1 - s)):
            return True
        if any(_at_the_bound(amount, result, bound, s) for s in shares for bound in pool if bound.kind == "money"):
            return True
        if any(abs(result.value * f.value - amount.value) < _CENT for f in counts if f.value <= _MOST_PAYMENTS):
            return has(r"\b(?:payments?|instal?ments?)\b", evidence.text)
        if has(_MATCHED, evidence.text) and result.value == amount.value * (1 + has(_BECOMES, evidence.sentence.text)):
            return True
    points = set(_points(amount, evidence))
    if result.kind == "count":
        return result.value in points
    return any(
        abs(n / least.value * reward.value - result.value) < _CENT
        for n in points
        for p in evidence.passages
        for least, reward in pairwise(p.figures)
        if least.kind == "count" and least.value > 1 and reward.kind == "money"
    )


def _at_the_bound(amount: Quantity, result: Quantity, bound: Quantity, share: float) -> bool:
    """Return whether a share of an amount lies beyond the least or the most that is taken, which is the result."""
    beyond = (bound.hedge == "min" and amount.value * share <= bound.value) or (
        bound.hedge == "max" and amount.value * share >= bound.value
    )
    return beyond and bound.unit == result.unit and abs(bound.value - result.value) < _CENT


_MOST_PAYMENTS = 12
_FOR_SO_MUCH = r"\b(?:per|for|every|each|on)\b(?:[^.;,]*\b(?:per|every|each))? ?\W?$"
_A_COIN = r"^ (?:\w+ )?(?:per|for every|for each|on every|an?|for) (?:dollar|pound|euro|[\u00a3$\u20ac]1\b(?![\d.]))"


def _points(amount: Quantity, evidence: Evidence) -> Iterator[float]:
    """Return how many points an amount brings at so many a pound."""
    for passage in evidence.passages:
        yield from (
            f.value * amount.value for f in passage.figures if f.kind == "count" and has(_A_COIN, passage.text[f.end :])
        )
        for points, coin in pairwise(passage.figures):
            paid = has(_FOR_SO_MUCH, passage.text[points.end : coin.start])
            if points.kind == "count" and coin.kind == "money" and coin.value and paid:
                yield points.value * amount.value / coin.value


_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0)
_NEAR_ENOUGH = 0.75


def is_a_bracket(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a round sum bounds the price of what the sentence speaks of: ``under $100`` for $89."""
    if q.kind != "money" or q.hedge not in ("under", "nearly", "max") or not q.value:
        return False
    lead = q.value
    while lead >= 10:
        lead /= 10
    said = {f.value for f in evidence.sentence.figures if f is not q}
    told = [
        f for p in evidence.passages for f in p.figures
        if f.kind == "money" and f.unit == q.unit and (p in evidence.aligned[:2] or f.value in said)
    ]  # fmt: skip
    inside = [f for f in told if _NEAR_ENOUGH * q.value <= f.value < q.value]
    return lead in _ROUND and bool(inside)
