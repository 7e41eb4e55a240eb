"""What only looks like a condition: words of a name, terms that are denied, and statements about another thing.

"The Harbour Weekend costs £298" asks for no weekend, ``no minimum term`` for no term, and what the source says of
``Economy tickets`` does not bind what the copy says of Premier tickets.
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.day_rules import within_hours
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import clocks
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage

_WEEK_WORD = re.compile(r"(?:week(?:day|end)s?|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)$", re.I)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DENIED = r"\b(?:no|without(?: an?| any)?|not (?:need|require|ask for|have)(?: an?| any)?|never (?:need|ask for)(?: an?)?) (?:[\w-]+ )?$"  # noqa: E501


def in_name(found: re.Match[str]) -> bool:
    """Return whether a day or "weekend" is part of a name: ``the Harbour Weekend``, ``the Sunday Matinee``."""
    text, word = found.string, found[0]
    if not _WEEK_WORD.match(word) or not word[0].isupper():
        return False
    before, after = text[: found.start()], text[found.end() :]
    named_before = re.search(r"\b(?:[Tt]he|[Oo]ur|[Aa]|[Yy]our) (?:[A-Z][\w'-]+ ){1,3}$", before) is not None
    if word.lower().startswith("week"):
        return named_before or re.match(r" [A-Z]", after) is not None
    return named_before or re.match(rf" (?!{_MONTH})[A-Z][a-z]+\b", after) is not None


def denied(name: str, found: re.Match[str]) -> bool:
    """Return whether what is found is said not to be asked for: ``no | minimum term``, ``without a | contract``."""
    return name != "who" and has(
        _DENIED + r"|\b(?:rolling|(?:one|1)[- ]month|30[- ]day|flexible)(?: rolling)? $", found.string[: found.start()]
    )


def clock_told(found: re.Match[str], evidence: Evidence) -> bool:
    """Return whether the copy has the clock time of a condition in its own way: ``between 7:00``, "7 to 19"."""
    bounds = {minutes for minutes, _, _ in clocks(found[0])}
    told = bounds <= {minutes for s in evidence.case.sentences for minutes in s.clocks}
    return bool(bounds) and (told or any(within_hours(c, evidence) for c in evidence.sentence.clocks))


def of_another_thing(passage: Passage, evidence: Evidence) -> bool:
    """Return whether a passage tells of a thing that the sentence is not about, and another passage of its thing.

    Two passages that open with a word of their own each (``Economy tickets``, ``Premier tickets``) tell of two things;
    the sentence is about the other where it has the other's word only.
    """
    mine = _opening(passage)
    said = evidence.sentence.concepts
    if not mine or mine & said & _own(mine, passage, evidence):
        return False
    for other in evidence.passages:
        theirs = _opening(other)
        shared, own = mine & theirs, theirs - mine
        if other is passage or not shared or not mine - theirs or not own:
            continue
        if own & said and not (mine - theirs) & said and shared & said:
            return not _only_here(passage, evidence)
    return False


def _own(opening: frozenset[str], passage: Passage, evidence: Evidence) -> frozenset[str]:
    """Return the words of an opening that open no other passage."""
    others = (_opening(p) for p in evidence.passages if p is not passage)
    return opening - frozenset[str]().union(*others)


def _only_here(passage: Passage, evidence: Evidence) -> bool:
    """Return whether the sentence has a price or a share that this passage has and no other: it tells this thing."""
    others = [f for p in evidence.passages if p is not passage for f in p.figures]
    return any(
        f.kind in ("money", "percent")
        and matches(q, f)
        and not any(matches(q, g) for g in others)
        and not has(_COMPARED, evidence.sentence.text[: q.start])
        for q in evidence.sentence.figures
        for f in passage.figures
    )


_COMPARED = (
    r"\b(?:instead of|rather than|compared (?:with|to)|(?:down|up) from|against|not|than|versus)(?: the usual| just)? $"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|can|may|must|will|costs?|includes?|gets?|receives?|comes?|covers?|takes?|lasts?|holds?|"
    r"pays?|offers?|gives?|runs?|starts?|opens?|contains?|weighs?|measures?)\b"
)


def _opening(passage: Passage) -> frozenset[str]:
    """Return the words of the thing that a passage opens with: ``Single driving lessons`` of ``... cost £38``."""
    found = _VERB.search(passage.text)
    if found is None:
        return frozenset()
    head = re.split(r"\b(?:at|in|on|for|of|with|from|between)\b", passage.text[: found.start()])[0]
    words = re.findall(r"[A-Za-z][a-z'-]+", head)
    if len(words) > _FEW:
        return frozenset()
    return frozenset(concept(w.lower()) for w in words if w.lower() not in STOP and not _says_nothing(w))


def _says_nothing(word: str) -> bool:
    return word.lower() in ("additional", "all", "both", "every", "each") or (
        is_empty(word.lower()) and len(word) < _FEW
    )


_FEW = 4
"""Words of the name of a thing, and letters of a word that says nothing."""
