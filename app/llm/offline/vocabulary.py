"""The words the planner knows: those of its lexicon and of its training utterances, and everyday English."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from functools import lru_cache

from app.llm.offline import lexicon
from app.llm.offline.everyday import EVERYDAY

_LETTERS = re.compile(r"[a-z]{4,}")
_EXTRA = (
    "customers campaign campaigns audience segment segments variant variants subject lines message messages control holdout group experiment "
    "significance significant launch schedule export download results compare difference approved blocked rejected compliance "
    "compliant conversion click open rate purchase purchased bought ordered spent exclude excluding include including without "
    "remove target months weeks days years shorter longer simpler friendlier urgent discount sample size power baseline lift "
    "simulate winner variant baseline duration"
)


@lru_cache(maxsize=1)
def known_words() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return (every word that is right as it stands, the words a mistake may be repaired to)."""
    tables: list[str] = [*lexicon.CATEGORIES, *lexicon.LOYALTY_TIERS]
    for table in (lexicon.REGIONS, lexicon.COUNTRIES, lexicon.VALUE_TIERS, lexicon.LIFECYCLES, lexicon.GENDERS,
                  lexicon.CHANNELS, lexicon.TONES, lexicon.THEMES, lexicon.METRICS):  # fmt: skip
        tables.extend(table)
    words = {word for pattern in tables for word in _LETTERS.findall(_spelled_out(pattern))}
    targets = words | set(_EXTRA.split()) | _trained_words()
    return frozenset(targets | set(EVERYDAY) | _pattern_words()), tuple(
        sorted(word for word in targets if len(word) >= 4)
    )


def _pattern_words() -> set[str]:
    """Return the words of the trigger and refusal patterns: right as they stand, though nothing is repaired to them."""
    from app.llm.offline import attributes, frames, ramp, refusals, results_questions, sensitive

    patterns = [words for frame in frames.FRAMES.values() for _, words in frame]
    patterns += [words for _, words in (*refusals.UNSAFE, *sensitive.TERMS)]
    patterns += [*attributes.PATTERNS, *results_questions.PATTERNS, *ramp.PATTERNS]
    return {word for pattern in patterns for word in _LETTERS.findall(_spelled_out(pattern))}


def _spelled_out(pattern: str) -> str:
    """Write the common optional endings of a pattern as whole words."""
    text = re.sub(r"\(\?[!=<][^)]*\)", " ", pattern)
    text = re.sub(r"(\w*)\[(\w)(\w)\](\w*)", r"\1\2\4 \1\3\4", text)
    text = re.sub(
        r"(\w+)\(\?:([^()]*)\)\??", lambda m: " ".join([m[1], *(m[1] + end for end in m[2].split("|"))]), text
    )
    text = re.sub(r"(\w)(\w)\?", r"\1\2 ", text)
    return text.replace("[- ]", " ").replace("?", " ")


def _trained_words() -> frozenset[str]:
    from app.llm.offline.classifier import trained_words

    return trained_words()
