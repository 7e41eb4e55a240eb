"""Quotations: what stands in quotation marks must stand so in the source, with the limit it has there.

``"The best tent under £200 we have tried"`` is not quoted as "the best tent we have tried".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.generation.grounding.evidence import Evidence

_QUOTED = re.compile(r"\"(?P<double>[^\"]+)\"|(?:(?<=^)|(?<=[\s:(]))'(?P<single>[^\"]+?)'(?=[\s,.;:!?)]|$)")
_LEAST = 4


def quote_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``stronger_than_source`` or ``dropped_condition`` for a quotation that is not the source's."""
    theirs = [_words(q) for q in _quotes(evidence.text)]
    if not any(len(words) >= _LEAST for words in theirs):
        return
    everything = _words(evidence.text)
    for mine in _quotes(evidence.sentence.raw):
        for piece in re.split(r"\.\.\.|\u2026", mine):
            words = _words(piece)
            if len(words) < _LEAST:
                continue
            if not _contains(everything, words):
                yield (
                    "dropped_condition" if any(_left_out(words, whole) for whole in theirs) else "stronger_than_source"
                )
                return


def _quotes(text: str) -> list[str]:
    plain = re.sub("[\u201c\u201d]", '"', re.sub("[\u2018\u2019]", "'", text))
    return [m["double"] or m["single"] for m in _QUOTED.finditer(plain)]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("[\u2018\u2019']", "", text.lower()))


def _contains(whole: list[str], part: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _left_out(part: list[str], whole: list[str]) -> bool:
    """Return whether a quotation is the source's with words left out."""
    rest = iter(whole)
    return all(word in rest for word in part)
