"""Typing mistakes: an unknown word becomes the known word it was meant to be, or stays as it is."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.llm.offline.vocabulary import known_words

_WORD = re.compile(r"(?<![\w'@#/.-])[a-z]{4,}(?![\w'@/-]|\.\w)")


def repair(text: str) -> str:
    """Repair the misspelt words of a lower-case text. Short words, names with digits, and quotes are left alone."""
    return _WORD.sub(lambda match: _repaired(match[0]), text)


_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er", "ers", "est", "y", "'s", "ness", "ful", "less", "able")


def _base_known(word: str, ending: str, plain: frozenset[str]) -> bool:
    base = word[: -len(ending)]
    return len(base) >= 3 and (
        base in plain
        or f"{base}e" in plain
        or f"{base}y" in plain
        or (len(base) > 3 and base[-1] == base[-2] and base[:-1] in plain)
    )


@lru_cache(maxsize=4096)
def _repaired(word: str) -> str:
    plain, targets = known_words()
    if word in plain or any(word.endswith(end) and _base_known(word, end, plain) for end in _ENDINGS):
        return word
    limit = 1 if len(word) < 8 else 2
    found = process.extract(word, targets, scorer=OSA.distance, score_cutoff=limit, limit=3)
    found = [hit for hit in found if hit[0][0] == word[0] or sorted(hit[0][:2]) == sorted(word[:2]) or len(word) > 6]
    found = [hit for hit in found if len(word) > 4 or sorted(hit[0]) == sorted(word)]
    if not found:
        return word
    return min(found, key=lambda hit: (hit[1], hit[0][0] != word[0], abs(len(hit[0]) - len(word)), hit[0]))[0]
