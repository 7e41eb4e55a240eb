"""Segments learnt from hand-made labels: a small classifier that says how good it is, on customers it had not seen.

Multinomial logistic regression on log recency, log orders, log spend, log average order value and their squares, each
scaled. Accuracy is the macro-F1 on held-out customers of a stratified cross-validation, with a 95 % interval from
resampling them; the calibration compares stated confidence with the share that was right, on the same customers.
Beside it stands what no classifier on these features can be expected to beat: the bound on the smallest possible error
that follows from the error of the nearest neighbour (Cover and Hart, 1967, equation 10; exact for many labels only).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from app.domain.errors import UserFixable
from plugins.segmentation.clusters import Features, read_features
from plugins.segmentation.segments import Segmentation, SegmentKey, profile_segments
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

FEWEST_LABELS = 5
"""Labelled customers each segment needs, so that some can be held out."""
FOLDS = 5
RESAMPLES = 400
BINS = (0.0, 0.5, 0.7, 0.9, 1.0)
Floats = NDArray[np.float64]


def segment_by_labels(shop: LoadedShop, labels: Mapping[str, str], *, seed: int = 7) -> Segmentation:
    """Learn from {customer_id: segment} and put everybody with an order into one of those segments."""
    features = read_features(shop)
    points = _points(features)
    known = np.array([i for i, customer in enumerate(features.ids.tolist()) if customer in labels], dtype=np.int64)
    given = np.array([labels[customer] for customer in features.ids[known].tolist()])
    _check(given)
    held_out, confidence = _cross_validated(points[known], given, seed)
    model = _model().fit(points[known], given)
    probabilities = np.asarray(model.predict_proba(points))
    classes = [str(name) for name in model.classes_]
    predicted = np.array(classes)[probabilities.argmax(axis=1)]
    predicted[known] = given
    best = probabilities.max(axis=1)
    keys = [
        SegmentKey(name, name, extra={"mean_confidence": round(float(best[predicted == name].mean()), 3)})
        for name in sorted(classes)
        if (predicted == name).any()
    ]
    table = shop.engine.keep(features.ids, predicted.tolist())
    return profile_segments(
        shop,
        Sql(f"SELECT customer_id, segment FROM {table}"),
        keys,
        method="labelled",
        definition={
            "model": "multinomial logistic regression on log recency, orders, spend, order value and squares",
            "labelled_customers": len(known),
            "macro_f1": round(_macro_f1(given, held_out), 3),
            "macro_f1_interval": _interval(given, held_out, seed),
            "accuracy": round(float((held_out == given).mean()), 3),
            "accuracy_ceiling": round(ceiling(points[known], given), 3),
            "measured_by": f"{FOLDS}-fold cross-validation on the labelled customers",
            "calibration": _calibration(confidence, held_out == given),
            "seed": seed,
        },
    )


def _points(features: Features) -> Floats:
    average = np.log(np.maximum(features.spend / np.maximum(features.orders, 1), 1))
    logs = np.column_stack([features.scaled, (average - average.mean()) / (average.std() or 1.0)])
    return np.column_stack([logs, logs**2])


def _model() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=10.0, max_iter=2000))


def _check(given: NDArray[Any]) -> None:
    names, counts = np.unique(given, return_counts=True)
    if len(names) < 2:
        raise UserFixable("Labels name fewer than two segments.", hint="Label customers of at least two segments.")
    few = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count < FEWEST_LABELS]
    if few:
        raise UserFixable(
            f"Too few labelled customers with orders: {', '.join(few)}.",
            hint=f"Label at least {FEWEST_LABELS} customers of each segment.",
        )


def _cross_validated(points: Floats, given: NDArray[Any], seed: int) -> tuple[NDArray[Any], Floats]:
    """Return for each labelled customer the segment and the confidence given by a model that had not seen them."""
    predicted = np.empty_like(given)
    confidence = np.zeros(len(given))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(points, given):
        model = _model().fit(points[train], given[train])
        probabilities = np.asarray(model.predict_proba(points[test]))
        predicted[test] = model.classes_[probabilities.argmax(axis=1)]
        confidence[test] = probabilities.max(axis=1)
    return predicted, confidence


def ceiling(points: Floats, given: NDArray[Any]) -> float:
    """Return the largest accuracy that the error of the nearest other labelled customer leaves possible."""
    scaled = StandardScaler().fit_transform(points)
    near = NearestNeighbors(n_neighbors=2).fit(scaled).kneighbors(scaled, return_distance=False)
    rows = np.arange(len(given))
    other = np.where(near[:, 0] == rows, near[:, 1], near[:, 0])
    wrong = float((given[other] != given).mean())
    spare = 1.0 - 1.0 / len(np.unique(given))
    return 1.0 - spare * (1.0 - float(np.sqrt(max(0.0, 1.0 - wrong / spare))))


def _interval(given: NDArray[Any], predicted: NDArray[Any], seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    scores: list[float] = []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, len(given), len(given))
        scores.append(_macro_f1(given[drawn], predicted[drawn]))
    return [round(float(value), 3) for value in np.quantile(scores, [0.025, 0.975])]


def _macro_f1(given: NDArray[Any], predicted: NDArray[Any]) -> float:
    """Return the mean over the given segments of 2 hits / (given + predicted)."""
    scores = [
        2
        * float(((given == name) & (predicted == name)).sum())
        / float((given == name).sum() + (predicted == name).sum())
        for name in np.unique(given)
    ]
    return float(np.mean(scores))


def _calibration(confidence: Floats, right: NDArray[np.bool_]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for low, high in pairwise(BINS):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            rows.append(
                {
                    "confidence": f"{low:g}-{high:g}",
                    "customers": int(inside.sum()),
                    "stated": round(float(confidence[inside].mean()), 3),
                    "right": round(float(right[inside].mean()), 3),
                }
            )
    return rows
