"""The experiment functions over a real workspace: plan, ask, carry out, take results in, answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.audience import Audience
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Variant
from app.domain.entities import digest_of
from app.domain.errors import Refused
from app.domain.experiment import Experiment, Readout
from app.domain.safety import Decision
from app.keys import Keys
from app.store import Store
from app.workspace import Workspace
from plugins.experiment.effectors import ExportEffector, LaunchEffector
from plugins.experiment.finished import readout_of
from plugins.experiment.launch import FileTable
from plugins.experiment.plugin import ExperimentPlugin
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.wordstems import Thesaurus

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
PEOPLE = 4000


class FewPeople:
    """A shop of numbered customers."""

    dataset_id = "shop-1"
    as_of = date(2026, 6, 1)
    synthetic = True

    def columns(self) -> frozenset[str]:
        return frozenset({"customer_id", "email", "first_name", "lifecycle", "value_tier", "country"})

    def customer(self, customer_id: str) -> Mapping[str, Any] | None:
        return self._row(int(customer_id[1:]))

    def _row(self, i: int) -> dict[str, Any]:
        return {
            "customer_id": f"C{i:05}",
            "email": f"c{i}@example.org",
            "first_name": "=1+1" if i == 7 else f"Zoë {i}",
            "lifecycle": "lapsed" if i % 3 else "active",
            "value_tier": "high" if i % 5 == 0 else "low",
            "country": "GB" if i % 2 else None,
        }

    def eligible_rows(self, audience: Audience, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        for i in range(audience.eligible):
            row = self._row(i)
            yield {c: row[c] for c in columns}

    def count_eligible(self, audience: Audience, condition: Mapping[str, Any]) -> int:
        return audience.eligible

    def people(self) -> Iterator[Mapping[str, Any]]:
        return iter(())

    def baseline(self, metric: str, window_days: int) -> tuple[float, str] | None:
        return {"conversion_rate": (0.05, "orders of the last 14 days"), "revenue_per_recipient": (2.5, "orders")}.get(
            metric
        )


def a_variant(label: str, decision: Decision = Decision.ALLOW) -> Variant:
    return Variant(
        id=f"var-{label}", campaign_id="cmp-1", label=label, channel="email", tone="friendly", factor="tone",
        hypothesis="warmth sells", decision=decision, screened_by="rules", policy_hash="p" * 8,
        fields={"subject": f"{label}: hello", "body": "Hi {{ first_name | default: 'there' }}", "cta": "Look"},
    )  # fmt: skip


def nothing_cited() -> EmbeddedIndex:
    """An empty library: the messages of these tests cite nothing."""
    return EmbeddedIndex(":memory:", Thesaurus({}))


@pytest.fixture
def workspace() -> Workspace:
    store = Store("sqlite://", Keys(b"test keys for the suite, 32 bytes"))
    store.upgrade()
    found = Workspace(store, "cnv-1", now=NOW)
    found.put(
        Audience(
            id="aud-1",
            definition={},
            words="lapsed",
            channel="email",
            as_of=NOW.date(),
            dataset_id="shop-1",
            total_customers=9000,
            matched=PEOPLE + 500,
            eligible=PEOPLE,
            funnel=(),
            ids_sha256="0" * 64,
        )
    )
    for label in "AB":
        found.put(a_variant(label))
    campaign = Campaign(
        id="cmp-1", name="Summer", audience_id="aud-1", variants={"A": "var-A", "B": "var-B"}, created_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    found.save_campaign(campaign, "created")
    return found


@pytest.fixture
def plugin(workspace: Workspace) -> ExperimentPlugin:
    return ExperimentPlugin(workspace, FewPeople(), nothing_cited(), new_salt=lambda campaign_id: f"{campaign_id}:salt")


def test_it_says_no_to_208_people_in_four_arms(plugin: ExperimentPlugin) -> None:
    found = plugin.estimate_sample_size(n=208, arms=4)
    assert found.data["feasible"] is False and found.data["n_per_arm"] == 52
    assert "cannot answer" in found.summary
    text = " ".join(found.data["alternatives"])
    assert "Two arms" in text and "Pool" in text and "Run longer" in text


def test_a_plan_counts_everybody(plugin: ExperimentPlugin) -> None:
    found = plugin.plan_experiment(control_share=0.2, holdout_share=0.1)
    people = [arm["people"] for arm in found.data["arms"]]
    assert people == [720, 1440, 1440] and found.data["holdout"] == 400
    assert sum(people) + found.data["holdout"] == PEOPLE


def test_a_click_test_takes_a_message_as_its_baseline(plugin: ExperimentPlugin) -> None:
    found = plugin.plan_experiment(metric="click_rate")
    assert [arm["name"] for arm in found.data["arms"]] == ["A", "B"]
    assert found.data["arms"][0]["control"] is True and "baseline" in found.data["arms"][0]["receives"]


def test_money_warns_of_a_small_control(plugin: ExperimentPlugin) -> None:
    found = plugin.plan_experiment(control_share=0.1, metric="revenue_per_recipient")
    assert any("lopsided" in w for w in found.warnings)
    assert found.data["power"]["mde_rate"] > 0


def test_nothing_is_launched_without_a_plan(plugin: ExperimentPlugin) -> None:
    found = plugin.request_launch()
    assert found.ok is False and found.data["blockers"] == ["It has no test plan."]


@pytest.mark.statement("S51")
def test_a_blocked_variant_blocks_the_launch(plugin: ExperimentPlugin, workspace: Workspace) -> None:
    plugin.plan_experiment()
    workspace.put(a_variant("B", Decision.BLOCK))
    assert "B has not passed" in plugin.request_launch().summary


def test_a_past_date_blocks_the_launch(plugin: ExperimentPlugin) -> None:
    plugin.plan_experiment()
    assert "has passed" in plugin.request_launch(send_on="2020-01-01").summary


def no_html(fields: Mapping[str, str]) -> str:
    return "<html>" + fields["body"] + "</html>"


def test_a_launch_binds_everything_and_makes_the_same_package_twice(
    plugin: ExperimentPlugin, workspace: Workspace
) -> None:
    plugin.plan_experiment(control_share=0.2, holdout_share=0.1)
    asked = plugin.request_launch(send_on="2026-07-01")
    effector = LaunchEffector(FewPeople, no_html, nothing_cited)
    content = effector.content(workspace, workspace.campaign(), {"send_on": "2026-07-01"})
    assert digest_of(dict(content)) == asked.data["digest"]
    parcel = effector.package(workspace, workspace.campaign(), content)
    assert parcel == effector.package(workspace, workspace.campaign(), content)
    assert len(parcel.assignments) == PEOPLE == len({row["customer_id"] for row in parcel.assignments})
    recipients = parcel.files["recipients.csv"]
    assert isinstance(recipients, FileTable)
    assert len(recipients.rows) == 2880 and recipients.header == (
        "customer_id",
        "email",
        "arm",
        "variant",
        "first_name",
    )
    assert {"variants/A-email.html", "headers.json", "manifest.json", "assignment.csv"} <= set(parcel.files)


@pytest.mark.statement("S44")
def test_any_change_of_text_changes_the_digest(plugin: ExperimentPlugin, workspace: Workspace) -> None:
    plugin.plan_experiment()
    effector = LaunchEffector(FewPeople, no_html, nothing_cited)
    before = digest_of(dict(effector.content(workspace, workspace.campaign(), {})))
    changed = a_variant("A").model_copy(update={"fields": {"subject": "other", "body": "x", "cta": "y"}})
    workspace.put(changed)
    assert digest_of(dict(effector.content(workspace, workspace.campaign(), {}))) != before


def test_an_export_uses_the_columns_of_the_platform(plugin: ExperimentPlugin, workspace: Workspace) -> None:
    plugin.plan_experiment()
    asked = plugin.request_export(what="audience", format="klaviyo")
    effector = ExportEffector(FewPeople, no_html, nothing_cited)
    content = effector.content(workspace, workspace.campaign(), asked.data)
    assert digest_of(dict(content)) == asked.data["digest"]
    table = effector.package(workspace, workspace.campaign(), content).files["recipients-klaviyo.csv"]
    assert isinstance(table, FileTable)
    assert table.header == ("ExternalID", "Email", "cpo_arm", "cpo_variant", "First Name")


def results_for(workspace: Workspace) -> Readout:
    experiment = workspace.find(Experiment)[0]
    parcel = LaunchEffector(FewPeople, no_html, nothing_cited)
    content = parcel.content(workspace, workspace.campaign(), {})
    arm_of = {r["customer_id"]: r["arm"] for r in parcel.package(workspace, workspace.campaign(), content).assignments}
    outcomes: dict[str, dict[str, Any]] = {}
    for i, (customer_id, arm) in enumerate(sorted(arm_of.items())):
        bought = i % (8 if arm == "B" else 20) == 0
        events: dict[str, Any] = {"converted": {"kind": "converted", "amount": float(bought), "at": ""}}
        events["revenue"] = {"kind": "revenue", "amount": 40.0 + i % 17 if bought else 0.0, "at": ""}
        if arm in ("A", "B"):
            events["clicked"] = {"kind": "clicked", "amount": float(i % 9 == 0), "at": ""}
            events["delivered"] = {"kind": "delivered", "amount": 1.0, "at": ""}
        outcomes[customer_id] = {"events": events}
    shop = FewPeople()
    attributes = {i: {"lifecycle": (shop.customer(i) or {})["lifecycle"]} for i in arm_of}
    return readout_of(
        experiment, arm_of, outcomes, now=NOW + timedelta(days=20), started=NOW.date(), attributes=attributes
    )


@pytest.fixture
def answered(plugin: ExperimentPlugin, workspace: Workspace) -> ExperimentPlugin:
    plugin.plan_experiment(control_share=0.3)
    readout = results_for(workspace)
    workspace.put(readout)
    campaign = workspace.campaign()
    for state in (CampaignState.APPROVED, CampaignState.RUNNING, CampaignState.ANALYSED):
        campaign = workspace.save_campaign(campaign.model_copy(update={"state": state, "readout_id": readout.id}), "on")
    return plugin


def test_results_are_answered_from_what_is_stored(answered: ExperimentPlugin, workspace: Workspace) -> None:
    found = answered.read_results()
    assert found.data["winner"] == "B" and found.data["calculation_id"] == workspace.find(Readout)[0].id
    assert found.data["calculation_id"] in found.summary
    assert len(found.data["comparisons"]) == 2
    again = answered.read_results(metric="click_rate")
    assert [row["versus"] for row in again.data["comparisons"]] == ["A"]
    by = answered.read_results(by="lifecycle")
    assert by.data["breakdown"]["by"] == "lifecycle"


def test_no_results_is_an_answer_that_names_the_way(plugin: ExperimentPlugin) -> None:
    with pytest.raises(Refused) as refusal:
        plugin.read_results()
    assert refusal.value.code == "no_results"


def test_two_arms_are_compared_both_ways(answered: ExperimentPlugin) -> None:
    there = answered.compare_variants("B", "A").data
    back = answered.compare_variants("variant a", "b").data
    assert there["difference"] == -back["difference"] and there["p"] == back["p"]
    control = answered.compare_variants("B").data
    assert control["versus"] == "control" and control["difference"] > 0


def test_drivers_say_association_and_come_corrected(answered: ExperimentPlugin) -> None:
    found = answered.explain_drivers()
    assert found.data["association_only"] is True and found.data["arm"] == "B"
    assert all(row["p_adjusted"] >= row["p"] for row in found.data["tests"])


def test_a_simulation_is_marked_everywhere_and_kept_apart(plugin: ExperimentPlugin, workspace: Workspace) -> None:
    plugin.plan_experiment()
    found = plugin.simulate_results(effect=-0.3, seed=4)
    assert found.data["simulated"] is True and "SIMULATED" in found.summary and found.warnings
    assert all(row["words"].startswith("SIMULATED") for row in found.data["comparisons"])
    assert workspace.find(Readout) == []
    assert plugin.simulate_results(effect=-0.3, seed=4).data == found.data


def test_campaigns_are_numbered_and_the_numbers_remembered(answered: ExperimentPlugin, workspace: Workspace) -> None:
    found = answered.list_campaigns(query="summer")
    assert found.data["campaigns"][0]["winner"] == "B"
    assert workspace.noted("campaigns_shown") == ["cmp-1"]


def test_without_an_audience_it_says_how_many_a_lift_takes() -> None:
    store = Store("sqlite://", Keys(b"test keys for the suite, 32 bytes"))
    store.upgrade()
    alone = ExperimentPlugin(Workspace(store, "cnv-2", now=NOW), FewPeople(), nothing_cited())
    found = alone.estimate_sample_size(baseline=0.05, lift=0.2)
    assert found.data["n_per_arm_needed"] == 8158 and found.data["n"] == 16316 and found.data["feasible"] is True
    with pytest.raises(Refused):
        alone.estimate_sample_size(baseline=0.05)


def test_planning_again_keeps_what_was_not_said(plugin: ExperimentPlugin) -> None:
    first = plugin.plan_experiment(control_share=0.2, holdout_share=0.1)
    second = plugin.plan_experiment(duration_days=21)
    assert second.handle["experiment_id"] != first.handle["experiment_id"]
    assert [a["people"] for a in second.data["arms"]] == [a["people"] for a in first.data["arms"]]
    assert second.data["duration_days"] == 21 and second.data["holdout"] == 400


def test_fewer_arms_keep_the_variants_that_passed(plugin: ExperimentPlugin, workspace: Workspace) -> None:
    workspace.put(a_variant("A", Decision.BLOCK))
    found = plugin.plan_experiment(arms=2)
    assert [arm["name"] for arm in found.data["arms"]] == ["control", "B"]
    assert plugin.request_launch().ok is True
