"""What goes into the offline planner and what comes out: plain values, no framework."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "user", "assistant", "tool"]

STATE_PREFIX = "STATE "
"""A system message that starts so carries the state of the conversation as JSON."""


@dataclass(frozen=True)
class Call:
    """One function call. ``name`` is ``plugin-function``; ``call_id`` is deterministic (same turn and step, same id)."""

    name: str
    arguments: dict[str, Any]
    call_id: str


@dataclass(frozen=True)
class Message:
    """One message of the history.

    ``calls`` belongs to assistant messages; ``call_id``, ``name`` and ``result`` (the JSON text of a tool result) to
    tool messages.
    """

    role: Role
    text: str = ""
    calls: tuple[Call, ...] = ()
    call_id: str = ""
    name: str = ""
    result: str = ""


@dataclass(frozen=True)
class Understood:
    """What the planner read in the last user message, for evaluation and for the trace.

    ``intents`` uses the closed list of ``app.evaluation``; ``kind`` is the no-call kind (help, smalltalk, cancel,
    ambiguous, out_of_scope, unsafe_request) or empty. ``slots`` holds what was said, ``audience`` the complete
    audience in force as ``{field, op, value}``.
    """

    intents: tuple[str, ...] = ()
    kind: str = ""
    slots: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Decision:
    """The next calls (run together), or the final reply; exactly one of the two is set."""

    calls: tuple[Call, ...] = ()
    reply: str = ""
    understood: Understood = Understood()
