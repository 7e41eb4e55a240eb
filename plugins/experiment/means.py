"""Two means (money per customer): Welch, Fieller, and what to do when skew and unequal arms meet.

Every mean is over everybody assigned; people who bought nothing count as zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from plugins.experiment.effect import Effect, Interval, p_from_t, p_from_z, t_quantile, z_quantile
from plugins.experiment.roots import find_root
from plugins.experiment.sufficient import Mean

SKEW_LIMIT = 0.1
"""Largest skewness of the difference of means for which Welch and Fieller keep their level (by simulation)."""


def compare_means(control: Mean, variant: Mean, *, alpha: float) -> Effect:
    """Compare two means from their sufficient statistics; intervals of level ``1 - alpha``.

    Welch for p and the difference, Fieller for the lift. Where the difference of means is too skewed for a normal
    limit (``skew_of_difference`` above ``SKEW_LIMIT``) the score method takes over and Welch is kept in ``extra``.
    """
    welch = compare_welch(control, variant, alpha=alpha)
    skew = skew_of_difference(control, variant)
    if skew is None:
        return replace(welch, extra={**welch.extra, "skew": None})
    if abs(skew) <= SKEW_LIMIT or welch.p is None:
        return replace(welch, extra={**welch.extra, "skew": skew})
    score = compare_by_score(control, variant, alpha=alpha)
    if score is None:
        return replace(welch, badges=(*welch.badges, "skewed"), extra={**welch.extra, "skew": skew})
    return replace(score, extra={**welch_lines(welch), "skew": skew})


def welch_lines(welch: Effect) -> dict[str, float | str | list[float | None] | None]:
    """Return the Welch figures as secondary lines beside a better suited method."""
    return {
        "p_welch": None if welch.p is None else welch.p.value,
        "difference_ci_welch": None if welch.difference_ci is None else welch.difference_ci.as_list(),
        "lift_ci_fieller": None if welch.lift_ci is None else welch.lift_ci.as_list(),
    }


def skew_of_difference(control: Mean, variant: Mean) -> float | None:
    """Return the skewness of the difference of means under equal distributions, from the pooled skewness.

    ``g = skew * (1/n1^2 - 1/n0^2) / (1/n1 + 1/n0)^1.5``; zero for equal arms, None where the third moment is unknown.
    """
    if control.n == variant.n and control.n:
        return 0.0
    skewness = control.plus(variant).skewness
    if skewness is None:
        return None
    a, b = 1.0 / variant.n, 1.0 / control.n
    return skewness * (a * a - b * b) / (a + b) ** 1.5


def compare_welch(control: Mean, variant: Mean, *, alpha: float) -> Effect:
    """Compare by Welch's t with Satterthwaite's degrees of freedom; the lift by Fieller with the same quantile.

    Fewer than two people in an arm, or no variation at all, leave p and intervals undefined (None), never 0 or 1.
    """
    difference = variant.mean - control.mean
    lift = difference / control.mean if control.mean else None
    v0, v1 = control.variance, variant.variance
    if v0 is None or v1 is None:
        return Effect(difference, None, lift, None, None, "none", badges=("fewer than two people in an arm",))
    e0, e1 = v0 / control.n, v1 / variant.n
    if e0 + e1 <= 0.0:
        badge = "nothing bought yet" if control.mean == variant.mean == 0.0 else "no variation"
        return Effect(difference, None, lift, None, None, "none", badges=(badge,))
    se = math.sqrt(e0 + e1)
    share = e0 / (e0 + e1)
    df = 1.0 / (share * share / (control.n - 1) + (1.0 - share) ** 2 / (variant.n - 1))
    t = t_quantile(alpha, df)
    ci = Interval(difference - t * se, difference + t * se)
    ratio_ci = fieller(control.mean, e0, variant.mean, e1, t=t)
    return Effect(
        difference,
        ci,
        lift,
        None if ratio_ci is None else ratio_ci.shifted(-1.0),
        p_from_t(difference / se, df),
        "welch",
        difference / se,
        se,
        () if ratio_ci else ("lift not estimable yet",),
        {"df": df},
    )


def fieller(m0: float, v0: float, m1: float, v1: float, *, t: float) -> Interval | None:
    """Return Fieller's set for ``m1 / m0`` (Fieller 1954), or None where it is unbounded (control mean near zero).

    ``v0`` and ``v1`` are the variances of the means.
    """
    a = m0 * m0 - t * t * v0
    if a <= 0.0 or m0 == 0.0:
        return None
    root = t * math.sqrt(max(0.0, v1 * m0 * m0 + v0 * m1 * m1 - t * t * v0 * v1))
    return Interval((m0 * m1 - root) / a, (m0 * m1 + root) / a)


def fieller_edge(m0: float, v0: float, m1: float, v1: float, *, q: float) -> float | None:
    """Return the ratio R at which ``(m1 - R m0) / sqrt(v1 + R^2 v0)`` equals ``q``, or None if there is none."""
    pair = fieller(m0, v0, m1, v1, t=abs(q))
    if pair is None:
        return None
    return pair.low if q > 0 else pair.high


def compare_by_score(control: Mean, variant: Mean, *, alpha: float) -> Effect | None:
    """Compare by the score test of a model whose variance is proportional to the mean, from sums alone.

    For the lift: {R: (m1 - R m0)^2 <= z^2 s0^2(R) (R/n1 + R^2/n0)}, control mean and ``s0^2`` estimated under R; for
    the difference the same model with ``m1 = m0 + d``. None where the model has no meaning (a mean of zero or less).
    """
    if control.mean <= 0.0 or variant.mean <= 0.0:
        return None
    z = z_quantile(alpha)
    difference = variant.mean - control.mean
    ratio = variant.mean / control.mean
    variance = _variance_at_ratio(control, variant, 1.0)
    se = math.sqrt(variance * (1.0 / control.n + 1.0 / variant.n))

    def outside_ratio(ln_ratio: float) -> float:
        r = math.exp(ln_ratio)
        spread = _variance_at_ratio(control, variant, r) * (r / variant.n + r * r / control.n)
        return abs(variant.mean - r * control.mean) - z * math.sqrt(spread)

    def outside_difference(d: float) -> float:
        return abs(difference - d) - z * math.sqrt(_variance_at_difference(control, variant, d))

    start = math.log(ratio)
    low, high = _walk(outside_ratio, start, -0.1, 300.0), _walk(outside_ratio, start, 0.1, 300.0)
    lift_ci = Interval(-1.0 if low is None else math.expm1(low), None if high is None else math.expm1(high))
    ci = Interval(_walk(outside_difference, difference, -se), _walk(outside_difference, difference, se))
    return Effect(
        difference, ci, ratio - 1.0, lift_ci, p_from_z(difference / se), "skew-robust score", difference / se, se,
        ("skewed, unequal arms",),
    )  # fmt: skip


def _variance_at_ratio(control: Mean, variant: Mean, ratio: float) -> float:
    """Return the control variance when the variant's mean and variance are ``ratio`` times the control's."""
    mu = (control.total + variant.total) / (control.n + ratio * variant.n)
    spread = control.m2 + control.n * (control.mean - mu) ** 2
    spread += (variant.m2 + variant.n * (variant.mean - ratio * mu) ** 2) / ratio
    return spread / (control.n + variant.n)


def _variance_at_difference(control: Mean, variant: Mean, d: float) -> float:
    """Return the variance of the difference of means under ``d``, variance proportional to the mean.

    The control mean solves S0/mu + S1/(mu + d) = n0 + n1, the quasi-Poisson score equation.
    """
    n = control.n + variant.n
    b = n * d - control.total - variant.total
    root = math.sqrt(b * b + 4.0 * n * d * control.total)
    mu = (root - b) / (2.0 * n) if b <= 0 else 2.0 * d * control.total / (b + root)
    mu1 = mu + d
    phi = (control.m2 + control.n * (control.mean - mu) ** 2) / mu
    phi += (variant.m2 + variant.n * (variant.mean - mu1) ** 2) / mu1
    return phi / n * (mu1 / variant.n + mu / control.n)


def _walk(outside: Callable[[float], float], start: float, step: float, limit: float = math.inf) -> float | None:
    """Return where ``outside`` turns positive going from ``start`` by growing steps, or None if it never does."""
    inside = start
    for _ in range(80):
        probe = inside + step
        if abs(probe) > limit:
            return None
        if outside(probe) > 0.0:
            low, high = min(inside, probe), max(inside, probe)
            return find_root(outside, low, high, xtol=abs(step) * 1e-13)
        inside, step = probe, step * 2.0
    return None
