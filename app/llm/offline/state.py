"""The conversation so far, from the messages alone: turns, their results, and the context of the next message."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, cast

from app.llm.offline.border import from_plugin_conditions
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.messages import STATE_PREFIX, Call, Message
from app.llm.offline.reading import read
from app.llm.offline.understand import understand

REPLAYED_TURNS = 10
LABEL = "offline planner"


@dataclass(frozen=True)
class Outcome:
    """One call and its result, as parsed JSON."""

    call: Call
    result: dict[str, Any]

    @property
    def ok(self) -> bool:
        """Whether the function did its work."""
        return bool(self.result.get("ok")) and "error" not in self.result

    @property
    def data(self) -> dict[str, Any]:
        """The named figures."""
        value = self.result.get("data")
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    @property
    def handle(self) -> dict[str, str]:
        """The ids made or read."""
        value = self.result.get("handle")
        return cast("dict[str, str]", value) if isinstance(value, dict) else {}


@dataclass(frozen=True)
class PastTurn:
    """A user message, what was called for it and what was replied."""

    text: str
    outcomes: tuple[Outcome, ...]
    reply: str


def turns_of(messages: Sequence[Message]) -> list[PastTurn]:
    """Cut the history at the user messages; calls without a result are left out."""
    starts = [number for number, message in enumerate(messages) if message.role == "user"]
    calls = {call.call_id: call for message in reversed(messages) for call in message.calls}
    return [_turn_of(messages[start:end], calls) for start, end in pairwise([*starts, len(messages)])]


def _turn_of(messages: Sequence[Message], calls: Mapping[str, Call]) -> PastTurn:
    outcomes = [
        Outcome(calls.get(m.call_id) or Call(m.name, {}, m.call_id), _parsed(m.result))
        for m in messages
        if m.role == "tool"
    ]
    replies = [m.text for m in messages if m.role == "assistant" and m.text]
    return PastTurn(messages[0].text, tuple(outcomes), replies[-1] if replies else "")


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {"ok": False, "error": "unreadable_result"}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {"ok": False, "error": "unreadable_result"}


def state_note(messages: Sequence[Message]) -> dict[str, Any]:
    """Return the newest state note, or an empty mapping."""
    for message in reversed(messages):
        if message.role == "system" and message.text.startswith(STATE_PREFIX):
            return _parsed(message.text[len(STATE_PREFIX) :])
    return {}


def rebuild(messages: Sequence[Message], today: date) -> tuple[Context, PastTurn | None]:
    """Return the context of the last user message, and that turn as far as it has come."""
    turns = turns_of(messages)
    if not turns:
        return Context(), None
    note = state_note(messages)
    context = _with_note(Context(), _before(note, turns))
    for turn in turns[:-1][-REPLAYED_TURNS:]:
        context = after(context, understood(turn.text, today, context), turn)
    if len(turns) > 1:
        context = _with_note(context, _before(note, turns[-1:]))
    return replace(context, turn=len(turns), introduced=_introduced(turns)), turns[-1]


def understood(text: str, today: date, context: Context) -> Meaning:
    """Say what a message meant in its context; kept, for every round reads the turns before it again."""
    return _understood(text, today, pickle.dumps(context))


@lru_cache(maxsize=1024)
def _understood(text: str, today: date, context: bytes) -> Meaning:
    return understand(read(text, today), pickle.loads(context))


def _introduced(turns: Sequence[PastTurn]) -> bool:
    """Say whether the planner named itself before; a history as long as it ever gets has lost its first turns."""
    return len(turns) > REPLAYED_TURNS or any(LABEL in turn.reply for turn in turns[:-1])


_MAKERS = frozenset(
    {
        "segmentation-find_audience",
        "segmentation-refine_audience",
        "generation-write_brief",
        "experiment-plan_experiment",
        "history-open_campaign",
    }
)
"""Functions whose handles are new afterwards; the others name what was there before."""


def _before(note: dict[str, Any], turns: Sequence[PastTurn]) -> dict[str, Any]:
    """Return the state note without what was made in ``turns``: the state their first message was said in."""
    made = {
        value
        for turn in turns
        for outcome in turn.outcomes
        if outcome.ok and outcome.call.name in _MAKERS
        for value in outcome.handle.values()
    }
    out = dict(note)
    campaign = note.get("campaign") or {}
    if campaign.get("campaign_id") in made:
        out["campaign"] = None
    elif any(
        outcome.ok and outcome.call.name == "experiment-simulate_results" for turn in turns for outcome in turn.outcomes
    ):
        out["campaign"] = {**campaign, "has_results": False}
    if (note.get("audience") or {}).get("audience_id") in made:
        out["audience"] = None
    if note.get("experiment_id") in made:
        out["experiment_id"] = None
    if any(
        outcome.ok and outcome.call.name == "experiment-request_launch" for turn in turns for outcome in turn.outcomes
    ):
        out["notes"] = {key: value for key, value in (note.get("notes") or {}).items() if key != "pending_approval"}
    return out


def _with_note(context: Context, note: dict[str, Any]) -> Context:
    """Lay the state note over a context: it is the primary source of handles."""
    if not note:
        return context
    campaign = note.get("campaign") or context.campaign
    audience = note.get("audience") or {}
    conditions = tuple(from_plugin_conditions(audience.get("conditions") or []))
    notes = note.get("notes") or {}
    pending = notes.get("pending_approval")
    return replace(
        context,
        campaign=campaign,
        audience_id=audience.get("audience_id") or context.audience_id,
        conditions=context.conditions or conditions,
        experiment_id=note.get("experiment_id") or context.experiment_id,
        has_results=bool((campaign or {}).get("has_results")) or context.has_results,
        has_copy=bool((campaign or {}).get("variants")) or context.has_copy,
        pending=_pending(pending, context, campaign),
        notes=notes,
    )


def _pending(noted: Any, context: Context, campaign: dict[str, Any] | None) -> str | None:
    """Return what waits for approval; a running campaign's launch waits no more."""
    if (campaign or {}).get("state") in ("running", "analysed") and context.pending == "launch":
        return None
    return noted if isinstance(noted, str) else context.pending


