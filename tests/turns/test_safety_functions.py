"""The safety functions: what they say about copy, and that they never say the copy itself when it did not pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.campaign import Campaign
from app.domain.content import Variant
from app.domain.errors import Refused
from app.domain.safety import Decision, Draft, Surface, VerdictRecord
from app.store import Store
from app.testing.builders import NOW, a_gate, a_store
from app.workspace import Workspace
from plugins.generation.variants import sealed_form
from plugins.safety.plugin import SafetyPlugin
from plugins.safety.policy import Policy
from plugins.safety.screening import Screening

GOOD = {"subject": "New lamps are in", "body": "Warm light for long evenings.", "cta": "See the lamps"}
BAD = {"subject": "New lamps are in", "body": "Guaranteed to cure depression.", "cta": "See the lamps"}


class World:
    """A campaign with variants A (passed) and B (blocked, sealed), screened for real."""

    def __init__(self, policy: Policy) -> None:
        self.store: Store = a_store()
        self.screening = Screening(policy)
        self.gate = a_gate(self.store, self.screening)
        self.workspace = Workspace(self.store, "cnv-1", now=NOW, person="ann")
        self.plugin = SafetyPlugin(self.workspace, self.gate.screen, policy)
        variants = {"A": self._variant("A", GOOD), "B": self._variant("B", BAD)}
        self.workspace.save_campaign(
            Campaign(id="cmp-1", name="Lamps", created_at=NOW, changed_at=NOW, variants=variants), "created"
        )

    def _variant(self, label: str, fields: dict[str, str]) -> str:
        screened = {
            name: self.gate.screen([Draft(text=text, surface=Surface.COPY)])[0] for name, text in fields.items()
        }
        passed = all(s.verdict.decision is Decision.ALLOW for s in screened.values())
        identifier = f"var-{label.lower()}1"
        for name, one in screened.items():
            self.workspace.put(
                VerdictRecord(
                    id=f"ver-{label}-{name}", subject=identifier, field=name, decision=one.verdict.decision,
                    findings=one.verdict.findings, screened_by="rules", policy_hash=one.verdict.policy_hash,
                    decision_id=one.decision_id, text_sha256="0" * 64,
                )
            )  # fmt: skip
        self.workspace.put(
            Variant(
                id=identifier, campaign_id="cmp-1", label=label, channel="push", tone="warm", factor="tone",
                hypothesis="warmth sells", decision=Decision.ALLOW if passed else Decision.BLOCK, screened_by="rules",
                policy_hash="p", fields=fields if passed else {},
                sealed="" if passed else self.workspace.seal(sealed_form(fields, ())),
            )
        )  # fmt: skip
        return identifier


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return Policy.load(project_root / "data" / "policy")


@pytest.fixture
def world(policy: Policy) -> World:
    return World(policy)


def test_all_variants_are_checked_with_rules_spans_and_fixes(world: World) -> None:
    found = world.plugin.check_copy()
    assert "1 allowed, 1 blocked" in found.summary
    good, bad = found.data["checked"]
    assert (good["label"], good["decision"], good["findings"]) == ("A", "allow", [])
    assert (bad["label"], bad["variant_id"], bad["decision"]) == ("B", "var-b1", "block")
    rules = {f["rule"]: f for f in bad["findings"]}
    assert {"legal.claim.guaranteed", "legal.claim.cures"} <= set(rules)
    span = rules["legal.claim.cures"]
    assert span["field"] == "body" and span["fix"]
    assert BAD["body"][span["start"] : span["end"]] == "cure depression"


def test_a_blocked_text_is_never_given_back(world: World) -> None:
    said = [world.plugin.check_copy(), world.plugin.check_copy(["B"]), world.plugin.check_copy(text=BAD["body"])]
    said += [world.plugin.explain_verdict("B"), world.plugin.explain_verdict()]
    for result in said:
        assert "depression" not in result.model_dump_json()


def test_a_text_is_checked_on_the_surface_that_is_named(world: World) -> None:
    text = "20% off lamps until 30 June."
    assert world.plugin.check_copy(text=text).data["allowed"] == 1
    sms = world.plugin.check_copy(text=text, surface=Surface.SMS).data
    assert (sms["blocked"], sms["checked"][0]["findings"][0]["rule"]) == (1, "legal.sms-stop")


def test_every_check_is_in_the_audit(world: World) -> None:
    row = world.plugin.check_copy(["A"]).data["checked"][0]
    found = world.store.decision(row["decision_id"])
    assert found is not None and found["decision"] == "allow"


@pytest.mark.parametrize("asked", ["B", "b", "variant b", "var-b1", None])
def test_why_was_b_blocked_is_answered_from_the_audit_row(world: World, asked: str | None) -> None:
    screened_before = world.store.verify_audit()[0]
    found = world.plugin.explain_verdict(asked)
    assert found.summary.startswith("B: block; legal.claim.")
    assert found.data["screened_by"] == "rules" and len(found.data["policy_hash"]) == 64
    worst = found.data["findings"][0]
    assert worst["field"] == "body" and worst["rule"].startswith("legal.claim.") and worst["fix"] and worst["end"] > 0
    row = world.store.decision(found.handle["decision_id"])
    assert row is not None
    assert row["decision"] == "block" and row["at"] == found.data["at"]
    assert world.store.verify_audit()[0] == screened_before  # nothing was screened again


def test_a_decision_is_explained_by_its_id(world: World) -> None:
    decision_id = world.plugin.explain_verdict("B").handle["decision_id"]
    found = world.plugin.explain_verdict(decision_id=decision_id)
    assert found.data["decision"] == "block" and found.data["label"] == "text"


def test_the_explanation_is_that_of_then_not_of_today(world: World, policy: Policy) -> None:
    later = SafetyPlugin(world.workspace, a_gate(world.store).screen, policy)
    assert later.check_copy(["B"]).data["allowed"] == 1  # a gate that allows everything
    assert later.explain_verdict("B").data["decision"] == "block"


@pytest.mark.parametrize("wrong", ["Z", "var-none", "", "A; DROP TABLE audit"])
def test_an_unknown_variant_is_refused_with_the_labels_there_are(world: World, wrong: str) -> None:
    for call in (lambda: world.plugin.explain_verdict(wrong), lambda: world.plugin.check_copy([wrong])):
        with pytest.raises(Refused) as refused:
            call()
        assert list(refused.value.allowed) == ["A", "B"]


def test_an_unknown_decision_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="no recorded decision"):
        world.plugin.explain_verdict(decision_id="dec-none")


def test_without_one_stopped_variant_it_asks_which(world: World, policy: Policy) -> None:
    world.workspace.put(world.workspace.get(Variant, "var-a1").model_copy(update={"decision": Decision.HOLD}))
    with pytest.raises(Refused, match="which variant"):
        world.plugin.explain_verdict()


def test_a_campaign_without_variants_says_what_to_call(policy: Policy) -> None:
    store = a_store()
    workspace = Workspace(store, "cnv-1", now=NOW)
    workspace.save_campaign(Campaign(id="cmp-1", name="Empty", created_at=NOW, changed_at=NOW), "created")
    with pytest.raises(Refused, match="generation-draft_variants"):
        SafetyPlugin(workspace, a_gate(store).screen, policy).check_copy()


def test_rules_are_listed_strictest_first_with_all_that_is_promised(world: World, policy: Policy) -> None:
    found = world.plugin.list_rules()
    assert len(found.data["rules"]) == 20 < found.data["total"]
    severities = [rule["severity"] for rule in found.data["rules"]]
    assert severities == sorted(severities, reverse=True)
    assert all(rule["id"] and rule["words"] and rule["fix"] for rule in found.data["rules"])
    assert found.data["policy_hash"] == policy.policy_hash


@pytest.mark.parametrize("category", ["legal", "hate", "link", "personal_data", "urgency"])
def test_rules_can_be_listed_by_category(world: World, category: str) -> None:
    rules = world.plugin.list_rules(category).data["rules"]  # pyright: ignore[reportArgumentType]
    assert rules and {rule["category"] for rule in rules} == {category}
    if category == "legal":
        assert any(rule["jurisdictions"] for rule in rules)
        assert {"block"} <= {rule["decision"] for rule in rules}
