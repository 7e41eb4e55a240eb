"""How replies look in the chat: live stages, the trace, the released text and its cards.

Everything goes through ``ChatSink``; a view never hands Chainlit a text that the gate has not released.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Self

import chainlit as cl
import structlog

from app.agent import Reply, Stage
from app.chat_cards import TRACE, call_facts, cards_of, trace_title, turn_trace
from app.chat_sink import ChatSink
from app.domain.conversation import Turn
from app.domain.entities import fresh_id
from app.domain.errors import CpoError, UserFixable
from app.domain.people import Person
from app.domain.safety import Surface
from app.gate import JsonPassage
from app.report import Report, make_report
from app.wiring import Application

log = structlog.get_logger(__name__)

STARTERS = (
    ("Summer campaign for lapsed VIPs", "Build a summer campaign for lapsed high-value customers"),
    ("Who are my customers?", "Describe my customers"),
    ("Which variant won?", "Which variant won in the last finished campaign, and how sure are we?"),
    ("What can you do?", "What can you do?"),
)
CHANGES = 'Say what to change, for example "make B friendlier", and ask for the launch again.'
REPORT = ("history", "make_report")
"""The call whose page is attached to the reply."""
STOPPED = "Stopped. Nothing of this request was kept; what was there before still stands."
STOPPED_LATE = "This was done before you stopped it. Open the conversation again to see all of it."
STAGES = {
    "segmentation": "Finding the audience",
    "retrieval": "Looking up approved content",
    "generation": "Writing",
    "safety": "Checking every word",
    "experiment": "Working on the experiment",
    "history": "Looking back",
}


class ChatView:
    """Renders turns for Chainlit. One per process; the session is Chainlit's context."""

    def __init__(self, application: Application, sink: ChatSink) -> None:
        self._app = application
        self._gate = application.gate
        self._sink = sink

    # --- a turn
    async def answer(self, conversation_id: str, text: str, person: str) -> None:
        """Run one turn with live stages and show its reply; say what became of a turn that was stopped."""
        reply: Reply | None = None
        try:
            async with _Stages() as stages, cl.Step(name=TRACE, type="run") as trace:
                trace.input = ""
                reply = await self._app.agent.reply(conversation_id, text, person=person, progress=stages.show)
                trace.output = await self._show_calls(reply.turn)
            await self._show_reply(reply, person)
        except asyncio.CancelledError:
            await self.say(STOPPED if reply is None else STOPPED_LATE)
            raise

    async def _show_calls(self, turn: Turn) -> str:
        """Show every call as a step, and return the line over them."""
        shown = [part for call in turn.calls for part in (call.arguments, call_facts(call))]
        title, *parts = await asyncio.to_thread(self._passages, [trace_title(turn), *shown])
        texts = [self._sink.let_through(part.released) for part in parts]
        for call, given, facts in zip(turn.calls, texts[::2], texts[1::2], strict=True):
            async with cl.Step(name=f"{call.plugin}-{call.function}", type="tool", show_input="json") as step:
                step.input, step.language, step.output = given, "json", facts
        return str(self._sink.let_through_json(title))

    async def _show_reply(self, reply: Reply, person: str) -> None:
        elements = await asyncio.to_thread(self._cards, reply)
        message = cl.Message(content=self._sink.let_through(reply.text))
        await message.send()
        for element in elements:  # one after another, so that they stand in their order
            await element.send(for_id=message.id)
        for call in reply.turn.calls:
            if call.ok and (call.plugin, call.function) == REPORT:
                wanted = {"campaign": call.result["handle"]["campaign_id"], "kind": call.result["data"]["kind"]}
                report = await asyncio.to_thread(self._report, wanted, person)
                await self._attach(report, message.id)

    def _cards(self, reply: Reply) -> list[cl.CustomElement]:
        cards = cards_of(self._app, reply.turn)
        released = self._sink.let_props_through([card.props for card in cards])
        return [
            cl.CustomElement(name=card.element, props=props, display="inline")
            for card, props in zip(cards, released, strict=True)
            if props is not None
        ]

    async def trace_of(self, payload: Mapping[str, Any], person: Person) -> list[str]:
        """Return the trace of a turn to who may read it, as released JSON: the turn, then each of its calls."""
        return await asyncio.to_thread(self._trace_of, str(payload.get("turn")), person)

    def _trace_of(self, turn_id: str, person: Person) -> list[str]:
        turn = self._app.store.turn(turn_id)
        row = self._app.store.conversation(turn.conversation_id) if turn is not None else None
        if turn is None or row is None or not (row["shared"] or row["owner"] == person.name):
            raise UserFixable("There is no such turn here.", hint="Open the conversation it belongs to.")
        trace = turn_trace(turn)
        parts = self._passages([{**trace, "calls": []}, *trace["calls"]])
        return [self._sink.let_through(part.released) for part in parts]

    # --- approvals
    async def decide(self, payload: Mapping[str, Any], person: Person) -> None:
        """Approve or reject, by the person at the keyboard, what the digest in the button names."""
        effects = self._app.effects
        if payload.get("approve"):
            done = await asyncio.to_thread(effects.approve, str(payload["id"]), person, str(payload["digest"]))
            await self.say(done.words)
        else:
            await asyncio.to_thread(effects.reject, str(payload["id"]), person)
            await self.say("Rejected. Nothing was done." + (f" {CHANGES}" if payload.get("changes") else ""))

    async def hand_over_report(self, payload: Mapping[str, Any], person: str) -> None:
        """Make a report of a campaign as it stands now and hand it over as a file."""
        report = await asyncio.to_thread(self._report, payload, person)
        await self._attach(report, (await self.say(report.words)).id)

    def _report(self, wanted: Mapping[str, Any], person: str) -> Report:
        kind = "results" if wanted.get("kind") == "results" else "sheet"
        return make_report(self._app, str(wanted["campaign"]), kind, person)

    async def _attach(self, report: Report, message_id: str) -> None:
        await cl.File(name=report.name, content=self._sink.let_through(report.page), mime="text/html").send(message_id)

    # --- words
    async def explain(self, error: CpoError) -> None:
        """Show an error in words, with how to mend it."""
        await self.say(_in_words(error))

    async def words_of(self, error: CpoError) -> str:
        """Return an error in released words."""
        return await self.released(_in_words(error))

    async def apologise(self, failure: Exception) -> None:
        """Say that something broke, with a reference into the log and nothing of the exception."""
        reference = fresh_id("err")
        log.error("chat_failed", reference=reference, type=type(failure).__name__)
        await self.say(f"Something went wrong (reference {reference}). What was stored before is still there.")

    async def say(self, text: str) -> cl.Message:
        """Say something outside of a turn, and keep it for when the conversation is opened again."""
        message = cl.Message(content=await self.released(text))
        await message.send()
        store, conversation = self._app.store, cl.context.session.thread_id
        await asyncio.to_thread(store.save_notice, conversation, message.content, self._app.now())
        return message

    async def released(self, text: str) -> str:
        """Return a text of ours, released for the chat."""
        passage = await asyncio.to_thread(self._gate.release_text, text, Surface.CHAT, subject="chat")
        return self._sink.let_through(passage.released)

    def _passages(self, values: Sequence[Any]) -> list[JsonPassage]:
        return self._gate.release_json_values(values, Surface.CHAT, subject="chat")


class _Stages:
    """The list of what a turn does now. Whether it ends or is stopped, the conversation gets the room back."""

    def __init__(self) -> None:
        self._list = cl.TaskList()
        self._shown: dict[str, cl.Task] = {}

    async def __aenter__(self) -> Self:
        self._list.status = "Thinking"
        await self._list.send()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._list.remove()

    async def show(self, stage: Stage) -> None:
        """Show that a call began or ended."""
        words = STAGES.get(stage.function.partition("-")[0], "Working")
        if stage.function not in self._shown:
            self._shown[stage.function] = cl.Task(title=words, status=cl.TaskStatus.RUNNING)
            await self._list.add_task(self._shown[stage.function])
        elif stage.status != "started":
            done = stage.status == "done"
            self._shown[stage.function].status = cl.TaskStatus.DONE if done else cl.TaskStatus.FAILED
        await self._list.send()


def _in_words(error: CpoError) -> str:
    hint = getattr(error, "hint", "")
    return f"{error}" + (f"\n\n{hint}" if hint else "")
