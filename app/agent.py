"""One turn of a conversation: what was said, the planner's rounds of calls, the released reply.

The loop is ours because semantic-kernel's loses the order of results, the text at its limit and a clean history on
errors. The planner is asked with tools but without auto-invocation; calls of one round run together and are appended
in call order; nothing of the turn is stored before it ends.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.contents import AuthorRole, ChatHistory, ChatMessageContent, FunctionCallContent

from app.context import Prompt, build_history, state_of
from app.domain.conversation import Artifact, PlannerAnswer, ReplyVerdict, ToolCall, Turn
from app.domain.entities import fresh_id
from app.domain.errors import CpoError, Unavailable, UserFixable
from app.domain.safety import Decision, Surface
from app.figures import sources_of, ungrounded
from app.functions import CallSlot, current_call
from app.gate import Gate, Passage, Released
from app.kernel import GuardedKernel
from app.llm.screened import ScreenedChat
from app.workspace import Workspace

log = structlog.get_logger(__name__)
MAX_MESSAGE_CHARS = 20_000
TITLE_CHARS = 60


@dataclass(frozen=True)
class Budgets:
    """What one turn may use; reaching one ends the turn with what is there. ``cost`` in US dollars."""

    calls: int = 24
    rounds: int = 14
    seconds: float = 120.0
    tokens: int = 120_000
    cost: float = 1.0


@dataclass(frozen=True)
class Prices:
    """US dollars for a million tokens."""

    in_per_million: float = 0.0
    out_per_million: float = 0.0


@dataclass(frozen=True)
class Stage:
    """Something the turn does now, for live progress: a call that started or ended. Carries names only."""

    function: str
    status: str
    call: ToolCall | None = None


Progress = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True)
class Reply:
    """A finished turn and its text, fit to be emitted."""

    turn: Turn
    text: Released


@dataclass(frozen=True)
class Session:
    """What one turn works with: its workspace and the kernel whose plugins write to it."""

    workspace: Workspace
    kernel: GuardedKernel


class BudgetReached(CpoError):
    """A budget of the turn is used up; the text says which."""


@dataclass
class _Run:
    session: Session
    history: ChatHistory
    earlier: Sequence[Turn]
    user_text: str
    opened: dict[str, Any] = field(default_factory=dict[str, Any])
    progress: Progress | None = None
    started: float = field(default_factory=time.perf_counter)
    calls: list[ToolCall] = field(default_factory=list[ToolCall])
    answers: list[PlannerAnswer] = field(default_factory=list[PlannerAnswer])
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    stopped: str | None = None
    withheld: tuple[Decision, str] | None = None
    understood: dict[str, Any] = field(default_factory=dict[str, Any])


class Agent:
    """Answers messages. One per process; turns of one conversation run one after another."""

    def __init__(
        self,
        *,
        gate: Gate,
        planner: ScreenedChat,
        open_session: Callable[[str, str, datetime], Session],
        prompt: Prompt,
        budgets: Budgets,
        prices: Prices,
        history_turns: int = 12,
        seed: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._gate = gate
        self._planner = planner
        self._open_session = open_session
        self._prompt = prompt
        self._budgets = budgets
        self._prices = prices
        self._history_turns = history_turns
        self._seed = seed
        self._now = now
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # one turn at a time each

    @property
    def planner_name(self) -> str:
        """The name of the planner that answers."""
        return self._planner.ai_model_id

    async def close(self) -> None:
        """Give back the planner's connections."""
        await self._planner.close()

    async def reply(
        self, conversation_id: str, text: str, *, person: str = "local", progress: Progress | None = None
    ) -> Reply:
        """Answer one message and store the turn.

        Raises ``UserFixable`` for a message that is none and for somebody else's conversation. A cancelled turn
        leaves nothing behind, but one that is being stored already is finished and returned. Failures of services end
        the turn with what is there and a sentence that says so.
        """
        message = _checked(text)
        async with self._locks.setdefault(conversation_id, asyncio.Lock()):
            started_at = self._now()
            run, incoming = await asyncio.to_thread(self._begin, conversation_id, person, message, started_at)
            run.progress = progress
            text_out = await self._reply_text(run, incoming)
            passage = await self._release(text_out, Surface.CHAT, "reply")
            turn = self._turn(run, passage, incoming, started_at)
            await _to_the_end(asyncio.to_thread(run.session.workspace.commit, turn))
            return Reply(turn, passage.released)

    async def call(
        self, conversation_id: str, function: str, arguments: Mapping[str, Any], *, person: str, keep: bool
    ) -> dict[str, Any]:
        """Make one call for a person, without the planner: the same kernel, the same gate, no turn.

        Returns the screened result (``ok`` or ``error``). What a good call made is stored when ``keep`` is set.
        Raises ``UserFixable`` for somebody else's conversation.
        """
        async with self._locks.setdefault(conversation_id, asyncio.Lock()):
            session = await asyncio.to_thread(self._open_session, conversation_id, person, self._now())
            _check_owner(session.workspace, person)
            slot = CallSlot(screened_by=self._gate.screened_by)
            current_call.set(slot)
            plugin, _, name = function.partition("-")
            content = FunctionCallContent(
                id="call", index=0, name=function, plugin_name=plugin, function_name=name,
                arguments=json.dumps(dict(arguments)),
            )  # fmt: skip
            await session.kernel.invoke_function_call(content, ChatHistory())
            if keep and slot.ok:
                await asyncio.to_thread(session.workspace.commit)
            return slot.result

    async def replay(self, turn: Turn) -> Turn:
        """Run a stored turn again from its recorded answers, over the state it began with; nothing is stored."""
        session = await asyncio.to_thread(self._open_session, turn.conversation_id, "replay", turn.started_at)
        session.workspace.as_it_was(turn.opened)
        earlier = [t for t in session.workspace.turns() if t.number < turn.number][-self._history_turns :]
        history = build_history(self._prompt, state_of(session.workspace), earlier, turn.user_text)
        run = _Run(session, history, earlier, turn.user_text, turn.opened)
        incoming = await self._release(turn.user_text, Surface.UNTRUSTED, "replay")
        passage = await self._release(await self._reply_text(run, incoming), Surface.CHAT, "replay")
        return self._turn(run, passage, incoming, turn.started_at)

    # --- preparing
    def _begin(self, conversation_id: str, person: str, message: str, now: datetime) -> tuple[_Run, Passage]:
        session = self._open_session(conversation_id, person, now)
        workspace = session.workspace
        _check_owner(workspace, person)
        incoming = self._gate.release_text(message, Surface.UNTRUSTED, subject="user-message")
        earlier = workspace.turns(self._history_turns)
        user_text = str(incoming.released)
        history = build_history(self._prompt, state_of(workspace), earlier, user_text)
        return _Run(session, history, earlier, user_text, workspace.opened()), incoming

    async def _reply_text(self, run: _Run, incoming: Passage) -> str:
        if not incoming.passed:
            run.stopped = "message withheld"
            return (
                "I did not read your message: the safety check stopped it "
                f"({', '.join(sorted({f.category for f in incoming.verdict.findings})) or 'no verdict'}). "
                "Please say it another way."
            )
        try:
            async with asyncio.timeout(self._budgets.seconds):
                return await self._rounds(run)
        except (BudgetReached, TimeoutError) as limit:
            run.stopped = str(limit) or f"the turn took longer than {self._budgets.seconds:g} seconds"
        except Unavailable as failure:
            run.stopped = f"{failure.service} unavailable: {failure.problem}"
            if failure.hint:
                run.stopped += f" ({failure.hint})"
        return _partial_reply(run)

    # --- the rounds
    async def _rounds(self, run: _Run) -> str:
        repaired = False
        for number in range(1, self._budgets.rounds + 1):
            answer = await self._ask(run, number)
            calls = [item for item in answer.items if isinstance(item, FunctionCallContent)]
            if calls:
                await self._call_together(run, number, answer, calls)
                continue
            missing = _without_source(run, answer.content)
            if not missing or run.withheld:
                return answer.content
            if repaired:
                run.stopped = "figures without a source"
                return "I withheld my answer: it held figures that stand in no result. Ask me again, more narrowly."
            repaired = True
            run.history.add_message(answer)
            run.history.add_message(ChatMessageContent(role=AuthorRole.USER, content=_repair_request(missing)))
        raise BudgetReached(f"the turn took more than {self._budgets.rounds} rounds")

    async def _ask(self, run: _Run, number: int) -> ChatMessageContent:
        settings = self._planner.instantiate_prompt_execution_settings(
            function_choice_behavior=FunctionChoiceBehavior.Auto(auto_invoke=False)
        )
        if self._seed is not None and hasattr(settings, "seed"):
            settings.seed = self._seed  # pyright: ignore[reportAttributeAccessIssue]
        (answer,) = await self._planner.get_chat_message_contents(run.history, settings, kernel=run.session.kernel)
        self._account(run, answer)
        calls = tuple(
            {"id": c.id, "name": c.name, "arguments": c.arguments}
            for c in answer.items
            if isinstance(c, FunctionCallContent)
        )
        run.answers.append(PlannerAnswer(round=number, text=answer.content, calls=calls))
        run.understood.update(answer.metadata.get("understood") or {})
        decision: Decision = answer.metadata.get("decision", Decision.ALLOW)
        if decision in (Decision.BLOCK, Decision.HOLD):
            run.withheld = (decision, str(answer.metadata.get("decision_id")))
        return answer

    async def _call_together(
        self, run: _Run, number: int, answer: ChatMessageContent, calls: Sequence[FunctionCallContent]
    ) -> None:
        if len(run.calls) + len(calls) > self._budgets.calls:
            raise BudgetReached(f"the turn wanted more than {self._budgets.calls} calls")
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._call(run, number, i, call)) for i, call in enumerate(calls)]
        run.history.add_message(answer)
        for task in tasks:
            call, message = task.result()
            run.calls.append(call)
            run.history.add_message(message)

    async def _call(
        self, run: _Run, number: int, index: int, content: FunctionCallContent
    ) -> tuple[ToolCall, ChatMessageContent]:
        slot = CallSlot(screened_by=self._gate.screened_by)
        current_call.set(slot)
        name = content.name or ""
        await _tell(run.progress, Stage(name, "started"))
        started = time.perf_counter()
        side = ChatHistory()
        await run.session.kernel.invoke_function_call(content, side)
        elapsed = (time.perf_counter() - started) * 1000
        call = ToolCall(
            round=number,
            index=index,
            call_id=content.id or f"call-{number}-{index}",
            plugin=name.partition("-")[0] if slot.result.get("error") != "unknown_function" else "unknown",
            function=name.partition("-")[2] if slot.result.get("error") != "unknown_function" else "unknown",
            arguments=slot.arguments,
            ok=slot.ok,
            duration_ms=round(elapsed, 1),
            result=slot.result,
            decision=slot.decision if slot.decision_id else Decision.ALLOW,
            decision_id=slot.decision_id,
            screened_by=slot.screened_by,
        )
        await _tell(run.progress, Stage(name, "done" if call.ok else "failed", call))
        return call, side.messages[-1]

    def _account(self, run: _Run, answer: ChatMessageContent) -> None:
        usage = answer.metadata.get("usage")
        run.tokens_in += int(getattr(usage, "prompt_tokens", 0) or 0)
        run.tokens_out += int(getattr(usage, "completion_tokens", 0) or 0)
        prices = self._prices
        run.cost = (run.tokens_in * prices.in_per_million + run.tokens_out * prices.out_per_million) / 1e6
        if run.tokens_in + run.tokens_out > self._budgets.tokens:
            raise BudgetReached(f"the turn used more than {self._budgets.tokens} tokens")
        if run.cost > self._budgets.cost:
            raise BudgetReached(f"the turn cost more than {self._budgets.cost:g} US dollars")

    # --- the end
    async def _release(self, text: str, surface: Surface, subject: str) -> Passage:
        return await asyncio.to_thread(self._gate.release_text, text, surface, subject=subject)

    def _turn(self, run: _Run, passage: Passage, incoming: Passage, started_at: datetime) -> Turn:
        decision, decision_id = run.withheld or (passage.verdict.decision, passage.decision_id)
        workspace = run.session.workspace
        if not workspace.title:
            workspace.title = run.user_text[:TITLE_CHARS]
        return Turn(
            id=fresh_id("trn"),
            conversation_id=workspace.conversation_id,
            number=(run.earlier[-1].number if run.earlier else 0) + 1,
            started_at=started_at,
            duration_ms=round((time.perf_counter() - run.started) * 1000, 1),
            user_text=str(incoming.released),
            reply=str(passage.released),
            planner=self._planner.ai_model_id,
            calls=tuple(run.calls),
            answers=tuple(run.answers),
            verdict=ReplyVerdict(decision=decision, decision_id=decision_id, screened_by=passage.verdict.screened_by),
            artifacts=tuple(Artifact(kind=e.kind, id=e.id) for e in workspace.artifacts()),
            pending_approvals=workspace.new_approvals(),
            stopped=run.stopped,
            tokens_in=run.tokens_in,
            tokens_out=run.tokens_out,
            cost=run.cost,
            prompt_version=self._prompt.version,
            opened=run.opened,
            understood=run.understood,
        )


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await what must not be left half done: a cancellation that comes meanwhile is too late and goes unheard."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if (current := asyncio.current_task()) is not None:
                current.uncancel()
    task.result()


