"""Earlier conversations in the chat: whose they are, what they show again, and that they pass the gate again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chainlit.types import Pagination, ThreadFilter
from chainlit.user import User

from app.chat_history import ChatHistory
from app.chat_sink import ChatSink
from app.domain.people import local_person
from app.wiring import Application

CARD_NUMBER = "4111 1111 1111 1111"
CAMPAIGN = "Build a summer campaign for lapsed high-value customers"


@pytest.fixture
def history(application: Application) -> ChatHistory:
    """The history over a whole application."""
    return ChatHistory(application, ChatSink(application.gate))


async def opened(history: ChatHistory, conversation_id: str) -> Any:
    """A conversation as it is opened again."""
    thread = await history.get_thread(conversation_id)
    assert thread is not None
    return thread


async def threads_of(history: ChatHistory, person: str, search: str | None = None) -> list[dict[str, Any]]:
    """The conversations a person is shown."""
    page = await history.list_threads(Pagination(first=20), ThreadFilter(userId=person, search=search))
    threads: Any = page.data
    return threads


async def test_a_conversation_comes_back_with_its_trace_its_cards_and_what_it_stands_on(
    application: Application, history: ChatHistory
) -> None:
    await application.agent.reply("cnv-1", CAMPAIGN, person="ada")
    asked = await application.agent.reply("cnv-1", "launch it", person="ada")
    thread = await opened(history, "cnv-1")
    assert thread["userIdentifier"] == "ada"
    kinds = [step["type"] for step in thread["steps"]]
    assert kinds.count("user_message") == 2 and kinds.count("assistant_message") == 2 and "tool" in kinds
    assert thread["steps"][0]["output"] == CAMPAIGN
    assert [e["name"] for e in thread["elements"]] == [
        "AudienceCard", "VariantsCard", "PlanCard", "TurnCard", "ApprovalCard", "TurnCard",
    ]  # fmt: skip
    messages = {step["id"] for step in thread["steps"]}
    assert {e["forId"] for e in thread["elements"]} <= messages
    json.dumps(thread)
    pending = asked.turn.pending_approvals[0]
    application.effects.approve(pending.id, local_person("Ada Lovelace"), pending.digest)
    reopened = await opened(history, "cnv-1")
    card = next(e["props"] for e in reopened["elements"] if e["name"] == "ApprovalCard")
    assert (card["status"], card["decided_by"]) == ("used", "Ada Lovelace")


async def test_each_person_is_shown_their_own_conversations_only(
    application: Application, history: ChatHistory
) -> None:
    await application.agent.reply("cnv-ada", "What can you do?", person="ada")
    await application.agent.reply("cnv-grace", "Describe my customers", person="grace")
    assert [t["id"] for t in await threads_of(history, "ada")] == ["cnv-ada"]
    assert await threads_of(history, "") == []
    assert await threads_of(history, "ada", search="describe") == []
    assert [t["id"] for t in await threads_of(history, "grace", search="describe")] == ["cnv-grace"]
    assert await history.get_thread_author("cnv-ada") == "ada"
    assert await history.get_thread_author("cnv-none") == ""


async def test_s58_a_title_is_screened_when_it_is_given_and_when_it_is_changed(history: ChatHistory) -> None:
    await history.update_thread("cnv-1", name=f"My card is {CARD_NUMBER}", user_id="ada")
    await history.update_thread("cnv-2", name="Plain", user_id="ada")
    await history.update_thread("cnv-2", name=f"Pay with {CARD_NUMBER}")
    shown = await threads_of(history, "ada")
    assert len(shown) == 2 and CARD_NUMBER not in json.dumps(shown)


async def test_a_second_message_does_not_rename_and_nobody_takes_a_conversation_over(history: ChatHistory) -> None:
    await history.update_thread("cnv-1", name="First", user_id="ada")
    await history.update_thread("cnv-1", name="Second", user_id="grace")
    assert [t["name"] for t in await threads_of(history, "ada")] == ["First"]
    assert await threads_of(history, "grace") == []


async def test_s59_what_is_stored_is_screened_again_when_it_is_opened(
    application: Application, history: ChatHistory
) -> None:
    """A text that an older, laxer policy let into the store does not leave it today."""
    reply = await application.agent.reply("cnv-1", "What can you do?", person="ada")
    lax = reply.turn.model_copy(
        update={"id": "trn-lax", "number": 2, "user_text": f"card {CARD_NUMBER}", "reply": f"noted {CARD_NUMBER}"}
    )
    with application.store.writing() as connection:
        application.store.save_turn(connection, lax)
    application.store.save_notice("cnv-1", f"loaded {CARD_NUMBER}", application.now())
    thread = await opened(history, "cnv-1")
    assert CARD_NUMBER not in json.dumps(thread)
    assert sum(step["type"] == "user_message" for step in thread["steps"]) == 2


async def test_a_deleted_conversation_is_gone_and_its_campaign_stays(
    application: Application, history: ChatHistory
) -> None:
    await application.agent.reply("cnv-1", CAMPAIGN, person="ada")
    campaigns = len(application.store.all_campaigns("ada"))
    await history.delete_thread("cnv-1")
    assert await history.get_thread("cnv-1") is None
    assert len(application.store.all_campaigns("ada")) == campaigns


async def test_sharing_is_the_owners_word_and_is_taken_back(history: ChatHistory) -> None:
    await history.update_thread("cnv-1", name="First", user_id="ada")
    assert not await history.is_shared("cnv-1")
    await history.update_thread("cnv-1", metadata={"is_shared": True})
    assert await history.is_shared("cnv-1")
    thread = await opened(history, "cnv-1")
    assert "is_shared" not in thread["metadata"], "Chainlit shows a thread so marked to people who are not logged in"
    await history.update_thread("cnv-1", metadata={"is_shared": False})
    assert not await history.is_shared("cnv-1")


async def test_a_person_keeps_what_the_login_says_of_them(history: ChatHistory) -> None:
    person = await history.create_user(User(identifier="ada", metadata={"roles": ["approver"]}))
    assert (person.id, person.metadata) == ("ada", {"roles": ["approver"]})
    assert await history.get_user("ada") is None


def test_s56_words_in_a_card_are_screened_whatever_their_field_is_called(application: Application) -> None:
    sink = ChatSink(application.gate)
    leak = {"type": "custom", "props": {"type": f"card {CARD_NUMBER}", "deep": [{"id": CARD_NUMBER}]}}
    assert CARD_NUMBER not in json.dumps(sink.screened(leak))
    assert sink.screened({"type": "custom", "id": "trn-1"}) == {"type": "custom", "id": "trn-1"}


def test_a_conversations_id_reaches_the_browser_as_it_is(application: Application) -> None:
    """Digits in an id can look like a telephone number; a changed id would lose the conversation."""
    begun = {"interaction": "Hello", "thread_id": "772efcb6-b876-4785-4111-111111111111"}
    assert ChatSink(application.gate).screened(begun) == begun
