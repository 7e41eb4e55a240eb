"""Two proportions by one family, the score test, so that p and both intervals tell the same story.

Pooled z for p, Mee 1984 for the difference, Koopman 1984 for the ratio, Wilson for a single rate, and Fisher's exact
test with the mid-p correction where the smallest expected cell is below five.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from plugins.experiment.effect import Effect, Interval, PValue, p_from_z, z_quantile
from plugins.experiment.roots import find_root
from plugins.experiment.sufficient import Proportion

FEW_EXPECTED = 5.0
"""Smallest expected cell below which the normal approximation is not used for p (Cochran's rule)."""


def compare_proportions(control: Proportion, variant: Proportion, *, z: float) -> Effect:
    """Compare two rates; ``z`` is the two-sided critical value of the intervals.

    Without any event there is no lift and p is 1: nothing has been observed yet. With an event-free control the
    ratio has a lower limit only.
    """
    difference = _difference(control, variant)
    if control.events == 0 and variant.events == 0:
        return Effect(
            0.0, mee_interval(control, variant, z=z), None, None, PValue(0.0), "score", 0.0, 0.0, ("no events yet",)
        )
    score = pooled_z(control, variant)
    p, method, badges = p_from_z(score), "score", ()
    if control.rate == variant.rate == 1.0:
        badges = ("everybody did it",)
    elif smallest_expected(control, variant) < FEW_EXPECTED:
        p, method, badges = fisher_mid_p(control, variant), "fisher mid-p", ("few events",)
    ratio_ci = koopman_interval(control, variant, z=z)
    lift = None if control.events == 0 else _lift(control, variant)
    if lift is None:
        badges = (*badges, "no events in the control")
    return Effect(
        difference,
        mee_interval(control, variant, z=z),
        lift,
        ratio_ci.shifted(-1.0),
        p,
        method,
        score,
        math.sqrt(_variance(control.rate, control.n) + _variance(variant.rate, variant.n)),
        badges,
        {"p_score": p_from_z(score).value},
    )


def _difference(control: Proportion, variant: Proportion) -> float:
    """Return the difference of the rates with one rounding: exact integers above, one division."""
    return (variant.events * control.n - control.events * variant.n) / (control.n * variant.n)


def _lift(control: Proportion, variant: Proportion) -> float:
    return (variant.events * control.n - control.events * variant.n) / (control.events * variant.n)


def _variance(rate: float, n: int) -> float:
    return rate * (1.0 - rate) / n


def pooled_z(control: Proportion, variant: Proportion) -> float:
    """Return the pooled z statistic; its square is Pearson's chi-square without continuity correction."""
    both = control.plus(variant)
    if both.events in (0, both.n):
        return 0.0
    numerator = variant.events * control.n - control.events * variant.n
    spread = math.sqrt(both.events) * math.sqrt(both.n - both.events) * math.sqrt(control.n) * math.sqrt(variant.n)
    return numerator * math.sqrt(both.n) / spread


def smallest_expected(control: Proportion, variant: Proportion) -> float:
    """Return the smallest expected count of the two-by-two table under equal rates."""
    both = control.plus(variant)
    return min(control.n, variant.n) * min(both.events, both.n - both.events) / both.n


def wilson_interval(arm: Proportion, *, z: float) -> Interval:
    """Return Wilson's interval for one rate (Wilson 1927), exact 0 and 1 at the edges."""
    n, p = arm.n, arm.rate
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if arm.events == 0 else max(0.0, centre - half)
    high = 1.0 if arm.events == arm.n else min(1.0, centre + half)
    return Interval(low, high)


def fisher_mid_p(control: Proportion, variant: Proportion) -> PValue:
    """Return Fisher's two-sided mid-p: tables less likely than the observed one, and half of those as likely.

    The hypergeometric weights are built by their ratios outward from the mode, which keeps full relative precision
    at any table size (log-gamma loses six digits at 1e9).
    """
    both = control.plus(variant)
    low = max(0, both.events - control.n)
    high = min(variant.n, both.events)
    k = np.arange(low, high, dtype=float)
    steps = np.log(variant.n - k) + np.log(both.events - k)
    steps -= np.log(k + 1.0) + np.log(control.n - both.events + k + 1.0)
    ln_weight = np.concatenate(([0.0], np.cumsum(steps)))
    ln_weight -= ln_weight.max()
    observed = ln_weight[variant.events - low]
    as_likely = np.abs(ln_weight - observed) <= 1e-9
    less_likely = (ln_weight < observed) & ~as_likely
    weights = np.where(as_likely, 0.5, np.where(less_likely, 1.0, 0.0))
    kept = weights > 0
    ln_total = math.log(float(np.exp(ln_weight).sum()))
    peak = float(ln_weight[kept].max())
    tail = float((weights[kept] * np.exp(ln_weight[kept] - peak)).sum())
    return PValue(min(0.0, peak + math.log(tail) - ln_total))


def mee_interval(control: Proportion, variant: Proportion, *, z: float) -> Interval:
    """Return Mee's score interval for the difference of rates (Mee 1984): {d: |p1-p0-d| <= z*sqrt(V(d))}."""
    both = control.plus(variant)
    if 2 * both.events > both.n:  # count by the rarer side, where doubles are dense
        mirrored = mee_interval(control.flipped, variant.flipped, z=z)
        return Interval(_negated(mirrored.high), _negated(mirrored.low))
    observed = _difference(control, variant)
    scale = z * math.sqrt(_variance(control.rate, control.n) + _variance(variant.rate, variant.n))
    scale += z * z * (1.0 / control.n + 1.0 / variant.n)

    def spread(d: float) -> float:
        p0 = _rate_at_difference(control, variant, d)
        p1 = min(max(p0 + d, 0.0), 1.0)
        return z * math.sqrt(max(0.0, _variance(p0, control.n) + _variance(p1, variant.n)))

    high = _edge(lambda d: (d - observed) - spread(d), observed, scale, 1.0)
    low = -_edge(lambda d: (d + observed) - spread(-d), -observed, scale, 1.0)
    return Interval(low, high)


def _negated(value: float | None) -> float | None:
    return None if value is None else -value


def _edge(outside: Callable[[float], float], start: float, scale: float, limit: float) -> float:
    """Return where ``outside`` turns positive, walking up from ``start`` in doubling steps, at most to ``limit``."""
    inside, step = start, scale
    while True:
        probe = start + step
        if probe >= limit:
            if outside(limit) <= 0.0:
                return limit
            probe = limit
            break
        if outside(probe) > 0.0:
            break
        inside, step = probe, step * 2.0
    if inside == start:
        inside = start + (probe - start) * 1e-9
        if outside(inside) >= 0.0:
            return start
    return find_root(outside, inside, probe, xtol=scale * 1e-14)


def _rate_at_difference(control: Proportion, variant: Proportion, d: float) -> float:
    """Return the control rate that maximises the likelihood when the rates differ by ``d``.

    The closed form of Farrington & Manning 1990 loses half its digits at rare events, so it only starts a guarded
    Newton iteration on the (strictly decreasing) score.
    """
    low, high = max(0.0, -d), min(1.0, 1.0 - d)
    if low >= high or _score(control, variant, low, low + d) <= 0.0:
        return low
    if _score(control, variant, high, high + d) >= 0.0:
        return high
    p = _cubic_start(control, variant, d)
    for _ in range(200):
        if not low < p < high:
            p = 0.5 * (low + high)
            if not low < p < high:
                break
        score = _score(control, variant, p, p + d)
        low, high = (p, high) if score > 0 else (low, p)
        step = score / _curvature(control, variant, p, p + d)
        p += step
        if abs(step) <= 4e-16 * p:
            break
    return min(max(p, low), high)


def _score(control: Proportion, variant: Proportion, p0: float, p1: float) -> float:
    """Return the derivative of the log-likelihood at two rates, infinite where an observed count is impossible."""
    total = 0.0
    for arm, p in ((control, p0), (variant, p1)):
        if arm.events:
            total += arm.events / p if p > 0.0 else math.inf
        if arm.n > arm.events:
            total -= (arm.n - arm.events) / (1.0 - p) if p < 1.0 else math.inf
    return total


def _curvature(control: Proportion, variant: Proportion, p0: float, p1: float) -> float:
    """Return minus the derivative of ``_score``."""
    total = 0.0
    for arm, p in ((control, p0), (variant, p1)):
        total += arm.events / (p * p) if arm.events else 0.0
        total += (arm.n - arm.events) / ((1.0 - p) * (1.0 - p)) if p < 1.0 else 0.0
    return total


def _cubic_start(control: Proportion, variant: Proportion, d: float) -> float:
    """Return Farrington & Manning's closed form for the control rate, unpolished."""
    theta = control.n / variant.n
    p1, p0 = variant.rate, control.rate
    a = 1.0 + theta
    b = -(1.0 + theta + p1 + theta * p0 + d * (theta + 2.0))
    c = d * d + d * (2.0 * p1 + theta + 1.0) + p1 + theta * p0
    e = -p1 * d * (1.0 + d)
    v = b**3 / (27.0 * a**3) - b * c / (6.0 * a * a) + e / (2.0 * a)
    u2 = b * b / (9.0 * a * a) - c / (3.0 * a)
    u = math.copysign(math.sqrt(max(u2, 0.0)), v)
    ratio = 1.0 if u == 0.0 else min(1.0, max(-1.0, v / u**3))
    w = (math.pi + math.acos(ratio)) / 3.0
    return 2.0 * u * math.cos(w) - b / (3.0 * a) - d


def koopman_interval(control: Proportion, variant: Proportion, *, z: float) -> Interval:
    """Return Koopman's score interval for the ratio of rates (Koopman 1984); the upper end may be open.

    Solved in the logarithm of the ratio, where both edges are far from zero.
    """
    x0, x1 = control.events, variant.events

    mostly = 2 * (x0 + x1) > control.n + variant.n

    def outside(ln_ratio: float) -> float:
        ratio, excess = math.exp(ln_ratio), math.expm1(ln_ratio)
        if mostly:
            gap, variance = _ratio_terms_near_one(control, variant, ratio, excess)
        else:
            p0 = _rate_at_ratio(control, variant, ratio)
            variance = _variance(min(1.0, ratio * p0), variant.n) + ratio * ratio * _variance(p0, control.n)
            gap = variant.rate - ratio * control.rate
        return abs(gap) - z * math.sqrt(max(0.0, variance))

    spread = math.sqrt(1.0 / max(x0, 0.5) + 1.0 / max(x1, 0.5))
    start = math.log(max(x1, 0.5) * control.n / (max(x0, 0.5) * variant.n))
    low: float | None = 0.0
    high: float | None = None
    if x1 > 0:
        low = math.exp(-_edge(lambda v: outside(-v), *_anchor(x0, -start, spread, z), math.inf))
    if x0 > 0:
        high = math.exp(_edge(outside, *_anchor(x1, start, spread, z), math.inf))
    return Interval(low, high)


def _anchor(other_events: int, start: float, spread: float, z: float) -> tuple[float, float]:
    """Return where to start towards an edge and the first step; far inside the set when the other side is open."""
    return (start, z * spread) if other_events > 0 else (start - 40.0, 20.0 + z * spread)


def _rate_at_ratio(control: Proportion, variant: Proportion, ratio: float) -> float:
    """Return the control rate that maximises the likelihood at a given ratio: the stable root of a quadratic."""
    x0, x1 = control.events, variant.events
    a = (control.n + variant.n) * ratio
    b = ratio * (variant.n + x0) + x1 + control.n
    c = float(x0 + x1)
    root = math.sqrt(max(0.0, b * b - 4.0 * a * c))
    return min(1.0, 2.0 * c / (b + root))


def _ratio_terms_near_one(control: Proportion, variant: Proportion, ratio: float, excess: float) -> tuple[float, float]:
    """Return gap and variance as ``_rate_at_ratio`` would, written in the complements; ``excess`` = ratio - 1.

    Near rates of one the complements carry the information and ``1 - p`` would lose it.
    """
    y0, y1 = control.n - control.events, variant.n - variant.events
    total = control.n + variant.n
    a = total * ratio
    b = excess * (total + y0) + y0 + y1
    c = excess * y0
    root = math.sqrt(max(0.0, b * b - 4.0 * a * c))
    q0 = (b + root) / (2.0 * a) if b >= 0.0 else -2.0 * c / (root - b)
    q0 = min(1.0, max(0.0, q0))
    q1 = min(1.0, max(0.0, ratio * q0 - excess))
    gap = ratio * y0 / control.n - excess - y1 / variant.n
    return gap, q1 * (1.0 - q1) / variant.n + ratio * ratio * q0 * (1.0 - q0) / control.n


def non_inferiority_p(control: Proportion, variant: Proportion, *, margin: float, harm_is_up: bool = True) -> PValue:
    """Return the one-sided p that the variant is worse by ``margin`` or more (Farrington & Manning 1990).

    ``margin`` is an absolute difference in rates (> 0). Small p: the variant is not worse by as much as that.
    """
    from scipy import special

    bound = margin if harm_is_up else -margin
    p0 = _rate_at_difference(control, variant, bound)
    p1 = min(max(p0 + bound, 0.0), 1.0)
    se = math.sqrt(_variance(p0, control.n) + _variance(p1, variant.n))
    gap = (_difference(control, variant) - bound) * (1.0 if harm_is_up else -1.0)
    if se == 0.0:
        return PValue(0.0)
    return PValue(float(special.log_ndtr(gap / se)))


def compare_at_level(control: Proportion, variant: Proportion, *, alpha: float) -> Effect:
    """Compare two rates with intervals of level ``1 - alpha``."""
    return compare_proportions(control, variant, z=z_quantile(alpha))
