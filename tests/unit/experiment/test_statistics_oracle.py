"""The readout against an oracle that shares nothing with it: decimals of 60 digits, bisection, exact counting.

An interval is right when the oracle's own score statistic crosses the critical value within a millionth of its width.
"""

from __future__ import annotations

import decimal
import json
import math
from collections.abc import Callable
from decimal import Decimal as D
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

from plugins.experiment.commands import power_answer, readout_json
from plugins.experiment.proportions import compare_at_level, fisher_mid_p, smallest_expected
from plugins.experiment.sufficient import Proportion

decimal.setcontext(decimal.Context(prec=60, Emin=-10_000_000, Emax=10_000_000))
Z = D("1.95996398454005423552459443052055152795555007786")
NEAR = D("1e-6")
ANY = settings(max_examples=30)


@st.composite
def arms(draw: st.DrawFn, largest: int = 10**9) -> Proportion:
    """Arms of every size, crowded at the edges: nobody, one, a few, nearly all, all."""
    n = draw(st.one_of(st.integers(1, 30), st.integers(1, 5000), st.integers(1, largest)))
    few = st.integers(0, min(n, 9))
    return Proportion(n, draw(st.one_of(few, few.map(lambda k: n - k), st.integers(0, n))))


def likeliest(slope: Callable[[D], D], low: D, high: D) -> D:
    """Return where a falling slope crosses zero, by bisection."""
    for _ in range(190):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def part(count: int, rate: D) -> D:
    return D(count) / rate if count else D(0)


def z_of_difference(c: Proportion, v: Proportion, d: D) -> D:
    """Return the score statistic of the hypothesis ``p1 - p0 = d``."""
    low, high = max(D(0), -d), min(D(1), 1 - d)
    if low >= high:
        p0 = low
    else:
        p0 = likeliest(
            lambda p: (
                part(c.events, p)
                - part(c.n - c.events, 1 - p)
                + part(v.events, p + d)
                - part(v.n - v.events, 1 - p - d)
            ),
            low,
            high,
        )
    p1 = min(max(p0 + d, D(0)), D(1))
    variance = p0 * (1 - p0) / c.n + p1 * (1 - p1) / v.n
    gap = D(v.events) / v.n - D(c.events) / c.n - d
    return gap / variance.sqrt() if variance > D("1e-50") else gap * D("1e25")


def z_of_ratio(c: Proportion, v: Proportion, ratio: D) -> D:
    """Return the score statistic of the hypothesis ``p1 = ratio * p0``."""
    p0 = likeliest(
        lambda p: (
            part(c.events + v.events, p) - part(c.n - c.events, 1 - p) - ratio * part(v.n - v.events, 1 - ratio * p)
        ),
        D(0),
        min(D(1), 1 / ratio),
    )
    p1 = min(ratio * p0, D(1))
    variance = ratio * ratio * p0 * (1 - p0) / c.n + p1 * (1 - p1) / v.n
    gap = D(v.events) / v.n - ratio * D(c.events) / c.n
    return gap / variance.sqrt() if variance > D("1e-50") else gap * D("1e25")


def normal_tail(z: D) -> D:
    """Return ln P(N > z) for z >= 0: a series below 6, a continued fraction above."""
    ln_density = -z * z / 2 - (2 * D("3.14159265358979323846264338327950288419716939937511")).ln() / 2
    if z < 6:
        term = total = z
        for k in range(1, 400):
            term = term * z * z / (2 * k + 1)
            total += term
        return (D("0.5") - ln_density.exp() * total).ln()
    fraction = D(0)
    for k in range(300, 0, -1):
        fraction = D(k) / (z + fraction)
    return ln_density - (z + fraction).ln()


def pooled(c: Proportion, v: Proportion) -> D:
    """Return the pooled z of two rates, squared by Pearson."""
    both = D(c.events + v.events) / (c.n + v.n)
    return (D(v.events) / v.n - D(c.events) / c.n) / (both * (1 - both) * (D(1) / c.n + D(1) / v.n)).sqrt()


