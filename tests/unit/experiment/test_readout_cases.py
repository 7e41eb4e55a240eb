"""Forty cases through the whole readout, each figure recomputed with scipy, statsmodels or by search; none shared.

Every case is counts in, JSON out: two arms to ten, one person to 1e9, no event and only events, heavy tails, refunds,
an empty arm, a hundred to one, a sample ratio just inside and just outside its limit.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from plugins.experiment.commands import readout_file, readout_json

Json = dict[str, Any]
Z = float(stats.norm.ppf(0.975))

RATES: dict[str, list[tuple[int, int]]] = {
    "one person an arm, neither": [(1, 0), (1, 0)],
    "one person an arm, one did": [(1, 0), (1, 1)],
    "one person an arm, both did": [(1, 1), (1, 1)],
    "two against two": [(2, 0), (2, 2)],
    "three against three": [(3, 1), (3, 3)],
    "one against many": [(1, 1), (5_000, 200)],
    "no event anywhere": [(1_000, 0), (1_000, 0)],
    "no event in the control": [(1_000, 0), (1_000, 30)],
    "no event in the variant": [(1_000, 30), (1_000, 0)],
    "only events": [(400, 400), (400, 400)],
    "only events in one": [(400, 390), (400, 400)],
    "few events": [(500, 2), (500, 9)],
    "few non-events": [(500, 497), (500, 489)],
    "just five expected": [(100, 4), (100, 6)],
    "just under five expected": [(100, 4), (100, 5)],
    "ordinary": [(5_000, 500), (5_000, 560)],
    "ordinary, worse": [(5_000, 560), (5_000, 470)],
    "equal arms, equal rates": [(5_000, 500), (5_000, 500)],
    "a hundred to one": [(100, 12), (10_000, 900)],
    "ten thousand to one": [(100, 12), (1_000_000, 90_000)],
    "a million": [(1_000_000, 50_000), (1_000_000, 50_600)],
    "a thousand million": [(10**9, 30_000_000), (10**9, 30_020_000)],
    "p far below what a double holds": [(10**9, 30_000_000), (10**9, 32_000_000)],
    "three arms": [(2_000, 100), (2_000, 130), (2_000, 150)],
    "four arms, one empty": [(2_000, 100), (2_000, 130), (0, 0), (2_000, 160)],
    "five arms, nothing going on": [(800, 40), (800, 44), (800, 37), (800, 41), (800, 46)],
    "ten arms": [(3_000, 150), *[(3_000, 140 + 9 * i) for i in range(9)]],
    "ten arms, all unequal": [(900, 31), *[(400 + 97 * i, 11 + 7 * i) for i in range(9)]],
}  # fmt: skip


def read_rates(case: list[tuple[int, int]], **options: Any) -> Json:
    arms = [{"name": f"arm {i}", "n": n, "events": x} for i, (n, x) in enumerate(case)]
    return readout_json(json.dumps({"control": "arm 0", "arms": arms, **options}))


def mid_p(x0: int, n0: int, x1: int, n1: int) -> float:
    """Count the tables less likely than the one seen whole, and those as likely half."""
    law: Any = stats.hypergeom(n0 + n1, x0 + x1, n1)
    table = law.pmf(np.arange(max(0, x1 - n0 - x1), min(n1, x0 + x1) + 1))
    seen = law.pmf(x1)
    alike = np.isclose(table, seen, rtol=1e-7)
    return min(1.0, float(table[(table < seen) & ~alike].sum() + 0.5 * table[alike].sum()))


def expected_p(x0: int, n0: int, x1: int, n1: int) -> float:
    if x0 + x1 in (0, n0 + n1):
        return 1.0
    rate = (x0 + x1) / (n0 + n1)
    if min(n0, n1) * min(x0 + x1, n0 + n1 - x0 - x1) < 5 * (n0 + n1):
        return mid_p(x0, n0, x1, n1)
    z = (x1 / n1 - x0 / n0) / math.sqrt(rate * (1 - rate) * (1 / n0 + 1 / n1))
    return 2 * float(stats.norm.sf(abs(z)))


def constrained_difference(x0: int, n0: int, x1: int, n1: int, d: float) -> float:
    """Return z of Mee's hypothesis ``p1 - p0 = d``, its likelihood maximised numerically."""
    low, high = max(0.0, -d), min(1.0, 1.0 - d)

    def cost(p: float) -> float:
        terms = ((x0, p), (n0 - x0, 1 - p), (x1, p + d), (n1 - x1, 1 - p - d))
        return -sum(k * math.log(max(q, 1e-300)) for k, q in terms if k)

    found: Any = optimize.minimize_scalar(cost, bounds=(low, high), method="bounded", options={"xatol": 1e-13})
    p = min((low, high, float(found.x)), key=cost)
    variance = p * (1 - p) / n0 + (p + d) * (1 - p - d) / n1
    gap = x1 / n1 - x0 / n0 - d
    return gap / math.sqrt(variance) if variance > 1e-18 else math.copysign(1e9, gap) if gap else 0.0


