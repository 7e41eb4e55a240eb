"""Fit the weights of ``plugins/safety/leaning.py`` to the labelled corpus, and say how well they do on texts left out.

    python tests/fitting/leaning.py            (what ``make leaning`` runs; a minute)

Stopped texts count when their harm is in what they say; a card number or a link is seen by its shape. The texts that
pass are the corpus's, the sentences of the approved sample content, and the copy that the tests of grounding call true
to its sources: ordinary copy by other authors. Writes ``data/policy/leaning.yaml``: read the
difference.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import diags
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from plugins.safety.folding import fold, tokenise
from plugins.safety.leaning import lean, terms
from plugins.safety.policy import Leaning

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "tests" / "unit" / "safety" / "corpus"
CONTENT = ROOT / "data" / "sample" / "content"
GROUNDED = ROOT / "tests" / "unit" / "grounding"
PIECES = re.compile(r"(?<=[.!?])\s|\n(?:\s*[\w.]+:)?\s*(?:-\s)?")
"""The sentences and the single lines of a page: a subject line is copy by itself."""
FEWEST_WORDS = 3
SOURCE_MARK = re.compile(r"\s?\[[\w-]+\]")
TARGET = ROOT / "data" / "policy" / "leaning.yaml"
SAID = frozenset({
    "hate", "harass", "harassment", "violence", "self_harm", "sexual", "inference", "implied_harm", "claims",
    "unproven_claim", "legal", "urgency", "false_urgency", "deceptive", "brand",
})  # fmt: skip
HOLD_AT = 0.8
SEEN_AT_LEAST = 2
STRENGTH = 14.0
"""How closely the weights follow the corpus (the inverse of the regularisation)."""
FOLDS = 10
SMALLEST = 0.02
HEAD = f"""# Made by `make leaning` from the labelled corpus; do not edit. What it is: plugins/safety/leaning.py.
leaning:
  hold_at: {HOLD_AT}
"""


def words(text: str) -> list[str]:
    """Return the words as screening reads them."""
    return list(tokenise(fold(text)).words)


def corpus() -> Iterator[tuple[list[str], int]]:
    """Yield (words, 1 for a text that must be stopped)."""
    for file in sorted(CORPUS.glob("*.tsv")):
        stopped = file.stem.endswith("block")
        for line in file.read_text(encoding="utf-8").splitlines():
            kind, _, text = line.split("\t", 2)
            if "\\u" not in text.lower() and (kind in SAID or not stopped):
                yield words(text.replace("\\n", "\n")), int(stopped)
    for page in sorted(CONTENT.rglob("*.md")):
        for sentence in PIECES.split(page.read_text(encoding="utf-8")):
            said = words(sentence.strip("#*- \n\"'"))
            if len(said) >= FEWEST_WORDS:
                yield said, 0
    for file in sorted(GROUNDED.glob("cases_*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case["grounded"]:
                yield words(SOURCE_MARK.sub("", case["copy"])), 0


def fitted(texts: list[list[str]], labels: list[int]) -> Leaning:
    """Return the weights for these texts: presence of terms seen twice, each text scaled by all of its terms."""
    analyzer: Any = lambda said: list(terms(said))  # noqa: E731 - a function is what the vectorizer takes
    vectorizer: Any = CountVectorizer(analyzer=analyzer, binary=True, min_df=SEEN_AT_LEAST)
    sizes = np.array([max(1, len(set(terms(said)))) for said in texts])
    seen = diags(1 / np.sqrt(sizes)) @ vectorizer.fit_transform(texts).astype(float)
    estimator = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000).fit(seen, labels)
    pairs = zip(vectorizer.get_feature_names_out(), estimator.coef_[0], strict=True)
    weights = {str(name): round(float(weight), 2) for name, weight in pairs if abs(weight) >= SMALLEST}
    return Leaning(bias=round(float(estimator.intercept_[0]), 3), hold_at=HOLD_AT, weights=weights)


def left_out(texts: list[list[str]], labels: list[int]) -> tuple[float, float]:
    """Return the shares held of what must be stopped and of what may pass, each text judged by weights without it."""
    held = {0: 0, 1: 0}
    for learn, check in StratifiedKFold(FOLDS, shuffle=True, random_state=7).split(texts, labels):
        leaning = fitted([texts[i] for i in learn], [labels[i] for i in learn])
        for i in check:
            held[labels[i]] += lean(texts[i], leaning) > HOLD_AT
    return held[1] / sum(labels), held[0] / (len(labels) - sum(labels))


def main() -> int:
    """Fit, write and report."""
    pairs = list(corpus())
    texts, labels = [said for said, _ in pairs], [label for _, label in pairs]
    leaning = fitted(texts, labels)
    lines = [f"    {json.dumps(term)}: {weight}" for term, weight in sorted(leaning.weights.items())]
    TARGET.write_text(f"{HEAD}  bias: {leaning.bias}\n  weights:\n" + "\n".join(lines) + "\n", encoding="utf-8")
    stopped, passed = left_out(texts, labels)
    print(f"{sum(labels)} stopped, {len(labels) - sum(labels)} passing, {len(lines)} weights")
    print(f"left out: held {stopped:.1%} of what must be stopped, {passed:.1%} of what may pass")
    return 0


if __name__ == "__main__":
    sys.exit(main())
