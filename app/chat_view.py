"""How replies look in the chat: live stages, the released text, charts, and the card of a pending approval.

Everything goes through ``ChatSink``; a view never hands Chainlit a text that the gate has not released.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import chainlit as cl
import plotly.graph_objects as go
import structlog

from app.agent import Reply, Stage
from app.chat_sink import ChatSink
from app.domain.audience import Audience
from app.domain.content import Variant
from app.domain.conversation import PendingApproval, ToolCall
from app.domain.entities import fresh_id
from app.domain.errors import CpoError
from app.domain.people import Person
from app.domain.safety import Surface
from app.wiring import Application

log = structlog.get_logger(__name__)

STARTERS = (
    ("Summer campaign for lapsed VIPs", "Build a summer campaign for lapsed high-value customers"),
    ("Who are my customers?", "Describe my customers"),
    ("Which variant won?", "Which variant won in the last finished campaign, and how sure are we?"),
    ("What can you do?", "What can you do?"),
)
INK = "#1f7a6d"
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
        """Run one turn with live stages and show its reply."""
        tasks = cl.TaskList()
        tasks.status = "Thinking"
        await tasks.send()
        shown: dict[str, cl.Task] = {}

        async def progress(stage: Stage) -> None:
            await self._show_stage(tasks, shown, stage)

        async with cl.Step(name="Trace", type="run") as trace:
            trace.input = ""
            reply = await self._app.agent.reply(conversation_id, text, person=person, progress=progress)
            for call in reply.turn.calls:
                await self._show_call(call)
            trace.output = self._released(_trace_title(reply))
        tasks.status = "Done"
        await tasks.send()
        await self._show_reply(reply)

    async def _show_stage(self, tasks: cl.TaskList, shown: dict[str, cl.Task], stage: Stage) -> None:
        words = STAGES.get(stage.function.partition("-")[0], "Working")
        if stage.function not in shown:
            shown[stage.function] = cl.Task(title=words, status=cl.TaskStatus.RUNNING)
            await tasks.add_task(shown[stage.function])
        elif stage.status != "started":
            done = stage.status == "done"
            shown[stage.function].status = cl.TaskStatus.DONE if done else cl.TaskStatus.FAILED
        await tasks.send()

    async def _show_call(self, call: ToolCall) -> None:
        async with cl.Step(name=f"{call.plugin}-{call.function}", type="tool", show_input="json") as step:
            step.input = self._released_json(call.arguments)
            facts = {
                "ok": call.ok,
                "milliseconds": call.duration_ms,
                "verdict": call.decision.value,
                "decision": call.decision_id,
                "screened_by": call.screened_by,
                "result": call.result,
            }
            step.language = "json"
            step.output = self._released_json(facts)

    async def _show_reply(self, reply: Reply) -> None:
        elements = await asyncio.to_thread(self._charts, reply)
        message = cl.Message(content=self._sink.let_through(reply.text), elements=elements)
        await message.send()
        copy = await asyncio.to_thread(self._copy_words, reply)
        if copy:
            await self._say(copy)
        for approval in reply.turn.pending_approvals:
            await self._show_approval(approval)

    def _copy_words(self, reply: Reply) -> str:
        """Return the messages this turn wrote, as their recipients would read them."""
        ids = [artifact.id for artifact in reply.turn.artifacts if artifact.kind == Variant.kind]
        variants = [v for v in (self._app.store.get(Variant, i) for i in ids) if v is not None and v.fields]
        return "\n\n".join(variant_words(variant) for variant in variants)

    def _charts(self, reply: Reply) -> list[cl.Plotly]:
        charts: list[cl.Plotly] = []
        for artifact in reply.turn.artifacts:
            if artifact.kind == Audience.kind:
                audience = self._app.store.get(Audience, artifact.id)
                if audience is not None:
                    charts.append(self._figure("Audience funnel", funnel_figure(audience)))
        return charts[-1:]

    def _figure(self, name: str, figure: go.Figure) -> cl.Plotly:
        passage = self._gate.release_json(json.loads(figure.to_json() or "{}"), Surface.CHAT, subject="figure")
        return cl.Plotly(name=name, figure=go.Figure(passage.value), display="inline")

    # --- approvals
    async def _show_approval(self, approval: PendingApproval) -> None:
        text = (
            f"**Waiting for your approval: {approval.kind}**\n\n{approval.summary}\n\n"
            f"Digest of everything that was shown: `{approval.digest[:16]}` (approval `{approval.id}`)"
        )
        payload = {"id": approval.id, "digest": approval.digest}
        actions = [
            cl.Action(name="decide", label=f"Approve {approval.kind}", payload={**payload, "approve": True}),
            cl.Action(name="decide", label="Reject", payload={**payload, "approve": False}),
        ]
        card = cl.Message(content=self._released(text), actions=actions)
        await card.send()
        cl.user_session.set(f"card-{approval.id}", card)

    async def decide(self, payload: Mapping[str, Any], person: Person) -> None:
        """Approve or reject, by the person at the keyboard, what the digest in the button names."""
        effects = self._app.effects
        card = cl.user_session.get(f"card-{payload['id']}")
        if card is not None:
            await card.remove_actions()
        if payload.get("approve"):
            done = await asyncio.to_thread(effects.approve, str(payload["id"]), person, str(payload["digest"]))
            await self._say(done.words)
        else:
            await asyncio.to_thread(effects.reject, str(payload["id"]), person)
            await self._say("Rejected. Nothing was done.")

    # --- uploads
    async def offer_upload(self, element: Any) -> None:
        """Propose a column mapping for an uploaded file and wait for the buttons."""
        proposal = await asyncio.to_thread(self._app.loading.propose, str(element.path), str(element.name))
        payload = {"path": str(element.path), "kind": proposal.kind, "mapping": proposal.mapping}
        actions = [
            cl.Action(name="load", label=f"Load as {proposal.kind}", payload=payload),
            cl.Action(name="load", label="Do not load", payload={}),
        ]
        await cl.Message(content=self._released(proposal.words), actions=actions).send()

    async def load_upload(self, payload: Mapping[str, Any]) -> None:
        """Load the file that was confirmed."""
        if not payload:
            await self._say("Nothing was loaded.")
            return
        report = await asyncio.to_thread(
            self._app.loading.ingest, str(payload["kind"]), str(payload["path"]), dict(payload["mapping"])
        )
        await self._say(report.words)

    # --- words
    async def explain(self, error: CpoError) -> None:
        """Show an error in words, with how to mend it."""
        hint = getattr(error, "hint", "")
        await self._say(f"{error}" + (f"\n\n{hint}" if hint else ""))

    async def apologise(self, failure: Exception) -> None:
        """Say that something broke, with a reference into the log and nothing of the exception."""
        reference = fresh_id("err")
        log.error("chat_failed", reference=reference, type=type(failure).__name__)
        await self._say(f"Something went wrong (reference {reference}). What was stored before is still there.")

    async def _say(self, text: str) -> None:
        await cl.Message(content=self._released(text)).send()

    def _released(self, text: str) -> str:
        return self._sink.let_through(self._gate.release_text(text, Surface.CHAT, subject="chat").released)

    def _released_json(self, value: Any) -> str:
        return self._sink.let_through(self._gate.release_json(value, Surface.CHAT, subject="chat").released)


def _trace_title(reply: Reply) -> str:
    turn = reply.turn
    verdict = f"verdict {turn.verdict.decision.value} ({turn.verdict.decision_id})"
    return f"{len(turn.calls)} calls, {turn.duration_ms:,.0f} ms, {verdict}, `cpo trace {turn.id}`"


def variant_words(variant: Variant) -> str:
    """Return one message as Markdown: inbox line, text, button, and the approved sources behind it."""
    fields = variant.fields
    head = fields.get("subject") or fields.get("title") or f"{variant.channel} message"
    lines = [f"**Variant {variant.label}** ({variant.tone}, {variant.channel}): **{head}**"]
    if fields.get("preheader"):
        lines.append(f"*{fields['preheader']}*")
    text = fields.get("body") or fields.get("text") or ""
    lines += ["> " + line if line else ">" for line in text.splitlines()]
    if fields.get("cta"):
        lines += [">", f"> **{fields['cta']}**"]
    sources = dict.fromkeys(f"{c.title} (`{c.document_id}`)" for c in variant.citations)
    lines += ["", f"Differs in {variant.factor}. Sources: {', '.join(sources) or 'none'}."]
    return "\n".join(lines)


def funnel_figure(audience: Audience) -> go.Figure:
    """Return the funnel from matched to eligible as horizontal bars, people on each bar."""
    names = ["matched", *(step.words for step in audience.funnel if step.removed)]
    people = [audience.matched, *(step.remaining for step in audience.funnel if step.removed)]
    bars = go.Bar(y=names, x=people, orientation="h", text=[f"{n:,}" for n in people], marker_color=INK)
    figure = go.Figure(bars)
    figure.update_layout(
        template="plotly_white",
        title=f"Audience: {audience.eligible:,} eligible of {audience.matched:,} matched",
        xaxis_title="people",
        yaxis={"autorange": "reversed"},
        height=120 + 42 * len(names),
        margin={"l": 10, "r": 10, "t": 50, "b": 40},
    )
    return figure
