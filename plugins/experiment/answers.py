"""Follow-up questions, answered from stored readouts only: which rows, in which words, under which calculation id."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.audience import FIELD_ALIASES
from app.domain.entities import derived_id
from app.domain.errors import Refused
from plugins.experiment.campaign_readout import pair_row
from plugins.experiment.effect import Interval, p_from_z, z_quantile
from plugins.experiment.words import interval_words, percent, points

Body = Mapping[str, Any]
MOST_ROWS = 20
STORED = {"revenue": "revenue_per_recipient", "avg_order_value": "revenue_per_recipient"}
"""Metrics that are answered from another one's figures."""

_KEPT = (
    "arm", "versus", "outcome", "role", "n", "n_control", "value", "control_value", "difference", "difference_ci",
    "lift", "lift_ci", "p", "p_text", "p_adjusted", "p_adjusted_text", "adjustment", "significant", "method", "badges",
    "words", "simulated",
)  # fmt: skip


def metric_of(body: Body, metric: str | None) -> str:
    """Return the stored name of the metric asked for, the primary one if none was; Refused lists what is stored."""
    wanted = str(body["primary"]) if metric is None else STORED.get(metric, metric)
    known = list(dict.fromkeys(row["outcome"] for row in [*body["comparisons"], *body.get("between", [])]))
    if wanted not in known:
        raise Refused(
            f"No {wanted} was measured in this campaign.", code="no_such_metric", field="metric", allowed=known
        )
    return wanted


def row_for_chat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a comparison that a chat answer needs."""
    return {k: row[k] for k in _KEPT if k in row}


def results(body: Body, metric: str) -> list[dict[str, Any]]:
    """Return the comparisons on a metric: against the control, else between the messages."""
    rows = [r for r in body["comparisons"] if r["outcome"] == metric]
    if not rows:
        rows = [r for r in body.get("between", []) if r["outcome"] == metric]
    return [row_for_chat(r) for r in rows[:MOST_ROWS]]


def results_data(body: Body, metric: str) -> dict[str, Any]:
    """Return what a chat answer about results holds."""
    decision = body["decision"]
    return {
        "metric": metric, "primary_metric": body["primary"], "arms": arm_rows(body, metric),
        "comparisons": results(body, metric), "winner": decision["winner"], "reason": decision["reason"],
        "tied": decision["tied"], "losers": decision["losers"], "srm_p": body["srm"]["p"], "srm": body["srm"]["words"],
        "expected_loss": body["expected_loss"], "caveats": body["caveats"], "calculation_id": body["calculation_id"],
    }  # fmt: skip


def headline(body: Body, metric: str) -> str:
    """Return the sentence of the winner, else of the highest estimate, on a metric."""
    row = best_row(body, metric) or next(iter(results(body, metric)), None)
    return "" if row is None else str(row.get("words", ""))


def arm_rows(body: Body, metric: str) -> list[dict[str, Any]]:
    """Return each arm's figures on a metric, with counts and named denominators where they are stored."""
    funnels = {row["arm"]: row for row in body.get("metrics", [])}
    rows: list[dict[str, Any]] = []
    for arm in body["arms"]:
        figures = arm["outcomes"].get(metric, {})
        row = {"arm": arm["name"], "n": arm["n"], "is_control": arm["is_control"], **figures}
        row |= {k: v for k, v in funnels.get(arm["name"], {}).items() if k not in ("arm", "note") and v is not None}
        rows.append(row)
    return rows[:MOST_ROWS]


def breakdown_of(body: Body, by: str) -> dict[str, Any]:
    """Return the stored breakdown by an attribute; Refused lists the attributes there are."""
    wanted = by.strip().lower().replace(" ", "_").replace("-", "_")
    found = {part["by"]: part for part in body["breakdowns"]}
    name = _attribute_named(wanted, list(found))
    if name is None:
        there = f"They can be split by {', '.join(found)}." if found else "No attribute is stored with them."
        raise Refused(
            f"The results are not broken down by {by!r}. {there}", code="no_breakdown", field="by", allowed=list(found)
        )
    part = found[name]
    kept, left_out = _largest_levels(part["levels"])
    words = part["words"]
    if left_out:
        words += f" Shown are the {len({row['level'] for row in kept})} largest of its values (left out: {left_out})."
    return {**part, "levels": kept, "levels_left_out": left_out, "words": words}


