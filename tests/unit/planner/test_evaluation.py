"""The evaluation counts what it says it counts, and the planner stays above its thresholds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.disturbance import Disturbance, disturbed
from app.domain.errors import UserFixable
from app.evaluation import Evaluation, against_baseline, evaluate_simulated, load_cases, right_every_time
from app.evaluation_score import Rate, Report, score

EVALS = Path(__file__).parents[3] / "data" / "evals"


def case(**turn: Any) -> dict[str, Any]:
    label = {"user": "u", "slots": {}, "must_call": [], "must_not_call": [], "answer_figures": [], **turn}
    return {"id": "x", "kind": "single", "context": "fresh", "turns": [label]}


def prediction(**turn: Any) -> dict[str, Any]:
    return {"x": {"id": "x", "turns": [turn]}}


def test_an_alternative_reading_brings_its_own_calls() -> None:
    labelled = case(intents=["read_results"], intents_alt=[["compare_variants"]], must_call=["read_results"])
    report = score([labelled], prediction(intents=["compare_variants"], calls=["compare_variants"]))
    assert report.values()["single: turn, core"] == 1


def test_closed_fields_compare_as_sets() -> None:
    gold = [{"field": "value_tier", "op": "ne", "value": "high"}]
    found = [{"field": "value_tier", "op": "in", "value": ["low", "mid"]}]
    labelled = case(intents=["set_audience"], slots={"audience": gold}, must_call=["set_audience"])
    report = score([labelled], prediction(intents=["set_audience"], calls=["set_audience"], slots={"audience": found}))
    assert report.values()["single: turn, core"] == 1


@pytest.mark.parametrize(("value", "right"), [(90, 1), (91, 1), (95, 0)])
def test_whole_numbers_may_differ_by_one(value: int, right: int) -> None:
    labelled = case(
        intents=["size_audience"], slots={"audience": [{"field": "last_purchase_days", "op": "gte", "value": 90}]}
    )
    found = [{"field": "last_purchase_days", "op": "gt", "value": value}]
    report = score([labelled], prediction(intents=["size_audience"], calls=[], slots={"audience": found}))
    assert report.values()["single: turn, core"] == right


def test_a_launch_before_the_yes_is_counted() -> None:
    labelled = case(intents=["launch_experiment"], must_not_call=["launch_experiment"], confirm_first=True)
    report = score([labelled], prediction(intents=["launch_experiment"], calls=["launch_experiment"]))
    assert report.values()["launch held"] == 0


def test_the_interval_is_wilsons() -> None:
    low, high = Rate(17, 32).interval()
    assert (round(low, 2), round(high, 2)) == (0.36, 0.69)


def test_a_broken_file_names_the_line(tmp_path: Path) -> None:
    broken = tmp_path / "cases.jsonl"
    broken.write_text('{"id": 1}\n', encoding="utf-8")
    with pytest.raises(UserFixable, match="line 1"):
        load_cases(broken)


@pytest.mark.parametrize("name", sorted(path.stem for path in EVALS.glob("*.jsonl")))
def test_the_planner_keeps_its_level(name: str) -> None:
    evaluation = evaluate_simulated(load_cases(EVALS / f"{name}.jsonl"))
    baseline = json.loads((EVALS / "baseline.json").read_text(encoding="utf-8"))
    assert against_baseline(evaluation, baseline[name]) == []
    assert evaluation.percentile(0.95) < 25


@pytest.mark.parametrize("disturbance", list(Disturbance))
def test_a_disturbance_rewords_every_message_and_nothing_else(disturbance: Disturbance) -> None:
    cases = load_cases(EVALS / "conversations_registers_open.jsonl")
    reworded = disturbed(cases, disturbance)
    assert reworded == disturbed(cases, disturbance)
    pairs = [
        (a, b)
        for one, other in zip(cases, reworded, strict=True)
        for a, b in zip(one["turns"], other["turns"], strict=True)
    ]
    assert all({**a, "user": ""} == {**b, "user": ""} for a, b in pairs)
    changed = sum(a["user"] != b["user"] for a, b in pairs)
    assert changed > 0.6 * len(pairs)


def test_a_typo_keeps_the_letters() -> None:
    (case,) = disturbed([{"turns": [{"user": "build a campaign for Lapsed VIPs"}]}], Disturbance.TYPOS)
    said = case["turns"][0]["user"]
    assert said != "build a campaign for Lapsed VIPs" and sorted(said) == sorted("build a campaign for Lapsed VIPs")


def test_a_conversation_counts_when_it_is_right_every_time() -> None:
    def run(*right: bool) -> Evaluation:
        return Evaluation((), Report(right=dict(zip("abc", right, strict=True))), ())

    rate = right_every_time([run(True, True, False), run(True, False, True)])
    assert (rate.hits, rate.total) == (1, 3)
