"""The intent classifier: a logistic regression whose matrix was made by ``app.llm.offline.train``; numpy only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from app.llm.offline.vectoriser import weigh

MATRIX = "classifier.npz"


@dataclass(frozen=True)
class Model:
    """``weights`` is (intents, features + 1), the last column the intercept; ``corpus`` the hash of what it learnt."""

    intents: tuple[str, ...]
    index: dict[str, int]
    idf: tuple[float, ...]
    weights: npt.NDArray[np.float32]
    words: tuple[str, ...]
    corpus: str


@lru_cache(maxsize=1)
def model() -> Model | None:
    """Read the matrix that lies beside this module; None before it was trained."""
    source = files("app.llm.offline").joinpath(MATRIX)
    if not source.is_file():
        return None
    with source.open("rb") as opened, np.load(opened, allow_pickle=False) as data:
        vocabulary = str(data["vocabulary"]).split("\n")
        return Model(
            intents=tuple(str(data["intents"]).split("\n")),
            index={feature: column for column, feature in enumerate(vocabulary)},
            idf=tuple(float(value) for value in data["idf"]),
            weights=data["weights"].astype(np.float32),
            words=tuple(str(data["words"]).split("\n")),
            corpus=str(data["corpus"]),
        )


@lru_cache(maxsize=1)
def trained_words() -> frozenset[str]:
    """Return the words of the training sentences, for the repair of typing mistakes."""
    known = model()
    return frozenset(known.words if known else ())


@lru_cache(maxsize=2048)
def probabilities(shape: str) -> Mapping[str, float]:
    """Return the probability of every intent for a delexicalised text."""
    known = model()
    if known is None:
        return MappingProxyType({})
    columns, values = weigh(shape, known.index, known.idf)
    scores = known.weights[:, -1] + known.weights[:, columns] @ np.asarray(values, dtype=np.float32)
    odds = np.exp(scores - scores.max())
    shares = odds / odds.sum()
    return MappingProxyType({intent: float(share) for intent, share in zip(known.intents, shares, strict=True)})
