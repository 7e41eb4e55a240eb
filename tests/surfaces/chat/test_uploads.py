"""A file sent to the chat: proposed, corrected in words, loaded by a button; nothing before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.chat_uploads import only_about_the_file

if TYPE_CHECKING:
    from conftest import Browser, Server
else:
    Browser = Server = Any

PEOPLE = "Whose,Given name,Nation\nK1,Ann,GB\nK2,Bo,FR\n"


def said(browser: Browser) -> list[str]:
    """Everything the chat said, in order."""
    return [data["output"] for event, data in browser.events if event == "new_message"]


async def test_a_mapping_is_corrected_in_words_and_loaded_by_its_newest_button(
    server: Server, browser: Browser
) -> None:
    server.arm("open")
    server.say()  # the planner is asked nothing: words about a file and its columns are no request
    file = await browser.upload("people.csv", PEOPLE)
    await browser.send("Please load this", (file,))
    assert "no column for customer_id" in said(browser)[-1] and "say for example" in said(browser)[-1]
    await browser.send("Whose is the customer id")
    assert "| Whose | customer_id |" in said(browser)[-1] and "Not read: Nation" in said(browser)[-1]
    await browser.send("Nation is the country")
    assert "| Nation | country |" in said(browser)[-1] and "| Whose | customer_id |" in said(browser)[-1]
    await browser.press("Load as customers")  # the first one shown, of a proposal before this one
    assert said(browser)[-1].startswith("This upload is gone, or was proposed anew since.")
    browser.events[:] = [e for e in browser.events if e[0] != "action" or e[1]["payload"].get("upload") != old(browser)]
    await browser.press("Load as customers")
    assert "2 rows read, 2 loaded" in said(browser)[-1]


def old(browser: Browser) -> str:
    """The upload id of the first proposal."""
    return str(next(data["payload"]["upload"] for event, data in browser.events if event == "action"))


@pytest.mark.parametrize(
    "words",
    ["", "load this", "Please import the attached file", "here is my customer list", "here are the results", "add it!"],
)
def test_words_that_only_send_a_file_along(words: str) -> None:
    assert only_about_the_file(words)


@pytest.mark.parametrize(
    "words",
    [
        "Who are my best customers?",
        "which one won?",
        "load this and build a campaign for them",
        "x" * 5000,
        " ," * 9999,
    ],
)
def test_words_that_ask_for_more(words: str) -> None:
    assert not only_about_the_file(words)
