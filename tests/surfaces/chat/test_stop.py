"""Stop in the chat: what was asked is not carried out, nothing of it is kept, and the conversation goes on."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from semantic_kernel.contents import ChatHistory

from app.domain.audience import Audience
from app.testing.scripted_planner import Calls, calls

if TYPE_CHECKING:
    from conftest import Browser, Server
else:
    Browser = Server = Any

FOUND = calls(("segmentation-find_audience", {"conditions": [{"field": "country", "op": "eq", "value": "GB"}]}))


async def test_a_stopped_turn_leaves_nothing_and_the_next_one_begins_afresh(server: Server, browser: Browser) -> None:
    server.arm("open")
    asked, go_on = threading.Event(), threading.Event()
    store = server.application.store
    before = (store.find(Audience), store.all_campaigns())

    async def hang(_: ChatHistory) -> Calls:
        asked.set()
        await asyncio.to_thread(go_on.wait, 30)
        return FOUND

    server.say(FOUND, hang, "Never said.")
    sending = asyncio.create_task(browser.send("find the British"))
    assert await asyncio.to_thread(asked.wait, 30)
    await browser.socket.emit("stop")
    await sending
    go_on.set()
    said = [data["output"] for event, data in browser.events if event == "new_message"]
    assert said[-1].startswith("Stopped. Nothing of this request was kept"), said
    conversation = next(data["thread_id"] for event, data in browser.events if event == "first_interaction")
    assert store.turns(conversation) == [] and [words for _, words in store.notices(conversation)] == [said[-1]]
    assert (store.find(Audience), store.all_campaigns()) == before
    server.say("Here I am.")
    await browser.send("hello")
    (turn,) = store.turns(conversation)
    assert (turn.number, turn.reply) == (1, "Here I am.")
    assert "Never said." not in "".join(browser.received)
