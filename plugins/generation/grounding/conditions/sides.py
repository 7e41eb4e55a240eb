"""The priced sides of a source sentence: "Pre-orders get 10% off, and orders over £49 ship free" has two.

What bounds one side does not bound the other, so a copy that tells one need not tell the condition of the other.
"""

from __future__ import annotations

import re
from itertools import pairwise

from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.passages import Passage

_SIDES = re.compile(r"[;:]|,? (?:and|but|while|whereas)\b|, (?=[$\u00a3\u20ac]|\d)", re.I)
"""Where one priced side of a sentence ends and the next begins."""
_FREE = re.compile(r"\bfree\b|\bincluded\b|\bnot pay\b|\bno charge\b|\bnothing\b", re.I)


def span_of_another_clause(start: int, passage: Passage, sentence: Passage) -> bool:
    """Return whether what starts there opens a later side of the passage, and the sentence tells another side only."""
    sides, at, mine = sides_told(start, passage, sentence)
    worth = worth_of(sides[at], passage)
    return (
        bool(worth)
        and at not in mine
        and at > 0
        and start < min(worth)
        and (bool(mine) or _opens(start, sides[at], passage))
    )


_A_LITTLE = 12
"""Characters before a condition that opens its side: an article, "and our"."""


def _opens(start: int, side: tuple[int, int], passage: Passage) -> bool:
    """Return whether a condition is the subject of a side of its own: ``...; children under 7 | travel free``."""
    return passage.text[side[0]] in ";:" and start - side[0] <= _A_LITTLE


def sides_told(start: int, passage: Passage, sentence: Passage) -> tuple[list[tuple[int, int]], int, list[int]]:
    """Return the priced sides of a passage, the one that holds ``start``, and those that the sentence tells."""
    sides = _sides(passage)
    at = next((n for n, (left, right) in enumerate(sides) if left <= start < right), 0)
    return sides, at, [n for n in range(len(sides)) if _is_told(sides[n], passage, sentence)]


def _sides(passage: Passage) -> list[tuple[int, int]]:
    cuts = [0, *(m.start() for m in _SIDES.finditer(passage.text)), len(passage.text)]
    out: list[tuple[int, int]] = []
    for start, end in pairwise(cuts):
        if out and not worth_of((start, end), passage):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def worth_of(side: tuple[int, int], passage: Passage) -> list[int]:
    """Return where the prices, shares and gifts of a side of the passage stand."""
    prices = [f.start for f in passage.figures if f.kind in ("money", "percent") and f.hedge != "min"]
    return [at for at in (*prices, *(m.start() for m in _FREE.finditer(passage.text))) if side[0] <= at < side[1]]


def _is_told(side: tuple[int, int], passage: Passage, sentence: Passage) -> bool:
    start, end = side
    priced = [f for f in passage.figures if start <= f.start < end and f.kind in ("money", "percent")]
    return any(matches(q, f) for q in sentence.figures for f in priced if f.hedge != "min") or bool(
        _FREE.search(passage.text[start:end]) and _FREE.search(sentence.text)
    )
