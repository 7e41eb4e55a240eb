"""Two of a kind that have exchanged what belongs to them: named things their figures, two people what each gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, pairwise, permutations

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.dates import clocks
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_NUMBERED = re.compile(r"\b[A-Z][\w-]* \d+\b")
_NAMED = re.compile(r"\b[A-Z][\w-]+\b")
_BELONGS_TO = r"[^,;.\d]{0,30}\b(?:for|on|with|in|from)(?: the| our| a)? $"
"""Between a figure and the name behind it: ``£27 a month for Fibre 500``."""
_Row = dict[str, dict[str, set[float]]]


def rows_exchanged(evidence: Evidence) -> bool:
    """Return whether two named things have exchanged a figure: the Lark 3 weighs what the source says of the Lark 8."""
    sentence = evidence.sentence
    if not _measures(sentence):
        return False
    units = {w for p in evidence.passages for f in p.figures for w in re.findall(r"[A-Z]\w*", f.text)}
    names = [
        name
        for name in _names(evidence.text)
        if name not in units and name in sentence.text and re.search(rf"\b{re.escape(name)}\b", sentence.text)
    ]
    if len(names) < 2:
        return False
    theirs, mine = _rows(evidence.passages, names), _rows([sentence], names)
    return any(
        _taken(mine, theirs, one, two, kind) and _taken(mine, theirs, two, one, kind)
        for one in mine
        for two in mine
        if one < two
        for kind in mine[one]
    )


_PARTS = re.compile(r"[;,]|\b(?:and|or|but|while|whereas)\b", re.I)
_Part = tuple[frozenset[str], Quantity]


_THRESHOLD = re.compile(r"\borders? (?:of|over|above|from|worth)(?: at least| more than)? $", re.I)
_ANY_ORDER = re.compile(r"\b(?:every|each|all|any) orders?\b(?! (?:of|over|above|from|worth)\b)", re.I)
_FREE = re.compile(r"\bfree\b", re.I)


def sides_exchanged(evidence: Evidence) -> bool:
    """Return whether two parts have exchanged figures, whatever else stands in them: who checks in 20 minutes before.

    What is free costs nothing, and what holds of every order holds from nothing on. Only the words between a figure
    and the next ones count, and words that both sides keep do not excuse those that have changed places.
    """
    mine, theirs = _sides([evidence.sentence]), _sides(evidence.aligned)
    for one, two in combinations(mine, 2):
        if one[1].kind != two[1].kind or _same(one[1], two[1]):
            continue
        for first, second in permutations(theirs, 2):
            if not (_same(one[1], second[1]) and _same(two[1], first[1])):
                continue
            only, others = first[0] - second[0], second[0] - first[0]
            here, there = one[0] - two[0], two[0] - one[0]
            if here & only and there & others and not (here & others and there & only):
                return True
    return False


def _sides(passages: Iterable[Passage]) -> list[_Part]:
    """Return the figures that are the only one of their kind in their part, with the words between their neighbours."""
    out: list[_Part] = []
    for passage in passages:
        bounds = [0, *(m.end() for m in _PARTS.finditer(passage.text)), len(passage.text)]
        words = list(zip(passage.words, passage.stems, passage.spans, strict=True))
        for start, end in pairwise(bounds):
            figures = _with_nothing(passage, start, end)
            for figure in figures:
                if sum(f.kind == figure.kind for f in figures) != 1 or (figure.spelled and figure.value == 1):
                    continue
                left = max((f.end for f in figures if f.end <= figure.start), default=start)
                right = min((f.start for f in figures if f.start >= figure.end), default=end)
                near = frozenset(s for w, s, (at, _) in words if left <= at < right and not is_empty(w)) - HAVING
                out.append((near, figure))
    return out


def _with_nothing(passage: Passage, start: int, end: int) -> list[Quantity]:
    """Return the figures of a part of a sentence, ``free`` as no money and ``every order`` as an order of nothing."""
    found: list[Quantity] = []
    for f in passage.figures:
        if start <= f.start < end:
            least = f.kind == "money" and _THRESHOLD.search(passage.text[: f.start])
            found.append(replace(f, kind="threshold") if least else f)
    found += [Quantity("threshold", 0.0, m[0], *m.span()) for m in _ANY_ORDER.finditer(passage.text, start, end)]
    if not any(f.kind in ("money", "threshold") for f in found):
        found += [Quantity("money", 0.0, m[0], *m.span()) for m in _FREE.finditer(passage.text, start, end)]
    return sorted(found, key=lambda f: f.start)


def _same(one: Quantity, two: Quantity) -> bool:
    return one.kind == two.kind and abs(one.value - two.value) < _NEAR


_NEAR = 1e-6


HAVING = frozenset(
    map(
        concept,
        ("cost", "pay", "price", "charge", "last", "weigh", "hold", "measure", "receive", "earn", "save", "run", "take",
         "include", "come"),
    )
)  # fmt: skip
"""Verbs that give a figure to anything."""


def _names(text: str) -> list[str]:
    """Return what a text calls its things: ``Lark 3``, or capitalised words that are no days."""
    numbered = set(_NUMBERED.findall(text))
    numbered = {name for name in numbered if name.split()[0].lower() not in CALENDAR}
    taken = {name.split()[0] for name in numbered}
    words = {w for w in _NAMED.findall(text) if w.lower() not in STOP | CALENDAR and w not in taken}
    words |= {w for w in re.findall(r"(?<=[a-z] )[A-Z][a-z]+\b", text) if w.lower() not in CALENDAR and w not in taken}
    return sorted(numbered | words)


_LEADS = re.compile(
    r"\W*(?:(?i:then|the|our|an?|with|for|on|in|at|meet|come|and|meanwhile|here|there|while|but) )*(?P<who>[A-Z][\w'-]*(?: (?:[A-Z][\w'-]*|\d+))*)"  # noqa: E501
)
"""Whom the part of a sentence speaks of: ``with Felix Tarrow conducting``, ``The Gold plan adds``."""
_HALVES = re.compile(r"[;:,.!?]|\b(?:and|or|but|while|whereas|with)\b", re.I)


def features_exchanged(evidence: Evidence) -> bool:
    """Return whether two named things or people have exchanged what belongs to them: who conducts and who plays."""
    known = {w for name in _names(evidence.text) for w in name.split()}
    theirs = _features(evidence.passages, known)
    if len(theirs) < 2:
        return False
    mine = _features([evidence.sentence], known)
    own = {
        name: words - frozenset[str]().union(*(others for other, others in theirs.items() if other != name))
        for name, words in theirs.items()
    }
    return any(
        one in own and two in own
        and mine[one] & own[two] and not mine[one] & own[one] and mine[two] & own[one] and not mine[two] & own[two]
        for one, two in combinations(mine, 2)
    )  # fmt: skip


def _features(passages: Iterable[Passage], known: set[str]) -> dict[str, frozenset[str]]:
    """Return the words that go with each name; a part that opens with no name goes on about the last."""
    out: dict[str, frozenset[str]] = {}
    names = {concept(word.lower()) for word in known}
    last = ""
    for passage in passages:
        bounds = [0, *(m.end() for m in _HALVES.finditer(passage.text)), len(passage.text)]
        for start, end in pairwise(bounds):
            found = _LEADS.match(passage.text[start:end])
            first = found["who"].split()[0].removesuffix("'s") if found else ""
            last = first if first in known else last
            words = zip(passage.stems, passage.spans, strict=True)
            said = frozenset(s for s, (at, _) in words if start <= at < end and s not in names | HAVING)
            if last:
                out[last] = out.get(last, frozenset()) | said
    return out


def _taken(mine: _Row, theirs: _Row, one: str, two: str, kind: str) -> bool:
    """Return whether ``one`` has a figure that the source gives to ``two`` alone."""
    said = mine.get(one, {}).get(kind, set())
    return bool(said & theirs.get(two, {}).get(kind, set()) - theirs.get(one, {}).get(kind, set()))


def _rows(passages: Iterable[Passage], names: list[str]) -> _Row:
    """Return the figures of each name by kind; what names nothing goes on about the thing named last."""
    out: _Row = {}
    last = ""
    for passage in passages:
        found = [
            (m.start(), m.end(), name) for name in names for m in re.finditer(rf"\b{re.escape(name)}\b", passage.text)
        ]
        places = sorted(found)
        for kind, value, begin, stop in _measures(passage):
            if any(start <= begin < end for start, end, _ in places):
                continue
            owner = _owner(begin, stop, passage, places) or last
            if owner:
                out.setdefault(owner, {}).setdefault(kind, set()).add(value)
        last = places[-1][2] if places else last
    return out


def _owner(begin: int, stop: int, passage: Passage, places: list[tuple[int, int, str]]) -> str:
    behind = [(start, name) for start, _, name in places if start >= stop]
    if behind and re.fullmatch(_BELONGS_TO, passage.text[stop : behind[0][0]]):
        return behind[0][1]
    before = [name for _, end, name in places if end <= begin]
    return before[-1] if before else ""


_RHYTHM = re.compile(
    r"\b(?:per|an?|each|every)(?: (?P<many>\d+|other|second|two|three|four|six|twelve))? "
    r"(?P<span>day|night|week|fortnight|month|quarter|year)s?\b",
    re.I,
)
_TIMES = {"other": 2, "second": 2, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
_DAYS_IN = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30.4, "quarter": 91.2, "year": 365}


def _measures(passage: Passage) -> list[tuple[str, float, int, int]]:
    """Return kind, value and place of the figures, clock times and rhythms (``every three months``) of a sentence."""
    out = [(f"{f.kind} {f.noun}", round(f.value, 4), f.start, f.end) for f in passage.figures]
    if passage.clocks:
        out += [("clock", float(minutes), start, end) for minutes, start, end in clocks(passage.text)]
    for found in _RHYTHM.finditer(passage.text):
        many = (found["many"] or "1").lower()
        days = _DAYS_IN[found["span"].lower()] * float(_TIMES.get(many) or many)
        out.append(("rhythm", round(days), found.start(), found.end()))
    return out


_OTHER = (
    r"(?:new (?:member|customer|client|subscriber|joiner)|friend|recipient|colleague|neighbour|neighbor|referee|invitee|"  # noqa: E501
    r"newcomer|guest|partner|buddy|pal|mate|companion|nominee|plus-one|visitor)s?"
)
_MAIN = r"(?:you|members?|customers?|givers?|referrers?|senders?|clients?|subscribers?|(?:card|pass)?holders?|hosts?|sponsors?|nominators?|buyers?)"  # noqa: E501
_OTHERS = re.compile(rf"\b{_OTHER}\b", re.I)
_SPLIT = re.compile(r"[,;:.!?]|\b(?:and|but|while|whereas|when|once|if|as soon as|after|because|so that)\b", re.I)
_GIVES = r"\b(?:give|gives|send|sends|pass|gift|gifts|treat|treats|hand|hands|offer|offers|buy|buys|share|shares|bring|brings|invite|invites|refer|refers)\b"  # noqa: E501
_BOTH = re.compile(r"\b(?:both|each|either|neither|together|too|same|also|n?or)\b", re.I)
_RELATIVE = re.compile(
    rf"\b(?:your |the |a )?(?P<who>{_OTHER})(?:,? (?:that|who|whom))? you(?:'re|'ve|'d| are| have| had)? [\w-]+", re.I
)


def parties_exchanged(evidence: Evidence) -> bool:
    """Return whether you get what the source gives to the other person, or the reverse: giver and recipient."""
    theirs: dict[str, set[str]] = {"main": set(), "other": set()}
    for passage in evidence.passages:
        for party, marks in _gets(passage, they=False):
            theirs[party] |= marks
    if not theirs["main"] or not theirs["other"]:
        return False
    own = {"main": theirs["main"] - theirs["other"], "other": theirs["other"] - theirs["main"]}
    if not own["main"] or not own["other"]:
        return False
    they = has(rf"\b(?:{_OTHER}|refer\w*|gift(?:s|ed|ing)?)\b", evidence.case.low)
    for party, marks in _gets(evidence.sentence, they):
        against = own["other" if party == "main" else "main"]
        if marks & against and not marks & own[party]:
            return True
    return False


def _gets(passage: Passage, they: bool) -> list[tuple[str, set[str]]]:
    """Return for each clause that speaks of one of two people who it is, and the words and figures of the clause."""
    text = passage.text
    bounds = [0, *(m.end() for m in _SPLIT.finditer(text)), len(text)]
    out: list[tuple[str, set[str]]] = []
    for start, end in pairwise(bounds):
        party = _party(text[start:end], they)
        marks = {s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if start <= at < end}
        marks = {s for s in marks if s not in _PEOPLE}
        marks |= {f"{f.kind} {f.value:g}" for f in passage.figures if start <= f.start < end}
        if party and marks:
            out.append((party, marks))
    return out


def _party(clause: str, they: bool) -> str:
    if _BOTH.search(clause):
        return ""
    clause = _RELATIVE.sub(lambda m: m["who"], clause)
    other = has(rf"\b{_OTHER}\b" + (r"|\b(?:they|them)\b" if they else ""), clause)
    main = has(rf"\b{_MAIN}\b", _OTHERS.sub(" ", clause))
    if other and main:
        return ""
    if other:
        return "other"
    if main:
        return "" if has(_GIVES, clause) else "main"
    return ""


_PEOPLE = frozenset(
    map(
        concept,
        """friend recipient colleague neighbour referee invitee newcomer guest partner buddy pal mate companion visitor
        member customer giver referrer sender client subscriber holder host sponsor buyer receive get gets new join
        refer gift pay""".split(),  # noqa: SIM905
    )
)
"""Who gets it and that they get it, which tells nobody from anybody."""
