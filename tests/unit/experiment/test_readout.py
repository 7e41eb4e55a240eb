"""The readout as a whole: decisions, roles, what is said, and a real test file when it is there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from app.domain.errors import UserFixable
from plugins.experiment.commands import power_answer, readout_file, readout_json, readout_lines
from plugins.experiment.export import safe_cell

HILLSTROM = Path(__file__).parents[4] / "shared" / "data" / "hillstrom.csv.gz"


def counts(**arms: tuple[int, int]) -> dict[str, Any]:
    rows = [{"name": k, "n": n, "events": x} for k, (n, x) in arms.items()]
    return {"control": "control", "arms": rows}


def read(given: Any) -> dict[str, Any]:
    return readout_json(json.dumps(given))


def test_srm_blocks_the_winner() -> None:
    body = read(counts(control=(10_000, 500), A=(9_000, 700)))
    assert body["srm"]["flagged"] and body["decision"]["winner"] is None
    assert body["decision"]["code"] == "sample_ratio"
    planned = read({**counts(control=(10_000, 500), A=(9_000, 700)), "planned": {"control": 10, "A": 9}})
    assert planned["decision"]["winner"] == "A"


def test_a_tied_runner_up_and_a_loser_are_named() -> None:
    body = read(counts(control=(10_000, 500), A=(10_000, 700), B=(10_000, 690), C=(10_000, 380)))
    assert body["decision"]["winner"] == "A"
    assert body["decision"]["tied"] == ["B"] and body["decision"]["losers"] == ["C"]


def test_no_winner_says_what_it_would_take() -> None:
    body = read(counts(control=(1_000, 50), A=(1_000, 60)))
    assert body["decision"]["winner"] is None and "people in each arm" in body["decision"]["reason"]


def test_opens_never_decide() -> None:
    body = read({**counts(control=(10_000, 500), A=(10_000, 900)), "metric": "opened"})
    assert body["decision"]["winner"] is None and body["decision"]["code"] == "unreliable_metric"


def test_harm_is_a_guardrail_and_can_block() -> None:
    arms = [
        {"name": "control", "n": 5000, "outcomes": {"clicked": {"events": 250}, "unsubscribed": {"events": 10}}},
        {"name": "A", "n": 5000, "outcomes": {"clicked": {"events": 400}, "unsubscribed": {"events": 120}}},
    ]
    body = read({"arms": arms, "control": "control"})
    assert body["decision"]["winner"] is None and body["decision"]["code"] == "guardrail"
    allowed = read({"arms": arms, "control": "control", "guardrails": {"unsubscribed": 0.05}})
    assert allowed["decision"]["winner"] == "A"


def test_an_early_look_is_wider_and_labelled() -> None:
    given = counts(control=(5_000, 250), A=(5_000, 305))
    final, early = read(given), read({**given, "looks": [0.5]})
    assert final["decision"]["winner"] == "A" and early["decision"]["winner"] is None
    a, b = final["comparisons"][0], early["comparisons"][0]
    assert b["difference_ci"][0] < a["difference_ci"][0] and b["p"] > a["p"]
    assert any("early look" in c for c in early["caveats"])


def test_the_simultaneous_interval_is_shown_where_it_disagrees() -> None:
    body = read(counts(control=(5_000, 250), A=(5_000, 296), B=(5_000, 255)))
    row = next(r for r in body["comparisons"] if r["arm"] == "A")
    assert row["p"] < 0.05 and row["difference_ci_simultaneous"][0] < 0 < row["difference_ci"][0]


def test_near_misses_of_the_shape_mean_the_same() -> None:
    expected = read(counts(control=(100, 5), A=(100, 9)))["comparisons"][0]
    shapes: list[Any] = [
        {"arms": {"control": {"users": 100, "conversions": 5}, "A": {"users": 100, "conversions": 9}}},
        {"arms": {"control": [100, 5], "A": [100, 9]}},
        [{"name": "control", "n": 100, "x": 5}, {"name": "A", "n": 100, "x": 9}],
        {"control": {"n": 100, "events": 5}, "variants": {"A": {"n": 100, "events": 9}}},
        {"names": ["control", "A"], "n": [100, 100], "successes": [5, 9]},
    ]
    for shape in shapes:
        row = read(shape)["comparisons"][0]
        assert (row["arm"], row["p"], row["lift_ci"]) == (expected["arm"], expected["p"], expected["lift_ci"])


def test_the_calculation_id_follows_the_inputs() -> None:
    given = counts(control=(100, 5), A=(100, 9))
    assert read(given)["calculation_id"] == read(given)["calculation_id"]
    assert read({**given, "alpha": 0.01})["calculation_id"] != read(given)["calculation_id"]


def test_sums_that_no_data_can_have_are_refused() -> None:
    with pytest.raises(UserFixable, match="sum2"):
        read({"arms": [{"name": "a", "n": 10, "sum": 100, "sum2": 10}, {"name": "b", "n": 10, "sum": 1, "sum2": 1}]})
    with pytest.raises(UserFixable):
        read({"arms": [{"name": "a", "n": 10, "events": 11}, {"name": "b", "n": 10, "events": 1}]})


def test_skewed_unequal_money_is_not_left_to_welch() -> None:
    arm = {"sum": 500, "sum2": 60_000, "sum3": 20_000_000}
    body = read({"control": "c", "arms": [{"name": "c", "n": 500, **arm}, {"name": "v", "n": 5000, **arm}]})
    row = body["comparisons"][0]
    assert row["method"] == "skew-robust score" and "p_welch" in row["details"]


def test_permutation_is_repeatable_and_counts_zeros() -> None:
    given = {
        "control": "c",
        "arms": [{"name": "c", "n": 40, "values": [3, 90]}, {"name": "v", "n": 400, "values": [5, 8, 300, 2, 7, 60]}],
    }
    first, second = read(given), read(given)
    assert first["comparisons"][0]["method"] == "studentised permutation"
    assert first == second


def test_rows_blank_outcomes_and_missing_arms_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("arm,bought,spend\nc,yes,3.5\nc,no,\nA,yes,9\nA,,1\n,no,2\n")
    body = readout_file(path, arm="arm", control="c", outcomes=["bought,spend"])
    said = " ".join(body["caveats"])
    assert "1 rows have no arm" in said and "no value for spend" in said
    assert [row["kind"] for row in body["comparisons"]] == ["binary", "money"]
    with pytest.raises(UserFixable, match="no column"):
        readout_file(path, arm="group", control="c", outcomes=["bought"])
    with pytest.raises(UserFixable, match="no arm 'z'"):
        readout_file(path, arm="arm", control="z", outcomes=["bought"])


def test_power_matches_r_and_refuses_nonsense() -> None:
    found = power_answer(n=20_000, arms=2, baseline=0.05, lift=0.2)
    assert found["n_per_arm_needed"] == 8158 and found["feasible"]
    assert power_answer(n=16_000, arms=2, baseline=0.05, lift=0.2)["feasible"] is False
    with pytest.raises(UserFixable, match="not a rate"):
        power_answer(n=100, arms=2, baseline=5)
    with pytest.raises(UserFixable):
        power_answer(n=100, arms=11, baseline=0.1)


def test_the_words_hold_the_figures_and_the_id() -> None:
    body = read(counts(control=(10_000, 500), A=(10_000, 700)))
    text = "\n".join(readout_lines(body))
    assert body["calculation_id"] in text and "(700 of 10,000)" in text and "95 % interval" in text


def hillstrom_arm(name: str, n: int, visits: int, spent: tuple[float, float, float]) -> dict[str, Any]:
    """One arm of Hillstrom's e-mail test: people, visits, and the sums of spend, its squares and its cubes."""
    money = dict(zip(("sum", "sum2", "sum3"), spent, strict=True))
    return {"name": name, "n": n, "outcomes": {"visit": {"events": visits}, "spend": money}}


