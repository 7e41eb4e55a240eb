"""What a source sets against each other: two cases that are told alike, each with a value of its own.

``The frame is guaranteed for ten years and the cover for two`` sets frame against cover, ten years against two. The
words by which the two cases differ are found by laying them side by side, so that what the second leaves out counts for
both. A copy that names one case with the other's value, or gives both the value of one, is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations, pairwise

from plugins.generation.grounding.evidence import Evidence
from plugins.generation.grounding.figures.exchanges import HAVING
from plugins.generation.grounding.figures.matching import kinds_match, likely, matches
from plugins.generation.grounding.reading.lexicon import STOP, concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_CUT = re.compile(
    r"[,;:()!?](?!\d)|\.\s|\s[-\u2013\u2014]\s|\b(?:and|but|or|nor|while|whereas|though|plus|then)\b", re.I
)
_IN_NAME = re.compile(r"(?<=[A-Za-z]) ?\b[A-Z]\w+ (?P<and>and|or) (?=[A-Z])")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*[A-Za-z]|[A-Za-z]")
_POLAR_WORDS = """
=on =off with without before after first second third last next every each other others otherwise all over under above
below most own new only single both later same inside outside once
"""
_POLAR = frozenset(_POLAR_WORDS.split())
"""Small words that may be all by which two cases differ: ``with it on``."""
_FILLERS = "can may must will just only also now per then either it they there is are"
_EMPTY = (STOP | frozenset(_FILLERS.split())) - _POLAR
_COMPARES = re.compile(
    r"\b(?:than|instead|rather|unlike|compared|versus|vs|was|were|usual\w*|normal\w*|otherwise|respectively|"
    r"down from|up from|twice|double|half|less|more|extra|add|adds|plus|upgrade|switch|same|except|unless)\b",
    re.I,
)
"""What says how two cases stand to each other, so that a word of one may stand with the value of the other."""
_ASIDE = re.compile(
    r"\b(?:of (?:which|whom|them|these)|including|among|than|instead|regular\w*|usual\w*|normal\w*|previous\w*|"
    r"was|were|reduced|down|minimum|at least)\b",
    re.I,
)
"""What makes a value of the source a part of another, or the one that it was compared with: no case beside it."""
_NOUGHT = {
    "money": re.compile(r"\bfree\b|\bno charge\b", re.I),
    "percent": re.compile(r"\bfull (?:price|fare|rate)\b", re.I),
}
"""What costs nothing, and what has nothing taken off."""
_PACE = re.compile(
    r"\b(?:per|an?|each|every) (?:calendar )?(?:day|night|week|month|year|quarter|user|person|head|adult)\b"
    r"(?: per (?:day|night|week|month|year|user|person))?",
    re.I,
)
_PERIODS = {
    "annually": "=year", "annual": "=year", "yearly": "=year", "year": "=year", "monthly": "=month", "month": "=month",
    "weekly": "=week", "daily": "=day",
}  # fmt: skip
_OPPOSITES = "=on/=off with/without before/after above/below over/under inside/outside first/second"
_OPPOSITE = {one: two for pair in _OPPOSITES.split() for one, two in (pair.split("/"), pair.split("/")[::-1])}
_SWITCHED = re.compile(
    r"(?<!%)(?<!\d)(?<=[a-z]) (?P<state>on|off)\b(?=\W*(?:$|[,;.:!?)]|and\b|or\b|but\b|#))|"
    r"\b(?:turn|switch)(?:ed|ing|es|s)? (?P<turned>on|off)\b",
    re.I,
)
"""A thing that runs or not: ``with the heater on``."""
_WHOLLY = re.compile(
    r"\b(?:whether|wherever|whichever|whatever|regardless|no matter|anywhere|both|either way|"
    r"any (?:day|time|plan|size|way|model))\b",
    re.I,
)
"""What says that a value holds in every case."""
_DENIES = frozenset(("no", "not", "never", "without", "nor", "cannot", "don't", "needn't", "isn't", "aren't"))
_JOINS = frozenset(("and", "or", "as"))
_JOINED = 4
"""Words from one case to the other where they stand side by side: ``its frame | and also its cover``."""
_REACH = 2
"""Words before a mark in which a denial holds for it, and sentences between which two cases may be set side by side."""
_MOST_MARKS = 4
"""Words by which a case may differ; cases that differ in more are not told alike."""
_Kinds = tuple[str, ...]
_LEFT_OUT: _Kinds = ("year", "ordinal", "factor", "code", "ratio")


@dataclass(frozen=True)
class _Side:
    """One case with its value: ``marks`` are the words by which it differs from the other one."""

    figure: Quantity
    marks: frozenset[str]


@dataclass(frozen=True)
class _Segment:
    """A stretch of a sentence with one value of a kind: its tokens in order, the value as ``#``."""

    figure: Quantity
    tokens: tuple[str, ...]
    passage: int


