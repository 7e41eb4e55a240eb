"""The chat as a marketer sees it, in a real browser, over ``cpo serve``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from conftest import Served, Watched
else:
    Served = Watched = Any

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
    press(page, "Result report")
    link = page.locator("a[href*='/project/file/']").last
    link.wait_for(timeout=30_000)
    report = page.request.get(re.sub(r"^/", f"{page.url.split('/chat')[0]}/", link.get_attribute("href") or ""))
    assert report.ok and "What it does not show" in report.text() and "7.13 %" in report.text()


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
