"""The effect in parts of the audience, with the test that asks whether the parts differ at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from plugins.experiment.comparison import Level as Look
from plugins.experiment.effect import PValue, z_quantile
from plugins.experiment.means import compare_welch
from plugins.experiment.multiplicity import holm
from plugins.experiment.proportions import compare_at_level
from plugins.experiment.srm import chi_square_p
from plugins.experiment.study import Level, Outcome, Rules, Study
from plugins.experiment.sufficient import Mean, Proportion


@dataclass(frozen=True, slots=True)
class Part:
    """The additive effect of one arm in one level: difference, its standard error, and the people behind it."""

    level: str
    n: int
    n_control: int
    difference: float
    se: float


@dataclass(frozen=True, slots=True)
class Interaction:
    """Whether the effect of ``arm`` is the same at every level of ``attribute`` (additive scale)."""

    attribute: str
    arm: str
    parts: tuple[Part, ...]
    p: PValue
    p_adjusted: PValue | None = None


def part(level: str, control: Proportion | Mean, variant: Proportion | Mean) -> Part | None:
    """Return the effect in one level, or None with fewer than two people in an arm.

    The standard error of a rate adds half an event and half a non-event, so that an empty cell is not certainty.
    """
    if min(control.n, variant.n) < 2:
        return None
    if isinstance(control, Proportion) and isinstance(variant, Proportion):
        e = [((a.events + 0.5) / (a.n + 1.0), a.n) for a in (control, variant)]
        se = math.sqrt(sum(p * (1 - p) / n for p, n in e))
        return Part(level, variant.n, control.n, variant.rate - control.rate, se)
    assert isinstance(control, Mean) and isinstance(variant, Mean)
    welch = compare_welch(control, variant, alpha=0.05)
    if welch.se is None or welch.se <= 0.0:
        return None
    return Part(level, variant.n, control.n, welch.difference, welch.se)


def interaction(attribute: str, arm: str, parts: Sequence[Part]) -> Interaction:
    """Test equal differences over the levels: Cochran's Q on S - 1 degrees of freedom."""
    if len(parts) < 2:
        return Interaction(attribute, arm, tuple(parts), PValue(0.0))
    weights = [1.0 / (p.se * p.se) for p in parts]
    mean = math.fsum(w * p.difference for w, p in zip(weights, parts, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (p.difference - mean) ** 2 for w, p in zip(weights, parts, strict=True))
    return Interaction(attribute, arm, tuple(parts), chi_square_p(q, len(parts) - 1))


def interactions(study: Study, outcome: Outcome) -> list[Interaction]:
    """Return one interaction per attribute and variant, Holm-adjusted over all of them."""
    found: list[Interaction] = []
    for attribute, levels in outcome.levels.items():
        for arm in study.variants:
            parts = [_part_of(level, study.control, arm) for level in levels]
            found.append(interaction(attribute, arm, [p for p in parts if p is not None]))
    adjusted = holm([i.p for i in found])
    return [replace(i, p_adjusted=p) for i, p in zip(found, adjusted, strict=True)]


def _part_of(level: Level, control: str, arm: str) -> Part | None:
    if control not in level.arms or arm not in level.arms:
        return None
    return part(level.name, level.arms[control], level.arms[arm])


def breakdowns(study: Study, primary: Outcome, rules: Rules, look: Look) -> list[dict[str, Any]]:
    """Return the breakdown of the primary outcome: each level with its interval, and the interaction tests.

    Before the planned end the intervals are those of the look and no p is shown.
    """
    tests = interactions(study, primary)
    body: list[dict[str, Any]] = []
    for attribute, levels in primary.levels.items():
        mine = [i for i in tests if i.attribute == attribute]
        rows = [row for level in levels for row in _rows(level, study, look)]
        differs = [i for i in mine if i.p_adjusted is not None and i.p_adjusted.value < rules.alpha]
        words = (
            f"The effect differs over {attribute} for {', '.join(i.arm for i in differs)}."
            if differs and not look.early
            else f"No evidence that the effect differs over {attribute}; differences between its levels may be chance."
        )
        body.append(
            {"by": attribute, "outcome": primary.name, "levels": rows, "words": words, "scale": "additive",
             "interaction": [] if look.early else [interaction_body(i) for i in mine]}
        )  # fmt: skip
    return body


def interaction_body(found: Interaction) -> dict[str, Any]:
    """Return an interaction test as JSON."""
    adjusted = found.p_adjusted
    return {
        "arm": found.arm, "p": found.p.value, "p_text": found.p.text,
        "p_adjusted": None if adjusted is None else adjusted.value, "adjustment": "holm", "levels": len(found.parts),
    }  # fmt: skip


def _rows(level: Level, study: Study, look: Look) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for arm in study.variants:
        control, variant = level.arms.get(study.control), level.arms.get(arm)
        if control is None or variant is None or not control.n or not variant.n:
            continue
        if isinstance(control, Proportion) and isinstance(variant, Proportion):
            effect = compare_at_level(control, variant, alpha=look.alpha)
            values = (variant.rate, control.rate)
        else:
            assert isinstance(control, Mean) and isinstance(variant, Mean)
            effect = compare_welch(control, variant, alpha=look.alpha)
            values = (variant.mean, control.mean)
        rows.append(
            {"level": level.name, "arm": arm, "n": variant.n, "n_control": control.n, "value": values[0],
             "control_value": values[1], "difference": effect.difference,
             "difference_ci": None if effect.difference_ci is None else effect.difference_ci.as_list(),
             "p": None if effect.p is None or look.early else effect.p.value, "badges": list(effect.badges)}
        )  # fmt: skip
    return rows


def part_interval(found: Part, alpha: float) -> tuple[float, float]:
    """Return the normal interval of a part."""
    half = z_quantile(alpha) * found.se
    return found.difference - half, found.difference + half
