"""The offline planner itself: from the messages so far to the next calls, or to the reply."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import date

from app.llm.offline.agenda import next_steps
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.messages import Call, Decision, Message
from app.llm.offline.replies import reply_to
from app.llm.offline.state import Outcome, PastTurn, rebuild, understood


def decide(messages: Sequence[Message], tools: Collection[str], today: date) -> Decision:
    """Return the next calls (to be run together), or the reply once nothing is missing.

    Pure: the same messages give the same decision, call ids included. ``tools`` are the names on offer; what a frame
    needs beside them is left out and named in the reply.
    """
    context, turn = rebuild(messages, today)
    if turn is None:
        return Decision(reply="Tell me what to build, or ask what I can do.")
    meaning = understood(turn.text, today, context)
    got = _results(meaning, context, turn)
    offered = [step for step in next_steps(meaning, context, got) if step.function in tools]
    if offered:
        calls = tuple(Call(step.function, step.arguments, call_id(context.turn, step.key)) for step in offered)
        return Decision(calls=calls, understood=meaning.understood())
    missing = sorted({step.function for step in next_steps(meaning, context, got)})
    reply = reply_to(meaning, context, got, missing)
    return Decision(reply=reply, understood=meaning.understood())


def call_id(turn: int, key: str) -> str:
    """Return the id of a call: the same turn and step give the same id."""
    return "call_" + hashlib.sha256(f"{turn}:{key}".encode()).hexdigest()[:16]


def _results(meaning: Meaning, context: Context, turn: PastTurn) -> dict[str, Outcome]:
    """Return the results of this turn under the keys of the steps that asked for them."""
    by_id = {outcome.call.call_id: outcome for outcome in turn.outcomes}
    got: dict[str, Outcome] = {}
    for _ in range(12):
        found = {
            step.key: by_id[call_id(context.turn, step.key)]
            for step in next_steps(meaning, context, got)
            if call_id(context.turn, step.key) in by_id
        }
        if not found:
            break
        got.update(found)
    return got