@pytest.mark.parametrize("name", RATES)
def test_p_and_its_corrections(name: str) -> None:
    case = RATES[name]
    body = read_rates(case)
    rows = body["comparisons"]
    raw: list[float | None] = []
    for (n, x), row in zip(case[1:], rows, strict=True):
        raw.append(expected_p(case[0][1], case[0][0], x, n) if n else None)
        assert row["p"] == (None if raw[-1] is None else pytest.approx(max(raw[-1], 1e-300), rel=1e-6))
    known = [p for p in raw if p is not None]
    holm: Any = multipletests(known, method="holm")[1]
    got = [row["p_adjusted"] for row in rows if row["p"] is not None]
    assert got == pytest.approx([max(p, 1e-300) for p in holm], rel=1e-6)
    assert not any(row["p"] == 0 or row["p_text"] in ("0", "0.0") for row in rows)


@pytest.mark.parametrize("name", RATES)
def test_rates_differences_and_lifts(name: str) -> None:
    case = RATES[name]
    n0, x0 = case[0]
    body = read_rates(case)
    for (n, x), arm in zip(case, body["arms"], strict=True):
        if n:
            wilson: Any = proportion_confint(x, n, method="wilson")
            assert arm["rate"] == pytest.approx(x / n, rel=1e-12)
            assert arm["rate_ci"] == pytest.approx(list(wilson), rel=1e-9, abs=1e-12)
    for (n, x), row in zip(case[1:], body["comparisons"], strict=True):
        if not n:
            assert row["difference"] is None and row["lift"] is None and row["difference_ci"] is None
            continue
        assert row["difference"] == pytest.approx(x / n - x0 / n0, rel=1e-9, abs=1e-15)
        assert row["lift"] == (pytest.approx((x / n) / (x0 / n0) - 1, rel=1e-9, abs=1e-12) if x0 else None)


@pytest.mark.parametrize("name", [n for n, case in RATES.items() if max(a for a, _ in case) <= 10_000])
def test_ends_of_the_difference_are_where_the_score_test_turns(name: str) -> None:
    case = RATES[name]
    n0, x0 = case[0]
    for (n, x), row in zip(case[1:], read_rates(case)["comparisons"], strict=True):
        if not n:
            continue
        low, high = row["difference_ci"]
        step = 1e-3 * (high - low)
        for end, sign in ((low, 1.0), (high, -1.0)):
            inside, outside = end + sign * step, end - sign * step
            assert abs(constrained_difference(x0, n0, x, n, inside)) < Z + 1e-6
            if -1.0 < outside < 1.0:
                assert abs(constrained_difference(x0, n0, x, n, outside)) > Z - 1e-6


@pytest.mark.parametrize("name", ["ordinary", "ordinary, worse", "few events", "three arms", "ten arms", "a million"])
def test_ends_of_the_lift_are_koopmans(name: str) -> None:
    case = RATES[name]
    n0, x0 = case[0]
    for (n, x), row in zip(case[1:], read_rates(case)["comparisons"], strict=True):
        ends: Any = confint_proportions_2indep(x, n, x0, n0, method="score", compare="ratio", correction=False)
        assert row["lift_ci"] == pytest.approx([ends[0] - 1, ends[1] - 1], rel=1e-5, abs=1e-8)


def test_no_event_has_no_lift_and_says_so() -> None:
    row = read_rates(RATES["no event anywhere"])["comparisons"][0]
    assert (row["p"], row["lift"]) == (1.0, None) and row["badges"]
    open_ended = read_rates(RATES["no event in the control"])["comparisons"][0]
    assert open_ended["lift"] is None and open_ended["lift_ci"][0] > 0 and open_ended["lift_ci"][1] is None


