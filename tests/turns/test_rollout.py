"""Rolling the winner out: exactly the rest of the audience, once, bound to what was approved."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.audience import Audience
from app.domain.campaign import Campaign
from app.domain.content import Variant
from app.domain.errors import Refused, UserFixable
from app.domain.experiment import Readout
from app.domain.people import Person, Role
from app.domain.safety import Decision
from app.effects import Effects
from app.store import Store
from app.testing.builders import a_gate, a_store
from app.testing.screeners import blocking
from app.wiring import PackedEffector
from app.workspace import Workspace
from plugins.experiment.effectors import ExportEffector, LaunchEffector
from plugins.experiment.plugin import ExperimentPlugin
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.wordstems import Thesaurus

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
BEA = Person("Bea", frozenset({Role.MARKETER, Role.APPROVER}))
PEOPLE = 400


class Shop:
    """A shop of numbered customers, some of whom may leave later."""

    dataset_id = "shop-1"
    as_of = date(2026, 6, 1)
    synthetic = True

    def __init__(self) -> None:
        self.left: set[str] = set()
        self.names: dict[str, str | None] = {}
        """First names of some, where not the usual."""

    def columns(self) -> frozenset[str]:
        return frozenset({"customer_id", "email", "first_name"})

    def customer(self, customer_id: str) -> Mapping[str, Any] | None:
        return None

    def eligible_rows(self, audience: Audience, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for i in range(PEOPLE):
            row: dict[str, Any] = {"customer_id": f"C{i:05}", "email": f"c{i}@example.org", "first_name": f"Zoë {i}"}
            row["first_name"] = self.names.get(row["customer_id"], row["first_name"])
            if row["customer_id"] not in self.left:
                yield {c: row[c] for c in columns}

    def count_eligible(self, audience: Audience, condition: Mapping[str, Any]) -> int:
        return audience.eligible

    def people(self) -> Iterator[Mapping[str, Any]]:
        return iter(())

    def baseline(self, metric: str, window_days: int) -> tuple[float, str] | None:
        return (0.05, "orders")


def nothing_cited() -> EmbeddedIndex:
    """An empty library: the messages of these tests cite nothing."""
    return EmbeddedIndex(":memory:", Thesaurus({}))


class Desk:
    """A launched campaign whose variant B has won."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = a_store(f"sqlite:///{folder / 'x.sqlite'}")
        self.gate = a_gate(self.store, blocking("CANARY"))
        self.exports = folder / "exports"
        self.shop = Shop()
        self.arm_of: dict[str, str] = {}

    def workspace(self, conversation_id: str = "cnv-1", person: str = "ann", now: datetime = NOW) -> Workspace:
        return Workspace(
            self.store, conversation_id, now=now, person=person, policy_hash=self.gate.policy_hash,
            screened_by=self.gate.screened_by,
        )  # fmt: skip

    def plugin(self, workspace: Workspace) -> ExperimentPlugin:
        return ExperimentPlugin(
            workspace, self.shop, nothing_cited(), new_salt=lambda campaign_id: f"{campaign_id}:salt"
        )

    def approve(self, approval_id: str) -> Path:
        html = lambda fields: f"<p>{fields['body']}</p>"  # noqa: E731
        effects = Effects(
            store=self.store, gate=self.gate, open_workspace=self.workspace, exports=self.exports, now=lambda: NOW,
            effectors={
                "launch": PackedEffector(LaunchEffector(lambda: self.shop, html, nothing_cited)),
                "export": PackedEffector(ExportEffector(lambda: self.shop, html, nothing_cited)),
            },
        )  # fmt: skip
        done = effects.approve(approval_id, BEA, effects.show(approval_id).digest)
        return self.exports / done.folder

    def ask_rollout(self) -> Any:
        workspace = self.workspace()
        found = self.plugin(workspace).request_export(what="rollout", format="mailchimp")
        workspace.commit()
        return found


