"""Money per person split into who bought and how much an order was worth."""

from __future__ import annotations

from typing import Any

from plugins.experiment.effect import Effect
from plugins.experiment.means import compare_welch
from plugins.experiment.proportions import compare_at_level
from plugins.experiment.study import Outcome
from plugins.experiment.sufficient import Mean, Proportion


def split(outcome: Outcome, arm: str, versus: str, *, alpha: float) -> dict[str, Effect] | None:
    """Return the effects on ``buying`` (a rate of everybody) and ``order_value`` (money per buyer), or None.

    The value of an order is a ratio of two totals; its delta-method variance is that of the mean among buyers, so Welch
    on buyers is the delta method. It compares those who bought, who are not the same people in both arms.
    """
    if arm not in outcome.buyers or versus not in outcome.buyers:
        return None
    sides = [(outcome.arms[name], outcome.buyers[name]) for name in (versus, arm)]
    if any(not isinstance(value, Mean) or bought < 2 for value, bought in sides):
        return None
    rates = [Proportion(value.n, bought) for value, bought in sides]
    values = [_among_buyers(value, bought) for value, bought in sides if isinstance(value, Mean)]
    return {
        "buying": compare_at_level(rates[0], rates[1], alpha=alpha),
        "order_value": compare_welch(values[0], values[1], alpha=alpha),
    }


def _among_buyers(arm: Mean, bought: int) -> Mean:
    """Return the statistics of the non-zero amounts: the zeros' share of the central sum is taken out."""
    mean = arm.total / bought
    m2 = arm.m2 - arm.n * arm.mean * (mean - arm.mean)
    return Mean(bought, mean, max(0.0, m2))


def split_body(found: dict[str, Effect]) -> dict[str, Any]:
    """Return the split as JSON."""
    return {
        name: {
            "difference": effect.difference,
            "difference_ci": None if effect.difference_ci is None else effect.difference_ci.as_list(),
            "lift": effect.lift,
            "lift_ci": None if effect.lift_ci is None else effect.lift_ci.as_list(),
            "p": None if effect.p is None else effect.p.value,
        }
        for name, effect in found.items()
    } | {"note": "order value compares buyers only; descriptive"}