def _largest_levels(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], int]:
    """Return the rows of the levels with most people, whole levels only, and how many levels are left out."""
    people: dict[str, int] = {}
    for row in rows:
        people[row["level"]] = max(people.get(row["level"], 0), row["n"] + row["n_control"])
    per_level = max((sum(row["level"] == level for row in rows) for level in people), default=1)
    fits = max(1, MOST_ROWS // per_level)
    largest = set(sorted(people, key=lambda level: (-people[level], level))[:fits])
    return [row for row in rows if row["level"] in largest], len(people) - len(largest)


def _attribute_named(wanted: str, known: Sequence[str]) -> str | None:
    """Return the stored attribute that is meant: by its name, its other name, or its name in the singular."""
    canonical = FIELD_ALIASES.get(wanted, wanted)
    for name in known:
        spellings = {name.lower(), FIELD_ALIASES.get(name, name), name.lower().removeprefix("by_")}
        bare = {spelling.replace("_", "") for spelling in spellings}
        if canonical in spellings or {wanted.replace("_", ""), wanted.replace("_", "").removesuffix("s")} & bare:
            return name
    return None


def did_worse(drivers: Body, arm: str | None, alpha: float) -> list[dict[str, Any]]:
    """Return the levels where an arm did worse than the control: of attributes shown to change its effect only."""
    fewer_is_worse = not drivers.get("lower_is_better", False)
    return [
        dict(row)
        for row in drivers["attributes"]
        if (arm is None or row["arm"] == arm)
        and row["p_adjusted"] is not None and row["p_adjusted"] < alpha
        and (row["ci"][1] < 0 if fewer_is_worse else row["ci"][0] > 0)
    ][:MOST_ROWS]  # fmt: skip


def pair(body: Body, arm: str, versus: str, metric: str) -> dict[str, Any]:
    """Return the stored comparison of two arms, the right way round. Refused if it is not stored."""
    found = pair_row(body, arm, versus, metric)
    if found is None:
        arms = [a["name"] for a in body["arms"]]
        raise Refused(f"{arm} and {versus} were not compared on {metric}.", code="not_compared", allowed=arms)
    row, turned = found
    return row_for_chat(_turned(row) if turned else row)


def _turned(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison seen from the other arm. The lift has another denominator and is computed anew."""
    ci, value, other = row["difference_ci"], row["value"], row["control_value"]
    turned = {
        **row, "arm": row["versus"], "versus": row["arm"], "control": row["arm"], "n": row["n_control"],
        "n_control": row["n"], "value": other, "control_value": value, "difference": -row["difference"],
        "difference_ci": None if ci is None else [_minus(ci[1]), _minus(ci[0])],
        "lift": None if not value else (other - value) / value, "lift_ci": _inverse(row["lift_ci"]),
    }  # fmt: skip
    turned["words"] = _pair_words(turned, str(row["kind"]))
    return turned


def _minus(value: float | None) -> float | None:
    return None if value is None else -value


def _inverse(ci: Sequence[float | None] | None) -> list[float | None] | None:
    """Return the interval of the inverse ratio; an end at or below -100 % has no counterpart."""
    if ci is None:
        return None
    low, high = ci
    new_low = -1.0 if high is None else 1.0 / (1.0 + high) - 1.0
    new_high = None if low is None or low <= -1.0 else 1.0 / (1.0 + low) - 1.0
    return [new_low, new_high]


def _pair_words(row: Mapping[str, Any], kind: str) -> str:
    rate = kind == "binary"
    show = percent if rate else (lambda v: f"{v:,.3f}")
    ci = row["difference_ci"]
    head = f"{row['outcome']}: {row['arm']} {show(row['value'])} (n = {row['n']:,}) against {row['versus']} "
    head += f"{show(row['control_value'])} (n = {row['n_control']:,})"
    if ci is None:
        return f"{head}; no interval can be given."
    size = f"{points(row['difference'])} points" if rate else f"{row['difference']:+,.3f}"
    words = interval_words(Interval(ci[0], ci[1]), "binary" if rate else "money")
    return f"{head}: {size} ({words}), p {row['p_text']}, adjusted {row['p_adjusted_text']}."


def best_row(body: Body, metric: str) -> Mapping[str, Any] | None:
    """Return the comparison of the winner, else of the highest estimate."""
    rows = [r for r in body["comparisons"] if r["outcome"] == metric]
    winner = body["decision"]["winner"]
    return next((r for r in rows if r["arm"] == winner), max(rows, key=lambda r: r["difference"], default=None))


def campaigns_compared(first: tuple[str, Body], second: tuple[str, Body], metric: str) -> dict[str, Any]:
    """Compare the best effects of two campaigns, each against its own control; people were not split between them."""
    rows = [best_row(body, metric) for _, body in (first, second)]
    a, b = rows
    if a is None or b is None or a["se"] is None or b["se"] is None:
        raise Refused(f"Both campaigns need a result on {metric}.", code="not_compared", field="metric")
    difference, se = a["difference"] - b["difference"], math.hypot(a["se"], b["se"])
    z = z_quantile(0.05)
    ids = [str(body["calculation_id"]) for _, body in (first, second)]
    p = p_from_z(difference / se).value if se > 0 else None
    return {
        "metric": metric,
        "campaigns": [
            {"campaign": name, "arm": r["arm"], "difference": r["difference"], "difference_ci": r["difference_ci"],
             "lift": r["lift"], "n": r["n"], "winner": body["decision"]["winner"],
             "calculation_id": body["calculation_id"],
             "synthetic": body.get("synthetic", False)}
            for (name, body), r in zip((first, second), (a, b), strict=True)
        ],
        "difference_of_effects": difference,
        "difference_ci": [difference - z * se, difference + z * se] if se > 0 else None,
        "p": p,
        "caveat": "Different people at different times: this is a comparison of two tests, not a test.",
        "calculation_id": derived_id("calc", {"campaigns": ids, "metric": metric}),
    }  # fmt: skip
