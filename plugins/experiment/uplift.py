"""Who should not be mailed: a ranking learned on one half of the people and judged on the other.

A T-learner (one model per arm) ranks by predicted extra response. In-sample rankings always look good, even with
shuffled arms, so every figure here is of people the model has not seen, and it counts only if its interval is above 0.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from plugins.experiment.source import Columns, Source, quoted
from plugins.experiment.study import Study

Floats = NDArray[np.float64]
TOP_SHARE = 0.2
FACT_OF = {
    "conversion_rate": "converted", "revenue_per_recipient": "revenue", "click_rate": "clicked", "open_rate": "opened",
    "unsubscribe_rate": "unsubscribed",
}  # fmt: skip
LEAST_PER_ARM = 200


def uplift_body(path: Path, study: Study, metric: str, attributes: Sequence[str]) -> dict[str, Any]:
    """Return what a ranking of people is worth on people it was not learned from, per variant."""
    outcome = FACT_OF.get(metric, metric)
    table = _read(path, outcome, attributes)
    return {
        "metric": metric, "question": "whom the campaign moves", "association_only": True,
        "split": "a repeatable random half learns, the other half is ranked",
        "variants": [_variant(table, study.control, arm) for arm in study.variants],
    }  # fmt: skip


def _read(path: Path, outcome: str, attributes: Sequence[str]) -> dict[str, Any]:
    source = Source(path, Columns("arm", (outcome,), by=tuple(attributes)), None)
    chosen = ", ".join(f"{quoted(a)}::VARCHAR AS {quoted(a)}" for a in attributes)
    query = (
        f'SELECT "arm"::VARCHAR AS arm, {source.expression(outcome)} AS y, {chosen} FROM people WHERE "arm" IS NOT NULL'
    )
    found = source.db.execute(query).fetchnumpy()
    y = np.nan_to_num(np.asarray(np.ma.filled(found["y"], 0.0), dtype=float))
    arm = np.asarray(np.ma.filled(found["arm"], ""), dtype=object)
    x, names = one_hot({a: np.asarray(np.ma.filled(found[a], ""), dtype=object) for a in attributes})
    return {"arm": arm, "y": y, "x": x, "names": names}


def one_hot(columns: Mapping[str, NDArray[Any]]) -> tuple[Floats, list[tuple[str, str]]]:
    """Return indicator columns of the 12 commonest levels of each attribute, and each one's (attribute, level)."""
    made: list[Floats] = []
    names: list[tuple[str, str]] = []
    for attribute, column in columns.items():
        text = column.astype(str)
        levels, counts = np.unique(text, return_counts=True)
        for level in levels[np.argsort(-counts, kind="stable")][:12]:
            made.append((text == level).astype(float))
            names.append((attribute, str(level)))
    return (np.column_stack(made) if made else np.zeros((0, 0))), names


def _half(n: int) -> NDArray[np.bool_]:
    """Return a repeatable half of the rows."""
    seed = int.from_bytes(hashlib.sha256(f"uplift:{n}".encode()).digest()[:8], "big")
    return np.random.default_rng(seed).random(n) < 0.5


def _variant(table: dict[str, Any], control: str, arm: str) -> dict[str, Any]:
    chosen = (table["arm"] == arm) | (table["arm"] == control)
    x, y = table["x"][chosen], table["y"][chosen]
    treated = table["arm"][chosen] == arm
    learn = _half(int(chosen.sum()))
    smallest = min(int((learn & treated).sum()), int((learn & ~treated).sum()))
    if smallest < LEAST_PER_ARM or x.shape[1] == 0:
        return {"arm": arm, "found": False, "words": f"Too few people in {arm} to learn whom it moves."}
    score = _t_learner(x, y, treated, learn)
    held = ~learn
    judged = held_out(score[held], y[held], treated[held])
    last = _who_is_last(x[held], score[held], table["names"])
    who = ", ".join(f"{row['attribute'].replace('_', ' ')} {row['level']}" for row in last)
    if judged["leave_out_bottom"] and who:
        judged["words"] += f" More common there than elsewhere: {who}."
    return {"arm": arm, **judged, "bottom_has_more_of": last}