def told_of_the_other_case(evidence: Evidence) -> bool:
    """Return whether the sentence gives one of two cases the value that a source gives to the other one alone."""
    sentence = evidence.sentence
    values = _values(sentence)
    if not values:
        return False
    return any(
        _exchanged(one, two, sentence, values)
        or _exchanged(two, one, sentence, values)
        or _spread(one, two, sentence, values)
        for source in evidence.sources
        for one, two in _contrasts(source.passages)
    )


def _exchanged(own: _Side, other: _Side, sentence: Passage, values: list[Quantity]) -> bool:
    """Return whether the value of ``own`` stands with the marks of ``other`` and none of its own."""
    for q in values:
        if not _is(q, own.figure) or _is(q, other.figure):
            continue
        start, end = _around(q, sentence, values)
        if _COMPARES.search(sentence.text, start, end):
            continue
        said = _said(sentence, start, end)
        if said & other.marks and not said & own.marks:
            return True
    return False


def _spread(one: _Side, two: _Side, sentence: Passage, values: list[Quantity]) -> bool:
    """Return whether both cases are named side by side with one value: ``frame and cover, ten years``."""
    told = [q for q in values if _is(q, one.figure) or _is(q, two.figure)]
    if not told or any(_covers(q, one, two) for q in told) or _COMPARES.search(sentence.text):
        return False
    if any(_is(q, one.figure) for q in told) and any(_is(q, two.figure) for q in told):
        return False
    if sum(_kin(q, told[0]) for q in values) != 1:
        return False
    tokens = _tokens(sentence, 0, len(sentence.text), keep=True)
    if _WHOLLY.search(sentence.text) and not (one.marks | two.marks) & set(tokens):
        return True
    return any(
        {tokens[a], tokens[b]} & one.marks and {tokens[a], tokens[b]} & two.marks and _JOINS & set(tokens[a:b])
        for a, b in combinations(range(len(tokens)), 2)
        if b - a <= _JOINED and tokens[a] in one.marks | two.marks and tokens[b] in one.marks | two.marks
    )


def _covers(q: Quantity, one: _Side, two: _Side) -> bool:
    """Return whether a bound takes in the values of both cases: ``up to ten years`` of ten and five."""
    values = (one.figure.value, two.figure.value)
    return (q.hedge == "max" and q.value >= max(values)) or (q.hedge == "min" and q.value <= min(values))


def _kin(q: Quantity, other: Quantity) -> bool:
    """Return whether two values are of a kind; what is free has no currency."""
    nought = q.kind == other.kind and 0 in (q.value, other.value)
    return nought or kinds_match(q, other)


def _is(q: Quantity, other: Quantity) -> bool:
    return _kin(q, other) and matches(q, other)


def _around(q: Quantity, sentence: Passage, values: list[Quantity]) -> tuple[int, int]:
    """Return the part of the sentence that speaks of a value: all of it where there is no other of its kind."""
    if sum(_kin(q, f) for f in values) == 1:
        return 0, len(sentence.text)
    cuts = _cuts(sentence)
    return next((start, end) for start, end in pairwise(cuts) if start <= q.start < end or end == cuts[-1])


def _said(sentence: Passage, start: int, end: int) -> frozenset[str]:
    """Return the words of a stretch, without those that are denied: ``no yearly commitment``."""
    tokens = _tokens(sentence, start, end, keep=True)
    return frozenset(t for at, t in enumerate(tokens) if not _DENIES & set(tokens[max(0, at - _REACH) : at]))


def _contrasts(passages: tuple[Passage, ...]) -> Iterator[tuple[_Side, _Side]]:
    """Yield the pairs of cases that a source tells alike with two values of a kind."""
    segments = [s for at, passage in enumerate(passages) for s in _segments(passage, at)]
    for one, two in combinations(segments, 2):
        reach = _REACH if one.figure.value and two.figure.value else 0
        if (
            two.passage - one.passage <= reach
            and _same_noun(one.figure, two.figure)
            and _kin(one.figure, two.figure)
            and not _is(one.figure, two.figure)
            and not _is(two.figure, one.figure)
        ):
            marks = _marks(one, two)
            if marks:
                yield _Side(one.figure, marks[0]), _Side(two.figure, marks[1])


def _same_noun(one: Quantity, two: Quantity) -> bool:
    """Return whether two numbers count the same, or the second leaves out what it counts."""
    return one.kind != "count" or not two.noun or concept(one.noun) == concept(two.noun)


