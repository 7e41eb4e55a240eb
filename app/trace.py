"""What happened, for people and for machines: a turn's calls, and the audit as a file."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from app.audit import rows
from app.domain.conversation import Turn
from app.domain.errors import UserFixable
from app.store import Store

if TYPE_CHECKING:
    from app.wiring import Application

RESULT_CHARS = 300


def stored_turn(store: Store, turn_id: str) -> Turn:
    """Return a turn by id; ``UserFixable`` when there is none."""
    turn = store.turn(turn_id)
    if turn is None:
        raise UserFixable(f"There is no turn {turn_id}.", hint="`cpo ask` prints the turn's id at the end.")
    return turn


def trace_of(store: Store, turn_id: str) -> dict[str, Any]:
    """Return the stored turn as JSON: calls with arguments, results, milliseconds and verdicts."""
    return stored_turn(store, turn_id).model_dump(mode="json")


def trace_words(trace: dict[str, Any]) -> str:
    """Render a trace as nested steps."""
    verdict = trace["verdict"]
    lines = [
        f"**Turn {trace['number']}** ({trace['id']}, {trace['planner']}, {trace['duration_ms']:,.0f} ms)",
        f"> {trace['user_text']}",
    ]
    for call in trace["calls"]:
        state = "ok" if call["ok"] else "failed"
        lines.append(
            f"- round {call['round']}: `{call['plugin']}-{call['function']}` {state}, {call['duration_ms']:,.1f} ms, "
            f"verdict {call['decision']} by {call['screened_by']} ({call['decision_id']})"
        )
        lines.append(f"    - arguments: `{_short(call['arguments'])}`")
        lines.append(f"    - result: `{_short(call['result'])}`")
    lines.append(
        f"- reply: verdict {verdict['decision']} by {verdict['screened_by']} ({verdict['decision_id']}), "
        f"{trace['tokens_in'] + trace['tokens_out']} tokens, {trace['cost']:.4f} US dollars"
    )
    if trace["stopped"]:
        lines.append(f"- stopped: {trace['stopped']}")
    return "\n".join([*lines, "", trace["reply"]])


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace("`", "'")
    return text if len(text) <= RESULT_CHARS else text[:RESULT_CHARS] + " ..."


def audit_lines(store: Store) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Return every audit row as JSON, and the count of each decision."""
    with store.reading() as connection:
        found = [
            {**json.loads(row.body), "seq": row.seq, "at": row.at, "decision_id": row.decision_id, "hash": row.hash}
            for row in rows(connection)
        ]
    return found, Counter(str(row.get("decision", row.get("event"))) for row in found)


def _without_random_ids(turn: Turn) -> Turn:
    """Replace the ids of approvals and of decisions, which are new each time on purpose."""
    return Turn.model_validate_json(re.sub(r"\b(apr|dec)-[0-9a-f]{10}", r"\1-0000000000", turn.model_dump_json()))


def same_turn(stored: Turn, again: Turn) -> list[str]:
    """Return what differs between a stored turn and its replay: calls, arguments, results, text. Empty: the same."""
    stored, again = _without_random_ids(stored), _without_random_ids(again)
    differences: list[str] = []
    if len(stored.calls) != len(again.calls):
        differences.append(f"{len(again.calls)} calls instead of {len(stored.calls)}")
    for before, after in zip(stored.calls, again.calls, strict=False):
        name = f"{before.plugin}-{before.function}"
        if (before.plugin, before.function, before.arguments) != (after.plugin, after.function, after.arguments):
            differences.append(f"{name}: another call")
        elif before.result != after.result:
            keys = sorted(set(before.result) | set(after.result))
            changed = [key for key in keys if before.result.get(key) != after.result.get(key)]
            differences.append(f"{name}: another result ({', '.join(changed)})")
    if stored.reply != again.reply:
        differences.append("another reply")
    return differences


async def replay(application: Application, turn_id: str) -> list[str]:
    """Run a stored turn again from its recorded answers; return what differs (nothing, when it replays)."""
    stored = stored_turn(application.store, turn_id)
    return same_turn(stored, await application.recorded_agent(stored).replay(stored))
