"""What a number of people can tell: closed-form power for rates, Student power for means."""

from __future__ import annotations

import math

from scipy import special, stats

from plugins.experiment.roots import find_root


def power_of_rates(p0: float, p1: float, n0: float, n1: float, *, alpha: float) -> float:
    """Return the power of the two-sided test of two rates (upper tail only, as R's ``power.prop.test``)."""
    mean = (n0 * p0 + n1 * p1) / (n0 + n1)
    null = math.sqrt(mean * (1 - mean) * (1 / n0 + 1 / n1))
    real = math.sqrt(p0 * (1 - p0) / n0 + p1 * (1 - p1) / n1)
    if real == 0.0:
        return 1.0 if p0 != p1 else alpha / 2
    return float(special.ndtr((abs(p1 - p0) + special.ndtri(alpha / 2) * null) / real))


def people_for_rates(p0: float, p1: float, *, alpha: float, power: float, ratio: float = 1.0) -> float:
    """Return the control people needed (not rounded) when the variant gets ``ratio`` times as many."""
    if p0 == p1:
        return math.inf
    mean = (p0 + ratio * p1) / (1 + ratio)
    za, zb = -special.ndtri(alpha / 2), special.ndtri(power)
    root = za * math.sqrt(mean * (1 - mean) * (1 + 1 / ratio)) + zb * math.sqrt(p0 * (1 - p0) + p1 * (1 - p1) / ratio)
    return float((root / (p1 - p0)) ** 2)


def detectable_rate(p0: float, n0: float, n1: float, *, alpha: float, power: float) -> float | None:
    """Return the smallest rate above ``p0`` found with the stated power, or None if not even 100 % would be."""
    if n0 <= 0 or n1 <= 0 or power_of_rates(p0, 1.0, n0, n1, alpha=alpha) < power:
        return None
    return find_root(
        lambda p1: power_of_rates(p0, p1, n0, n1, alpha=alpha) - power, p0 * (1 + 1e-12) + 1e-15, 1.0, xtol=1e-14
    )


def power_of_means(difference: float, sd: float, n0: float, n1: float, *, alpha: float) -> float:
    """Return the two-sided power of Student's t for a difference of means (non-central t, both tails)."""
    df = n0 + n1 - 2
    shift = abs(difference) / (sd * math.sqrt(1 / n0 + 1 / n1))
    edge = float(stats.t.isf(alpha / 2, df))
    upper = float(stats.nct.sf(edge, df, shift))
    lower = float(stats.nct.cdf(-edge, df, shift)) if shift < 5 else 0.0
    return upper + (lower if math.isfinite(lower) else 0.0)


def people_for_means(difference: float, sd: float, *, alpha: float, power: float, ratio: float = 1.0) -> float:
    """Return the control people needed (not rounded) to find a difference of means; normal above 100,000 people."""
    za, zb = -special.ndtri(alpha / 2), special.ndtri(power)
    start = float((za + zb) ** 2 * sd * sd / difference**2 * (1 + 1 / ratio))
    if start > 1e5:
        return start
    low, high = max(2.0, 2.0 / ratio), max(4.0, start * 2 + 10)
    if power_of_means(difference, sd, low, low * ratio, alpha=alpha) >= power:
        return low
    return find_root(lambda n: power_of_means(difference, sd, n, n * ratio, alpha=alpha) - power, low, high, xtol=1e-6)


def detectable_mean(sd: float, n0: float, n1: float, *, alpha: float, power: float) -> float | None:
    """Return the smallest difference of means found with the stated power, in the unit of ``sd``."""
    if n0 < 2 or n1 < 2 or sd <= 0:
        return None
    za, zb = -special.ndtri(alpha / 2), special.ndtri(power)
    start = float((za + zb) * sd * math.sqrt(1 / n0 + 1 / n1))
    if n0 + n1 > 1e5:
        return start
    return find_root(
        lambda d: power_of_means(d, sd, n0, n1, alpha=alpha) - power, start * 0.5, start * 20, xtol=start * 1e-9
    )


def best_control_share(variants: int) -> float:
    """Return the control share with the least variance over ``variants`` comparisons: sqrt(k) / (k + sqrt(k))."""
    return math.sqrt(variants) / (variants + math.sqrt(variants))


def design_advice(control_share: float, variants: int, *, revenue_goal: bool) -> list[str]:
    """Return what to say about the control's size."""
    best = best_control_share(variants)
    advice: list[str] = []
    if revenue_goal and control_share < 0.3:
        advice.append(
            f"The control gets {control_share:.0%}; with a revenue goal a small control makes the result lopsided. "
            f"{best:.0%} would use the people best."
        )
    return advice
