"""Less noise from what was known before: post-stratification, and Lin's regression adjustment (CUPED per arm)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from plugins.experiment.effect import Effect, Interval, p_from_t, t_quantile
from plugins.experiment.means import fieller
from plugins.experiment.sufficient import Mean, Pair


def compare_with_covariate(control: Pair, variant: Pair, *, alpha: float) -> Effect | None:
    """Compare means adjusted by a pre-period covariate with arm-specific slopes (Lin 2013).

    Per arm: mean - theta_a (xbar_a - xbar), variance s_a^2 (1 - rho_a^2) / n_a, plus (theta_1 - theta_0)^2 s_x^2 / N
    for the covariate's own mean. None where the covariate explains nothing or an arm is too small; the caller then
    shows the unadjusted figures. ``extra['variance_saved']`` is the share of variance taken away.
    """
    if min(control.n, variant.n) < 3 or min(control.sxx, variant.sxx, control.syy, variant.syy) <= 0.0:
        return None
    n = control.n + variant.n
    centre = (control.n * control.mean_x + variant.n * variant.mean_x) / n
    theta0, theta1 = control.sxy / control.sxx, variant.sxy / variant.sxx
    if theta0 == theta1 == 0.0:
        return None
    m0 = control.mean_y - theta0 * (control.mean_x - centre)
    m1 = variant.mean_y - theta1 * (variant.mean_x - centre)
    e0, e1 = _residual_variance(control), _residual_variance(variant)
    gap = control.n * variant.n / n * (control.mean_x - variant.mean_x) ** 2
    s2x = (control.sxx + variant.sxx + gap) / (n - 1)
    variance = e0 + e1 + (theta1 - theta0) ** 2 * s2x / n
    plain = control.syy / (control.n - 1) / control.n + variant.syy / (variant.n - 1) / variant.n
    effect = _effect(m0, e0, m1, variance - e0, (control.n, variant.n), alpha, "welch with covariate (Lin)")
    saved = 1.0 - variance / plain
    return replace(effect, extra={**effect.extra, "variance_saved": saved, "theta_control": theta0, "theta": theta1})


def _residual_variance(arm: Pair) -> float:
    """Return the variance of the adjusted mean of one arm."""
    return max(0.0, arm.syy - arm.sxy * arm.sxy / arm.sxx) / (arm.n - 1) / arm.n


def _effect(m0: float, e0: float, m1: float, e1: float, sizes: tuple[int, int], alpha: float, method: str) -> Effect:
    """Return the effect of two estimates with the variances of their means and Satterthwaite's freedom."""
    difference, variance = m1 - m0, e0 + e1
    lift = difference / m0 if m0 else None
    if variance <= 0.0:
        return Effect(difference, None, lift, None, None, method, badges=("no variation",))
    share = e0 / variance
    df = 1.0 / (share * share / (sizes[0] - 1) + (1.0 - share) ** 2 / (sizes[1] - 1))
    se, t = math.sqrt(variance), t_quantile(alpha, df)
    ratio = fieller(m0, e0, m1, e1, t=t)
    return Effect(
        difference,
        Interval(difference - t * se, difference + t * se),
        lift,
        None if ratio is None else ratio.shifted(-1.0),
        p_from_t(difference / se, df),
        method,
        difference / se,
        se,
        () if ratio else ("lift not estimable yet",),
        {"df": df},
    )


def merge_small(control: Mapping[str, Mean], variant: Mapping[str, Mean], least: int = 2) -> list[tuple[Mean, Mean]]:
    """Return the strata as (control, variant), those below ``least`` people in an arm merged into one.

    If the merged rest is itself too small it joins the smallest full stratum.
    """
    nobody = Mean(0, math.nan, math.nan, None)
    pairs = [(control.get(k, nobody), variant.get(k, nobody)) for k in sorted({*control, *variant})]
    full = [pair for pair in pairs if min(pair[0].n, pair[1].n) >= least]
    rest0, rest1 = nobody, nobody
    for a, b in pairs:
        if min(a.n, b.n) < least:
            rest0, rest1 = rest0.plus(a), rest1.plus(b)
    if rest0.n + rest1.n == 0:
        return full
    if min(rest0.n, rest1.n) >= least or not full:
        return [*full, (rest0, rest1)]
    full.sort(key=lambda pair: pair[0].n + pair[1].n)
    a, b = full[0]
    return [(a.plus(rest0), b.plus(rest1)), *full[1:]]


def post_stratified(control: Mapping[str, Mean], variant: Mapping[str, Mean], *, alpha: float) -> Effect | None:
    """Compare means within strata: sum_s (N_s/N)(m1s - m0s), variance sum_s w_s^2 (s1s^2/n1s + s0s^2/n0s).

    None where no stratum has two people in each arm. ``extra['strata']`` is the number used after merging.
    """
    strata = merge_small(control, variant)
    if not strata or any(min(a.n, b.n) < 2 for a, b in strata):
        return None
    n = sum(a.n + b.n for a, b in strata)
    m0 = m1 = e0 = e1 = 0.0
    for a, b in strata:
        w = (a.n + b.n) / n
        m0, m1 = m0 + w * a.mean, m1 + w * b.mean
        e0 += w * w * (a.variance or 0.0) / a.n
        e1 += w * w * (b.variance or 0.0) / b.n
    sizes = (sum(a.n for a, _ in strata), sum(b.n for _, b in strata))
    effect = _effect(m0, e0, m1, e1, sizes, alpha, "post-stratified")
    return replace(effect, extra={**effect.extra, "strata": float(len(strata))})
