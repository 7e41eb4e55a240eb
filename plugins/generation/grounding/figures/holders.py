"""Which of several rivals a statement belongs to: what a source gives to one must not be told of another.

Sources describe rivals side by side: two plans, two sizes, two shops. Each part of a sentence belongs to the rivals
named in it, a part without a name to the one named before. What a source says of one rival alone is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence
from plugins.generation.grounding.figures.exchanges import HAVING
from plugins.generation.grounding.reading.dates import clocks
from plugins.generation.grounding.reading.lexicon import CALENDAR, STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_BREAK = re.compile(
    r"[,;:()?!]|\s[-\u2013]\s|\b(?:and|but|while|whereas|or|plus|though|with(?! (?:the |our |an? |your )?[A-Z]))\b"
)
_NAME = re.compile(r"\b(?:[A-Z][a-z][\w'-]*\w|[A-Z]+\d+|[A-Z]|\d+-[a-z]+)\b")
"""What rivals are called: ``Starter``, ``V4``, ``24-month``."""
_ALL = re.compile(r"\b(?:both|each|every|all|either|any|same|neither)\b", re.I)
_DENIED = re.compile(r"\b(?:no|not|never|without|nor|none)\b|n't\b", re.I)
_COMPARES = re.compile(
    r"\b(?:than(?! \W?\d)|(?-i:from [A-Z][\w -]*? to (?:the |our )?[A-Z]\w*)|unlike|instead|compared|versus|down from|reduced|was|were|usual\w*|normal\w*|upgrade|switch|step up)\b",  # noqa: E501
    re.I,
)
"""A sentence that sets one rival against the other names both for what belongs to one."""
_PAIR = re.compile(r"(?=\b(?P<one>[a-z]{3,}) (?P<of>[a-z]{3,})\b)")
"""A word and the noun that it may tell from others of its kind: ``seeded loaf``."""
_HAVING = HAVING | {concept(verb) for verb in ("get", "give", "choose")}
"""Verbs that give something to anything."""
_LITTLE = frozenset(("the", "a", "an", "and", "or", "of", "in", "on", "at", "for", "with", "to", "by", "from", "our",
                     "your", "is", "are", "was", "has"))  # fmt: skip
_COMPARED = frozenset("larger bigger smaller longer shorter heavier lighter taller older younger".split())  # noqa: SIM905
"""Words that name no thing, for a copy may say by a figure what they say."""
_ZONES = frozenset(("uk", "us", "eu"))
_Figure = tuple[str, float]
_TELLING = 2
"""How many words of the other rival tell, where a part has a word that no source has; else one does."""


@dataclass(frozen=True)
class _Part:
    """One part of a sentence: the rivals it belongs to, and what it says of them."""

    names: frozenset[str]
    words: frozenset[str]
    figures: frozenset[_Figure]
    denied: bool


def told_of_a_rival(evidence: Evidence) -> bool:
    """Return whether the sentence says of one of several rivals what a source says of another one alone."""
    if _COMPARES.search(evidence.sentence.text):
        return False
    names = _names(evidence)
    if len(names) < 2:
        return False
    mine = [part for part in _parts([evidence.sentence], names) if part.names]
    theirs = [part for source in evidence.sources for part in _parts(source.passages, names)] if mine else []
    return any(
        _are_rivals(name, rival, theirs, evidence.text) and _belongs_to(rival, name, part, theirs)
        for part in mine
        for name in part.names
        for rival in names - part.names
        if _sort(name) == _sort(rival)
    )


def _sort(name: str) -> str:
    """Return what kind of a name it is; a word in small letters is kept as its concept."""
    return "number" if name[0].isdigit() else "name" if name[0].isupper() else "word"


def _names(evidence: Evidence) -> frozenset[str]:
    """Return what the cited sources call their things, and the words by which they tell things of a kind apart."""
    found = {m[0] for p in evidence.passages for m in _NAME.finditer(p.text) if _may_be_name(m, evidence)}
    before: dict[str, set[str]] = {}
    for passage in evidence.passages:
        for m in _PAIR.finditer(passage.text.lower()):
            if not {m["one"], m["of"]} & (STOP | _COMPARED) and not {concept(m["one"]), concept(m["of"])} & _HAVING:
                before.setdefault(concept(m["of"]), set()).add(concept(m["one"]))
    return frozenset(found).union(*(words for words in before.values() if len(words) > 1))


def _may_be_name(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether a capitalised word is a name, not one that only opens a sentence; a number beside others."""
    word, low = found[0], found[0].lower()
    if word[0].isdigit():
        kind = word.split("-")[1]
        several = len(set(re.findall(rf"\b\d+-{kind}\b", evidence.text))) > 1
        return several and len(set(re.findall(rf"\b\d+-{kind} (\w+)", evidence.text))) == 1
    inside = found.start() > 0 and found.string[found.start() - 2].isalnum()
    if {low, low.removesuffix("s")} & (CALENDAR | _ZONES) or (low in STOP and not inside):
        return False
    return found.start() > 0 or any(
        re.search(rf"(?<=[\w,;] ){re.escape(word)}\b", p.text) for p in (*evidence.passages, evidence.sentence)
    )


