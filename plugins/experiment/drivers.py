"""Whom the campaign moved: attribute by arm, on the additive scale, corrected for how many were asked.

Association among people as they were before the send. Who responds anyway is a different question, kept apart.
"""

from __future__ import annotations

import math
from typing import Any

from plugins.experiment.breakdown import Interaction, Part, interactions, part_interval
from plugins.experiment.effect import PValue, z_quantile
from plugins.experiment.multiplicity import holm
from plugins.experiment.srm import chi_square_p
from plugins.experiment.study import Outcome, Rules, Study
from plugins.experiment.sufficient import Mean, Proportion


def drivers_body(study: Study, outcome: Outcome, rules: Rules) -> dict[str, Any]:
    """Return both answers: ``attributes`` (does the effect differ?) and ``anyway`` (who responds in any case?)."""
    tests = interactions(study, outcome)
    differing = [t for t in tests if t.p_adjusted is not None and t.p_adjusted.value < rules.alpha]
    rows = [row for test in tests for row in _effect_rows(test, rules.alpha)]
    return {
        "metric": outcome.name,
        "lower_is_better": outcome.lower_is_better,
        "scale": "additive: extra customers (or money) per person assigned",
        "attributes": rows,
        "tests": [_test_row(t) for t in tests],
        "headline": _headline(differing, outcome, rules.alpha),
        "anyway": _anyway(outcome, study, rules.alpha),
        "association_only": True,
        "adjustment": "holm over attributes and arms",
    }


def _headline(differing: list[Interaction], outcome: Outcome, alpha: float) -> str:
    if not differing:
        return f"No attribute was found to change the effect on {outcome.name}."
    names = ", ".join(f"{t.attribute} (for {t.arm})" for t in sorted(differing, key=lambda t: t.p.ln))
    return f"The effect on {outcome.name} differs by {names}. This is association: the attribute itself was not tested."


def _test_row(test: Interaction) -> dict[str, Any]:
    adjusted = test.p_adjusted
    return {
        "attribute": test.attribute, "arm": test.arm, "p": test.p.value, "p_text": test.p.text,
        "p_adjusted": None if adjusted is None else adjusted.value,
    }  # fmt: skip


def _effect_rows(test: Interaction, alpha: float) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for p in test.parts:
        low, high = part_interval(p, alpha)
        rows.append(
            {"attribute": test.attribute, "level": p.level, "arm": test.arm, "n": p.n, "n_control": p.n_control,
             "effect": p.difference, "ci": [low, high], "p": test.p.value,
             "p_adjusted": None if test.p_adjusted is None else test.p_adjusted.value}
        )  # fmt: skip
    return rows


def _anyway(outcome: Outcome, study: Study, alpha: float) -> list[dict[str, Any]]:
    """Return which attributes go with the outcome itself, in all arms together: prediction, not effect."""
    found: list[tuple[str, list[Part], PValue]] = []
    for attribute, levels in outcome.levels.items():
        parts = [p for p in (_level_mean(level.name, list(level.arms.values())) for level in levels) if p is not None]
        if len(parts) >= 2:
            found.append((attribute, parts, _equal(parts)))
    adjusted = holm([p for _, _, p in found])
    z = z_quantile(alpha)
    return [
        {"attribute": attribute, "p": p.value, "p_adjusted": a.value, "question": "who responds anyway",
         "levels": [{"level": x.level, "n": x.n, "value": x.difference,
                     "ci": [x.difference - z * x.se, x.difference + z * x.se]} for x in parts]}
        for (attribute, parts, p), a in zip(found, adjusted, strict=True)
    ]  # fmt: skip


def _level_mean(level: str, arms: list[Proportion | Mean]) -> Part | None:
    n = sum(a.n for a in arms)
    if n < 2:
        return None
    if all(isinstance(a, Proportion) for a in arms):
        events = sum(a.events for a in arms if isinstance(a, Proportion))
        smooth = (events + 0.5) / (n + 1.0)
        return Part(level, n, n, events / n, math.sqrt(smooth * (1 - smooth) / n))
    total = Mean(0, math.nan, math.nan, None)
    for a in arms:
        assert isinstance(a, Mean)
        total = total.plus(a)
    if total.variance is None or total.variance <= 0:
        return None
    return Part(level, n, n, total.mean, math.sqrt(total.variance / n))


def _equal(parts: list[Part]) -> PValue:
    weights = [1.0 / (p.se * p.se) for p in parts]
    mean = math.fsum(w * p.difference for w, p in zip(weights, parts, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (p.difference - mean) ** 2 for w, p in zip(weights, parts, strict=True))
    return chi_square_p(q, len(parts) - 1)
