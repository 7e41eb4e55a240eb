"""The turn loop: order, budgets, failures, figures, and what is stored."""

from __future__ import annotations

import asyncio
import threading
from typing import Annotated, ClassVar

import pytest
from semantic_kernel.functions import kernel_function

from app.agent import Agent, Budgets, Stage
from app.domain.conversation import ToolResult, Turn
from app.domain.entities import Entity
from app.domain.errors import Refused, Unavailable, UserFixable
from app.domain.safety import Decision
from app.store import Store
from app.testing.builders import a_gate, a_store, an_agent
from app.testing.screeners import blocking
from app.testing.scripted_planner import ScriptedPlanner, calls
from app.workspace import Workspace

MEETING = threading.Barrier(2)


class Note(Entity):
    """What the test plugin stores."""

    kind: ClassVar[str] = "note"
    words: str


class Desk:
    """A plugin whose functions take long, fail, or write."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @kernel_function(name="slow", description="takes a while")
    def slow(self, seconds: Annotated[float, "seconds"] = 0.05) -> ToolResult:
        threading.Event().wait(seconds)
        return ToolResult(summary="slow done", data={"rank": 1})

    @kernel_function(name="meet", description="waits until another call of it runs as well")
    def meet(self) -> ToolResult:
        MEETING.wait(20)  # breaks, and fails the call, when the calls run one after another
        return ToolResult(summary="met", data={"rank": 1})

    @kernel_function(name="quick", description="is quick")
    def quick(self) -> ToolResult:
        return ToolResult(summary="quick done", data={"people": 1234, "share": 0.0731, "day": "2026-06-15"})

    @kernel_function(name="write", description="stores a note")
    def write(self, words: Annotated[str, "words"]) -> ToolResult:
        note = Note(id=f"not-{len(words)}", words=words)
        self.workspace.put(note)
        return ToolResult(summary="written", handle={"note_id": note.id})

    @kernel_function(name="refuse", description="refuses")
    def refuse(self) -> ToolResult:
        raise Refused("Give a channel.", code="missing", field="channel", allowed=["email", "sms"])

    @kernel_function(name="down", description="its service is down")
    def down(self) -> ToolResult:
        raise Unavailable("search", "secret internals", retryable=True)


PLUGINS = {"desk": Desk}


def agent_with(*steps: object, store: Store | None = None, **kwargs: object) -> tuple[Agent, ScriptedPlanner]:
    """An agent over the desk with a scripted planner."""
    planner = ScriptedPlanner.of(*steps)  # pyright: ignore[reportArgumentType]
    return an_agent(planner, PLUGINS, store=store, **kwargs), planner  # pyright: ignore[reportArgumentType]


async def test_results_come_back_in_call_order_and_run_together() -> None:
    agent, planner = agent_with(calls(("desk-meet", {}), ("desk-meet", {}), ("desk-quick", {})), "Done.")
    reply = await agent.reply("cnv-1", "go")
    assert [(c.function, c.ok) for c in reply.turn.calls] == [("meet", True), ("meet", True), ("quick", True)]
    tool_messages = [text for role, text in planner.asked[1].messages if role == "tool"]
    assert len(tool_messages) == 3
    assert reply.text == "Done."
    planner.finish()


async def test_tools_are_offered_by_their_full_names() -> None:
    agent, planner = agent_with("Hello.")
    await agent.reply("cnv-1", "hi")
    assert "desk-quick" in planner.asked[0].tools


async def test_errors_tell_the_planner_how_to_mend_the_call() -> None:
    agent, _ = agent_with(
        calls(("desk-refuse", {}), ("desk-down", {}), ("desk-slow", {"seconds": "soon"}), ("desk-nothing", {})),
        "Sorry.",
    )
    reply = await agent.reply("cnv-1", "go")
    refused, down, wrong, unknown = (c.result for c in reply.turn.calls)
    assert refused == {
        "ok": False,
        "error": "missing",
        "message": "Give a channel.",
        "allowed": ["email", "sms"],
        "field": "channel",
    }
    assert down["error"] == "unavailable" and "internals" not in str(down)
    assert wrong["error"] == "invalid_arguments" and wrong["details"][0]["at"] == "seconds"
    assert unknown["error"] == "unknown_function"
    assert not any(c.ok for c in reply.turn.calls)


async def test_a_turn_is_stored_with_what_it_made_and_survives_a_restart() -> None:
    store = a_store()
    agent, _ = agent_with(calls(("desk-write", {"words": "hello"})), "Written.", store=store)
    reply = await agent.reply("cnv-1", "write hello")
    assert [a.model_dump() for a in reply.turn.artifacts] == [{"kind": "note", "id": "not-5"}]
    again, planner = agent_with("You wrote hello.", store=store)
    await again.reply("cnv-1", "what did I write?")
    roles = [role for role, _ in planner.asked[0].messages]
    assert roles == ["system", "system", "user", "assistant", "tool", "assistant", "user"]


async def test_s4_a_cancelled_turn_leaves_nothing() -> None:
    store = a_store()
    agent, _ = agent_with(calls(("desk-write", {"words": "x"}), ("desk-slow", {"seconds": 2})), "Never.", store=store)
    task = asyncio.create_task(agent.reply("cnv-1", "go"))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert store.find(Note) == []
    assert store.turns("cnv-1") == []


async def test_s4_a_turn_that_is_being_stored_is_finished_and_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    storing, go_on = threading.Event(), threading.Event()
    commit = Workspace.commit

    def slowly(workspace: Workspace, turn: Turn | None = None) -> None:
        storing.set()
        assert go_on.wait(20)
        commit(workspace, turn)

    monkeypatch.setattr(Workspace, "commit", slowly)
    store = a_store()
    agent, _ = agent_with(calls(("desk-write", {"words": "x"})), "Written.", store=store)
    task = asyncio.create_task(agent.reply("cnv-1", "go"))
    assert await asyncio.to_thread(storing.wait, 20)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    go_on.set()
    assert (await task).turn.reply == "Written."
    assert [turn.number for turn in store.turns("cnv-1")] == [1] and len(store.find(Note)) == 1


@pytest.mark.parametrize(
    ("budgets", "why"),
    [
        (Budgets(calls=1), "1 calls"),
        (Budgets(rounds=1), "1 rounds"),
        (Budgets(seconds=0.1), "0.1 seconds"),
    ],
)
async def test_budgets_end_a_turn_with_what_is_there(budgets: Budgets, why: str) -> None:
    store = a_store()
    round_one = calls(("desk-write", {"words": "kept"}))
    round_two = calls(("desk-slow", {"seconds": 0.5}), ("desk-quick", {}))
    agent, _ = agent_with(round_one, round_two, "Never.", store=store, budgets=budgets)
    reply = await agent.reply("cnv-1", "go")
    assert reply.turn.stopped is not None and why in reply.turn.stopped
    assert "written" in reply.text
    assert [n.words for n in store.find(Note)] == ["kept"]


async def test_a_figure_without_a_source_is_sent_back_once_then_withheld() -> None:
    agent, planner = agent_with(calls(("desk-quick", {})), "There are 9,999 people.", "There are 1,234 people (7.3%).")
    reply = await agent.reply("cnv-1", "how many?")
    assert reply.text == "There are 1,234 people (7.3%)."
    assert "9,999" in planner.asked[2].messages[-1][1]
    stubborn, _ = agent_with("It is 42.5 percent.", "It is 42.5 percent.")
    reply = await stubborn.reply("cnv-1", "how many?")
    assert "42.5" not in reply.text
    assert reply.turn.stopped == "figures without a source"


async def test_s1_a_blocked_answer_is_replaced_and_says_so() -> None:
    store = a_store()
    agent, _ = agent_with("You are BAD.", store=store, gate=a_gate(store, blocking("BAD")))
    reply = await agent.reply("cnv-1", "hi")
    assert "BAD" not in reply.text
    assert reply.turn.verdict.decision is Decision.BLOCK
    assert store.decision(reply.turn.verdict.decision_id) is not None


@pytest.mark.statement("S59")
async def test_a_blocked_message_is_not_shown_to_the_planner() -> None:
    store = a_store()
    agent, planner = agent_with(store=store, gate=a_gate(store, blocking("BAD")))
    reply = await agent.reply("cnv-1", "BAD words")
    assert planner.asked == ()
    assert "BAD" not in reply.turn.user_text
    assert reply.turn.stopped == "message withheld"


async def test_a_planner_that_is_down_ends_the_turn_in_words() -> None:
    agent, _ = agent_with(calls(("desk-quick", {})), Unavailable("planner", "the model did not answer in time"))
    reply = await agent.reply("cnv-1", "go")
    assert "did not answer in time" in reply.text
    assert "quick done" in reply.text


@pytest.mark.parametrize("text", ["", "   \n", "x" * 30_000])
async def test_messages_that_are_none_are_explained(text: str) -> None:
    agent, _ = agent_with()
    with pytest.raises(UserFixable):
        await agent.reply("cnv-1", text)


async def test_somebody_elses_conversation_is_closed() -> None:
    store = a_store()
    agent, _ = agent_with("Hi.", store=store)
    await agent.reply("cnv-1", "hi", person="ann")
    with pytest.raises(UserFixable):
        await agent.reply("cnv-1", "hi", person="bob")


async def test_turns_of_one_conversation_run_one_after_another() -> None:
    agent, _ = agent_with(calls(("desk-slow", {})), "One.", "Two.")
    one, two = await asyncio.gather(agent.reply("cnv-1", "first"), agent.reply("cnv-1", "second"))
    assert {one.turn.number, two.turn.number} == {1, 2}


async def test_progress_names_calls_as_they_start_and_end() -> None:
    seen: list[tuple[str, str]] = []

    async def progress(stage: Stage) -> None:
        seen.append((stage.function, stage.status))

    agent, _ = agent_with(calls(("desk-quick", {})), "Done.")
    await agent.reply("cnv-1", "go", progress=progress)
    assert seen == [("desk-quick", "started"), ("desk-quick", "done")]
