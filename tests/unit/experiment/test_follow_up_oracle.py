"""Drivers, uplift and breakdowns recomputed with other tools: statsmodels' robust Wald test, a plain loop for Qini."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import LinearRegression
from statsmodels.stats.multitest import multipletests

from app.domain.errors import Refused
from plugins.experiment.answers import breakdown_of, did_worse
from plugins.experiment.campaign_readout import Analysis, analyse
from plugins.experiment.finished import _age_bands, age_band  # pyright: ignore[reportPrivateUsage]
from plugins.experiment.uplift import held_out, qini

N = 24_000
ATTRIBUTES = ("history_segment", "zip_code", "newbie", "channel")


def mailing(kind: str, seed: int = 11) -> pd.DataFrame:
    """Draw a mailing like Hillstrom's: two mails against none, five spend classes, a rare conversion, skewed spend."""
    rng = np.random.default_rng(seed)
    people = pd.DataFrame(
        {
            "arm": rng.choice(["control", "Mens", "Womens"], N),
            "history_segment": rng.choice(["0-100", "100-200", "200-350", "350+"], N, p=[0.4, 0.3, 0.2, 0.1]),
            "zip_code": rng.choice(["Rural", "Surburban", "Urban"], N, p=[0.15, 0.45, 0.4]),
            "newbie": rng.choice(["0", "1"], N),
            "channel": rng.choice(["Web", "Phone", "Multichannel"], N, p=[0.44, 0.44, 0.12]),
        }
    )  # fmt: skip
    mailed = (people["arm"] != "control").to_numpy()
    rate = 0.08 + 0.04 * (people["channel"] == "Web").to_numpy()
    if kind == "moved":
        rate = rate + mailed * np.where(people["newbie"] == "1", 0.06, -0.035)
    bought = rng.random(N) < rate
    people["converted"] = bought
    people["revenue"] = np.where(bought, rng.lognormal(4.0, 0.9, N), 0.0)
    return people


def readout(people: pd.DataFrame, folder: Path, primary: str) -> dict[str, Any]:
    path = folder / "people.parquet"
    people.to_parquet(path)
    return analyse(path, Analysis(primary=primary, attributes=ATTRIBUTES))  # type: ignore[arg-type]


def robust_wald(people: pd.DataFrame, attribute: str, arm: str, y: str) -> float:
    """Test equal differences over the levels: the saturated linear model with HC2 errors."""
    chosen: Any = people[people["arm"].isin(["control", arm])]
    levels: Any = pd.get_dummies(chosen[attribute], dtype=float)
    treated = (chosen["arm"] == arm).to_numpy(dtype=float)[:, None]
    design = np.hstack([levels.to_numpy(), levels.to_numpy() * treated])
    fit: Any = sm.OLS(chosen[y].to_numpy(dtype=float), design).fit(cov_type="HC2")
    k = levels.shape[1]
    contrast = np.zeros((k - 1, 2 * k))
    for i in range(k - 1):
        contrast[i, k + i], contrast[i, 2 * k - 1] = 1.0, -1.0
    return float(fit.wald_test(contrast, use_f=False, scalar=True).pvalue)


@pytest.mark.parametrize("kind", ["flat", "moved"])
@pytest.mark.parametrize(
    ("primary", "y", "close"), [("revenue", "revenue", 1e-6), ("conversion_rate", "converted", 0.05)]
)
def test_the_interaction_test_is_the_robust_wald_test(
    kind: str, primary: str, y: str, close: float, tmp_path: Path
) -> None:
    people = mailing(kind)
    body = readout(people, tmp_path, primary)
    tests = body["drivers"]["tests"]
    expected = [robust_wald(people, t["attribute"], t["arm"], y) for t in tests]
    # A rate's standard errors are smoothed by half an event, so they differ a little from HC2.
    assert [t["p"] for t in tests] == pytest.approx(expected, rel=close, abs=1e-12)
    holm: Any = multipletests([t["p"] for t in tests], method="holm")[1]
    assert [t["p_adjusted"] for t in tests] == pytest.approx(list(holm), rel=1e-9)
    named = {t["attribute"] for t in tests if t["p_adjusted"] < 0.05}
    assert named == ({"newbie"} if kind == "moved" else set())


