"""Text to sparse TF-IDF weights: words, pairs of words, and letter groups inside words. Own and small."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

_TOKEN = re.compile(r"[a-z_]+_|[a-z]+'?[a-z]*|\d+")
LETTERS = (3, 4)


def features(text: str) -> Counter[str]:
    """Return the counted features of a text: ``w:`` words, ``p:`` pairs, ``l:`` letter groups, ``^`` the first word."""
    words = _TOKEN.findall(text.lower())
    out: Counter[str] = Counter(f"w:{word}" for word in words)
    out.update(f"p:{a} {b}" for a, b in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        if not word.endswith("_"):
            padded = f" {word} "
            out.update(f"l:{padded[i : i + n]}" for n in LETTERS for i in range(len(padded) - n + 1))
    return out


def fit(texts: Sequence[str], *, at_least: int = 2) -> tuple[list[str], list[float]]:
    """Return the vocabulary (features in ``at_least`` texts, sorted) and the inverse document frequencies."""
    seen: Counter[str] = Counter(feature for text in texts for feature in features(text))
    documents: Counter[str] = Counter(feature for text in texts for feature in set(features(text)))
    vocabulary = sorted(feature for feature in seen if documents[feature] >= at_least)
    return vocabulary, [math.log((1 + len(texts)) / (1 + documents[feature])) + 1 for feature in vocabulary]


def weigh(text: str, index: dict[str, int], idf: Sequence[float]) -> tuple[list[int], list[float]]:
    """Return (columns, weights) of a text, with length one in each family of features."""
    weights: dict[int, float] = {}
    norms: dict[str, float] = {}
    counted = [(feature, count) for feature, count in features(text).items() if feature in index]
    for feature, count in counted:
        value = (1 + math.log(count)) * float(idf[index[feature]])
        weights[index[feature]] = value
        family = "l" if feature[0] == "l" else "w"
        norms[family] = norms.get(family, 0.0) + value * value
    columns = sorted(weights)
    family_of = {index[feature]: "l" if feature[0] == "l" else "w" for feature, _ in counted}
    return columns, [weights[column] / math.sqrt(norms[family_of[column]]) for column in columns]