def a_variant(label: str, policy_hash: str) -> Variant:
    return Variant(
        id=f"var-{label}", campaign_id="cmp-1", label=label, channel="email", tone="friendly", factor="tone",
        hypothesis="warmth sells", decision=Decision.ALLOW, screened_by="rules", policy_hash=policy_hash,
        fields={"subject": f"{label}: hello", "body": "Hi {{ first_name | default: 'there' }}", "cta": "Look"},
    )  # fmt: skip


def an_audience() -> Audience:
    return Audience(
        id="aud-1", definition={}, words="lapsed", channel="email", as_of=NOW.date(), dataset_id="shop-1",
        total_customers=900, matched=PEOPLE, eligible=PEOPLE, funnel=(), ids_sha256="0" * 64,
    )  # fmt: skip


def won_by(desk: Desk, winner: str | None) -> None:
    """Store a readout of the campaign with a given verdict."""
    workspace = desk.workspace()
    campaign = workspace.campaign("cmp-1")
    body = {"decision": {"winner": winner, "reason": "given"}, "comparisons": []}
    readout = Readout(
        id=f"calc-{winner}",
        campaign_id="cmp-1",
        body=body,
        calculated_at=NOW + timedelta(days=14),
        data_sha256="0" * 64,
    )
    workspace.put(readout)
    workspace.save_campaign(campaign.model_copy(update={"readout_id": readout.id}), "results loaded")
    workspace.commit()


def sent_in(folder: Path, name: str = "recipients.csv") -> set[str]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return {row["customer_id"] for row in csv.DictReader(file)}