@ANY
@given(arms(), arms())
def test_p_of_two_rates_is_the_pooled_one_to_twelve_digits(c: Proportion, v: Proportion) -> None:
    assume(0 < c.events + v.events < c.n + v.n)
    found = compare_at_level(c, v, alpha=0.05)
    ln_p = float(normal_tail(abs(pooled(c, v))) + D(2).ln())
    assert math.log(found.extra["p_score"]) == pytest.approx(  # type: ignore[arg-type]
        max(ln_p, math.log(1e-300)), rel=1e-11, abs=1e-11
    )
    if smallest_expected(c, v) >= 5 and found.p is not None:
        assert found.p.ln == pytest.approx(ln_p, rel=1e-11, abs=1e-11)


@ANY
@given(arms(), arms())
def test_the_interval_of_a_difference_ends_where_the_score_does(c: Proportion, v: Proportion) -> None:
    ci = compare_at_level(c, v, alpha=0.05).difference_ci
    assert ci is not None and ci.low is not None and ci.high is not None
    low, high = D(ci.low), D(ci.high)
    slack = (high - low) * NEAR
    assert high > low
    assert z_of_difference(c, v, low + slack) <= Z and z_of_difference(c, v, high - slack) >= -Z
    if low - slack > -1:
        assert z_of_difference(c, v, low - slack) >= Z
    if high + slack < 1:
        assert z_of_difference(c, v, high + slack) <= -Z


@ANY
@given(arms(), arms())
def test_the_interval_of_a_lift_ends_where_the_score_does(c: Proportion, v: Proportion) -> None:
    assume(c.events + v.events > 0)
    ci = compare_at_level(c, v, alpha=0.05).lift_ci
    assert ci is not None and ci.low is not None
    assert (ci.low == -1.0) is (v.events == 0) or ci.low > -1.0
    assert (ci.high is None) is (c.events == 0)
    if v.events and ci.low > -0.999999:
        low = 1 + D(ci.low)
        step = (abs(low.ln()) + D("1e-3") / D(min(c.n, v.n))) * NEAR
        assert z_of_ratio(c, v, low * step.exp()) <= Z * (1 + NEAR)
        assert z_of_ratio(c, v, low / step.exp()) >= Z * (1 - NEAR)
    if ci.high is not None:
        high = 1 + D(ci.high)
        step = (abs(high.ln()) + D("1e-3") / D(min(c.n, v.n))) * NEAR
        assert z_of_ratio(c, v, high / step.exp()) >= -Z * (1 + NEAR)
        assert z_of_ratio(c, v, high * step.exp()) <= -Z * (1 - NEAR)


@ANY
@given(arms(400), arms(400))
def test_mid_p_counts_every_table_exactly(c: Proportion, v: Proportion) -> None:
    events, n = c.events + v.events, c.n + v.n
    weight = {
        k: math.comb(v.n, k) * math.comb(c.n, events - k) for k in range(max(0, events - c.n), min(v.n, events) + 1)
    }
    seen = weight[v.events]
    total = sum(Fraction(w) if w < seen else Fraction(w, 2) if w == seen else 0 for w in weight.values())
    exact = Fraction(total) / math.comb(n, events)
    assert math.exp(fisher_mid_p(c, v).ln) == pytest.approx(float(exact), rel=1e-9)


def as_rows(found: list[Proportion]) -> list[dict[str, Any]]:
    return [{"name": f"arm {i}", "n": a.n, "events": a.events} for i, a in enumerate(found)]


def finite_figures(value: Any) -> bool:
    """Say whether no number inside is NaN or infinite."""
    if isinstance(value, dict):
        return all(finite_figures(v) for v in value.values())
    if isinstance(value, list):
        return all(finite_figures(v) for v in value)
    return not isinstance(value, float) or math.isfinite(value)


