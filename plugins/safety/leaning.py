"""How a text leans as a whole: its words and pairs of words, weighed against what had to be stopped before.

A linear score (logistic regression over the words a stretch of text holds) that sees what no single phrase shows. The
weights are data, ``data/policy/leaning.yaml``, fitted to the labelled corpus by ``make leaning``. A text that leans
too far is held for a reader and never blocked by this alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from plugins.safety.phrases import COMMON
from plugins.safety.policy import Leaning
from plugins.safety.reading import Mark, Reading

STRETCH, STEP = 40, 20
"""Words that are weighed together, and how far the next stretch begins: harm in a long text is not diluted."""
NUMBER, END = "0", "."
RULE = "judge.leaning"


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield one mark for copy that leans further than the policy lets pass."""
    leaning = reading.policy.leaning
    if leaning is not None and reading.outbound and lean(reading.words.words, leaning) > leaning.hold_at:
        yield Mark(RULE)


def lean(words: Sequence[str], leaning: Leaning) -> float:
    """Return the estimated chance (0 to 1) that the worst stretch of a text must be stopped."""
    weights = leaning.weights
    worst = -math.inf
    for stretch in stretches(words):
        said = set(terms(stretch))
        if said:
            weight = sum(weights[term] for term in said if term in weights)
            worst = max(worst, leaning.bias + weight / math.sqrt(len(said)))
    return 1 / (1 + math.exp(-worst)) if worst > -math.inf else 0.0


def terms(words: Sequence[str]) -> Iterator[str]:
    """Yield the words that say something and the pairs of neighbours in a sentence; every number is the same word.

    A word such as "you" or "this" says nothing by itself: alone it would only tell a chatty text from a sober one.
    """
    plain = [NUMBER if word.isdigit() else word for word in words]
    yield from (word for word in plain if word != END and word not in COMMON)
    for first, second in pairwise(plain):
        if END not in (first, second):
            yield f"{first} {second}"


def stretches(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a long text into overlapping stretches; a short one stays whole."""
    if len(words) <= STRETCH + STEP:
        yield words
        return
    for start in range(0, len(words) - STEP, STEP):
        yield words[start : start + STRETCH]
