"""Drivers, uplift, simulation and the sample shop's finished test: association, held out, marked."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.experiment import Arm, Experiment, PowerAnswer
from plugins.experiment.campaign_readout import Analysis, analyse
from plugins.experiment.finished import finished_example
from plugins.experiment.simulation import Assumptions, chance_of_winner, simulate
from plugins.experiment.uplift import held_out, qini


def write_people(path: Path, *, moved_by: str | None, shuffled: bool = False, n: int = 12_000, seed: int = 1) -> None:
    rng = np.random.default_rng(seed)
    arm = rng.choice(["control", "A"], n)
    channel = rng.choice(["web", "phone", "store"], n)
    tier = rng.choice(["gold", "none"], n)
    rate = np.where(channel == "web", 0.12, 0.06)
    if moved_by == "tier":
        rate = rate + ((arm == "A") & (tier == "gold")) * 0.10 - ((arm == "A") & (tier == "none")) * 0.03
    bought = rng.random(n) < rate
    if shuffled:
        arm = rng.permutation(arm)
    columns: dict[str, Any] = {"customer_id": [f"C{i}" for i in range(n)], "arm": arm, "converted": bought}
    pq.write_table(pa.table({**columns, "channel": channel, "tier": tier}), path)


def test_a_planted_attribute_is_found_and_holds_on_unseen_people(tmp_path: Path) -> None:
    write_people(tmp_path / "p.parquet", moved_by="tier")
    body = analyse(tmp_path / "p.parquet", Analysis(attributes=("channel", "tier")))
    tests = {t["attribute"]: t for t in body["drivers"]["tests"]}
    assert tests["tier"]["p_adjusted"] < 0.001 < tests["channel"]["p_adjusted"]
    assert "tier" in body["drivers"]["headline"] and body["drivers"]["association_only"] is True
    found = body["uplift"]["variants"][0]
    assert found["found"] is True and found["leave_out_bottom"] is True and found["qini"] > 0
    anyway = {a["attribute"]: a["p"] for a in body["drivers"]["anyway"]}
    assert anyway["channel"] < 1e-6


def test_nothing_is_found_where_arms_were_shuffled(tmp_path: Path) -> None:
    write_people(tmp_path / "p.parquet", moved_by="tier", shuffled=True)
    body = analyse(tmp_path / "p.parquet", Analysis(attributes=("channel", "tier")))
    assert body["drivers"]["headline"].startswith("No attribute was found")
    assert body["uplift"]["variants"][0]["found"] is False


def test_qini_of_a_perfect_and_a_blind_ranking() -> None:
    rng = np.random.default_rng(2)
    treated = rng.random(4000) < 0.5
    movable = rng.random(4000) < 0.5
    y = (treated & movable).astype(float)
    assert (qini(movable.astype(float), y, treated) or 0) > 0.04
    assert abs(qini(rng.random(4000), y, treated) or 1) < 0.02
    assert held_out(rng.random(4000), y, treated)["found"] in (True, False)


def a_plan(n: int = 6000) -> Experiment:
    answer = PowerAnswer(feasible=True, n=n, arms=3, n_per_arm=n // 3, baseline=0.1, alpha=0.05, power=0.8, words="")
    arms = (
        Arm(name="control", weight=0.3, is_control=True),
        Arm(name="A", variant_id="va", weight=0.3),
        Arm(name="B", variant_id="vb", weight=0.3),
    )
    return Experiment(
        id="exp-9", campaign_id="cmp-9", primary_metric="conversion_rate", duration_days=10, baseline=0.1,
        baseline_source="stated", eligible=n, power_answer=answer, salt="s", arms=arms, holdout_share=0.1,
    )  # fmt: skip


def test_simulated_people_add_up_and_can_lose() -> None:
    body = simulate(a_plan(), Assumptions(0.1, -0.5), seed=3)
    assert sum(arm["n"] for arm in body["arms"]) == 5400
    assert body["simulated"] is True and all(row["simulated"] for row in body["comparisons"])
    assert body["decision"]["winner"] is None and body["decision"]["losers"] == ["A"]
    json.dumps(body, allow_nan=False)


def test_without_a_planted_effect_a_winner_is_rare() -> None:
    found = chance_of_winner(a_plan(), Assumptions(0.1, 0.0), seed=5)
    assert found["any_winner"] < 0.045
    assert chance_of_winner(a_plan(), Assumptions(0.1, 0.5), seed=5)["by_arm"]["A"] > 0.95


@pytest.mark.slow
def test_planted_effects_are_covered() -> None:
    covered = 0
    for seed in range(400):
        body = simulate(a_plan(), Assumptions(0.1, 0.2), seed=seed)
        low, high = next(r["lift_ci"] for r in body["comparisons"] if r["arm"] == "A" and r["role"] == "primary")
        covered += low <= 0.2 <= high
    assert covered / 400 >= 0.92


def test_the_finished_example_is_stored_marked(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    arm = np.array(["control", "A", "B"] * 500)
    table = pa.table(
        {
            "customer_id": [f"C{i:04}" for i in range(1500)], "arm": arm, "delivered": arm != "control",
            "converted": rng.random(1500) < np.where(arm == "B", 0.2, 0.1),
            "revenue": rng.gamma(1.0, 3.0, 1500), "unsubscribed": np.zeros(1500, dtype=bool),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "done.parquet")
    pq.write_table(
        pa.table({"customer_id": [f"C{i:04}" for i in range(1500)], "country": ["GB", "US"] * 750}),
        tmp_path / "customers.parquet",
    )
    notes = {"name": "Picnic", "file": "done.parquet", "started": "2026-04-01", "ended": "2026-04-15"}
    (tmp_path / "manifest.json").write_text(json.dumps({"notes": {"finished_experiment": notes}}))
    found = finished_example(tmp_path, now=datetime(2026, 6, 1, tzinfo=UTC))
    assert found is not None
    assert found.campaign.synthetic and found.readout.synthetic and found.readout.body["synthetic"] is True
    assert found.campaign.readout_id == found.readout.id == found.readout.body["calculation_id"]
    assert [b["by"] for b in found.readout.body["breakdowns"]] == ["country"]
    assert finished_example(tmp_path / "nowhere", now=datetime(2026, 6, 1, tzinfo=UTC)) is None


def test_unequal_delivery_takes_the_winner_back(tmp_path: Path) -> None:
    n = 9000
    arm = np.array(["control", "A", "B"] * (n // 3))
    step = np.arange(n) // 3
    converted = np.where(arm == "B", step % 5 == 0, step % 10 == 0)
    delivered = np.where(arm == "A", step % 20 != 0, arm == "B")
    table = {"customer_id": [f"C{i}" for i in range(n)], "arm": arm, "converted": converted}
    pq.write_table(pa.table({**table, "delivered": arm != "control"}), tmp_path / "good.parquet")
    pq.write_table(pa.table({**table, "delivered": delivered}), tmp_path / "bad.parquet")
    analysis = Analysis(reached=("A", "B"))
    assert analyse(tmp_path / "good.parquet", analysis)["decision"]["winner"] == "B"
    blocked = analyse(tmp_path / "bad.parquet", analysis)
    assert blocked["decision"]["winner"] is None and blocked["decision"]["code"] == "delivery"


def test_a_ranking_that_knows_nothing_is_worth_nothing_even_where_rows_are_sorted_by_arm() -> None:
    treated = np.arange(20_000) >= 10_000
    y = np.where(np.arange(20_000) % 10 < np.where(treated, 3, 2), 1.0, 0.0)
    found = held_out(np.zeros(20_000), y, treated)
    assert abs(found["qini"]) < 0.002 and found["top_minus_rest"] is not None and not found["found"]