def _check_owner(workspace: Workspace, person: str) -> None:
    if workspace.owner != person:
        raise UserFixable("This conversation belongs to somebody else.", hint="Start a new one.")


def _checked(text: str) -> str:
    if not text.strip():
        raise UserFixable("The message is empty.", hint="Say what you want, for example: build a summer campaign.")
    if len(text) > MAX_MESSAGE_CHARS:
        raise UserFixable(
            f"The message has {len(text):,} characters; at most {MAX_MESSAGE_CHARS:,} are read.",
            hint="Load data with `cpo ingest` or upload it as a file.",
        )
    return text


def _repair_request(missing: Sequence[str]) -> str:
    listed = ", ".join(missing[:10])
    return (
        f"These figures of your answer stand in no tool result: {listed}. Answer again with figures from the results "
        "only, or call the function that gives them."
    )


def _without_source(run: _Run, reply: str) -> list[str]:
    """Return the figures of a reply that stand in no result of this turn nor of an earlier one."""
    now = [part for call in run.calls for part in (call.result, call.arguments)]
    if not ungrounded(reply, sources_of(now, [run.user_text])):
        return []
    before = [call.result for turn in run.earlier for call in turn.calls]
    return ungrounded(reply, sources_of([*before, *now], [run.user_text]))


def _partial_reply(run: _Run) -> str:
    """Say why the turn ended early and what was done, from the results' own summaries."""
    lines = [f"I had to stop: {run.stopped}."]
    done = [str(call.result.get("summary", "")) for call in run.calls if call.ok]
    if done:
        lines += ["What was done so far is kept:", *(f"- {summary}" for summary in done if summary)]
    return "\n".join(lines)


async def _tell(progress: Progress | None, stage: Stage) -> None:
    if progress is not None:
        await progress(stage)


def as_json(reply: Reply) -> dict[str, Any]:
    """Return the documented JSON of a turn (``cpo ask --json``)."""
    turn = reply.turn
    kept = ("plugin", "function", "arguments", "ok", "duration_ms", "result")
    calls = [{k: v for k, v in json.loads(call.model_dump_json()).items() if k in kept} for call in turn.calls]
    return {
        "conversation": turn.conversation_id,
        "turn": turn.id,
        "reply": str(reply.text),
        "planner": turn.planner,
        "calls": calls,
        "verdict": turn.verdict.model_dump(mode="json"),
        "artifacts": [artifact.model_dump() for artifact in turn.artifacts],
        "pending_approvals": [approval.model_dump() for approval in turn.pending_approvals],
        "stopped": turn.stopped,
    }