def test_a_share_first_and_the_rest_later_each_with_its_approval(tmp_path: Path) -> None:
    desk = planned(tmp_path)
    workspace = desk.workspace()
    with pytest.raises(Refused, match="cannot follow"):
        desk.plugin(workspace).request_launch(ramp_share=1.5, campaign_id="cmp-1")
    asked = desk.plugin(workspace).request_launch(ramp_share=0.1, campaign_id="cmp-1")
    workspace.commit()
    first = sent_in(desk.approve(asked.handle["approval_id"]))
    arm_of = desk.store.assignments(desk.workspace().campaign("cmp-1").experiment_id or "")
    assert "only 10% of each arm" in asked.summary and len(arm_of) == PEOPLE and 10 < len(first) < 60
    seen, before = set(first), 0.1
    for share in (0.5, 1.0):
        workspace = desk.workspace()
        raised = desk.plugin(workspace).request_export(what="ramp", ramp_share=share, campaign_id="cmp-1")
        workspace.commit()
        assert f"from {before:.0%} to {share:.0%}" in raised.summary
        more = sent_in(desk.approve(raised.handle["approval_id"]))
        assert more and not more & seen
        seen, before = seen | more, share
    assert seen == {i for i, arm in arm_of.items() if arm in "AB"}
    assert arm_of == desk.store.assignments(desk.workspace().campaign("cmp-1").experiment_id or "")
    with pytest.raises(Refused, match="cannot follow"):
        desk.plugin(desk.workspace()).request_export(what="ramp", ramp_share=0.5, campaign_id="cmp-1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Launched with a holdout of 10 %; B has won."""
    found = planned(tmp_path)
    workspace = found.workspace()
    asked = found.plugin(workspace).request_launch(campaign_id="cmp-1")
    workspace.commit()
    found.approve(asked.handle["approval_id"])
    experiment = found.workspace().campaign("cmp-1").experiment_id or ""
    found.arm_of = found.store.assignments(experiment)
    won_by(found, "B")
    return found


def planned(folder: Path) -> Desk:
    """A campaign with two messages and a test plan."""
    found = Desk(folder)
    workspace = found.workspace()
    workspace.put(an_audience())
    for label in "AB":
        workspace.put(a_variant(label, found.gate.policy_hash))
    variants = {"A": "var-A", "B": "var-B"}
    campaign = Campaign(
        id="cmp-1", name="Summer", audience_id="aud-1", variants=variants, created_at=NOW, changed_at=NOW
    )
    workspace.save_campaign(campaign, "created")
    found.plugin(workspace).plan_experiment(holdout_share=0.1)
    workspace.commit()
    return found


def sent(folder: Path) -> list[dict[str, str]]:
    with (folder / "rollout.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_name_cannot_bring_a_tag_into_the_send_list(tmp_path: Path) -> None:
    found = planned(tmp_path)
    hostile = ["{{ secret }}", "{% if x %}", "*|FNAME|*", "{contactfield=email}", "Ann\u202e{{"]
    found.shop.names = {f"C{i:05}": hostile[i % len(hostile)] for i in range(PEOPLE)}
    workspace = found.workspace()
    asked = found.plugin(workspace).request_launch(campaign_id="cmp-1")
    workspace.commit()
    folder = found.approve(asked.handle["approval_id"])
    with (folder / "recipients.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["first_name"] for row in csv.DictReader(file)}
    assert names and not [name for name in names if re.search(r"[{}|\u202e]", name)]


def test_a_tag_that_stays_empty_for_somebody_stops_the_launch(tmp_path: Path) -> None:
    found = planned(tmp_path)
    workspace = found.workspace()
    bare = a_variant("B", found.gate.policy_hash)
    workspace.put(bare.model_copy(update={"id": "var-B2", "fields": {**bare.fields, "body": "Hi {{ first_name }}"}}))
    campaign = workspace.campaign("cmp-1").model_copy(update={"variants": {"A": "var-A", "B": "var-B2"}})
    workspace.save_campaign(campaign, "revised")
    found.plugin(workspace).plan_experiment(holdout_share=0.1)
    asked = found.plugin(workspace).request_launch(campaign_id="cmp-1")
    workspace.commit()
    found.shop.names = {f"C{i:05}": None for i in range(PEOPLE)}
    with pytest.raises(UserFixable, match=r"first_name }} for \d+"):
        found.approve(asked.handle["approval_id"])
    assert not found.exports.exists() or not [f for f in found.exports.iterdir() if f.name.startswith("apr")]


def test_the_rest_gets_the_winner_and_nobody_twice(desk: Desk) -> None:
    asked = desk.ask_rollout()
    folder = desk.approve(asked.handle["approval_id"])
    rows = sent(folder)
    got = [row["CUSTOMERID"] for row in rows]
    by_arm = Counter(desk.arm_of[i] for i in got)
    in_arm = Counter(desk.arm_of.values())
    assert len(got) == len(set(got)) and {row["VARIANT"] for row in rows} == {"B"}
    assert by_arm == {"A": in_arm["A"], "control": in_arm["control"]}  # the losers and the control, all of them
    approved = json.loads((folder / "manifest.json").read_text())
    assert approved["variants"][0]["fields"]["subject"] == "B: hello"
    counts = approved["counts"]
    assert counts["eligible"] == PEOPLE == counts["had_winner"] + counts["held_out"] + counts["to_send"]
    assert counts["held_out"] == in_arm["holdout"] == 40 and counts["to_send"] == len(got)
    assert f"{len(got):,} people" in asked.summary and "40 stay held out" in asked.summary
    assert rows[0]["First Name"].startswith("Zoë") and "@" in rows[0]["Email Address"]
    with pytest.raises(Refused, match="twice"):
        desk.ask_rollout()


def test_asking_twice_leaves_one_to_approve(desk: Desk) -> None:
    first, second = desk.ask_rollout(), desk.ask_rollout()
    with pytest.raises(UserFixable, match="void"):
        desk.approve(first.handle["approval_id"])
    desk.approve(second.handle["approval_id"])
    assert sum(e["body"].get("what") == "rollout" for e in desk.store.effects_of("cmp-1")) == 1


def test_who_left_after_the_launch_gets_nothing_and_voids_the_approval(desk: Desk) -> None:
    asked = desk.ask_rollout()
    desk.shop.left = {next(i for i, arm in desk.arm_of.items() if arm == "A")}
    with pytest.raises(UserFixable, match="void"):
        desk.approve(asked.handle["approval_id"])
    again = desk.ask_rollout()
    folder = desk.approve(again.handle["approval_id"])
    assert not desk.shop.left & {row["CUSTOMERID"] for row in sent(folder)}


def test_without_a_winner_there_is_nothing_to_roll_out(desk: Desk) -> None:
    won_by(desk, None)
    with pytest.raises(Refused, match="no winner"):
        desk.ask_rollout()