# --- money
def heavy(rng: np.random.Generator, n: int, rate: float, mu: float) -> np.ndarray:
    return np.where(rng.random(n) < rate, rng.lognormal(mu, 1.6, n), 0.0)


MONEY: dict[str, Callable[[np.random.Generator], list[np.ndarray]]] = {
    "two each": lambda r: [np.array([1.0, 4.0]), np.array([2.0, 9.0])],
    "three each": lambda r: [np.array([0.0, 0.0, 5.0]), np.array([0.0, 3.0, 9.0])],
    "ordinary": lambda r: [r.normal(50, 9, 400), r.normal(52, 12, 400)],
    "unequal arms, no skew": lambda r: [r.normal(50, 9, 90), r.normal(51, 9, 900)],
    "equal arms, heavy tail": lambda r: [heavy(r, 3000, 0.05, 3.0), heavy(r, 3000, 0.06, 3.0)],
    "refunds": lambda r: [r.normal(-2, 30, 500), r.normal(1, 30, 500)],
    "control near zero": lambda r: [r.normal(0.01, 5, 300), r.normal(1, 5, 300)],
    "five arms": lambda r: [r.gamma(2, 10 + i, 700) for i in range(5)],
    "large amounts, little spread": lambda r: [1e9 + r.normal(0, 1, 500), 1e9 + r.normal(0.3, 1, 500)],
}  # fmt: skip


def read_money(arms: list[np.ndarray], sums: bool) -> Json:
    def fields(values: np.ndarray) -> Json:
        if not sums:
            return {"values": values.tolist()}
        return {"n": len(values), "mean": float(values.mean()), "sd": float(values.std(ddof=1))}

    rows = [{"name": f"arm {i}", **fields(values)} for i, values in enumerate(arms)]
    return readout_json(json.dumps({"control": "arm 0", "arms": rows}))


def fieller_ends(a: np.ndarray, b: np.ndarray, t: float) -> tuple[float, float] | None:
    """Search the ratios at which the t statistic of ``mean(b) - R mean(a)`` reaches its critical value."""
    m0, m1 = a.mean(), b.mean()
    v0, v1 = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    if m0 * m0 <= t * t * v0:
        return None

    def outside(ratio: float) -> float:
        return (m1 - ratio * m0) ** 2 - t * t * (v1 + ratio * ratio * v0)

    ratio = m1 / m0
    ends: list[float] = []
    for sign in (-1.0, 1.0):
        step = 1e-6
        while outside(ratio + sign * step) < 0:
            step *= 2
        low, high = sorted((ratio, ratio + sign * step))
        end: Any = optimize.brentq(outside, low, high, xtol=1e-14)
        ends.append(float(end))
    return ends[0], ends[1]


@pytest.mark.parametrize("sums", [False, True])
@pytest.mark.parametrize("name", MONEY)
def test_money_is_welch_and_fieller(name: str, sums: bool) -> None:
    arms = MONEY[name](np.random.default_rng(7))
    rows = read_money(arms, sums)["comparisons"]
    close = 1e-6 if name != "large amounts, little spread" else 1e-4
    for values, row in zip(arms[1:], rows, strict=True):
        test: Any = stats.ttest_ind(values, arms[0], equal_var=False)
        both = CompareMeans(DescrStatsW(values), DescrStatsW(arms[0]))
        ends: Any = both.tconfint_diff(usevar="unequal")
        assert row["p"] == pytest.approx(float(test.pvalue), rel=close)
        assert row["difference_ci"] == pytest.approx(list(ends), rel=close, abs=1e-9)
        fieller = fieller_ends(arms[0], values, float(stats.t.ppf(0.975, test.df)))
        if fieller is None:
            assert row["lift_ci"] is None and any("not estimable" in badge for badge in row["badges"])
        else:
            assert row["lift_ci"] == pytest.approx([fieller[0] - 1, fieller[1] - 1], rel=1e-5, abs=1e-9)
    holm: Any = multipletests([row["p"] for row in rows], method="holm")[1]
    assert [row["p_adjusted"] for row in rows] == pytest.approx(list(holm), rel=1e-9)


