"""How much two texts share: what the writer keeps small when it chooses the messages of a set."""

from __future__ import annotations

import re

WORD = re.compile(r"[a-z0-9']+")


def grams(text: str, size: int) -> list[tuple[str, ...]]:
    """Return the word n-grams of a text, in order."""
    words = WORD.findall(re.sub(r"\{\{.*?\}\}", " ", text.lower()))
    return [tuple(words[i : i + size]) for i in range(len(words) - size + 1)]


def overlap(one: str, other: str, size: int = 3) -> float:
    """Return the Jaccard overlap of the n-grams of two texts, 0..1."""
    first, second = set(grams(one, size)), set(grams(other, size))
    return len(first & second) / len(first | second) if first | second else 0.0