def _marks(one: _Segment, two: _Segment) -> tuple[frozenset[str], frozenset[str]] | None:
    """Return the words by which two stretches differ where they are alike otherwise."""
    first: list[str] = []
    second: list[str] = []
    apart: tuple[list[str], list[str]] = ([], [])
    shared = 0
    for kind, a, b, c, d in SequenceMatcher(None, one.tokens, two.tokens, autojunk=False).get_opcodes():
        left, right = _telling(one.tokens[a:b]), _telling(two.tokens[c:d])
        if kind == "equal":
            shared += len(left)
        elif left and right and (turned := [t for t in left if _OPPOSITE.get(t) in right]):
            first += turned
            second += [_OPPOSITE[t] for t in turned]
        elif left and right:
            few = min(len(left), len(right)) if one.passage == two.passage else _MOST_MARKS + 1
            close = one.tokens[b : b + 1] == (f"#{one.figure.kind}",)
            first += left[-few:] if close else left[:few]
            second += right[-few:] if close else right[:few]
        else:
            apart[0].extend(left)
            apart[1].extend(right)
    if not first and shared:
        first, second = apart
    beside = bool(_beside(one) & _beside(two))
    if one.passage != two.passage:
        alike = shared > 0 and beside
    else:
        alike = shared > 0 or beside or one.figure.kind in ("money", "percent")
    if not first or not alike or max(len(first), len(second)) > _MOST_MARKS:
        return None
    mine, theirs = frozenset(first) - frozenset(two.tokens), frozenset(second) - frozenset(one.tokens)
    return (mine, theirs) if mine and theirs else None


def _beside(segment: _Segment) -> set[tuple[int, str]]:
    """Return the words right before and right behind the value, each with its side."""
    at = segment.tokens.index(f"#{segment.figure.kind}")
    sides = ((side, segment.tokens[at + side]) for side in (-1, 1) if 0 <= at + side < len(segment.tokens))
    return {(side, word) for side, word in sides if not word.startswith("#")}


def _telling(tokens: tuple[str, ...]) -> list[str]:
    """Return the tokens that may tell two cases apart; whose a thing is does not: ``the kettle's element``."""
    return [t for t in tokens if t not in _EMPTY | HAVING and not t.startswith("#") and not t.endswith("'s")]


def _segments(passage: Passage, at: int) -> Iterator[_Segment]:
    """Yield the stretches of a sentence that have one value of a kind."""
    values = _values(passage)
    cuts = _cuts(passage)
    for start, end in pairwise(cuts):
        here = [v for v in values if start <= v.start < end]
        for v in here:
            if sum(_kin(v, other) for other in here) == 1 and not _ASIDE.search(passage.text, start, end):
                yield _Segment(v, tuple(_tokens(passage, start, end)), at)


def _cuts(passage: Passage) -> list[int]:
    """Return where the stretches of a sentence end; ``and`` between two capitals joins a name."""
    text = passage.text
    inside = {m.start("and") for m in _IN_NAME.finditer(text)}
    return [0, *(m.end() for m in _CUT.finditer(text) if m.start() not in inside), len(text)]


def _values(passage: Passage) -> list[Quantity]:
    """Return the figures of a sentence that may be the value of a case, what is free as no money."""
    told = [f if f.kind == "money" else likely(f, passage) for f in passage.figures]
    found = [f for f in told if f.kind not in _LEFT_OUT and not (f.spelled and f.kind == "count" and f.value == 1)]
    for kind, said in _NOUGHT.items():
        found += [Quantity(kind, 0.0, m[0], *m.span()) for m in said.finditer(passage.text)]
    return sorted(found, key=lambda f: f.start)


def _tokens(passage: Passage, start: int, end: int, *, keep: bool = False) -> list[str]:
    """Return the words of a stretch in order, each by its concept, with ``#`` and the kind for a value.

    What a price is per belongs to the price. ``keep`` leaves the values out.
    """
    spans = [(f.start, f.end, f.kind) for f in _values(passage) if start <= f.start < end]
    spans += [(*m.span(), "") for m in _PACE.finditer(passage.text, start, end)]
    out: list[tuple[int, str]] = [(at, f"#{kind}") for at, _, kind in spans if kind and not keep]
    states = {m.start(m.lastgroup or 0): m[m.lastgroup or 0].lower() for m in _SWITCHED.finditer(passage.text)}
    for m in _TOKEN.finditer(passage.text, start, end):
        if not any(left <= m.start() < right for left, right, _ in spans):
            low = m[0].lower()
            word = f"={low}" if states.get(m.start()) == low else _PERIODS.get(low)
            out.append((m.start(), word or (low if low in STOP | _POLAR or low.endswith("'s") else concept(low))))
    return [token for _, token in sorted(out)]
