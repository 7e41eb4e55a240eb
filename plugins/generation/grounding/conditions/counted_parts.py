"""Some made all or most: what a counted part of a whole has is told of every one, or of most of them.

``64 rooms, 22 of which face the sea`` bears neither "every room faces the sea" nor "most rooms do"; ``20 grants for
schools`` does not bear "every school gets a grant".
"""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.lexicon import STOP, concept, is_empty
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_EVERY = re.compile(
    r"\b(?:every(?: single)?(?: one of)?|each(?: and every)?(?: of| one of)?|all(?: of)?)(?: (?:our|the|its|their|these|those))? "  # noqa: E501
    r"(?P<what>(?:[a-z'-]+ ){0,3}?[a-z'-]{3,})\b(?! (?:of|\d))|\b(?P<who>everyone|everybody|all of them|all of these)\b",  # noqa: E501
    re.I,
)
_MOST = r"\b(?:most(?: of)? (?:the |our |its |these |them\b)?(?=[a-z])|the (?:vast )?majority|(?:nearly|almost) (?:all|every)|more than half|over half)\b"  # noqa: E501
_PART_OF = re.compile(
    r"^[,]? ?(?:(?:of|out of) (?:which|whom|them|these|those|the|our|its|\d[\d,]*)\b|(?:rooms? |seats? |items? |[a-z]+s )?(?:has|have|are|is|face|faces|were|come|comes|offer|include|get|with)\b)",  # noqa: E501
    re.I,
)
_HALF = 0.5


def part_made_whole(evidence: Evidence) -> bool:
    """Return whether what the source has of a counted part is told of all, or of most where it is half or less."""
    return _subset_made_all(evidence) or _so_many_made_all(evidence)


def _parts(passage: Passage) -> list[tuple[Quantity, Quantity]]:
    """Return each whole with its counted part in a passage: ``64 rooms`` and ``22`` of ``..., 22 of which face the sea``."""  # noqa: E501
    counts = [f for f in passage.figures if f.kind in ("count", "ratio") and not f.hedge]
    return [
        (whole, part)
        for whole in counts
        for part in counts
        if whole.start < part.start
        and 1 <= part.value < whole.value
        and whole.noun
        and _PART_OF.match(passage.text[part.end :])
        and has(r"(?:,| and|;|:)\s*(?:only |just |about |some )?$", passage.text[whole.end : part.start])
    ]


def _subset_made_all(evidence: Evidence) -> bool:
    sentence = evidence.sentence
    every, most = _EVERY.search(sentence.text), has(_MOST, sentence.text)
    if every is None and not most:
        return False
    for passage in evidence.passages:
        for whole, part in _parts(passage):
            told = re.search(rf"(?<![\d.,]){part.value:g}(?![\d.])", sentence.text)
            if told or any(matches(q, part) for q in sentence.figures) or concept(whole.noun) not in sentence.concepts:
                continue
            behind = re.split(r"[.;]", passage.text[part.end :])[0]
            words = re.findall(r"[a-z]{3,}", behind.lower())
            held = {concept(w) for w in words if w not in STOP and not is_empty(w)} - {concept(whole.noun)}
            if (
                held
                and len(held & sentence.concepts) >= min(2, len(held))
                and (every or part.value <= _HALF * whole.value)
            ):
                return True
    return False


_GIVEN = r"\b(?:gets?|receives?|wins?|earns?|has|have|is given|are given|takes? home|is awarded|will (?:get|receive|have)|picks? up|pockets?)\b"  # noqa: E501
_FEW_GIVEN = (
    r"\b(?:offer(?:s|ing)?|award(?:s|ing)?|giv(?:es?|ing)(?: away)?|there (?:are|will be)|we have|has|with|lends?|provides?|"  # noqa: E501
    r"hand(?:s|ing) out|drawing|limited to) (?:only |just |up to |away |out |a total of )*$"
)


def _so_many_made_all(evidence: Evidence) -> bool:
    """Return whether so many of a thing, offered to a group, are told as one for each: ``20 grants for schools``."""
    sentence = evidence.sentence
    every = _EVERY.search(sentence.text)
    if every is None or not has(_GIVEN, sentence.text[every.end() :]):
        return False
    group = {concept(w) for w in re.findall(r"[a-z]{3,}", (every["what"] or "").lower())}
    for passage in evidence.passages:
        for few in passage.figures:
            if few.kind != "count" or few.value < 2 or not few.noun or any(matches(q, few) for q in sentence.figures):
                continue
            behind = re.search(r"\b(?:for|to|among|between)\b(?P<whom>[^.;]*)", passage.text[few.end :])
            whom = {concept(w) for w in re.findall(r"[a-z]{3,}", behind["whom"].lower())} if behind else set[str]()
            if (
                has(_FEW_GIVEN, passage.text[: few.start])
                and concept(few.noun) in sentence.concepts - group
                and bool(group & whom or every["who"])
            ):
                return True
    return False
