"""The campaign sheet and the result report: what stands in them is what is stored, and they pass the gate."""

from __future__ import annotations

import html

import pytest

from app.domain.content import Variant
from app.domain.errors import Refused, UserFixable
from app.domain.experiment import Readout
from app.domain.people import local_person
from app.domain.safety import Decision
from app.pages import words_of_page
from app.report import make_report
from app.wiring import Application

EXAMPLE = "cmp-finished-example"


async def built(application: Application) -> str:
    """The id of a campaign with an audience, messages and a plan, and a launch that was approved."""
    await application.agent.reply("cnv-1", "Build a summer campaign for lapsed high-value customers", person="ada")
    asked = await application.agent.reply("cnv-1", "launch it", person="ada")
    pending = asked.turn.pending_approvals[0]
    application.effects.approve(pending.id, local_person("Ada Lovelace"), pending.digest)
    return application.store.all_campaigns("ada")[0].id


async def test_a_sheet_holds_every_part_of_the_campaign(application: Application) -> None:
    campaign_id = await built(application)
    report = make_report(application, campaign_id, "sheet", "ada")
    words = words_of_page(report.page)
    campaign = application.store.campaign(campaign_id)
    assert campaign is not None
    for identifier in campaign.variants.values():
        variant = application.store.get(Variant, identifier)
        assert variant is not None and variant.fields["subject"] in words
        assert all(citation.title in words for citation in variant.citations)
    row = application.store.approvals_of(campaign_id)[0]
    expected = (
        "603 of 10,000 customers match",
        "no recorded consent for e-mail",
        row["digest"],
        "Ada Lovelace",
        "102",
    )
    assert [part for part in expected if part not in words] == []
    assert report.digest in words and "{{" not in words


async def test_a_sheet_changes_its_digest_with_the_campaign_and_only_then(application: Application) -> None:
    campaign_id = await built(application)
    first, again = (make_report(application, campaign_id, "sheet", "ada").digest for _ in range(2))
    assert first == again
    await application.agent.reply("cnv-2", "Build a winter campaign for new customers", person="ada")
    other = application.store.all_campaigns("ada")[0].id
    assert make_report(application, other, "sheet", "ada").digest != first


def test_the_figures_of_a_result_report_are_those_of_the_stored_readout(application: Application) -> None:
    application.prepare()
    report = make_report(application, EXAMPLE, "results", "ada")
    words = words_of_page(report.page)
    (readout,) = application.store.find(Readout, EXAMPLE)
    for arm in readout.body["arms"]:
        assert f"{arm['n']:,}" in words and f"{100 * arm['rate']:.2f} %" in words
    assert all(row["words"] in words for row in readout.body["comparisons"])
    assert all(caveat in words for caveat in readout.body["caveats"])
    assert readout.id in words and words.count("Synthetic example data.") == 1


async def test_without_results_a_report_says_so_and_names_no_winner(application: Application) -> None:
    campaign_id = await built(application)
    words = words_of_page(make_report(application, campaign_id, "results", "ada").page)
    assert "No results are stored for this campaign" in words and "Winner" not in words
    assert "launch by Ada Lovelace" in words


async def test_copy_that_did_not_pass_is_not_in_the_sheet_and_the_page_is_ours(application: Application) -> None:
    campaign_id = await built(application)
    campaign = application.store.campaign(campaign_id)
    assert campaign is not None
    stopped = application.store.get(Variant, campaign.variants["A"])
    assert stopped is not None
    sealed = stopped.model_copy(update={"id": "var-stopped", "fields": {}, "decision": Decision.BLOCK, "citations": ()})
    workspace = application.open_workspace("cnv-9", "ada", application.now())
    workspace.put(sealed)
    name = "<script>alert(1)</script> & sons"
    renamed = campaign.model_copy(update={"name": name, "variants": {"A": "var-stopped"}})
    workspace.save_campaign(renamed, "changed")
    workspace.commit()
    try:
        page = str(make_report(application, campaign_id, "sheet", "ada").page)
    except UserFixable:
        return  # the gate stopped the words of the name, which is as good
    assert "<script" not in page and html.escape(name) in page
    assert stopped.fields["subject"] not in page and "is not shown" in page


def test_a_page_that_does_not_pass_is_not_made(application: Application) -> None:
    application.prepare()
    workspace = application.open_workspace("cnv-9", "ada", application.now())
    campaign = application.store.campaign(EXAMPLE)
    assert campaign is not None
    leak = campaign.model_copy(update={"id": "cmp-leak", "name": "card 4111 1111 1111 1111", "version": 0})
    workspace.save_campaign(leak, "made")
    workspace.commit()
    with pytest.raises(UserFixable, match="did not pass"):
        make_report(application, "cmp-leak", "results", "ada")


async def test_somebody_elses_campaign_is_not_found(application: Application) -> None:
    campaign_id = await built(application)
    with pytest.raises(Refused):
        make_report(application, campaign_id, "sheet", "grace")


def test_a_report_is_one_file_that_loads_nothing(application: Application) -> None:
    application.prepare()
    page = str(make_report(application, EXAMPLE, "results", "local").page)
    for forbidden in ("src=", "<link", "@import", "url(", "<script", "http://", "https://"):
        assert forbidden not in page
    assert "@media print" in page
