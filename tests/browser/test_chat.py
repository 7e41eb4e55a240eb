"""The chat as a marketer sees it, in a real browser, over ``cpo serve``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from conftest import Served, Watched
else:
    Served = Watched = Any

AXE = Path(__file__).parent / "axe" / "node_modules" / "axe-core" / "axe.min.js"
FRAMES = """() => new Promise((done) => {
  let left = 5
  const next = () => (left-- ? requestAnimationFrame(next) : done())
  requestAnimationFrame(next)
})"""
"""Lets what was just changed be drawn: a button that appears with it has its name in the frame after."""
CAMPAIGN = "Build a summer campaign for lapsed high-value customers"


def press(page: Page, name: str) -> None:
    """Reach the last button of this name with the keyboard and press it."""
    button = page.get_by_role("button", name=name, exact=True).last
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def test_a_campaign_from_the_first_sentence_to_an_approval_and_on_after_a_restart(
    watched: Watched, served: Served
) -> None:
    page = watched.page
    watched.open()
    expect(page.locator("#services-line")).to_contain_text("offline planner")
    page.get_by_role("button", name="Summer campaign for lapsed VIPs").click()
    page.locator(".desk-turn").wait_for(timeout=60_000)
    expect(page.get_by_label("Audience", exact=True)).to_contain_text("408 people can be contacted")
    expect(page.locator("article[aria-label^='Variant']")).to_have_count(3)
    expect(page.get_by_label("Experiment plan")).to_contain_text("408 people in 4 arms")
    watched.say("launch it")
    approval = page.get_by_label("Approval of the launch")
    expect(approval).to_contain_text("Waiting for your approval")
    press(page, "Approve launch")
    expect(page.get_by_text("assigned").last).to_be_visible(timeout=30_000)
    expect(approval.get_by_role("button")).to_have_count(0)

    page.goto("about:blank")
    served.stop()
    served.start()
    watched.open()
    page.get_by_text(CAMPAIGN).first.click()
    expect(page.get_by_label("Audience", exact=True)).to_contain_text("408 people can be contacted", timeout=30_000)
    expect(page.get_by_label("Approval of the launch")).to_contain_text("approved and carried out by local")
    expect(page.get_by_role("button", name="Approve launch")).to_have_count(0)
    watched.say("how big is the audience?")
    expect(page.locator(".ai-message, [data-step-type='assistant_message']").last).to_contain_text("408")


def content_of(page: Page, link: Locator) -> str:
    """Return the file behind a link, once the link is there."""
    link.wait_for(timeout=30_000)
    answer = page.request.get(re.sub(r"^/", f"{page.url.split('/chat')[0]}/", link.get_attribute("href") or ""))
    assert answer.ok
    return answer.text()


def test_reports_and_the_trace_are_handed_over_as_files(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    watched.open()
    watched.say("Open the summer picnic test")
    watched.say("Which variant won?")
    results = page.get_by_label("Results", exact=True)
    expect(results).to_contain_text("Synthetic example data")
    expect(results).to_contain_text("7.13 %")
    expect(results.locator(".desk-intervals li")).to_have_count(3)
    with page.expect_download() as waiting:
        press(page, "Trace (JSON)")
    waiting.value.save_as(tmp_path / "trace.json")
    trace = json.loads((tmp_path / "trace.json").read_text(encoding="utf-8"))
    assert [call["function"] for call in trace["calls"]] == ["read_results"]
    files = page.locator("a[href*='/project/file/']")
    press(page, "Result report")
    report = content_of(page, files.nth(0))
    assert "What it does not show" in report and "7.13 %" in report
    watched.say("give me the campaign sheet")
    sheet = content_of(page, files.nth(1))
    assert "Campaign sheet" in sheet and "Summer picnic test" in sheet


def test_on_a_phone_nothing_is_wider_than_the_screen(phone: Watched) -> None:
    phone.open()
    assert not phone.scrolls_sideways()
    phone.say(CAMPAIGN)
    expect(phone.page.get_by_label("Messages")).to_be_visible()
    assert not phone.scrolls_sideways()
    wide: list[str] = phone.page.evaluate(
        "[...document.querySelectorAll('.desk-card')].filter(c => c.scrollWidth > c.clientWidth + 1)"
        ".map(c => c.getAttribute('aria-label'))"
    )
    assert wide == []


def test_what_may_not_be_shown_is_gone_when_the_conversation_is_opened_again(watched: Watched) -> None:
    """The person's own browser shows what they typed; what was kept of it has no card number anywhere."""
    page = watched.page
    watched.open()
    watched.say("Show me card 4111 1111 1111 1111")
    page.reload()
    page.wait_for_selector("#chat-input")
    expect(page.get_by_text("Show me card").first).to_be_visible(timeout=30_000)
    assert "4111 1111" not in page.content()


def column(table: Locator, number: int) -> list[float]:
    """Return the figures of a column of a table, in the rows that are shown."""
    rows = table.locator("tbody tr:visible")
    cells = [rows.nth(i).locator("td").nth(number).inner_text() for i in range(rows.count())]
    return [float(re.sub(r"[,+%\s]", "", cell)) for cell in cells]


def test_tables_are_sorted_and_paged_with_the_keyboard(watched: Watched) -> None:
    page = watched.page
    watched.open()
    watched.say("Show me the segments")
    segments = page.locator("table").last
    press(page, "Customers")
    expect(segments.get_by_role("columnheader", name="Customers", exact=True)).to_have_attribute(
        "aria-sort", "ascending"
    )
    rising = column(segments, 2)
    assert rising == sorted(rising) and len(rising) == 10
    press(page, "Customers")
    assert column(segments, 2) == rising[::-1]

    watched.say(CAMPAIGN)
    page.get_by_text("The curve as a table").focus()
    page.keyboard.press("Enter")
    pager = page.locator(".desk-pager").last
    curve = page.get_by_label("Experiment plan").locator("table").last
    expect(pager.get_by_role("status")).to_have_text("Rows 1 to 10 of 11")
    assert len(column(curve, 0)) == 10
    press(page, "Next rows")
    expect(pager.get_by_role("status")).to_have_text("Rows 11 to 11 of 11")
    assert column(curve, 0) == [200.0]
    press(page, "True lift")
    press(page, "True lift")
    expect(pager.get_by_role("status")).to_have_text("Rows 1 to 10 of 11")
    assert column(curve, 0)[0] == 200.0


def serious_findings(page: Page) -> list[str]:
    """Return what axe finds serious or critical, with the element it is about."""
    if not AXE.is_file():
        pytest.skip("axe-core is not there (npm, then make test)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(FRAMES)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("size", ["watched", "phone"])
def test_axe_finds_nothing_serious_with_a_whole_campaign_on_screen(size: str, request: pytest.FixtureRequest) -> None:
    seen: Watched = request.getfixturevalue(size)
    page = seen.page
    seen.open()
    page.get_by_role("button", name="Attach a file").wait_for()
    assert serious_findings(page) == []
    seen.say(CAMPAIGN)
    seen.say("launch it")
    page.get_by_label("Approval of the launch").get_by_role("button").first.wait_for()
    seen.say("Open the summer picnic test")
    seen.say("Which variant won?")
    seen.say("Show me the segments")
    page.locator(".desk-sort").last.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    assert serious_findings(page) == []
