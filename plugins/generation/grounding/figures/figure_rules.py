"""Rules about figures: each one stands in the source, with its unit, its hedge and its owner, or follows from it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations, pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.arithmetic import follows, is_example, unsaid
from plugins.generation.grounding.figures.bills import (
    counts_a_list,
    in_a_week,
    of_a_bill,
    party_pays,
    several_cost,
    taken_apart,
)
from plugins.generation.grounding.figures.derived import derived
from plugins.generation.grounding.figures.examples import at_a_rate, is_a_bracket, meets_a_bound
from plugins.generation.grounding.figures.matching import Stated, as_money, likely, matches, same, ways, ways_said
from plugins.generation.grounding.figures.owner_rules import owner_problems
from plugins.generation.grounding.figures.per_rules import per_changed
from plugins.generation.grounding.figures.relative_rules import in_a_fitting_time
from plugins.generation.grounding.figures.savings import compared_rightly, differs_by, multiplies, wrong_saving
from plugins.generation.grounding.figures.tallies import kinds_together, listed_in_source, overstated_share
from plugins.generation.grounding.figures.turns_of_phrase import is_no_claim
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity, unit_size

_LOOSE = r"\b(?:on average|average|typically|usually|about|around|roughly|generally|normally)\b"


def _converts(q: Quantity, sentence: Passage) -> bool:
    """Return whether a figure in brackets says the one before it in another unit: ``30 feet (about 9 metres)``."""
    before = [f for f in sentence.figures if f.end <= q.start]
    between = sentence.text[before[-1].end : q.start] if before else ""
    return (
        bool(before)
        and q.kind in (before[-1].kind, likely(before[-1], sentence).kind)
        and ("(" in between or has(r"^, (?:or )?(?:about |around |roughly )?$", between))
    )


_DEADLINE = r"^(?: (?:to go|left|or more))? ?(?:before(?:hand)?|ahead(?: of)?|prior to|in advance|earlier)\b"
"""What follows a time that is a latest moment: ``up to 12 hours before check-in``."""
_AHEAD = _DEADLINE + r"|^ (?:or more |or longer )?(?:ahead|off|out|away|beforehand|earlier)\b|^'? ?notice\b"
"""What says the same behind a time in the copy: ``at least 24 hours off``, ``12 hours' notice``."""
_HOLDS = r"\b(?:hold|seat|fit|store|sleep|take|carr|room|capacity|space|maximum|max|limit|most)"
"""What holds so many holds up to so many."""
_CLIMBS = r"\b(?:goes|going|ris\w+|climbs?|increases?|doubles?|jumps?|grows?) [^.;]*\bto $"
"""What makes a limit a greater one: ``cover goes up by £3,000, to | £5,000``."""
_AT_MOST = (
    r"\b(?:that's|that is|which is|this is|it's|is|are)? ?(?:how|as) (?:large|big|long|wide|high|tall|deep|far|heavy|fast|late|many|much|hot|"  # noqa: E501
    r"strong|thick) (?:as )?(?:our|the|its|their|it|they|these|you|we|your)\b[^.;]{0,40}\b(?:go(?:es)?|gets?|comes?|can|may|will|grows?|runs?|reach\w*|carr\w+|seats?|take\w*|holds?)\b|"  # noqa: E501
    r"\b(?:is|are)(?: about)? the (?:most|longest|largest|biggest|maximum|widest|highest|tallest|heaviest|furthest|limit)\b|"  # noqa: E501
    r"\b(?:tops?|maxe?s) out\b|\band (?:no|not an? \w+) (?:further|more|longer|bigger|larger|wider|higher|heavier|later)\b|\bat (?:its|their|the very) (?:most|fullest|longest|largest|biggest|best|highest|widest|outside)\b|"  # noqa: E501
    r"\b(?:the )?(?:largest|longest|biggest|tallest|widest|heaviest|highest|furthest)(?: (?:of (?:them|ours|all)|one|ones|size|sizes))?\b[^.;]{0,30}\b(?:is|are|measures?|weighs?|holds?|runs?|reach\w*)\b"  # noqa: E501
)
"""How a copy says that a figure is the most there is: ``that's how large our rugs go``, ``tops out at``."""