def _who_is_last(x: Floats, score: Floats, names: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return up to three levels that are commoner in the bottom fifth than among the others, by ten points or more.

    A description of the ranking, not a finding about the levels.
    """
    order = ranked(score)
    k = max(1, int(len(order) * TOP_SHARE))
    bottom, others = x[order[-k:]].mean(axis=0), x[order[:-k]].mean(axis=0)
    chosen = [int(i) for i in np.argsort(others - bottom, kind="stable")[:3] if bottom[i] - others[i] >= 0.1]
    return [
        {"attribute": names[i][0], "level": names[i][1], "share_in_bottom": float(bottom[i]),
         "share_elsewhere": float(others[i])}
        for i in chosen
    ]  # fmt: skip


def _t_learner(x: Floats, y: Floats, treated: NDArray[np.bool_], learn: NDArray[np.bool_]) -> Floats:
    """Return the predicted extra response of everybody: ridge regressions on the indicators, one per arm."""
    from sklearn.linear_model import Ridge

    predicted = []
    for side in (treated, ~treated):
        model: Any = Ridge(alpha=10.0).fit(x[learn & side], y[learn & side])
        predicted.append(np.asarray(model.predict(x), dtype=float))
    return predicted[0] - predicted[1]


def held_out(score: Floats, y: Floats, treated: NDArray[np.bool_]) -> dict[str, Any]:
    """Judge a ranking on people it was not learned from: top fifth against the rest, Qini, and the harmed end."""
    order = ranked(score)
    k = max(1, int(len(order) * TOP_SHARE))
    top, rest = order[:k], order[k:]
    gap, se = _gap(top, rest, y, treated)
    low, high = gap - 1.959964 * se, gap + 1.959964 * se
    others, bottom = order[:-k], order[-k:]
    worst, worst_se = _effect(bottom, y, treated)
    less, less_se = _gap(others, bottom, y, treated)
    gains_less = bool(math.isfinite(less) and less - 1.959964 * less_se > 0.0)
    found = bool(math.isfinite(low) and low > 0.0)
    harmed = bool(math.isfinite(worst) and worst + 1.959964 * worst_se < 0.0)
    if not found and not gains_less:
        words = "No ranking of people was found that holds up on people it was not learned from; mail all or none."
    elif not found:
        words = "The top fifth is not shown to respond more than the rest."
    else:
        words = f"The top fifth responds more to it than the rest (held out: {gap:+.4f}, {low:+.4f} to {high:+.4f})."
    if gains_less and not harmed:
        words += f" The bottom fifth gains less than the others (held out: {less:.4f} per person less)."
    if harmed:
        words += f" The bottom fifth did worse when mailed ({worst:+.4f} per person); consider leaving it out."
    return {
        "found": found, "people_held_out": len(order), "top_share": TOP_SHARE, "top_minus_rest": _number(gap),
        "top_minus_rest_ci": [_number(low), _number(high)], "bottom_effect": _number(worst),
        "rest_minus_bottom": _number(less),
        "rest_minus_bottom_ci": [_number(less - 1.959964 * less_se), _number(less + 1.959964 * less_se)],
        "leave_out_bottom": harmed, "qini": qini(score, y, treated), "words": words,
    }  # fmt: skip


def ranked(score: Floats) -> NDArray[np.int64]:
    """Return the order of falling scores; equal ones in a repeatable shuffle, for rows often come sorted by arm."""
    return np.lexsort((np.random.default_rng(len(score)).random(len(score)), -score))


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _effect(index: NDArray[np.int64], y: Floats, treated: NDArray[np.bool_]) -> tuple[float, float]:
    a, b = y[index][treated[index]], y[index][~treated[index]]
    if min(len(a), len(b)) < 2:
        return math.nan, math.nan
    return float(a.mean() - b.mean()), math.sqrt(float(a.var(ddof=1)) / len(a) + float(b.var(ddof=1)) / len(b))


def _gap(top: NDArray[np.int64], rest: NDArray[np.int64], y: Floats, treated: NDArray[np.bool_]) -> tuple[float, float]:
    (a, sa), (b, sb) = _effect(top, y, treated), _effect(rest, y, treated)
    return a - b, math.hypot(sa, sb)


def qini(score: Floats, y: Floats, treated: NDArray[np.bool_]) -> float | None:
    """Return the Qini coefficient: area between the ranking's incremental-response curve and a random one, per person.

    Zero for a ranking that knows nothing (Radcliffe 2007).
    """
    order = ranked(score)
    t, values = treated[order].astype(float), y[order]
    n_t, n_c = np.cumsum(t), np.cumsum(1.0 - t)
    if n_t[-1] == 0 or n_c[-1] == 0:
        return None
    gained_t, gained_c = np.cumsum(values * t), np.cumsum(values * (1.0 - t))
    curve = gained_t - gained_c * np.divide(n_t, n_c, out=np.zeros_like(n_t), where=n_c > 0)
    n = len(order)
    line = curve[-1] * np.arange(1, n + 1) / n
    return float((curve - line).mean() / n)
