"""A part of a whole told as the whole, or as most of it: ``40 stalls, 12 of them indoors`` as 40 stalls indoors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.generation.grounding.evidence import Evidence
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import concept
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_OF_THEM = re.compile(r"^\W*(?:\w+ )?of (?:which|whom|them|these|those)\b", re.I)
_AND_PART = re.compile(r"^[^.;]*,? (?:and|but) (?:only |just )?$", re.I)
_HAS = re.compile(r" (?:have|has|are|is|face|faces|include|includes|come|comes|offer|offers)\b")
_WHOLE = r"\b(?:all|every|each|any|whichever|both|no matter which)\b"
_MOST = (
    r"\b(?:most of|the majority|more than half|over half|mostly|mainly|largely|nearly all|almost all|almost every)\b"
)
_SOME = r"\b(?:some|many|several|of (?:which|whom|them|those)|most|part|including|among|in (?:four|five|ten|three))\b"
_SHARES = ("percent", "ratio", "factor")
_HALF = 0.5
_FULL = 100.0
_STOPS = re.compile(r"[.;:]|,? (?:and|but|while|which)\b|,(?! \w+ed\b)")


@dataclass(frozen=True)
class _Part:
    """A part of a counted whole: its share, and the words that only the part has."""

    whole: Quantity
    figure: Quantity
    share: float
    marks: frozenset[str]


def part_as_whole(evidence: Evidence) -> bool:
    """Return whether what only a part of a whole has is told of all, of most, or of the number of the whole."""
    sentence = evidence.sentence
    said = sentence.concepts
    for part in (part for passage in evidence.passages for part in _parts(passage)):
        if not part.marks <= said or any(matches(f, part.figure) for f in sentence.figures):
            continue
        named = concept(part.whole.noun) in said
        told = next((f for f in sentence.figures if matches(f, part.whole)), None)
        if named and re.search(_MOST, sentence.text, re.I) and part.share < _HALF:
            return True
        if named and (found := _before(sentence, part)) and re.search(rf"{_WHOLE}[^,;.]*$", found, re.I):
            return True
        if told and not re.search(_SOME, sentence.text, re.I) and not any(f.kind in _SHARES for f in sentence.figures):
            return True
    return False


def _before(sentence: Passage, part: _Part) -> str:
    """Return what stands before the words of the part."""
    at = min(start for stem, (start, _) in zip(sentence.stems, sentence.spans, strict=True) if stem in part.marks)
    return sentence.text[:at]


def _parts(passage: Passage) -> Iterator[_Part]:
    """Yield the parts that a sentence of the source takes out of a number of things."""
    for at, part in enumerate(passage.figures):
        wholes = [f for f in passage.figures[:at] if f.kind == "count" and f.noun]
        if not wholes or part.hedge == "min":
            continue
        whole = wholes[-1]
        behind, between = passage.text[part.end :], passage.text[whole.end : part.start]
        of_them = _OF_THEM.match(behind)
        bare = part.kind == "count" and _AND_PART.match(between) and _HAS.match(behind)
        if not (of_them or bare) or part.kind not in ("count", "percent"):
            continue
        share = part.value / _FULL if part.kind == "percent" else part.value / (whole.value or 1)
        start = part.end + (of_them.end() if of_them else 0)
        stop = _STOPS.search(passage.text, start)
        end = stop.start() if stop else len(passage.text)
        words = zip(passage.stems, passage.spans, strict=True)
        marks = frozenset(s for s, (left, _) in words if start <= left < end)
        if marks and share < 1:
            yield _Part(whole, part, share, marks)
