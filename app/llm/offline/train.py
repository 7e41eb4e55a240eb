"""Rebuild the classifier from the shipped sentences: ``python -m app.llm.offline.train``. Needs scikit-learn."""

from __future__ import annotations

import hashlib
import re
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import numpy as np
import yaml

from app.llm.offline.classifier import MATRIX
from app.llm.offline.reading import read
from app.llm.offline.vectoriser import fit, weigh

REFERENCE_DAY = date(2026, 6, 15)
SHARPNESS = 12.0
"""Inverse strength of the regularisation; chosen by cross-validation on the shipped sentences."""


def corpus() -> list[tuple[str, str]]:
    """Return (intent, sentence) pairs in the order of the file."""
    loaded = yaml.safe_load(files("app.llm.offline").joinpath("utterances.yaml").read_text(encoding="utf-8"))
    return [
        (intent, line.strip()) for intent, lines in loaded.items() for line in str(lines).splitlines() if line.strip()
    ]


def shapes() -> list[tuple[str, str]]:
    """Return (intent, delexicalised sentence) pairs: what the classifier learns from."""
    return [(intent, read(sentence, REFERENCE_DAY).shape) for intent, sentence in corpus()]


def corpus_hash() -> str:
    """Return the SHA-256 of the sentences, by which a test sees whether the matrix is in step."""
    return hashlib.sha256("\n".join(f"{intent}\t{sentence}" for intent, sentence in corpus()).encode()).hexdigest()


def train() -> dict[str, np.ndarray]:
    """Fit the model; return the arrays of the file."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    pairs = shapes()
    texts = [shape for _, shape in pairs]
    vocabulary, idf = fit(texts)
    index = {feature: column for column, feature in enumerate(vocabulary)}
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        found, weights = weigh(text, index, idf)
        rows += [row] * len(found)
        columns += found
        values += weights
    matrix = csr_matrix((values, (rows, columns)), shape=(len(texts), len(vocabulary)))
    fitted = LogisticRegression(C=SHARPNESS, max_iter=2000).fit(matrix, [intent for intent, _ in pairs])
    words = sorted({word for _, sentence in corpus() for word in re.findall(r"[a-z]{4,}", sentence.lower())})
    return {
        "intents": np.array("\n".join(fitted.classes_)),
        "vocabulary": np.array("\n".join(vocabulary)),
        "idf": np.asarray(idf, dtype=np.float32),
        "weights": np.hstack([fitted.coef_, fitted.intercept_[:, None]]).astype(np.float16),
        "words": np.array("\n".join(words)),
        "corpus": np.array(corpus_hash()),
    }


def main() -> int:
    """Write the matrix beside this module."""
    target = Path(__file__).with_name(MATRIX)
    arrays = train()
    np.savez_compressed(target, **arrays)  # pyright: ignore[reportArgumentType]
    sys.stdout.write(f"{target.name}: {target.stat().st_size} bytes from {len(corpus())} sentences\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