def plain_permutation(a: np.ndarray, b: np.ndarray, draws: int) -> float:
    """Relabel and studentise, by definition; twice the smaller tail."""
    rng = np.random.default_rng(99)

    def t_of(x: np.ndarray, y: np.ndarray) -> float:
        return (y.mean() - x.mean()) / math.sqrt(x.var(ddof=1) / len(x) + y.var(ddof=1) / len(y))

    seen, both = t_of(a, b), np.concatenate([a, b])
    drawn = np.empty(draws)
    for i in range(draws):
        mixed = rng.permutation(both)
        drawn[i] = t_of(mixed[: len(a)], mixed[len(a) :])
    return 2 * min((drawn >= seen).mean(), (drawn <= seen).mean())


@pytest.mark.parametrize("lift", [0.0, 0.35, 0.8])
def test_skewed_money_with_a_small_control_is_relabelled(lift: float) -> None:
    rng = np.random.default_rng(3)
    a, b = heavy(rng, 400, 0.3, 3.0), heavy(rng, 4000, 0.3, 3.0) * (1 + lift)
    row = read_money([a, b], sums=False)["comparisons"][0]
    expected = plain_permutation(a, b, 4000)
    assert "permutation" in row["method"]
    assert row["p"] == pytest.approx(expected, abs=4 * math.sqrt(max(expected, 0.002) / 4000) + 0.002)
    assert (row["difference_ci"][0] > 0 or row["difference_ci"][1] < 0) == (row["p"] < 0.05)


@pytest.mark.parametrize(
    ("arms", "badge"),
    [
        ([[5.0], [7.0]], "fewer than two"),
        ([[0.0, 0.0], [0.0, 0.0]], "nothing bought"),
        ([[3.0, 3.0], [3.0, 3.0]], "no variation"),
    ],
)
def test_what_money_cannot_tell_is_null_with_a_reason(arms: list[list[float]], badge: str) -> None:
    body = read_money([np.array(values) for values in arms], sums=len(arms[0]) > 1)
    row = body["comparisons"][0]
    assert row["p"] is None and row["difference_ci"] is None and badge in row["badges"][0]
    assert body["decision"]["winner"] is None