def test_hillstrom_is_read_as_published_from_its_sums() -> None:
    arms = [
        hillstrom_arm("No E-Mail", 21_306, 2_262, (13_908.33, 2_870_050.3621, 879_704_458.9922)),
        hillstrom_arm("Mens E-Mail", 21_307, 3_894, (30_311.69, 6_759_024.4973, 2_172_894_663.4205)),
        hillstrom_arm("Womens E-Mail", 21_387, 3_238, (23_038.11, 4_911_446.5763, 1_472_945_181.9293)),
    ]
    as_published(read({"arms": arms, "control": "No E-Mail", "metric": "visit"}))


@pytest.mark.skipif(not HILLSTROM.is_file(), reason="the rows of the Hillstrom test may not be kept in the project")
def test_hillstrom_is_read_as_published_from_its_rows() -> None:
    outcomes = ["visit", "conversion", "spend"]
    as_published(readout_file(HILLSTROM, arm="segment", control="No E-Mail", outcomes=outcomes, by=["channel"]))


def as_published(body: dict[str, Any]) -> None:
    assert body["srm"]["p"] == pytest.approx(0.9037, abs=5e-5)
    mens = {r["outcome"]: r for r in body["comparisons"] if r["arm"] == "Mens E-Mail"}
    assert mens["spend"]["difference"] == pytest.approx(0.770, abs=5e-4)
    assert mens["visit"]["difference"] == pytest.approx(0.07659, abs=1e-5)
    assert body["decision"]["winner"] == "Mens E-Mail"


