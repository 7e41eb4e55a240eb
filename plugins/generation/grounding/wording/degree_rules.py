"""Rules about the degree of a statement: one of the best, good or very good, a grant that may be applied for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.conditions.lasting import firmer_than_source
from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.reading.lexicon import concept

_VERY = r"very|extremely|highly|completely|fully|totally|strongly|really|entirely|exceptionally"
_OR_MORE = re.compile(rf"\b(?P<less>[a-z]{{3,}})['\"]? (?:or|and) ['\"]?(?P<more>(?:{_VERY}) (?P=less))\b", re.I)
"""Two answers counted as one: ``satisfied or very satisfied``, ``'good' or 'very good'``."""
_OR_BETTER = re.compile(
    r"\b(?P<less>good|fair|satisfactory|pleased|happy|likely)['\"]? or ['\"]?"
    r"(?P<more>excellent|outstanding|great|delighted|thrilled|certain|(?:very|extremely) [a-z]+)\b",
    re.I,
)
_ONE_OF = re.compile(
    r"\b(?:one|some|two|three|a few|several|many) of (?:the|our|its|their|[A-Z]\w+'s) (?:very )?(?:(?:\w+ )?most (?P<most>[a-z]+)|"  # noqa: E501
    r"(?P<word>[a-z]{2,}est|best|worst|top|leading|most))\b|\bamong (?:the|our) (?P<among>[a-z]{2,}est|best|top|leading)\b",  # noqa: E501
    re.I,
)
"""A place among others: ``one of the best``, ``among the oldest``."""
_MAY_ASK = re.compile(
    r"\b(?:may|can|could|(?:is|are) (?:able|entitled|eligible|welcome) to) (?:also |now |then )?(?:apply|bid|compete|enter|ask|request|"  # noqa: E501
    r"submit (?:an? )?(?:application|claim|request))\b|\bapplications? (?:for|can|may|are|is)\b",
    re.I,
)
"""What only may be asked for, and is granted or not: ``may apply for a grant``."""
_SURELY_GETS = (
    r"\b(?:you|they|we|owners?|everyone|everybody|\w+s) (?:(?:will|'ll|do|are (?:sure|bound|guaranteed) to|automatically|always) )+"  # noqa: E501
    r"(?:get|receive|win|be (?:paid|given|granted|awarded)|have|earn|benefit)\b|\b(?:is|are) (?:yours|guaranteed|automatic(?:ally)?)\b|"  # noqa: E501
    r"\bguaranteed\b"
)
_STILL_OPEN = r"\b(?:apply|application|applying|applies|ask|request|enter|may|might|could|can|chance|if (?:it|your|the|we|they)|once|draw|subject)\b"  # noqa: E501


def degree_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``stretched_statistic``, ``stronger_than_source`` or ``hedge_dropped`` where a degree was raised."""
    if not evidence.aligned:
        return
    if _upper_answer_only(evidence):
        yield "stretched_statistic"
    if _one_of_made_the_one(evidence) or _shortlist_made_win(evidence):
        yield "stronger_than_source"
    if _application_made_grant(evidence) or firmer_than_source(evidence):
        yield "hedge_dropped"


def _upper_answer_only(evidence: Evidence) -> bool:
    """Return whether two answers counted as one are told as the stronger: "very satisfied" of both."""
    text = evidence.sentence.text
    for pattern in (_OR_MORE, _OR_BETTER):
        for found in pattern.finditer(evidence.text):
            more, less = found["more"], found["less"]
            if not has(rf"\b{more}\b", text) or has(r"\b(?:or|and) (?:better|above|higher|more)\b", text):
                continue
            rest = re.sub(rf"\b{more}\b", " ", text, flags=re.I)
            others = evidence.text.replace(found[0], " ")
            if not has(rf"\b{less}\b", rest) and not has(rf"\b{more}\b", others):
                return True
    return False


def _one_of_made_the_one(evidence: Evidence) -> bool:
    """Return whether ``one of the best on the coast`` has become "the best on the coast"."""
    rest = _ONE_OF.sub(" ", evidence.text)
    for found in _ONE_OF.finditer(evidence.text):
        word = found["most"] or found["word"] or found["among"]
        told = (
            rf"(?<!of )(?<!among )\b(?:the|our|its|[A-Z]\w+'s) (?:very |single |absolute )?(?:\w+ )?(?:most )?{word}\b"
        )
        mine = _ONE_OF.sub(" ", evidence.sentence.text)
        beside = {concept(w) for w in re.findall(r"[a-z]{4,}", evidence.text[found.end() :].lower())[:5]}
        if has(told, mine) and not has(rf"\b{word}\b", rest) and beside & evidence.sentence.concepts:
            return True
    return False


_SHORTLISTED = r"\b(?:short-?list(?:ed|s)?|short list|nominat\w+|nominees?|in the running|(?:a )?finalists?|runners?-up|long-?listed|highly commended|commended)\b"  # noqa: E501
_WON = r"\b(?:named|won|wins|winners?|voted|crowned|awarded|took|takes|taken|champions?)\b"


def _shortlist_made_win(evidence: Evidence) -> bool:
    """Return whether the year in which something was shortlisted is told as one in which it won."""
    text = evidence.sentence.text
    if not has(_WON, text) or has(_SHORTLISTED, text):
        return False
    for passage in evidence.passages:
        if has(_SHORTLISTED, passage.text) and not has(_WON, passage.text):
            years = set(re.findall(r"\b(?:19|20)\d\d\b", passage.text))
            won = {y for p in evidence.passages if has(_WON, p.text) for y in re.findall(r"\b(?:19|20)\d\d\b", p.text)}
            if years - won and years & set(re.findall(r"\b(?:19|20)\d\d\b", text)):
                return True
    return False


def _application_made_grant(evidence: Evidence) -> bool:
    """Return whether what may be applied for is told as given: "you will receive the grant"."""
    text = evidence.sentence.text
    if not has(_SURELY_GETS, text) or has(_STILL_OPEN, text):
        return False
    for passage in evidence.aligned:
        found = _MAY_ASK.search(passage.text)
        if found is None or has(_SURELY_GETS, passage.text):
            continue
        asked = {s for s, (at, _) in zip(passage.stems, passage.spans, strict=True) if at >= found.end()}
        if asked & evidence.sentence.concepts:
            return True
    return False