@ANY
@given(st.lists(arms(), min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_two_to_ten_arms_are_corrected_and_checked_for_their_shares(found: list[Proportion], shuffler: Any) -> None:
    planned = [shuffler.randint(1, 9) for _ in found]
    body = readout_json(json.dumps({"control": "arm 0", "arms": as_rows(found), "planned": planned}))
    assert finite_figures(body)
    raw = [row["p"] for row in body["comparisons"]]
    assert all(0 < p <= 1 for p in raw)
    assert [row["p_adjusted"] for row in body["comparisons"]] == pytest.approx(
        [float(p) for p in np.asarray(multipletests(raw, method="holm")[1])], rel=1e-9
    )
    total = sum(a.n for a in found)
    expected = [total * w / sum(planned) for w in planned]
    chi2 = sum((a.n - e) ** 2 / e for a, e in zip(found, expected, strict=True))
    assert body["srm"]["chi2"] == pytest.approx(chi2, rel=1e-9)
    assert math.log(body["srm"]["p"]) == pytest.approx(
        max(stats.chi2.logsf(chi2, len(found) - 1), math.log(1e-300)), rel=1e-6
    )
    assert body["decision"]["winner"] is None or not body["srm"]["flagged"]


def money(values: list[float]) -> dict[str, Any]:
    exact = [Fraction(v) for v in values]
    sums = [sum((v**k for v in exact), Fraction(0)) for k in (1, 2, 3)]
    return {"n": len(values), **dict(zip(("sum", "sum2", "sum3"), map(float, sums), strict=True))}


@ANY
@given(
    st.integers(2, 400),
    st.floats(0.02, 1),
    st.floats(0.1, 2.5),
    st.floats(1e-3, 1e6),
    st.booleans(),
    st.integers(0, 99),
)
def test_money_is_welch_and_fieller_where_arms_are_equal(
    n: int, buyers: float, tail: float, scale: float, negative: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    both = np.round(rng.lognormal(0, tail, (2, n)) * scale * (rng.random((2, n)) < buyers), 4)
    both = both - scale / 3 if negative else both
    a, b = (list(map(float, row)) for row in both)
    given = {"control": "c", "arms": [{"name": "c", **money(a)}, {"name": "v", **money(b)}]}
    row = readout_json(json.dumps(given))["comparisons"][0]
    if np.ptp(both[0]) == np.ptp(both[1]) == 0:
        assert row["p"] is None and row["difference_ci"] is None
        return
    assume(not any(np.ptp(row) == 0 and row[0] != 0 for row in both))  # scipy warns that it may be wrong there
    expected: Any = stats.ttest_ind(b, a, equal_var=False)
    ci = expected.confidence_interval(0.95)
    width = ci.high - ci.low
    assert row["p"] == pytest.approx(expected.pvalue, rel=1e-6)
    assert row["difference_ci"] == pytest.approx([ci.low, ci.high], abs=1e-7 * width)
    m0, m1, v0, v1 = np.mean(a), np.mean(b), np.var(a, ddof=1) / n, np.var(b, ddof=1) / n
    t = stats.t.isf(0.025, expected.df)
    if row["lift_ci"] is not None:
        for ratio in (1 + row["lift_ci"][0], 1 + row["lift_ci"][1]):
            assert abs(m1 - ratio * m0) == pytest.approx(t * math.sqrt(v1 + ratio**2 * v0), rel=1e-5)
    else:
        assert m0**2 <= t**2 * v0 * (1 + 1e-9)


@ANY
@given(st.integers(2, 10), st.floats(0.001, 0.9), st.floats(0.02, 1), st.integers(50, 10**8))
def test_power_of_rates_is_the_normal_one(arms: int, baseline: float, lift: float, n: int) -> None:
    assume(baseline * (1 + lift) < 0.99)
    found = power_answer(n=n, arms=arms, baseline=baseline, lift=lift)
    z = stats.norm.isf(0.05 / (arms - 1) / 2)
    p0, p1 = baseline, baseline * (1 + lift)
    mean = (p0 + p1) / 2
    root = z * math.sqrt(2 * mean * (1 - mean)) + stats.norm.isf(0.2) * math.sqrt(p0 * (1 - p0) + p1 * (1 - p1))
    assert found["n_per_arm_needed"] == pytest.approx((root / (p1 - p0)) ** 2, abs=1.01, rel=1e-9)


@ANY
@given(st.floats(0.1, 1), st.integers(60, 4000))
def test_power_of_money_is_students(lift: float, n: int) -> None:
    found = power_answer(n=n, arms=2, baseline=10.0, lift=lift, sd=20.0)
    needed = TTestIndPower().solve_power(10.0 * lift / 20.0, power=0.8, alpha=0.05)
    assert found["n_per_arm_needed"] == pytest.approx(needed, abs=1.01)
