"""What an uploaded file is taken for, and that results which come back are joined to the campaign they belong to."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.experiment import Experiment
from app.domain.people import local_person
from app.wiring import Application

RESULTS = "Contact ID,delivered,opened,Placed Order,note\n"
ORDERS = "customer_id,order_id,type,date,amount\nC1,O1,purchase,2026-05-01,12\nC2,O2,order,2026-05-02,8\n"
LOG = "email,event,timestamp\nann@example.org,delivered,2026-05-01\nann@example.org,open,2026-05-01\n"


async def launched(application: Application, person: str) -> str:
    """Build and launch a campaign; return the id of its experiment."""
    await application.agent.reply("cnv-1", "Build a summer campaign for lapsed customers", person=person)
    asked = await application.agent.reply("cnv-1", "launch it", person=person)
    (pending,) = asked.turn.pending_approvals
    application.effects.approve(pending.id, local_person("Ines"), pending.digest)
    (campaign,) = [c for c in application.store.all_campaigns(person) if not c.synthetic]
    assert campaign.experiment_id is not None
    return campaign.experiment_id


async def test_results_are_offered_for_ones_own_launched_campaign_and_read_out(
    application: Application, tmp_path: Path
) -> None:
    experiment = await launched(application, "ada")
    arm_of = application.store.assignments(experiment)
    file = tmp_path / "back.csv"
    lines = [f"{customer},1,{place % 2},{place % 9 == 0:d},x" for place, customer in enumerate(sorted(arm_of))]
    file.write_text(RESULTS + "\n".join(lines), encoding="utf-8")
    proposal = application.proposals.propose(str(file), file.name, "ada")
    assert [(t.kind, t.experiment) for t in proposal.targets] == [("results", experiment)]
    assert proposal.targets[0].label.startswith("Load as results of Summer")
    assert proposal.mapping == {
        "Contact ID": "customer_id", "delivered": "delivered", "opened": "opened", "Placed Order": "converted",
        "note": "ignore",
    }  # fmt: skip
    loaded = application.loading.ingest("results", str(file), proposal.mapping, experiment=experiment)
    assert f"{len(arm_of):,} rows read" in loaded.words
    plan = application.store.get(Experiment, experiment)
    assert plan is not None
    asked = await application.agent.reply("cnv-1", "which one won, and how sure are we?", person="ada")
    assert asked.turn.calls[0].function == "read_results" and asked.turn.calls[0].ok
    (other,) = application.proposals.propose(str(file), file.name, "grace").targets
    assert other.kind == "customers", "nobody else's campaign is offered"


@pytest.mark.parametrize(("content", "kind"), [(ORDERS, "transactions"), (LOG, "results")])
async def test_orders_are_no_log_of_a_sender(application: Application, tmp_path: Path, content: str, kind: str) -> None:
    await launched(application, "ada")
    file = tmp_path / "file.csv"
    file.write_text(content, encoding="utf-8")
    assert application.proposals.propose(str(file), file.name, "ada").targets[0].kind == kind


async def test_a_column_of_results_is_corrected_in_words(application: Application, tmp_path: Path) -> None:
    await launched(application, "ada")
    file = tmp_path / "back.csv"
    file.write_text("customer_id,delivered,Bestellt\nC1,1,0\n", encoding="utf-8")
    change = application.proposals.corrected(str(file), "ada", "Bestellt is converted")
    assert change == {"Bestellt": "converted"}
    assert application.proposals.propose(str(file), file.name, "ada", change).mapping["Bestellt"] == "converted"
    assert application.proposals.corrected(str(file), "ada", "which one won?") is None
