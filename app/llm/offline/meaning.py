"""What a message means in its conversation: the value between understanding and acting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from app.llm.offline.conditions import Condition
from app.llm.offline.messages import Understood
from app.llm.offline.wishes import Wishes

NO_CALL = frozenset({"help", "smalltalk", "cancel", "ambiguous", "out_of_scope", "unsafe_request"})

NOTHING_SAID = Wishes()
REPORTED_AS = {
    "preview_copy": "check_copy",
    "list_rules": "check_copy",
    "read_document": "find_content",
    "compare_audiences": "size_audience",
    "open_campaign": "list_campaigns",
    "ramp_up": "launch_experiment",
    "make_report": "export",
}
"""Finer intents of the planner, under the names of the closed list that evaluation and trace know."""


@dataclass(frozen=True)
class Meaning:
    """``conditions`` is the complete audience in force after the turn; ``said`` whether the turn touched it.

    ``topic`` chooses the reply of a no-call turn (what to ask, why it is refused, what to explain). ``readings`` are
    (words, condition) pairs to echo, ``unread`` the restrictions that could not be read.
    """

    intents: tuple[str, ...]
    wishes: Wishes = NOTHING_SAID
    conditions: tuple[Condition, ...] = ()
    said: bool = False
    changed: bool = False
    topic: str = ""
    text: str = ""
    readings: tuple[tuple[str, Condition], ...] = ()
    unread: tuple[str, ...] = ()
    listed: tuple[Condition, ...] = ()
    """The rule of a segment that was pointed at: in force, but nobody said it, so it is not reported as said."""
    compared: tuple[tuple[Condition, ...], ...] = ()
    """The audiences a message compares; none of them is put in force."""

    @property
    def kind(self) -> str:
        """The no-call kind, or empty."""
        return self.intents[0] if self.intents and self.intents[0] in NO_CALL else ""

    def understood(self) -> Understood:
        """Return the report for the trace and the evaluation."""
        slots: dict[str, Any] = {k: v for k, v in self.wishes.said().items() if k not in ("customer_id", "people")}
        if self.said and not self.kind:
            slots["audience"] = [condition.as_dict() for condition in self.conditions if condition not in self.listed]
        intents = tuple(dict.fromkeys(REPORTED_AS.get(intent, intent) for intent in self.intents))
        return Understood(intents=intents, kind=self.kind, slots={} if self.kind else slots)


@dataclass(frozen=True)
class Context:
    """The conversation so far, rebuilt for every turn from the history, the tool results and the state note."""

    turn: int = 0
    campaign: dict[str, Any] | None = None
    audience_id: str | None = None
    experiment_id: str | None = None
    conditions: tuple[Condition, ...] = ()
    before: tuple[Condition, ...] | None = None
    """The conditions in force before the last change; nothing where there was no change."""
    listed: tuple[Condition, ...] = ()
    """Those of the conditions in force that are the rule of a segment pointed at."""
    has_results: bool = False
    has_copy: bool = False
    last: Meaning | None = None
    acted: tuple[str, ...] = ()
    """The intents of the last turn that did something."""
    acted_wishes: Wishes = NOTHING_SAID
    focus: tuple[str, ...] = ()
    """The variants last spoken of."""
    shown: str = ""
    """What kind of list was shown last: segments, campaigns, content, variants or nothing."""
    rows: tuple[dict[str, Any], ...] = ()
    pending: str | None = None
    """The kind of approval that waits: launch or export."""
    introduced: bool = False
    audiences: tuple[str, ...] = ()
    """The ids of the audiences found so far, oldest first."""
    spoken_of: str | None = None
    """The id of the campaign whose results were last spoken of; nothing once another one is opened or begun."""
    notes: dict[str, Any] = field(default_factory=dict[str, Any])

    def segment(self, position: int | None) -> dict[str, Any] | None:
        """Return the row at a position of the segments shown (1 = first, -1 = last), or nothing."""
        if position is None or not self.rows or self.shown != "segments":
            return None
        index = len(self.rows) - 1 if position < 0 else position - 1
        return self.rows[index] if 0 <= index < len(self.rows) else None

    def segment_rule(self, position: int | None) -> list[dict[str, Any]]:
        """Return the conditions of a segment shown; empty where a method gave none (clusters have no rule)."""
        row = self.segment(position) or {}
        rule: Any = row.get("conditions") or row.get("definition") or row.get("rule")
        return cast("list[dict[str, Any]]", rule) if isinstance(rule, list) else []

    @property
    def blocked(self) -> tuple[str, ...]:
        """The labels of the variants of the open campaign that did not pass."""
        variants = (self.campaign or {}).get("variants") or {}
        return tuple(
            label for label, row in variants.items() if str(row.get("decision", "")).lower() in ("block", "hold")
        )