_LARGER = (
    r"\b(?:for|on|above|over|beyond) (?:\w+ )?(?:larger|bigger|longer|heavier|wider|taller|higher|that|this|more|it)\b"
)
"""What goes on beyond a bound: ``£185 up to 50,000 litres and £245 | for larger pools``."""


def _reaches(q: Quantity, passage: Passage) -> bool:
    """Return whether ``up to`` stands right before a figure."""
    return has(r"\bup to (?:about )?$", passage.text[: q.start])


def _most_said(q: Quantity, other: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether the copy says in other words that a figure is the most, or the latest moment."""
    ahead = has(_DEADLINE, passage.text[other.end :]) and has(_AHEAD, sentence.text[q.end :])
    beyond = q.hedge == "min" and has(_LARGER, passage.text[other.end :])
    return ahead or beyond or has(_AT_MOST, sentence.text) or has(_CLIMBS, sentence.text[: q.start])


def _both_ends(q: Quantity, sentence: Passage, passage: Passage) -> bool:
    """Return whether the copy has the other end of a range beside this one: ``two or three days`` for two to three."""
    ends = [
        o
        for one, two in pairwise(passage.figures)
        if one.hedge == "range" and one.kind == two.kind
        for o in (one, two)
        if not matches(q, o)
    ]
    return any(
        matches(way, end) and _TO_THE_OTHER.fullmatch(sentence.text[min(f.end, q.end) : max(f.start, q.start)])
        for end in ends
        for f in sentence.figures
        if f is not q
        for way in ways(f, sentence)
    )


_TO_THE_OTHER = re.compile(
    r"(?: or|,? and|-| to| until| up to)? ?(?:(?:about|around|at most) )?|"
    r"[^.;]*\b(?:all the way|right up|up|through|adjusts|on) to (?:an? |the )?",
    re.I,
)
"""What stands between the ends of a range."""


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
    least = q.kind == "money" or (q.kind == "percent" and has(r"\bstart(?:s|ing)? (?:at|from)\b", passage.text))
    starts = q.hedge == "under" and has(r"\b(?:from|start\w*)\b[^.;,]*$", sentence.text[: q.start])
    if other.hedge == "from" and least and q.hedge not in ("from", "min", "max") and not starts:
        return "dropped_qualifier"
    if (
        other.hedge == "range"
        and not _both_ends(q, sentence, passage)
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
        counted = q.kind in ("time", "months") or has(_ON_THE_CALENDAR, q.noun)
        lasting = spread or (counted and has(r"\bover (?:the )?$", sentence.text[: q.start]))
        return "" if lasting or ahead else "hedge_changed"
    if q.hedge == "max" and other.hedge in ("min", "from") and q.kind != "count":
        return "hedge_changed"
    return ""


_ON_THE_CALENDAR = r"^(?:\w+day|evening|night|session|week|morning|visit|round)s$"
"""What ``over`` does not bound, for it goes on so long: ``over four Saturdays``."""


def figure_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the figures of the sentence."""
    sentence = evidence.sentence
    pool = [(way, p) for p in evidence.passages for o in p.figures for way in ways(o, p)]
    elsewhere = [
        o for s in evidence.case.sources.values() if s not in evidence.sources for p in s.passages for o in p.figures
    ]
    years = {d.day.year for p in evidence.passages for d in p.days if d.dated}
    if overstated_share(evidence):
        yield "stretched_statistic"
    if _pays_back_later(evidence):
        yield "number_not_in_source"
    for q in sentence.figures:
        if _in_a_name(q, evidence) or (q.kind == "year" and q.value in years):
            continue
        read = ways_said(q, sentence, (o for o, _ in pool))
        right = [
            (o, p) for way in read for o, p in pool
            if matches(way, o) and _noun_fits(way, o, p, evidence)
        ]  # fmt: skip
        if right and at_a_rate(q, evidence) and all(o.hedge for o, _ in right):
            continue
        if right:
            yield from _in_context(q, right, evidence)
            if _for_all_of_them(q, right, sentence):
                yield "number_of_other_product"
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
    if _one_of_more(q, evidence):
        return False
    if is_no_claim(q, pool, evidence) or _adds_up(q, evidence) or in_a_fitting_time(q.start, evidence):
        return True
    if meets_a_bound(q, evidence) or at_a_rate(q, evidence) or is_a_bracket(q, evidence):
        return True
    if wrong_saving(q, evidence):
        return False
    if (
        differs_by(q, evidence)
        or multiplies(q, evidence)
        or listed_in_source(q, evidence)
        or kinds_together(q, evidence)
        or derived(q, evidence)
    ):
        return True
    before = _said_before(sentence, evidence)
    known = pool + before + _beside(q, pool + before, evidence)
    read = [*ways(q, sentence), *(_saved(q, sentence))]
    if (
        any(follows(way, known, evidence) for way in read)
        or _grown(q, evidence)
        or is_example(q, pool + before, evidence)
    ):
        return True
    said = [f for f in sentence.figures if f is not q and not any(matches(f, p) for p in pool)]
    stands = any(o.kind == q.kind and same(o.value, q.value) for o in pool) or q.value in unsaid(sentence.text)
    pool = pool + before
    return any(follows(f, [*pool, q], evidence) and (stands or not follows(f, pool, evidence)) for f in said)


_OF_ONE = r"(?:^|[,;:] ?|\band )(?:one|a single|each|every|1) (?!of\b)[^,;:]*$"
"""What opens a clause about one of several: ``One boot in size 42 weighs``."""
_OF_ALL = (
    r"\b(?:an?|the|per|each) (?:[\w-]+ )?(?:pair|set|trio|duo)\b(?! of (?:one|1)\b)[^,;:]*$|\bboth (?!\w+ed\b)[^,;:]*$"
)
"""What opens a clause about all of them together: ``A pair of boots weighs``."""


def _for_all_of_them(q: Quantity, right: list[Stated], sentence: Passage) -> bool:
    """Return whether what the source says of one is told of a pair or a set, or the reverse: a pair weighs 540 g."""
    if q.kind not in ("mass", "money", "volume", "power"):
        return False
    before, behind = _since_the_last(q, sentence), sentence.text[q.end :]
    said = [_since_the_last(o, p) for o, p in right]
    if has(_OF_ALL, before) and not has(r"^ (?:each|apiece|per|a ?piece|a (?!week|month|year|day|night))", behind):
        return all(has(_OF_ONE, text) and not has(_OF_ALL, text) for text in said)
    return has(_OF_ONE, before) and not has(_OF_ALL, before) and all(
        has(_OF_ALL, text) and not has(_OF_ONE, text) for text in said
    )  # fmt: skip


def _since_the_last(q: Quantity, passage: Passage) -> str:
    """Return the text between the figure of the same kind before ``q`` and ``q``."""
    return passage.text[
        max((f.end for f in passage.figures if f.kind == q.kind and f.end <= q.start), default=0) : q.start
    ]


def _saved(q: Quantity, sentence: Passage) -> list[Quantity]:
    """Return a bare number as money where it is what one saves: ``you pay 85 euros and save 25``."""
    said = has(r"\bsav(?:e|es|ing) (?:you )?(?:another )?$", sentence.text[: q.start])
    return as_money(q, sentence) if said else []


def _grown(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a measure is one of the source and a rest that is named: 350 miles, 300 and 50 more."""
    stated = [o for p in evidence.passages for o in p.figures if o.kind == q.kind and o.unit == q.unit]
    rest = [
        f
        for f in evidence.sentence.figures
        if f is not q
        and has(r"\b(?:other|further|extra|additional|remaining|last) $", evidence.sentence.text[: f.start])
    ]
    size = unit_size(q.unit)
    return bool(q.unit) and q.kind != "money" and any(
        same(o.value + (f.value * size if f.kind == "count" else f.value), q.value)
        for o in stated for f in rest if f.kind in ("count", q.kind)
    )  # fmt: skip


def _adds_up(q: Quantity, evidence: Evidence) -> bool:
    """Return whether the sentence itself names whom or what a total is made of."""
    if q.kind == "money":
        return party_pays(q, evidence) or bool(several_cost(q, evidence))
    if of_a_bill(q, evidence):
        return True
    return q.kind == "count" and (taken_apart(q, evidence) or counts_a_list(q, evidence) or in_a_week(q, evidence))


def _beside(q: Quantity, pool: list[Quantity], evidence: Evidence) -> list[Quantity]:
    """Return the other figures of the sentence that may be counted with: amounts, and prices that follow without ``q``."""  # noqa: E501
    others = [f for f in evidence.sentence.figures if f is not q]
    amounts = [f for f in others if f.kind not in _VALUES or is_example(f, pool, evidence)]
    prices = [f for f in others if f.kind in _VALUES and follows(f, pool + amounts, evidence)]
    return amounts + prices


_AMOUNTS = ("count", "mass", "volume", "length", "area", "energy")
_VALUES = ("money", "percent", "ratio")


def _said_before(sentence: Passage, evidence: Evidence) -> list[Quantity]:
    """Return the figures of the sentences before this one: each has been held against the sources itself."""
    before = evidence.case.sentences[: evidence.case.sentences.index(sentence)]
    asked = (s.cited or s.raw.endswith("?") for s in before)
    return [
        f
        for s, told in zip(before, asked, strict=True)
        for f in s.figures
        if f.kind == "money" or (f.kind in _AMOUNTS and told)
    ]


def _one_of_more(q: Quantity, evidence: Evidence) -> bool:
    """Return whether ``one coat`` stands where the source counts two coats and never one."""
    if (
        q.kind != "count"
        or q.value != 1
        or not q.noun
        or len(evidence.sentence.figures) > 1
        or has(r"\bthe other\b|\banother\b|\bof them\b", evidence.sentence.text)
    ):
        return False
    same_noun = [
        o for p in evidence.aligned[:1] for o in p.figures if o.kind == "count" and concept(o.noun) == concept(q.noun)
    ]
    return bool(same_noun) and all(o.value > 1 and not o.hedge for o in same_noun)


def _noun_fits(q: Quantity, other: Quantity, passage: Passage, evidence: Evidence) -> bool:
    """A bare count counts the same thing, unless the copy's word stands nowhere in the sources."""
    if q.kind != "count" or not q.noun or not other.noun or not q.spelled:
        return True
    after = evidence.sentence.text[q.end : q.end + 40]
    if has(r"^(?:kind|type|sort|variet|flavour|flavor)", other.noun):
        return True
    counted = {concept(w.lower()) for w in re.findall(r"[A-Za-z]+", after)[:3]}
    theirs = {concept(w.lower()) for w in re.findall(r"[A-Za-z]+", passage.text[other.end : other.end + 40])[:3]}
    return concept(other.noun) in counted or concept(q.noun) in theirs or concept(q.noun) not in evidence.stems


def _for_one_said(q: Quantity, other: Quantity, evidence: Evidence) -> bool:
    """Return whether another sentence of the copy says that prices are per person, as the source does of each."""
    prices = [f for p in evidence.passages for f in p.figures if f.kind == "money"]
    before = " ".join(s.text for s in evidence.case.sentences if s is not evidence.sentence and s.figures)
    return (
        (q.per, other.per) == ("", "person")
        and len(prices) == 1
        and has(r"\b(?:a head|per (?:person|head)|each|apiece|pp)\b", before)
    )


def _in_context(q: Quantity, right: list[Stated], evidence: Evidence) -> Iterator[str]:
    sentence = evidence.sentence
    hedges = [_hedge_lost(q, o, sentence, p) for o, p in right]
    if all(hedges):
        yield hedges[0]
    if all(per_changed(q, o, sentence, p) and not _for_one_said(q, o, evidence) for o, p in right):
        yield "per_unit_changed"
    if not (_brought_by_an_amount(q, evidence) or compared_rightly(q, evidence)):
        yield from owner_problems(q, right, evidence)


def _brought_by_an_amount(q: Quantity, evidence: Evidence) -> bool:
    """Return whether a number of points is what the reader's own purchase brings."""
    pool = [o for p in evidence.passages for o in p.figures]
    amounts = [f for f in evidence.sentence.figures if f.kind == "money" and not any(matches(f, o) for o in pool)]
    return q.kind == "count" and any(
        is_example(f, pool, evidence) and follows(q, [*pool, f], evidence) for f in amounts
    )
