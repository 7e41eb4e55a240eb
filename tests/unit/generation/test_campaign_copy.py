"""Briefs, variants and revisions in a workspace: nothing invented, nothing blocked is shown, the old is kept."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.audience import Audience
from app.domain.campaign import Campaign
from app.domain.content import Brief, Variant
from app.domain.errors import Refused
from app.domain.safety import Decision, VerdictRecord
from app.workspace import Workspace
from plugins.generation.briefs import Wish, Written, people_of, write_brief
from plugins.generation.channels import PUSH_BODY_MAX
from plugins.generation.draft_edits import Wanted
from plugins.generation.drafting import Drafted, Drafting
from plugins.generation.preview import preview
from plugins.generation.revising import Revised, Revising
from plugins.generation.variants import copy_of
from plugins.retrieval.embedded_index import EmbeddedIndex


@pytest.fixture
def brief(workspace: Workspace, index: EmbeddedIndex, shop: Any, audience: Audience) -> Written:
    wish = Wish(goal="Bring back lapsed customers", theme="summer", audience_id=audience.id)
    return write_brief(workspace, index, shop, wish)


def drafting(workspace: Workspace, index: EmbeddedIndex, shop: Any, screen: Any) -> Drafting:
    return Drafting(workspace, shop, index, screen)


def draft(made: Drafting, workspace: Workspace, **changes: Any) -> Drafted:
    campaign = workspace.campaign()
    stored = workspace.get(Brief, str(campaign.brief_id))
    given: dict[str, Any] = {"count": 3, "channel": None, "tone": None, "about": ""}
    return made.draft(campaign, stored, **(given | changes))


def test_a_brief_lists_what_was_assumed_and_names_the_campaign(brief: Written, workspace: Workspace) -> None:
    assert brief.campaign.name == "Summer: lapsed customers, June 2026"
    assert brief.brief.offer_id == "off-summer15"
    assert any("Offer:" in a for a in brief.brief.assumptions)
    assert brief.question is None
    assert workspace.campaign().id == brief.campaign.id


def test_campaigns_are_named_for_people() -> None:
    tree = [
        {"field": "lifecycle", "op": "eq", "value": "lapsed"},
        {"field": "value_tier", "op": "eq", "value": "high"},
        {"field": "country", "op": "in", "value": ["US", "GB"]},
    ]
    assert people_of({"all_of": tree}) == "lapsed high-value customers in US and GB"
    assert people_of({"all_of": [{"field": "age", "op": "gt", "value": 40}]}) == ""


def test_a_campaign_without_an_occasion_is_named_for_its_matter(
    workspace: Workspace, index: EmbeddedIndex, shop: Any, audience: Audience
) -> None:
    wish = Wish(goal="write an sms about free returns for lapsed customers", audience_id=audience.id)
    assert write_brief(workspace, index, shop, wish).campaign.name.startswith("SMS about free returns: ")


def test_the_audience_is_asked_for_once(workspace: Workspace, index: EmbeddedIndex, shop: Any) -> None:
    first = write_brief(workspace, index, shop, Wish(goal="Sell more", theme="summer"))
    second = write_brief(workspace, index, shop, Wish(goal="Sell more", theme="summer"))
    assert first.question and second.question is None
    assert first.campaign.id == second.campaign.id


def test_a_discount_that_nobody_approved_is_not_used(workspace: Workspace, index: EmbeddedIndex, shop: Any) -> None:
    written = write_brief(workspace, index, shop, Wish(goal="Summer", theme="summer", discount_percent=37))
    assert any("No approved offer of 37%" in a for a in written.brief.assumptions)
    assert "37" not in (written.brief.offer or "")


def test_a_holiday_out_of_season_is_planned_for_the_day_its_offer_starts(
    workspace: Workspace, index: EmbeddedIndex, shop: Any
) -> None:
    written = write_brief(workspace, index, shop, Wish(goal="Black Friday", theme="black_friday"))
    assert str(written.brief.send_on) == "2026-11-20"
    assert written.brief.offer_id == "off-blackfriday30"


def test_variants_differ_in_one_named_factor(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    made = drafting(workspace, index, shop, make_screen(""))
    done = draft(made, workspace)
    assert [s.variant.factor for s in done.screened] == ["tone: urgent", "tone: informational", "tone: friendly"]
    assert all(s.variant.hypothesis for s in done.screened)
    assert len({tuple(sorted({c.document_id for c in s.variant.citations})) for s in done.screened}) <= 3
    leads = draft(made, workspace, tone="friendly")
    assert [s.variant.factor for s in leads.screened] == [
        "lead: offer first",
        "lead: product first",
        "lead: service first",
    ]
    assert brief.campaign.id == workspace.campaign().id


@pytest.mark.parametrize("channel", ["email", "sms", "push"])
@pytest.mark.parametrize(
    ("about", "document"),
    [("free returns", "pol-returns"), ("the repair service", "perk-repair"), ("coolers", None)],
)
def test_what_the_message_is_to_be_about_is_in_every_message(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any,
    channel: str, about: str, document: str | None,
) -> None:  # fmt: skip
    done = draft(drafting(workspace, index, shop, make_screen("")), workspace, channel=channel, about=about)
    for screened in done.screened:
        cited = {c.document_id for c in screened.variant.citations}
        assert document is None or document in cited
        assert channel == "push" or brief.brief.offer_id in cited
    assert not any("about" in p for p in done.problems)
    revising = Revising(workspace, index, drafting(workspace, index, shop, make_screen("")))
    for revised in revising.revise(workspace.campaign(), Wanted(edits=("more_formal",))):
        assert document is None or document in {c.document_id for c in revised.screened.variant.citations}


def test_a_subject_without_approved_content_is_said_not_written(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    done = draft(drafting(workspace, index, shop, make_screen("")), workspace, about="hang-gliding lessons")
    assert any("Nothing approved was found about 'hang-gliding lessons'" in p for p in done.problems)
    assert not any("gliding" in str(s.variant.fields) for s in done.screened)


@pytest.mark.statement("S4")
def test_blocked_copy_is_sealed_and_never_previewed(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    done = draft(drafting(workspace, index, shop, make_screen("SUNLINE15")), workspace)
    for screened in done.screened:
        variant = screened.variant
        assert variant.decision is Decision.BLOCK
        assert (variant.fields, variant.citations) == ({}, ())
        assert "SUNLINE15" not in variant.model_dump_json()
        assert "SUNLINE15" in copy_of(workspace, variant)[0]["body"]
        assert len(variant.verdict_ids) == len([workspace.get(VerdictRecord, i) for i in variant.verdict_ids])
    with pytest.raises(Refused, match="blocked"):
        preview(workspace, shop, workspace.campaign(), "A", None)
    assert brief.brief.id


def revise(workspace: Workspace, index: EmbeddedIndex, shop: Any, screen: Any, **wanted: Any) -> list[Revised]:
    made = drafting(workspace, index, shop, screen)
    return Revising(workspace, index, made).revise(workspace.campaign(), Wanted(**wanted))


def test_gold_benefits_for_people_who_are_not_gold_are_blocked_with_the_count(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    draft(drafting(workspace, index, shop, make_screen("")), workspace)
    found = revise(
        workspace, index, shop, make_screen(""), variants=("B",), edits=("mention",), mention="Gold benefits"
    )
    assert found[0].screened.variant.decision is Decision.BLOCK
    assert "30 of 60 recipients" in found[0].screened.reasons[0]
    mended = revise(workspace, index, shop, make_screen(""), variants=("B",), edits=("fix_block",))
    assert mended[0].screened.variant.decision is Decision.ALLOW
    assert "Platinum" not in mended[0].screened.variant.fields["body"]
    assert brief.brief.id


@pytest.mark.parametrize("mention", ["free returns", "the repair service", "gift wrapping"])
def test_a_push_message_stays_short_enough_when_something_is_mentioned_or_says_why_not(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any, mention: str
) -> None:
    draft(drafting(workspace, index, shop, make_screen("")), workspace, channel="push")
    for revised in revise(workspace, index, shop, make_screen(""), edits=("mention",), mention=mention):
        body = revised.screened.variant.fields["body"]
        assert len(body) <= PUSH_BODY_MAX or any("cannot be made shorter" in note for note in revised.notes)
    assert brief.brief.id


def test_a_revision_changes_what_was_asked_and_keeps_the_old(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    before = draft(drafting(workspace, index, shop, screen), workspace).screened[0].variant
    changed = revise(workspace, index, shop, screen, variants=("A",), edits=("change_subject",))[0]
    after = changed.screened.variant
    assert changed.changed_fields == ("subject",)
    assert {k for k in after.fields if after.fields[k] != before.fields[k]} == {"subject"}
    assert (after.parent_id, after.id != before.id) == (before.id, True)
    assert workspace.get(Variant, before.id) == before
    undone = revise(workspace, index, shop, screen, variants=("A",), edits=("undo",))[0]
    assert undone.screened.variant == before
    assert workspace.campaign().variants["A"] == before.id
    assert brief.brief.id


def test_shorter_keeps_the_offer_and_its_terms(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    for found in revise(workspace, index, shop, screen, max_length=110):
        body = found.screened.variant.fields["body"]
        assert "15% off" in body and "gift cards" in body and "31 August" in body


def test_shorter_never_drops_a_caveat_and_keeps_what_it_bounds(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    shipping = index.get("perk-shipping")
    assert shipping is not None and brief.brief.id
    phrases, caveats = shipping.say["s"], shipping.say["caveat"]
    for longest in range(240, 100, -10):
        for found in revise(workspace, index, shop, screen, max_length=longest):
            body = found.screened.variant.fields["body"].lower()
            if any(phrase.lower() in body for phrase in phrases):
                assert any(caveat.lower() in body for caveat in caveats)


def test_a_shorter_subject_changes_the_subject_alone(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    for found in revise(workspace, index, shop, screen, edits=("shorter_subject",)):
        old, new = found.previous.fields["subject"], found.screened.variant.fields["subject"]
        assert len(new) < len(old) or (new == old and found.notes)
        assert set(found.changed_fields) <= {"subject"}
    assert brief.brief.id


def test_leaving_out_a_word_never_takes_the_offer_away(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    for found in revise(workspace, index, shop, screen, edits=("remove_mention",), remove="the towel"):
        body = found.screened.variant.fields["body"]
        assert "15% off" in body and "SUNLINE15" in body
        assert "beach towel" not in body
    assert brief.brief.id


def test_no_discount_leaves_none_behind(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    for found in revise(workspace, index, shop, screen, edits=("remove_discount",)):
        text = " ".join(found.screened.variant.fields.values())
        assert "15%" not in text and "SUNLINE" not in text and "31 August" not in text


def test_as_sms_then_preview_counts_the_worst_cases(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    screen = make_screen("")
    draft(drafting(workspace, index, shop, screen), workspace)
    edits = ("change_channel", "add_personalisation")
    revise(workspace, index, shop, screen, variants=("C",), edits=edits, channel="sms")
    shown = preview(workspace, shop, workspace.campaign(), "C", "C00")
    assert shown.rendered["text"].startswith("Ada, ")
    assert shown.unresolved == 0 and shown.recipients == 60
    cases = {c.case: c.customers for c in shown.worst_cases}
    assert cases["missing name"] == 10 and cases["right-to-left name"] == 10 and cases["emoji in name"] == 10
    assert cases["value flips the SMS to UCS-2"] == 30
    assert brief.brief.id


def test_only_drafts_and_approved_campaigns_can_be_revised(
    brief: Written, workspace: Workspace, index: EmbeddedIndex, shop: Any, make_screen: Any
) -> None:
    with pytest.raises(Refused, match="no variants"):
        revise(workspace, index, shop, make_screen(""), edits=("shorter",))
    assert isinstance(workspace.campaign(), Campaign) and brief.brief.id
