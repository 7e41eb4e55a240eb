"""Names and rules for groups: what a marketer would call them, and two or three conditions that nearly give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.tree import DecisionTreeClassifier

from plugins.segmentation.segments import Rule, SegmentKey

if TYPE_CHECKING:
    from plugins.segmentation.clusters import Features

NOISE = "in no group"
TREE_SAMPLE = 20_000
_RECENCY = ("recent", "cooling", "long gone")
_ORDERS = ("one-time", "occasional", "regular", "frequent")
_SPEND = ("low spend", "medium spend", "high spend", "top spend")
Labels = NDArray[np.int64]


def describe_clusters(
    features: Features, labels: Labels, named: Labels | None = None
) -> tuple[list[SegmentKey], list[str]]:
    """Return the groups, highest typical spend first and noise last, and for each customer the key of theirs.

    Names and order come from the groups' medians (of ``named``, a reference grouping with the same labels, if given)
    against the whole; two groups that would share a name are numbered.
    """
    named = labels if named is None else named
    found = [int(label) for label in np.unique(labels) if label >= 0]
    ordered = sorted(found, key=lambda label: _place(features, named == label), reverse=True)
    names = _unique([_name(features, named == label) for label in ordered])
    keys: list[SegmentKey] = []
    for label, name in zip(ordered, names, strict=True):
        rule, precision, coverage = _rule(features, labels == label)
        words = f"the rule covers {coverage:.0%} of the group; {precision:.0%} of those it finds belong to it"
        keys.append(SegmentKey(name, name, rule, words))
    by_label = dict(zip(ordered, names, strict=True))
    if (labels < 0).any():
        keys.append(SegmentKey(NOISE, NOISE, None, "like no group: noise"))
        by_label[-1] = NOISE
    return keys, [by_label[max(int(label), -1)] for label in labels]


def _place(features: Features, chosen: Any) -> tuple[float, float]:
    return float(np.median(features.spend[chosen])), -float(np.median(features.recency[chosen]))


def _name(features: Features, chosen: Any) -> str:
    recency = float(np.median(features.recency[chosen]))
    orders = float(np.median(features.orders[chosen]))
    spend = float(np.median(features.spend[chosen]))
    third, two_thirds = np.quantile(features.recency, [0.4, 0.75])
    when = _RECENCY[int(recency > third) + int(recency > two_thirds)]
    often = _ORDERS[0 if orders < 1.5 else int(np.searchsorted([2.5, 6.5], orders)) + 1]
    cuts = np.quantile(features.spend, [0.35, 0.7, 0.93])
    return f"{when} {often}, {_SPEND[int(np.searchsorted(cuts, spend))]}"


def _unique(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _rule(features: Features, chosen: Any) -> tuple[Rule, float, float]:
    """Return at most three conditions that best pick the group out, with their precision and coverage."""
    rng = np.random.default_rng(0)
    size = len(features.ids)
    rows = np.arange(size) if size <= TREE_SAMPLE else np.sort(rng.choice(size, TREE_SAMPLE, replace=False))
    values = np.column_stack([features.recency, features.orders, features.spend])
    tree: Any = DecisionTreeClassifier(max_depth=3, min_samples_leaf=5, class_weight="balanced", random_state=0)
    tree.fit(values[rows], chosen[rows])
    best: tuple[float, dict[int, list[float]]] = (-1.0, {})
    for box in _boxes(tree.tree_):
        inside = _inside(values, box)
        hit = float((inside & chosen).sum())
        score = 2 * hit / max(float(inside.sum() + chosen.sum()), 1.0)
        best = max(best, (score, box), key=lambda found: found[0])
    inside = _inside(values, best[1])
    hit = float((inside & chosen).sum())
    return _conditions(best[1]), hit / max(float(inside.sum()), 1.0), hit / max(float(chosen.sum()), 1.0)


def _boxes(tree: Any) -> list[dict[int, list[float]]]:
    """Return the bounds {feature: [above, up to]} of every leaf and every inner node but the root."""
    boxes: list[dict[int, list[float]]] = []
    waiting: list[tuple[int, dict[int, list[float]]]] = [(0, {})]
    while waiting:
        node, box = waiting.pop()
        if box:
            boxes.append(box)
        if tree.children_left[node] < 0:
            continue
        feature, cut = int(tree.feature[node]), float(np.floor(tree.threshold[node]))
        low, high = box.get(feature, [-np.inf, np.inf])
        waiting.append((int(tree.children_left[node]), {**box, feature: [low, min(high, cut)]}))
        waiting.append((int(tree.children_right[node]), {**box, feature: [max(low, cut), high]}))
    return boxes or [{}]


def _inside(values: Any, box: dict[int, list[float]]) -> Any:
    inside = np.ones(len(values), dtype=bool)
    for feature, (low, high) in box.items():
        inside &= (values[:, feature] > low) & (values[:, feature] <= high)
    return inside


def _conditions(box: dict[int, list[float]]) -> Rule:
    names = {0: "last_purchase_days", 1: "orders_count", 2: "total_spend"}
    rule: Rule = []
    for feature in sorted(box):
        low, high = box[feature]
        scale = 100 if feature == 2 else 1
        if np.isfinite(low):
            rule.append({"field": names[feature], "op": "gt", "value": low / scale})
        if np.isfinite(high):
            rule.append({"field": names[feature], "op": "lte", "value": high / scale})
    return rule
