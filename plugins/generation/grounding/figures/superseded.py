"""A figure that a later source has replaced: last year's price list beside this year's."""

from __future__ import annotations

import re

from plugins.generation.grounding.evidence import Evidence, Source
from plugins.generation.grounding.figures.matching import kinds_match, matches
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.quantities import Quantity

_REPLACES = re.compile(
    r"\b(?:replac(?:es|ing)|supersed(?:es|ing)|in place of)\b"
    r"[^.;]{0,60}\b(?:price|prices|list|lists|rate|rates|tariff|fee|fees|terms|timetable|schedule|edition|version|guide|"
    r"policy|notice|figure|figures|menu)\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:was|were|used to|until|previous\w*|former\w*|old|before|instead|down from|up from|no longer)\b", re.I
)
_SAME_THING = 2
"""Concepts that two statements about one thing share."""


def told_from_the_replaced(evidence: Evidence) -> bool:
    """Return whether a figure stands only in a source that another one, in force by now, says it replaces."""
    newer = [s for s in evidence.case.sources.values() if _REPLACES.search(s.text) and not _to_come(s, evidence)]
    if not newer or _PAST.search(evidence.sentence.text):
        return False
    return any(
        not any(matches(q, f) for s in newer for p in s.passages for f in p.figures)
        and any(matches(q, f) and _is_replaced(f, p, newer) for s in evidence.sources if s not in newer
                for p in s.passages for f in p.figures)
        for q in evidence.sentence.figures
    )  # fmt: skip


def _to_come(source: Source, evidence: Evidence) -> bool:
    """Return whether what a source says holds only from a day that has not come yet."""
    starts = [d.day for p in source.passages for d in p.days if d.role == "start"]
    return bool(starts) and min(starts) > evidence.case.as_of


def _is_replaced(old: Quantity, passage: Passage, newer: list[Source]) -> bool:
    """Return whether a newer source gives the same thing another figure of the kind."""
    return any(
        kinds_match(old, f) and not matches(old, f) and len(p.concepts & passage.concepts) >= _SAME_THING
        for source in newer
        for p in source.passages
        for f in p.figures
    )
