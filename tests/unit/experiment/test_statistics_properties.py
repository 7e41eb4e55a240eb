"""What must hold for any counts."""

from __future__ import annotations

import itertools
import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.experiment.commands import readout_json
from plugins.experiment.effect import PValue, z_quantile
from plugins.experiment.means import compare_welch
from plugins.experiment.multiplicity import holm
from plugins.experiment.proportions import compare_at_level, koopman_interval, mee_interval, pooled_z
from plugins.experiment.sufficient import Mean, Proportion


@st.composite
def proportions(draw: st.DrawFn, largest: int = 10**9) -> Proportion:
    n = draw(st.one_of(st.integers(1, 60), st.integers(1, largest)))
    return Proportion(n, draw(st.one_of(st.integers(0, min(n, 5)), st.integers(0, n))))


@settings(max_examples=400)
@given(proportions(), proportions())
def test_score_p_and_both_intervals_agree_about_zero(control: Proportion, variant: Proportion) -> None:
    z = z_quantile(0.05)
    statistic = abs(pooled_z(control, variant))
    if abs(statistic - z) < 1e-6 * z or control.plus(variant).events in (0, control.n + variant.n):
        return
    rejected = statistic > z
    assert mee_interval(control, variant, z=z).contains(0.0) is not rejected
    assert koopman_interval(control, variant, z=z).contains(1.0) is not rejected


@settings(max_examples=400)
@given(proportions(), proportions())
def test_intervals_hold_their_estimate_and_stay_in_range(control: Proportion, variant: Proportion) -> None:
    found = compare_at_level(control, variant, alpha=0.05)
    ci = found.difference_ci
    assert ci is not None and ci.low is not None and ci.high is not None
    assert -1.0 <= ci.low <= found.difference + 1e-15 and found.difference - 1e-15 <= ci.high <= 1.0
    assert found.p is not None and 0.0 < found.p.value <= 1.0
    if found.lift is not None and found.lift_ci is not None:
        slack = 1e-9 * (1 + abs(found.lift))
        assert found.lift_ci.low is not None and -1.0 - 1e-12 <= found.lift_ci.low <= found.lift + slack
        assert found.lift_ci.high is None or found.lift <= found.lift_ci.high + slack


@settings(max_examples=200)
@given(proportions(10**6), proportions(10**6))
def test_swapping_arms_mirrors_the_difference(control: Proportion, variant: Proportion) -> None:
    there = mee_interval(control, variant, z=1.96)
    back = mee_interval(variant, control, z=1.96)
    assert there.low is not None and there.high is not None and back.low is not None and back.high is not None
    assert math.isclose(there.low, -back.high, rel_tol=1e-7, abs_tol=1e-12)
    assert math.isclose(there.high, -back.low, rel_tol=1e-7, abs_tol=1e-12)


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=30), st.lists(st.floats(0, 1000), min_size=2, max_size=30))
def test_welch_p_and_interval_agree(a: list[float], b: list[float]) -> None:
    found = compare_welch(Mean.from_values(a), Mean.from_values(b), alpha=0.05)
    if found.p is None or found.difference_ci is None or abs(found.p.value - 0.05) < 1e-9:
        return
    assert found.difference_ci.contains(0.0) is (found.p.value > 0.05)


@given(st.lists(st.floats(1e-300, 1.0), min_size=1, max_size=12))
def test_holm_never_lowers_a_p_and_keeps_the_order(raw: list[float]) -> None:
    values = [PValue.of(p) for p in raw]
    adjusted = holm(values)
    assert all(a.ln >= p.ln for a, p in zip(adjusted, values, strict=True))
    ranked = sorted(zip(values, adjusted, strict=True), key=lambda pair: pair[0].ln)
    assert all(x[1].ln <= y[1].ln + 1e-12 for x, y in itertools.pairwise(ranked))


@settings(max_examples=60)
@given(st.lists(proportions(5000), min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_arms_changes_nothing(arms: list[Proportion], shuffler: object) -> None:
    rows = [{"name": f"arm {i}", "n": a.n, "events": a.events, "weight": a.n} for i, a in enumerate(arms)]
    turned = list(reversed(rows))
    first = readout_json(json.dumps({"control": "arm 0", "arms": rows}))
    second = readout_json(json.dumps({"control": "arm 0", "arms": turned}))
    assert first["decision"]["winner"] == second["decision"]["winner"]
    assert first["decision"]["tied"] == second["decision"]["tied"]
    key = lambda row: row["arm"]  # noqa: E731
    for x, y in zip(sorted(first["comparisons"], key=key), sorted(second["comparisons"], key=key), strict=True):
        assert (x["p_adjusted"], x["difference_ci"], x["lift_ci"]) == (
            y["p_adjusted"],
            y["difference_ci"],
            y["lift_ci"],
        )


@settings(max_examples=100)
@given(st.lists(proportions(), min_size=2, max_size=10))
def test_a_readout_is_always_plain_json(arms: list[Proportion]) -> None:
    rows = [{"name": f"arm {i}", "n": a.n, "events": a.events} for i, a in enumerate(arms)]
    body = readout_json(json.dumps({"arms": rows}))
    json.dumps(body, allow_nan=False)
    assert all(row["p"] is None or 0.0 < row["p"] <= row["p_adjusted"] <= 1.0 for row in body["comparisons"])
