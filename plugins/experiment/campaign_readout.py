"""A campaign's own readout: its metrics with named denominators, against the control and between the messages.

One row per person assigned: ``customer_id, arm`` and any of ``delivered, opened, clicked, converted, revenue,
unsubscribed, complained`` (yes/no, money), besides attributes known before the send and a pre-period covariate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.domain.entities import derived_id
from app.domain.experiment import MetricName
from plugins.experiment.comparison import Comparison, at_look, compare, level_of
from plugins.experiment.drivers import drivers_body
from plugins.experiment.multiplicity import holm
from plugins.experiment.readout import Body, comparison_body, read
from plugins.experiment.rows import read_rows
from plugins.experiment.source import Columns, column_types
from plugins.experiment.srm import independence
from plugins.experiment.study import Outcome, Rules, Study
from plugins.experiment.sufficient import Proportion
from plugins.experiment.uplift import uplift_body

FACTS = ("delivered", "opened", "clicked", "converted", "revenue", "unsubscribed", "complained")
METRIC_OF = {
    "converted": "conversion_rate",
    "revenue": "revenue_per_recipient",
    "clicked": "click_rate",
    "opened": "open_rate",
    "unsubscribed": "unsubscribe_rate",
    "complained": "complaint_rate",
    "delivered": "delivery_rate",
}
MONEY_NAMES = {"revenue": "revenue_per_recipient", "avg_order_value": "revenue_per_recipient"}
NEEDS_A_MESSAGE = frozenset({"open_rate", "click_rate", "delivery_rate"})
GUARDRAILS: Mapping[str, float | None] = {"unsubscribe_rate": None, "complaint_rate": None}
"""Watched in every campaign, at the default margins."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """How a campaign's rows are judged. ``reached`` are the arms that were sent something."""

    primary: MetricName = "conversion_rate"
    control: str = "control"
    reached: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    covariate: str | None = None
    planned: Mapping[str, float] | None = None
    looks: tuple[float, ...] = ()
    alpha: float = 0.05
    guardrails: Mapping[str, float | None] = field(default_factory=lambda: dict(GUARDRAILS))
    simulated: bool = False
    synthetic: bool = False
    follow_up: bool = True
    """Whether drivers and uplift are computed too (seconds on large files)."""


def analyse(path: Path, analysis: Analysis) -> Body:
    """Read a campaign's rows into the body that is stored as its readout. Raises UserFixable."""
    present = [fact for fact in FACTS if fact in column_types(path)]
    columns = Columns("arm", tuple(present), analysis.covariate, by=analysis.attributes)
    whole = _renamed(read_rows(path, columns, control=analysis.control))
    judged = _for_control(whole, analysis)
    rules = _rules(judged, analysis)
    body = read(judged, rules)
    body["metrics"] = [_funnel(whole, arm) for arm in whole.arms]
    body["delivery"] = _delivery(whole, analysis)
    _block_on_delivery(body)
    body["between"] = between(whole, analysis, rules)
    body["reached"] = list(_reached(whole, analysis))
    early = bool(body.get("sequential", {}).get("early"))
    if analysis.follow_up and analysis.attributes and not early:
        body["drivers"] = drivers_body(judged, judged.outcome(str(body["primary"])), rules)
        body["uplift"] = uplift_body(path, judged, str(body["primary"]), analysis.attributes)
    # The main readout and what was asked besides it are one calculation with one id.
    body["calculation_id"] = derived_id("calc", {"main": body["calculation_id"], "reached": body["reached"]})
    return body


def _renamed(study: Study) -> Study:
    return replace(study, outcomes=tuple(replace(o, name=METRIC_OF[o.name]) for o in study.outcomes))


def _reached(study: Study, analysis: Analysis) -> tuple[str, ...]:
    return analysis.reached or study.variants


def _for_control(study: Study, analysis: Analysis) -> Study:
    """Leave out what a control without a message cannot do; it would make every message look good."""
    if analysis.control in _reached(study, analysis):
        return study
    kept = tuple(o for o in study.outcomes if o.name not in NEEDS_A_MESSAGE)
    return replace(study, outcomes=kept)


def _rules(study: Study, analysis: Analysis) -> Rules:
    names = [o.name for o in study.outcomes]
    wanted = MONEY_NAMES.get(analysis.primary, analysis.primary)
    primary = wanted if wanted in names else None
    return Rules(
        alpha=analysis.alpha, primary=primary, planned=analysis.planned, looks=analysis.looks,
        guardrails={k: v for k, v in analysis.guardrails.items() if k in names and k != primary},
        simulated=analysis.simulated, synthetic=analysis.synthetic,
    )  # fmt: skip