def _parts(passages: Iterable[Passage], names: frozenset[str]) -> Iterator[_Part]:
    """Yield the parts of some sentences; what opens a sentence before its first proper name belongs to that."""
    last: frozenset[str] = frozenset()
    for passage in passages:
        bounds = _bounds(passage, names)
        named = [_named(passage, start, end, names) for start, end in bounds]
        here = next((n for n in named if any(_sort(name) != "word" for name in n)), last)
        before: frozenset[str] = frozenset()
        for (start, end), own in zip(bounds, named, strict=True):
            here = _whose(own, here)
            text = passage.text[start:end]
            words, figures = _words(passage, start, end, names), _figures(passage, start, end)
            cut_short = len(words) < _TELLING and any(start <= f.start < end for f in passage.figures)
            yield _Part(
                frozenset() if not own and _ALL.search(text) else here,
                words | before if cut_short else words,
                figures,
                _DENIED.search(text) is not None,
            )
            before = before if cut_short else words
        last = here if len({n for n in named if n}) < 2 else frozenset()


def _whose(own: frozenset[str], last: frozenset[str]) -> frozenset[str]:
    """Return the names that a part belongs to: a common word names no other owner beside a proper name."""
    if own and any(_sort(name) != "word" for name in own):
        return own
    return own | frozenset(name for name in last if _sort(name) != "word") or last


def _bounds(passage: Passage, names: frozenset[str]) -> list[tuple[int, int]]:
    """Return where the parts begin and end; what is only a name goes with the next part, at the end with the last."""
    cuts = [0, *(m.start() for m in _BREAK.finditer(passage.text)), len(passage.text)]
    amounts = [f.start for f in passage.figures]
    amounts += [at for _, at, _ in clocks(passage.text)] if passage.clocks else []
    out: list[tuple[int, int]] = []
    start = 0
    for _, end in pairwise(cuts):
        if _words(passage, start, end, names) or any(start <= at < end for at in amounts):
            out.append((start, end))
            start = end
    if out:
        out[-1] = (out[-1][0], len(passage.text))
    return out


def _named(passage: Passage, start: int, end: int, names: frozenset[str]) -> frozenset[str]:
    """Return the names in a part; beside a proper name a common word tells nothing apart."""
    proper = frozenset(n for n in names if _sort(n) != "word" and _place(n).search(passage.text, start, end))
    stems = zip(passage.stems, passage.spans, strict=True)
    return proper or frozenset(stem for stem, (at, _) in stems if start <= at < end and stem in names)


@lru_cache(maxsize=1024)
def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")


def _words(passage: Passage, start: int, end: int, names: frozenset[str]) -> frozenset[str]:
    called = {part for name in names for part in name.lower().split("-")}
    words = zip(passage.words, passage.stems, passage.spans, strict=True)
    return frozenset(
        stem
        for word, stem, (at, _) in words
        if start <= at < end and not is_empty(word) and stem not in _HAVING | names and word not in called
    )


def _figures(passage: Passage, start: int, end: int) -> frozenset[_Figure]:
    told = [f for f in passage.figures if start <= f.start < end and not (f.spelled and f.value == 1)]
    out = {(f.kind, round(f.value, 4)) for f in told}
    if passage.clocks:
        out |= {("clock", float(minutes)) for minutes, at, _ in clocks(passage.text) if start <= at < end}
    return frozenset(out)


def _are_rivals(one: str, two: str, theirs: list[_Part], text: str) -> bool:
    """Return whether a source tells the same sort of thing of each of two names, and calls them in the same place."""
    mine = [p for p in theirs if one in p.names and two not in p.names]
    others = [p for p in theirs if two in p.names and one not in p.names]
    kinds = {k for p in mine for k, _ in p.figures} & {k for p in others for k, _ in p.figures}
    words = {w for p in mine for w in p.words} & {w for p in others for w in p.words}
    return bool(kinds or len(words) >= _TELLING) and not _beside(one, text).isdisjoint(_beside(two, text))


def _beside(name: str, text: str) -> set[str]:
    """Return the words right before and right behind a name, each with its side."""
    if _sort(name) == "word":
        return {
            concept(m["of"]) for m in _PAIR.finditer(text.lower()) if concept(m["one"]) == name and m["of"] not in STOP
        }
    found = re.finditer(rf"(?:([\w'-]+) )?(?<![\w-]){re.escape(name)}(?![\w-])(?: ([\w'-]+))?", text)
    sides = (word and (side, word.lower()) for m in found for side, word in zip("<>", m.groups(), strict=True))
    return {side + word for side, word in filter(None, sides) if word not in _LITTLE}


def _belongs_to(rival: str, name: str, part: _Part, theirs: list[_Part]) -> bool:
    """Return whether a part told of ``name`` says what the sources say of ``rival`` alone.

    A figure does where the sources give ``name`` another one of its kind; words do where nothing else is its own.
    """
    of_name = [p for p in theirs if not p.names or name in p.names]
    of_rival = [p for p in theirs if rival in p.names and name not in p.names]
    own, its = _figures_of(of_name), _figures_of(of_rival)
    hits, kept = part.figures & (its - own), part.figures & (own - its)
    kinds = {kind for kind, _ in own} - {kind for kind, _ in kept}
    if any(kind in kinds for kind, _ in hits):
        return True
    own_words, its_words = _words_of(of_name), _words_of(of_rival)
    kept_words = part.words & (own_words - its_words)
    taken = part.words & (its_words - own_words)
    enough = bool(hits) or len(taken) >= _TELLING or bool(taken and part.words <= own_words | its_words)
    return _sort(name) != "word" and not (kept or kept_words or part.denied) and enough


def _figures_of(parts: Iterable[_Part]) -> frozenset[_Figure]:
    return frozenset[_Figure]().union(*(p.figures for p in parts))


def _words_of(parts: Iterable[_Part]) -> frozenset[str]:
    return frozenset[str]().union(*(p.words for p in parts))