def test_effects_by_level_are_differences_of_means_with_welch_errors(tmp_path: Path) -> None:
    people = mailing("moved")
    rows = readout(people, tmp_path, "revenue")["drivers"]["attributes"]
    assert len(rows) == 2 * (4 + 3 + 2 + 3)
    for row in rows:
        level = people[people[row["attribute"]] == row["level"]]
        a, b = (level.loc[level["arm"] == arm, "revenue"] for arm in (row["arm"], "control"))
        se = np.sqrt(a.var() / len(a) + b.var() / len(b))
        assert (row["n"], row["n_control"]) == (len(a), len(b))
        assert row["effect"] == pytest.approx(a.mean() - b.mean(), rel=1e-9)
        z = stats.norm.ppf(0.975)
        assert row["ci"] == pytest.approx([row["effect"] - z * se, row["effect"] + z * se], rel=1e-6)


def test_who_responds_anyway_is_the_equality_of_means_over_levels(tmp_path: Path) -> None:
    people = mailing("flat")
    for found in readout(people, tmp_path, "revenue")["drivers"]["anyway"]:
        groups: Any = people.groupby(found["attribute"])["revenue"].agg(["mean", "var", "count"])
        precision: Any = groups["count"] / groups["var"]
        fit: Any = sm.WLS(groups["mean"].to_numpy(), np.ones(len(groups)), weights=precision.to_numpy()).fit()
        q = float((precision * (groups["mean"] - fit.params[0]) ** 2).sum())
        assert found["p"] == pytest.approx(float(stats.chi2.sf(q, len(groups) - 1)), rel=1e-6)


def plain_qini(score: np.ndarray, y: np.ndarray, treated: np.ndarray) -> float:
    """Radcliffe's coefficient by definition, one prefix of the ranking at a time."""
    order = sorted(range(len(score)), key=lambda i: -score[i])
    n, above = len(order), 0.0
    whole = y[treated].sum() - y[~treated].sum() * treated.sum() / (~treated).sum()
    got = {True: 0.0, False: 0.0}
    seen = {True: 0, False: 0}
    for k, i in enumerate(order, start=1):
        side = bool(treated[i])
        got[side] += y[i]
        seen[side] += 1
        gained = got[True] - (got[False] * seen[True] / seen[False] if seen[False] else 0.0)
        above += gained - whole * k / n
    return above / n / n


@pytest.mark.parametrize("seed", range(4))
def test_qini_is_the_area_by_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 700
    treated = rng.random(n) < (0.5 if seed % 2 else 0.2)
    score = rng.normal(size=n)
    y = (rng.random(n) < 0.3 + 0.2 * treated * (score > 0)).astype(float) * rng.gamma(2.0, 10.0, n)
    assert qini(score, y, treated) == pytest.approx(plain_qini(score, y, treated), rel=1e-9)