def test_money_is_split_into_buying_and_order_value(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    lines = ["arm,spend"] + [f"c,{10 + i if i < 20 else 0}" for i in range(200)]
    lines += [f"A,{14 + i if i < 40 else 0}" for i in range(200)]
    path.write_text("\n".join(lines))
    found = readout_file(path, arm="arm", control="c", outcomes=["spend"])["comparisons"][0]["split"]
    assert found["buying"]["difference"] == pytest.approx(0.1)
    assert found["order_value"]["difference"] == pytest.approx((14 + 19.5) - (10 + 9.5))
    expected: Any = stats.ttest_ind([14 + i for i in range(40)], [10 + i for i in range(20)], equal_var=False)
    assert found["order_value"]["p"] == pytest.approx(expected.pvalue)


def test_a_number_is_broken_down_by_its_quarters(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("arm,bought,age\n" + "\n".join(f"{'cA'[i % 2]},{i % 3 == 0},{i}" for i in range(400)))
    levels = readout_file(path, arm="arm", control="c", outcomes=["bought"], by=["age"])["breakdowns"][0]["levels"]
    assert len(levels) == 4 and sum(row["n"] + row["n_control"] for row in levels) == 400


@given(st.text(max_size=12))
def test_no_cell_is_run_by_a_spreadsheet(text: str) -> None:
    cell = str(safe_cell(text))
    assert not cell or (cell[0] not in "=@\t\r" and cell.removeprefix("'") == text.removeprefix("'"))
    if cell and cell[0] in "+-":
        assert cell[1:].replace(" ", "").replace(".", "", 1).isdigit()


def test_a_value_far_down_the_file_and_words_for_nothing_are_read(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    rows = [f"{'cA'[i % 2]},{i % 7},no" for i in range(120_000)] + ["c,3.75,NA", "A,4,yes"]
    path.write_text("arm,spend,clicked\n" + "\n".join(rows))
    body = readout_file(path, arm="arm", control="c", outcomes=["spend", "clicked"])
    assert sum(arm["n"] for arm in body["arms"]) == 120_002
    assert "1 rows had no value for clicked" in " ".join(body["caveats"])


def test_a_default_guardrail_that_nobody_can_judge_is_named_and_does_not_block() -> None:
    arms = [
        {"name": "c", "n": 150, "outcomes": {"clicked": {"events": 10}, "unsubscribed": {"events": 0}}},
        {"name": "A", "n": 150, "outcomes": {"clicked": {"events": 40}, "unsubscribed": {"events": 1}}},
    ]
    body = read({"arms": arms, "control": "c"})
    assert body["decision"]["winner"] == "A"
    assert any("unsubscribed got worse" in c for c in body["caveats"])
    strict = read({"arms": arms, "control": "c", "guardrails": {"unsubscribed": 0.01}})
    assert strict["decision"]["winner"] is None
