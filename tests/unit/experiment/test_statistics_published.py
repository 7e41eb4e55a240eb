"""Published figures and independent implementations."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestIndPower

from plugins.experiment.adjustment import compare_with_covariate, post_stratified
from plugins.experiment.effect import PValue, p_from_t, p_from_z, z_quantile
from plugins.experiment.means import compare_welch, fieller, skew_of_difference
from plugins.experiment.multiplicity import benjamini_hochberg, holm
from plugins.experiment.power import people_for_means, people_for_rates
from plugins.experiment.proportions import (
    compare_at_level,
    fisher_mid_p,
    koopman_interval,
    mee_interval,
    pooled_z,
    wilson_interval,
)
from plugins.experiment.sequential import boundaries, repeated_p
from plugins.experiment.srm import sample_ratio
from plugins.experiment.sufficient import Mean, Pair, Proportion

Z = z_quantile(0.05)


@pytest.mark.parametrize(
    ("variant", "control", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0533, 0.3377),
        ((9, 10), (3, 10), 0.1821, 0.8370),
        ((6, 7), (2, 7), 0.0544, 0.8478),
        ((5, 56), (0, 29), -0.0313, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.7225, 1.0),
        ((10, 10), (0, 10), 0.6777, 1.0),
    ],
)
def test_mee_agrees_with_newcombe_1998(
    variant: tuple[int, int], control: tuple[int, int], low: float, high: float
) -> None:
    found = mee_interval(Proportion(control[1], control[0]), Proportion(variant[1], variant[0]), z=Z)
    assert found.as_list() == pytest.approx([low, high], abs=6e-5)


def test_koopman_agrees_with_his_example() -> None:
    found = koopman_interval(Proportion(80, 16), Proportion(40, 36), z=Z)
    assert found.as_list() == pytest.approx([2.94, 7.15], abs=5e-3)


def test_pooled_z_is_chi_square_without_correction() -> None:
    found = pooled_z(Proportion(5000, 500), Proportion(5000, 560))
    expected: Any = stats.chi2_contingency([[500, 4500], [560, 4440]], correction=False)
    assert found**2 == pytest.approx(expected.statistic, rel=1e-12)


def test_fisher_mid_p_is_fisher_less_half_of_what_is_as_likely() -> None:
    control, variant = Proportion(40, 1), Proportion(25, 4)
    hypergeometric: Any = stats.hypergeom
    weights = hypergeometric.pmf(np.arange(6), 65, 5, 25)
    exact: Any = stats.fisher_exact([[4, 21], [1, 39]])
    assert math.exp(fisher_mid_p(control, variant).ln) == pytest.approx(exact.pvalue - weights[4] / 2, rel=1e-10)


def test_wilson_agrees_with_scipy() -> None:
    found = wilson_interval(Proportion(37, 3), z=Z)
    expected = stats.binomtest(3, 37).proportion_ci(method="wilson")
    assert found.as_list() == pytest.approx([expected.low, expected.high], rel=1e-10)


def test_welch_agrees_with_scipy() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.gamma(0.4, 30, 300), rng.gamma(0.5, 30, 700)
    found = compare_welch(Mean.from_values(a), Mean.from_values(b), alpha=0.05)
    expected: Any = stats.ttest_ind(b, a, equal_var=False)
    ci = expected.confidence_interval(0.95)
    assert found.p is not None and found.difference_ci is not None
    assert found.p.value == pytest.approx(expected.pvalue, rel=1e-10)
    assert found.difference_ci.as_list() == pytest.approx([ci.low, ci.high], rel=1e-9)


def test_fieller_is_the_set_where_the_ratio_is_not_rejected() -> None:
    found = fieller(10.0, 0.8, 12.0, 1.1, t=2.0)
    assert found is not None and found.low is not None and found.high is not None
    for ratio in (found.low, found.high):
        assert abs(12.0 - ratio * 10.0) == pytest.approx(2.0 * math.sqrt(1.1 + ratio**2 * 0.8), rel=1e-12)


def test_skew_guard_uses_the_pooled_third_moment() -> None:
    rng = np.random.default_rng(5)
    a, b = rng.lognormal(1, 1.5, 200), rng.lognormal(1, 1.5, 2000)
    pooled = stats.skew(np.concatenate([a, b]))
    expected = pooled * (1 / 2000**2 - 1 / 200**2) / (1 / 2000 + 1 / 200) ** 1.5
    assert skew_of_difference(Mean.from_values(a), Mean.from_values(b)) == pytest.approx(expected, rel=1e-10)


def test_holm_and_benjamini_hochberg_agree_with_statsmodels() -> None:
    raw = [0.001, 0.04, 0.03, 0.2, 0.012, 0.9]
    for mine, name in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
        found = [p.value for p in mine([PValue.of(p) for p in raw])]
        expected: Any = multipletests(raw, method=name)[1]
        assert found == pytest.approx(list(expected), rel=1e-12)


def test_power_agrees_with_r_and_statsmodels() -> None:
    assert people_for_rates(0.5, 0.75, alpha=0.05, power=0.9) == pytest.approx(76.7, abs=0.05)  # power.prop.test
    assert math.ceil(people_for_rates(0.05, 0.06, alpha=0.05, power=0.8)) == 8158
    assert people_for_means(1.0, 1.0, alpha=0.05, power=0.9) == pytest.approx(22.02110, abs=1e-4)  # power.t.test
    expected = TTestIndPower().solve_power(0.2, power=0.8, alpha=0.05)
    assert people_for_means(0.2, 1.0, alpha=0.05, power=0.8) == pytest.approx(expected, rel=1e-6)


def test_spending_boundaries_agree_with_published_ones() -> None:
    assert boundaries([0.2, 0.4, 0.6, 0.8, 1.0]) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)
    assert boundaries([0.5, 1.0]) == pytest.approx([2.9626, 1.9686], abs=2e-4)
    assert repeated_p(1.959964, [1.0]).value == pytest.approx(0.05, rel=1e-3)


def test_lin_adjustment_agrees_with_regression() -> None:
    rng = np.random.default_rng(8)
    x = rng.gamma(2, 10, 4000)
    arm = rng.random(4000) < 0.4
    y = 0.5 * x + arm * (1 + 0.1 * x) + rng.normal(0, 5, 4000)
    design = np.column_stack([np.ones(4000), arm, x - x.mean(), arm * (x - x.mean())])
    beta = np.linalg.lstsq(design, y, rcond=None)[0]

    def pair(mask: Any) -> Pair:
        a, b = y[mask], x[mask]
        return Pair.from_sums(len(a), a.sum(), (a * a).sum(), b.sum(), (b * b).sum(), (a * b).sum())

    found = compare_with_covariate(pair(~arm), pair(arm), alpha=0.05)
    assert found is not None
    assert found.difference == pytest.approx(beta[1], rel=1e-9)
    assert float(found.extra["variance_saved"] or 0) > 0.3  # type: ignore[arg-type]


def test_post_stratification_weights_strata_by_size() -> None:
    a = {"x": Mean.from_values([1, 2, 3]), "y": Mean.from_values([10, 11, 12, 13])}
    b = {"x": Mean.from_values([2, 3, 4, 5]), "y": Mean.from_values([10, 12, 14])}
    found = post_stratified(a, b, alpha=0.05)
    assert found is not None
    assert found.difference == pytest.approx(0.5 * (3.5 - 2) + 0.5 * (12 - 11.5))
    variance = 0.25 * ((5 / 3) / 4 + 1 / 3) + 0.25 * (4 / 3 + (5 / 3) / 4)
    assert found.se == pytest.approx(math.sqrt(variance))


def test_sample_ratio_agrees_with_scipy() -> None:
    found = sample_ratio([21306, 21387, 21307])
    assert found.p.value == pytest.approx(stats.chisquare([21306, 21387, 21307]).pvalue, rel=1e-12)
    assert found.p.value == pytest.approx(0.9037, abs=5e-5)


def test_no_p_value_is_ever_zero() -> None:
    assert p_from_z(20.0).value == pytest.approx(5.507e-89, rel=1e-3)
    tiny = p_from_z(60.0)
    assert tiny.is_bound and tiny.value > 0 and tiny.text == "<1e-300"
    assert tiny.log10 == pytest.approx(-783.606, abs=0.1)
    assert p_from_t(90.0, 1e6).log10 == pytest.approx(p_from_z(90.0).log10, rel=0.01)
    huge = compare_at_level(Proportion(10**9, 10**8), Proportion(10**9, 2 * 10**8), alpha=0.05)
    assert huge.p is not None and huge.p.text == "<1e-300"


def test_zero_control_gives_a_difference_a_p_and_a_lower_bound() -> None:
    found = compare_at_level(Proportion(1000, 0), Proportion(1000, 30), alpha=0.05)
    assert found.lift is None and found.lift_ci is not None and found.p is not None
    assert found.p.value == pytest.approx(3.4e-8, rel=0.01)
    assert found.lift_ci.low is not None and found.lift_ci.low > 1 and found.lift_ci.high is None


def test_no_events_is_said_and_not_computed() -> None:
    found = compare_at_level(Proportion(100, 0), Proportion(100, 0), alpha=0.05)
    assert found.p is not None and found.p.value == 1.0
    assert found.lift is None and found.lift_ci is None and "no events yet" in found.badges