def _count(study: Study, metric: str, arm: str) -> int | None:
    found = next((o for o in study.outcomes if o.name == metric), None)
    value = None if found is None else found.arms[arm]
    return value.events if isinstance(value, Proportion) else None


def _rate(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else part / whole


def _funnel(study: Study, arm: str) -> Body:
    """Return counts and rates of one arm, each rate with its denominator in its name."""
    assigned = study.sizes[arm]
    delivered, opened, clicked = (_count(study, m, arm) for m in ("delivery_rate", "open_rate", "click_rate"))
    converted, left = _count(study, "conversion_rate", arm), _count(study, "unsubscribe_rate", arm)
    complained = _count(study, "complaint_rate", arm)
    money = next((o.arms[arm] for o in study.outcomes if o.kind == "money"), None)
    total = None if money is None or isinstance(money, Proportion) else money.total
    return {
        "arm": arm, "assigned": assigned, "delivered": delivered, "opened": opened, "clicked": clicked,
        "converted": converted, "unsubscribed": left, "complained": complained, "revenue": total,
        "delivered_per_assigned": _rate(delivered, assigned),
        "opened_per_delivered": _rate(opened, delivered),
        "clicked_per_delivered": _rate(clicked, delivered),
        "clicked_per_opened": _rate(clicked, opened),
        "unsubscribed_per_delivered": _rate(left, delivered),
        "complained_per_delivered": _rate(complained, delivered),
        "converted_per_assigned": _rate(converted, assigned),
        "revenue_per_assigned": None if total is None or not assigned else total / assigned,
        "avg_order_value": None if total is None or not converted else total / converted,
        "note": "opens are unreliable: mail software loads images by itself",
    }  # fmt: skip


def _delivery(study: Study, analysis: Analysis) -> Body | None:
    """Test whether delivery depends on the arm, among those that were sent something."""
    delivered = {arm: _count(study, "delivery_rate", arm) for arm in _reached(study, analysis)}
    known = {arm: n for arm, n in delivered.items() if n is not None}
    if len(known) < 2:
        return None
    p = independence({arm: (n, study.sizes[arm] - n) for arm, n in known.items()})
    return {"p": p.value, "p_text": p.text, "flagged": p.value < 0.001, "delivered": known}


def _block_on_delivery(body: Body) -> None:
    """Take the winner back where messages reached the arms unequally: those reached are no longer comparable."""
    delivery, decision = body["delivery"], body["decision"]
    if delivery is not None and delivery["flagged"] and decision["winner"] is not None:
        reason = f"No winner: delivery differs between the messages (p {delivery['p_text']}); find the cause first."
        body["decision"] = {**decision, "winner": None, "tied": [], "code": "delivery", "reason": reason}


def between(study: Study, analysis: Analysis, rules: Rules) -> list[Body]:
    """Compare the messages with each other on every metric, Holm over the pairs of a metric."""
    arms = sorted(_reached(study, analysis))
    pairs = [(b, a) for i, a in enumerate(arms) for b in arms[i + 1 :]]
    level = level_of(rules, max(1, len(study.variants)))
    rows: list[Body] = []
    for outcome in study.outcomes:
        found = [compare(outcome, study, pair, alpha=level.alpha, rules=rules) for pair in pairs]
        corrected = _with_holm(found) if level.critical is None else [at_look(c, rules, len(pairs)) for c in found]
        rows += [comparison_body(c, rules.alpha, level) for c in corrected]
    return rows


def _with_holm(found: Sequence[Comparison]) -> list[Comparison]:
    known = [(i, c.effect.p) for i, c in enumerate(found) if c.effect.p is not None]
    adjusted = dict(zip([i for i, _ in known], holm([p for _, p in known]), strict=True))
    return [
        replace(c, p_adjusted=adjusted.get(i), adjustment="holm over pairs", role="secondary")
        for i, c in enumerate(found)
    ]


def pair_row(body: Mapping[str, Any], arm: str, versus: str, metric: str) -> tuple[Body, bool] | None:
    """Find a stored comparison of two arms; the flag says that it is stored the other way round."""
    for row in [*body.get("comparisons", []), *body.get("between", [])]:
        if row["outcome"] != metric:
            continue
        if (row["arm"], row["versus"]) == (arm, versus):
            return dict(row), False
        if (row["arm"], row["versus"]) == (versus, arm):
            return dict(row), True
    return None


def only(outcome: Outcome, arms: Sequence[str]) -> Outcome:
    """Return an outcome reduced to some arms."""
    return replace(outcome, arms={a: outcome.arms[a] for a in arms})