# --- sample ratio, decision, loss
@pytest.mark.parametrize("planned", [None, {"arm 0": 0.1, "arm 1": 0.9}, {"arm 0": 1, "arm 1": 3}])
@pytest.mark.parametrize("side", [-1, 1])
def test_the_sample_ratio_blocks_from_a_thousandth_on(planned: dict[str, float] | None, side: int) -> None:
    total = 100_000
    weights = np.array(list((planned or {"arm 0": 1, "arm 1": 1}).values()), dtype=float)
    share = weights[0] / weights.sum()
    edge = math.sqrt(float(stats.chi2.isf(0.001, 1)) * share * (1 - share) * total)
    n0 = round(share * total + side * edge)
    flags: dict[bool, Json] = {}
    for n in range(n0 - 6, n0 + 7):
        case = [(n, n // 20), (total - n, (total - n) // 10)]
        body = read_rates(case, **({"planned": planned} if planned else {}))
        expected: Any = stats.chisquare([n, total - n], weights / weights.sum() * total)
        assert body["srm"]["p"] == pytest.approx(float(expected.pvalue), rel=1e-9)
        assert body["srm"]["flagged"] is bool(expected.pvalue < 0.001)
        flags[body["srm"]["flagged"]] = body["decision"]
    assert flags[True]["winner"] is None and flags[True]["code"] == "sample_ratio"
    assert flags[False]["winner"] == "arm 1"


@pytest.mark.parametrize("name", ["ordinary", "three arms", "ten arms", "few events", "no event in the control"])
def test_expected_loss_is_what_drawing_from_the_posteriors_gives(name: str) -> None:
    case = [(n, x) for n, x in RATES[name] if n]
    rng = np.random.default_rng(1)
    drawn = np.stack([rng.beta(x + 0.5, n - x + 0.5, 400_000) for n, x in case])
    gaps = drawn.max(axis=0) - drawn
    losses = [row["loss"] for row in read_rates(case)["expected_loss"]]
    error = 5 * gaps.std(axis=1) / math.sqrt(gaps.shape[1]) + 0.01 * gaps.mean(axis=1)
    assert np.all(np.abs(np.array(losses) - gaps.mean(axis=1)) < error + 1e-7)


@pytest.mark.parametrize("name", RATES)
def test_the_winner_is_the_highest_of_those_holm_shows_better_whatever_the_order(name: str) -> None:
    case = RATES[name]
    body = read_rates(case)
    good = [row for row in body["comparisons"] if (row["p_adjusted"] or 1) < 0.05 and (row["difference"] or 0) > 0]
    srm: Any = stats.chisquare([n for n, _ in case]) if sum(n for n, _ in case) else None
    expected = None if srm.pvalue < 0.001 or not good else max(good, key=lambda row: row["value"])["arm"]
    assert body["decision"]["winner"] == expected
    arms = [{"name": f"arm {i}", "n": n, "events": x} for i, (n, x) in enumerate(case)]
    turned = readout_json(json.dumps({"control": "arm 0", "arms": [arms[0], *arms[:0:-1]]}))
    assert turned["decision"]["winner"] == expected
    if expected is None:
        assert body["decision"]["reason"].startswith("No winner")


# --- adjusted figures
def test_a_covariate_is_lins_regression(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    n = 3000
    before = rng.gamma(2.0, 20.0, n)
    treated = rng.random(n) < 0.5
    after = 5 + np.where(treated, 0.9, 0.6) * before + rng.normal(0, 15, n) + 2 * treated
    lines = [
        f"{'B' if t else 'A'},{y!r},{x!r}"
        for t, y, x in zip(treated, map(float, after), map(float, before), strict=True)
    ]
    path = tmp_path / "rows.csv"
    path.write_text("arm,spend,prior\n" + "\n".join(lines))
    row = readout_file(path, arm="arm", control="A", outcomes=["spend"], covariate="prior")["comparisons"][0]
    centred = before - before.mean()
    design = np.column_stack([np.ones(n), treated, centred, treated * centred])
    fit: Any = sm.OLS(after, design).fit(cov_type="HC2")
    assert row["difference"] == pytest.approx(fit.params[1], rel=1e-9)
    # HC2 takes the centre as known; Lin's extra term for it is added here by hand.
    slope, spread = fit.params[3], before.var(ddof=1) / n
    assert row["se"] == pytest.approx(math.sqrt(fit.bse[1] ** 2 + slope**2 * spread), rel=2e-3)
    plain: Any = stats.ttest_ind(after[treated], after[~treated], equal_var=False)
    assert row["unadjusted"]["p"] == pytest.approx(float(plain.pvalue), rel=1e-6)


def test_secondary_outcomes_are_corrected_by_their_false_discovery_rate() -> None:
    rng = np.random.default_rng(2)
    events = {name: [int(k) for k in rng.binomial(2000, 0.1 + 0.012 * rng.random(4))] for name in ("a", "b", "c", "d")}
    outcomes = [
        {"name": name, "arms": [{"name": f"arm {i}", "n": 2000, "events": k} for i, k in enumerate(found)]}
        for name, found in events.items()
    ]
    body = readout_json(json.dumps({"control": "arm 0", "primary": "a", "outcomes": outcomes}))
    rows = [row for row in body["comparisons"] if row["outcome"] != "a"]
    expected: Any = multipletests([row["p"] for row in rows], method="fdr_bh")[1]
    assert [row["p_adjusted"] for row in rows] == pytest.approx(list(expected), rel=1e-9)
    assert {row["role"] for row in rows} == {"secondary"}


def test_rows_without_a_value_count_as_zero_and_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    rows = [f"{'A' if i % 2 else 'B'},{'' if i % 10 == 0 else i % 7}" for i in range(600)]
    path.write_text("arm,spend\n" + "\n".join(rows))
    body = readout_file(path, arm="arm", control="A", outcomes=["spend"], kinds=["spend=money"])
    filled: dict[str, list[float]] = {"A": [], "B": []}
    for row in rows:
        arm, value = row.split(",")
        filled[arm].append(float(value or 0))
    test: Any = stats.ttest_ind(filled["B"], filled["A"], equal_var=False)
    assert body["comparisons"][0]["p"] == pytest.approx(float(test.pvalue), rel=1e-9)
    assert any("60 rows had no value for spend" in said for said in body["caveats"])