def test_the_held_out_judgement_is_a_difference_of_two_welch_effects() -> None:
    rng = np.random.default_rng(8)
    n = 5000
    treated = rng.random(n) < 0.4
    score = rng.normal(size=n)
    y = rng.normal(10.0, 3.0, n) + np.where(treated, 0.8 * score, 0.0)
    found = held_out(score, y, treated)
    cut = np.sort(score)[::-1][n // 5 - 1]
    effects = []
    for part in (score >= cut, score < cut):
        a, b = y[part & treated], y[part & ~treated]
        effects.append((a.mean() - b.mean(), a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    (top, v_top), (rest, v_rest) = effects
    half = stats.norm.ppf(0.975) * np.sqrt(v_top + v_rest)
    assert found["top_minus_rest"] == pytest.approx(top - rest, rel=1e-9)
    assert found["top_minus_rest_ci"] == pytest.approx([top - rest - half, top - rest + half], rel=1e-5)
    last = score <= np.sort(score)[n // 5 - 1]
    worst = y[last & treated].mean() - y[last & ~treated].mean()
    assert found["bottom_effect"] == pytest.approx(worst, rel=1e-9)
    assert found["found"] is True and found["leave_out_bottom"] is True


def test_a_planted_group_that_is_put_off_is_found_on_people_not_learned_from(tmp_path: Path) -> None:
    people = mailing("moved")
    body = readout(people, tmp_path, "conversion_rate")
    for arm, found in zip(("Mens", "Womens"), body["uplift"]["variants"], strict=True):
        chosen: Any = people[people["arm"].isin(["control", arm])].reset_index(drop=True)
        seed = int.from_bytes(hashlib.sha256(f"uplift:{len(chosen)}".encode()).digest()[:8], "big")
        learn = np.random.default_rng(seed).random(len(chosen)) < 0.5
        dummies: Any = pd.get_dummies(chosen[list(ATTRIBUTES)], dtype=float)
        x = dummies.to_numpy()
        treated = (chosen["arm"] == arm).to_numpy()
        y = chosen["converted"].to_numpy(dtype=float)
        learnt = [
            cast("Any", LinearRegression()).fit(x[learn & side], y[learn & side]).predict(x[~learn])
            for side in (treated, ~treated)
        ]
        score = learnt[0] - learnt[1]
        # Equal scores are shuffled and the learner here has no ridge, so the two agree to within what ties move.
        assert found["people_held_out"] == int((~learn).sum())
        assert found["qini"] == pytest.approx(plain_qini(score, y[~learn], treated[~learn]), abs=0.0006)
        assert found["leave_out_bottom"] is True and found["bottom_effect"] < 0
        assert found["bottom_has_more_of"][0]["attribute"] == "newbie"
        assert found["bottom_has_more_of"][0]["level"] == "0" and "newbie 0" in found["words"]
    worse = did_worse(body["drivers"], None, 0.05)
    assert {(row["attribute"], row["level"]) for row in worse} == {("newbie", "0")}


def test_nobody_is_said_to_be_put_off_where_nothing_was_planted(tmp_path: Path) -> None:
    body = readout(mailing("flat", seed=5), tmp_path, "conversion_rate")
    assert did_worse(body["drivers"], None, 0.05) == []
    assert not any(found["leave_out_bottom"] for found in body["uplift"]["variants"])


def test_more_unsubscribing_is_worse_not_better() -> None:
    row = {"arm": "A", "attribute": "tier", "level": "gold", "p_adjusted": 0.001}
    more, fewer = {**row, "ci": [0.01, 0.02]}, {**row, "ci": [-0.02, -0.01]}
    drivers = {"attributes": [more, fewer], "lower_is_better": True}
    assert did_worse(drivers, "A", 0.05) == [more]
    assert did_worse({**drivers, "lower_is_better": False}, "A", 0.05) == [fewer]


def a_breakdown(by: str, levels: int) -> dict[str, Any]:
    rows = [
        {"level": f"L{i:02}", "arm": arm, "n": 10 + i, "n_control": 10}
        for i in range(levels)
        for arm in ("A", "B", "C")
    ]
    return {"by": by, "words": "No evidence.", "levels": rows}


def test_a_breakdown_shows_the_largest_levels_whole_and_says_what_is_left_out() -> None:
    body = {"breakdowns": [a_breakdown("city", 30)]}
    found = breakdown_of(body, "City")
    shown = {row["level"] for row in found["levels"]}
    assert shown == {f"L{i:02}" for i in range(24, 30)} and len(found["levels"]) == 18
    assert found["levels_left_out"] == 24 and "left out: 24" in found["words"]


@pytest.mark.parametrize(
    "asked", ["preferred_channel", "channel_preference", "preferred channel", "Preferred-Channels"]
)
def test_an_attribute_is_found_under_its_other_names(asked: str) -> None:
    assert breakdown_of({"breakdowns": [a_breakdown("preferred_channel", 2)]}, asked)["by"] == "preferred_channel"


def test_an_attribute_that_is_missing_is_named_with_those_there_are() -> None:
    body = {"breakdowns": [a_breakdown("country", 2), a_breakdown("loyalty_tier", 2)]}
    with pytest.raises(Refused, match=r"shoe size.*country, loyalty_tier") as refusal:
        breakdown_of(body, "shoe size")
    assert refusal.value.allowed == ("country", "loyalty_tier")


def test_ages_fall_into_bands_the_same_in_sql_and_in_python() -> None:
    on = date(2026, 6, 1)
    births = [
        date(year, month, day) for year in range(1940, 2010, 3) for month, day in ((5, 31), (6, 1), (6, 2), (2, 28))
    ]
    table = pd.DataFrame({"birth_date": births})
    with duckdb.connect() as db:
        db.register("c", table)
        in_sql = [row[0] for row in db.execute(f"SELECT {_age_bands(on)} FROM c").fetchall()]
    ages = [on.year - b.year - ((on.month, on.day) < (b.month, b.day)) for b in births]
    assert in_sql == [age_band(age) for age in ages]
    assert [age_band(a) for a in (None, 17, 25, 34, 64, 65)] == [
        None, "under 25", "25 to 34", "25 to 34", "55 to 64", "65 and over",
    ]  # fmt: skip
