"""How customers are to be divided: the method a message names, and into how many groups."""

from __future__ import annotations

import re
from typing import Any

_METHODS = (
    ("hdbscan", "hdbscan"),
    ("dbscan", "dbscan"),
    ("hierarch", "hierarchical"),
    ("k-means", "kmeans"),
    ("kmeans", "kmeans"),
    ("cluster", "kmeans"),
    ("rfm", "rfm"),
)
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_GROUPS = re.compile(
    rf"\b(?:(?P<count>\d{{1,3}}|{'|'.join(_WORDS)}) (?:\w+ ){{0,2}}?(?:groups?|segments?|clusters?|buckets?|parts)"
    r"|k ?= ?(?P<k>\d{1,3}))\b"
)


def division(text: str) -> dict[str, Any]:
    """Return the ``method`` and, where a number of groups is said, ``k``: only clusters come in a chosen number."""
    named = next((method for words, method in _METHODS if words in text), None)
    found = _GROUPS.search(text)
    if found is None:
        return {"method": named or "rfm"}
    said = found["count"] or found["k"]
    return {"method": named or "kmeans", "k": _WORDS.index(said) + 2 if said in _WORDS else int(said)}
