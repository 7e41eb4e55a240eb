"""How different the texts of a set are: largest overlap, distinct-2 and self-BLEU, for tests and benchmarks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from plugins.generation.distinctness import grams, overlap


def largest_overlap(texts: Sequence[str]) -> float:
    """Return the largest pairwise 3-gram overlap."""
    pairs = [(a, b) for i, a in enumerate(texts) for b in texts[i + 1 :]]
    return max((overlap(a, b) for a, b in pairs), default=0.0)


def distinct_2(texts: Sequence[str]) -> float:
    """Return the share of different bigrams among all bigrams of all texts."""
    found = [gram for text in texts for gram in grams(text, 2)]
    return len(set(found)) / len(found) if found else 1.0


def self_bleu(texts: Sequence[str], size: int = 4) -> float:
    """Return the mean BLEU of each text against the others (Zhu et al. 2018), uniform weights up to ``size``."""
    scores: list[float] = []
    for index, text in enumerate(texts):
        others = [*texts[:index], *texts[index + 1 :]]
        if not others:
            return 0.0
        logs = [_precision(text, others, n) for n in range(1, size + 1)]
        scores.append(math.exp(sum(logs) / size) if all(v > -math.inf for v in logs) else 0.0)
    return sum(scores) / len(scores) if scores else 0.0


def _precision(text: str, others: Sequence[str], size: int) -> float:
    own = Counter(grams(text, size))
    allowed: Counter[tuple[str, ...]] = Counter()
    for other in others:
        allowed |= Counter(grams(other, size))
    matched = sum(min(count, allowed[gram]) for gram, count in own.items())
    return math.log(matched / sum(own.values())) if matched and own else -math.inf