_READS_RESULTS = frozenset(
    {
        "experiment-read_results",
        "experiment-compare_variants",
        "experiment-compare_campaigns",
        "experiment-explain_drivers",
    }
)
_LISTS = {
    "segmentation-segment_customers": ("segments", "segments"),
    "experiment-list_campaigns": ("campaigns", "campaigns"),
    "retrieval-search_content": ("content", "hits"),
}


def after(context: Context, meaning: Meaning, turn: PastTurn) -> Context:
    """Return the context after a turn."""
    changes: dict[str, Any] = {
        "last": meaning,
        "conditions": meaning.conditions if meaning.said else context.conditions,
        "listed": meaning.listed,
    }
    if meaning.said and meaning.conditions != context.conditions:
        changes["before"] = context.conditions if context.conditions or context.before is not None else None
    if meaning.wishes.variant_refs:
        changes["focus"] = meaning.wishes.variant_refs
    if not meaning.kind:
        changes.update(acted=meaning.intents, acted_wishes=meaning.wishes)
        changes["pending"] = None
        if set(meaning.intents) & {"draft_copy", "revise_copy", "build_campaign"}:
            changes["has_copy"] = True
    elif meaning.kind == "cancel":
        changes["pending"] = None
    for outcome in turn.outcomes:
        changes.update(_of_outcome(outcome))
    found = changes.get("audience_id")
    if found and found not in context.audiences:
        before = () if context.audiences or not context.audience_id else (context.audience_id,)
        changes["audiences"] = (*context.audiences, *before, found)
    return replace(context, **changes)


def _of_outcome(outcome: Outcome) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if not outcome.ok:
        return changes
    if listed := _LISTS.get(outcome.call.name):
        changes.update(shown=listed[0], rows=tuple(outcome.data.get(listed[1]) or ()))
    if "audience_id" in outcome.handle:
        changes["audience_id"] = outcome.handle["audience_id"]
    if outcome.call.name == "experiment-simulate_results":
        changes["has_results"] = True
    if outcome.call.name in _READS_RESULTS and "campaign_id" in outcome.handle:
        changes["spoken_of"] = outcome.handle["campaign_id"]
    elif outcome.call.name in _MAKERS:
        changes["spoken_of"] = None
    if outcome.call.name == "history-open_campaign":
        changes["has_results"] = bool(outcome.data.get("has_results"))
    if "experiment_id" in outcome.handle:
        changes["experiment_id"] = outcome.handle["experiment_id"]
    if outcome.call.name in ("experiment-request_launch", "experiment-request_export"):
        changes["pending"] = "launch" if outcome.call.name.endswith("launch") else "export"
    return changes
