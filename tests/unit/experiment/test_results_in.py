"""Results come back once, joined to whom they belong; what does not belong is listed."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.errors import UserFixable
from app.domain.experiment import Arm, Experiment, PowerAnswer
from plugins.experiment.finished import readout_of
from plugins.experiment.results_in import Context, facts_of, propose_mapping, read_outcomes

ARMS = {"C1": "A", "C2": "B", "C3": "control"}
CONTEXT = Context(
    ARMS, {"two@example.org": "C2"}, datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 15, 23, 59, tzinfo=UTC)
)


def test_a_senders_file_is_recognised_and_joined_by_address(tmp_path: Path) -> None:
    path = tmp_path / "mailchimp.csv"
    path.write_text("Email Address,Opens,Clicks\r\nTWO@example.org,3,1\r\nx@y.org,1,0\r\n", encoding="utf-8-sig")
    found = read_outcomes(path, CONTEXT, earlier={})
    assert found.mapping == {"Email Address": "address", "Opens": "opened", "Clicks": "clicked"}
    assert facts_of(found.rows["C2"]["events"]) == {"opened": 1.0, "clicked": 1.0}
    assert found.unmatched == 1 and found.unmatched_shown == ["row 3"]


def test_loading_a_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "customer_id,event,timestamp,amount\nC1,Placed Order,2026-05-03T10:00:00Z,20\n"
        "C1,Placed Order,2026-05-04,15.50\nC1,refund,2026-05-05,5.50\nC2,email opened,2026-05-03,\n"
    )
    first = read_outcomes(path, CONTEXT, earlier={})
    second = read_outcomes(path, CONTEXT, earlier=first.rows)
    assert (first.added, first.repeated) == (4, 0) and (second.added, second.repeated) == (0, 4)
    assert second.rows == first.rows
    assert facts_of(second.rows["C1"]["events"]) == {"converted": 1.0, "revenue": 30.0}


def test_late_and_early_events_are_listed_and_not_counted(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("id,event,date\nC1,click,2026-06-30\nC1,click,2026-04-01\nC1,click,2026-05-02\n")
    found = read_outcomes(path, CONTEXT, earlier={})
    assert (found.late, found.early, found.added) == (1, 1, 1)
    assert found.outside_shown == ["row 2", "row 3"]


def test_rows_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"id,event,date\nC1,danced,2026-05-02\nC1,click,yesterday\n"))
    found = read_outcomes(path, CONTEXT, earlier={})
    assert [p.split(":")[0] for p in found.problems] == ["row 2", "row 3"] and not found.added


def test_a_file_without_people_or_outcomes_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("colour,opens\nred,1\n")
    with pytest.raises(UserFixable, match="names no person"):
        read_outcomes(path, CONTEXT, earlier={})
    found = read_outcomes(path, CONTEXT, mapping={"colour": "customer_id"}, earlier={})
    assert found.unmatched == 1


def test_a_stated_mapping_wins() -> None:
    assert propose_mapping(["id", "opens", "x"], {"x": "opened"}) == {"x": "opened", "id": "customer_id"}


def test_a_bounce_is_not_delivered() -> None:
    events = {
        "delivered": {"kind": "delivered", "amount": 1.0, "at": ""},
        "b": {"kind": "bounced", "amount": 0.0, "at": ""},
    }
    assert facts_of(events)["delivered"] == 0.0


def an_experiment() -> Experiment:
    answer = PowerAnswer(feasible=True, n=300, arms=2, n_per_arm=150, baseline=0.1, alpha=0.05, power=0.8, words="")
    return Experiment(
        id="exp-1", campaign_id="cmp-1", primary_metric="conversion_rate", duration_days=10, baseline=0.1,
        baseline_source="stated", eligible=300, power_answer=answer, salt="s",
        arms=(Arm(name="control", weight=0.5, is_control=True), Arm(name="A", variant_id="v", weight=0.5)),
    )  # fmt: skip


def test_everybody_assigned_is_analysed_and_an_early_look_says_so() -> None:
    arm_of = {f"C{i:03}": "A" if i % 2 else "control" for i in range(300)}
    events = {"converted": {"kind": "converted", "amount": 1.0, "at": ""}}
    outcomes = {i: {"events": events} for i, arm in arm_of.items() if arm == "A" and int(i[1:]) % 5 == 0}
    now = datetime(2026, 5, 6, tzinfo=UTC)
    early = readout_of(an_experiment(), arm_of, outcomes, now=now, started=date(2026, 5, 1))
    assert sum(arm["n"] for arm in early.body["arms"]) == 300
    assert early.body["sequential"] == {
        "looks": [0.5], "critical_value": pytest.approx(2.9626, abs=1e-3), "early": True,
    }  # fmt: skip
    late = readout_of(
        an_experiment(), arm_of, outcomes, now=datetime(2026, 5, 12, tzinfo=UTC), started=date(2026, 5, 1),
        earlier_looks=(0.5,),
    )  # fmt: skip
    assert late.body["sequential"]["looks"] == [0.5, 1.0] and late.body["sequential"]["early"] is False
    assert late.body["decision"]["winner"] == "A"
    assert readout_of(an_experiment(), arm_of, outcomes, now=now, started=date(2026, 5, 1)).id == early.id
