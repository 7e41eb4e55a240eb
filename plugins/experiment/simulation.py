"""Made-up results on request: from stated assumptions, marked everywhere, and able to lose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from app.domain.entities import digest_of
from app.domain.errors import Refused
from app.domain.experiment import Experiment
from plugins.experiment.assignment import HOLDOUT
from plugins.experiment.readout import Body, read
from plugins.experiment.study import Outcome, Rules, Study
from plugins.experiment.sufficient import Mean, Proportion

RUNS = 2000


@dataclass(frozen=True, slots=True)
class Assumptions:
    """``effect`` is the relative lift of the first variant; the others do exactly as the control. 0 plants nothing.

    ``baseline`` is a rate; an order is lognormal with mean ``order_value`` and standard deviation as large as it.
    """

    baseline: float
    effect: float
    order_value: float = 50.0
    unsubscribe_rate: float = 0.002

    def sentences(self, first: str) -> tuple[str, ...]:
        planted = f"{first} is given a lift of {self.effect:+.1%}" if self.effect else "no effect is planted (A/A)"
        return (
            f"the control buys at {self.baseline:.2%}; {planted}; every other message does as the control does",
            f"an order is worth {self.order_value:.2f} on average and as much again in spread",
            f"{self.unsubscribe_rate:.2%} of those mailed unsubscribe",
        )


def simulate(experiment: Experiment, assumptions: Assumptions, *, seed: int) -> Body:
    """Draw one future and read it out as a real one would be; the body says ``simulated`` throughout."""
    rng = np.random.default_rng(seed)
    sizes = _sizes(experiment)
    rates = _rates(experiment, assumptions)
    control = next(a.name for a in experiment.arms if a.is_control)
    converted: dict[str, Proportion | Mean] = {}
    revenue: dict[str, Proportion | Mean] = {}
    left: dict[str, Proportion | Mean] = {}
    for arm in experiment.arms:
        n = sizes[arm.name]
        buyers = int(rng.binomial(n, rates[arm.name]))
        converted[arm.name] = Proportion(n, buyers)
        revenue[arm.name] = _spent(n, buyers, assumptions.order_value, rng)
        reached = arm.variant_id is not None
        left[arm.name] = Proportion(n, int(rng.binomial(n, assumptions.unsubscribe_rate)) if reached else 0)
    outcomes = (
        Outcome("conversion_rate", "binary", converted),
        Outcome("revenue_per_recipient", "money", revenue),
        Outcome("unsubscribe_rate", "binary", left),
    )
    order = (control, *(a.name for a in experiment.arms if a.name != control))
    inputs = {"experiment": experiment.id, "seed": seed, "assumptions": [assumptions.baseline, assumptions.effect]}
    study = Study(control, order, sizes, outcomes, digest_of(inputs), "simulation")
    primary = "revenue_per_recipient" if "revenue" in experiment.primary_metric else "conversion_rate"
    rules = Rules(
        alpha=experiment.alpha, primary=primary, simulated=True, guardrails={"unsubscribe_rate": None},
        planned={a.name: a.weight for a in experiment.arms},
    )  # fmt: skip
    body = read(study, rules)
    _mark(body)
    first = next(a.name for a in experiment.arms if not a.is_control)
    body |= {
        "seed": seed, "assumptions": list(assumptions.sentences(first)), "planted_effect": assumptions.effect,
        "wins_in_simulations": chance_of_winner(experiment, assumptions, seed=seed),
    }  # fmt: skip
    return body


def _mark(body: Body) -> None:
    """Put the mark on every figure that could be shown by itself."""
    for key in ("arms", "comparisons", "expected_loss", "breakdowns"):
        for row in body[key]:
            row["simulated"] = True
            if "words" in row:
                row["words"] = f"SIMULATED: {row['words']}"
    body["decision"]["simulated"] = True
    body["decision"]["reason"] = f"SIMULATED: {body['decision']['reason']}"


def _sizes(experiment: Experiment) -> dict[str, int]:
    people = experiment.eligible - math.floor(experiment.eligible * experiment.holdout_share + 1e-9)
    total = math.fsum(a.weight for a in experiment.arms if a.name != HOLDOUT)
    sizes = {a.name: math.floor(people * a.weight / total) for a in experiment.arms}
    last = experiment.arms[-1].name
    sizes[last] += people - sum(sizes.values())
    if min(sizes.values()) < 1:
        raise Refused("There are too few people to simulate this plan.", code="too_few_people")
    return sizes


def _rates(experiment: Experiment, assumptions: Assumptions) -> dict[str, float]:
    first = next(a.name for a in experiment.arms if not a.is_control)
    lifted = min(1.0, max(0.0, assumptions.baseline * (1.0 + assumptions.effect)))
    return {a.name: lifted if a.name == first else assumptions.baseline for a in experiment.arms}


def _spent(n: int, buyers: int, order_value: float, rng: np.random.Generator) -> Mean:
    sigma = math.sqrt(math.log(2.0))
    values = rng.lognormal(math.log(order_value) - sigma * sigma / 2, sigma, buyers)
    return Mean.from_sums(n, float(values.sum()), float((values**2).sum()), float((values**3).sum()))


def chance_of_winner(
    experiment: Experiment, assumptions: Assumptions, *, seed: int, runs: int = RUNS
) -> dict[str, Any]:
    """Return in how many of ``runs`` futures a variant would win on conversion: power by simulation."""
    rng = np.random.default_rng(seed + 1)
    sizes, rates = _sizes(experiment), _rates(experiment, assumptions)
    control = next(a.name for a in experiment.arms if a.is_control)
    x0 = rng.binomial(sizes[control], rates[control], runs)
    variants = [a.name for a in experiment.arms if a.name != control]
    wins = dict.fromkeys(variants, 0)
    best_p = np.ones(runs)
    for name in variants:
        x1 = rng.binomial(sizes[name], rates[name], runs)
        z = _pooled(x0, sizes[control], x1, sizes[name])
        p = 2 * special.ndtr(-np.abs(z)) * len(variants)
        won = (p < experiment.alpha) & (z > 0)
        wins[name] = int(won.sum())
        best_p = np.where(won, np.minimum(best_p, p), best_p)
    found = int((best_p < 1.0).sum())
    return {
        "runs": runs,
        "any_winner": found / runs,
        "by_arm": {k: v / runs for k, v in wins.items()},
        "simulated": True,
    }


def _pooled(x0: Any, n0: int, x1: Any, n1: int) -> Any:
    mean = (x0 + x1) / (n0 + n1)
    se = np.sqrt(np.maximum(mean * (1 - mean), 1e-300) * (1 / n0 + 1 / n1))
    return np.where(mean > 0, (x1 / n1 - x0 / n0) / se, 0.0)
