"""Turns, the calls made in them, and replies."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.safety import Decision


class ToolResult(BaseModel):
    """What every kernel function returns; the planner sees it as JSON.

    ``summary`` is one or two sentences with the key figures. ``data`` holds named figures and at most 20 rows.
    ``handle`` maps a kind (audience_id, campaign_id, variant_id ...) to the id of what was made or read.
    ``next`` lists calls or phrases that make sense now. No contact data anywhere.
    """

    model_config = ConfigDict(frozen=True)

    ok: bool = True
    summary: str
    data: dict[str, Any] = {}
    handle: dict[str, str] = {}
    warnings: list[str] = []
    next: list[str] = []


class Artifact(BaseModel):
    """A thing the surfaces can show: ``kind`` is the kind of an entity, ``id`` its id."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: str


class ToolCall(BaseModel):
    """One call as it happened, with screened arguments and a screened result."""

    model_config = ConfigDict(frozen=True)

    round: int
    index: int
    call_id: str
    plugin: str
    function: str
    arguments: dict[str, Any]
    ok: bool
    duration_ms: float
    result: dict[str, Any]
    decision: Decision
    decision_id: str
    screened_by: str


class PlannerAnswer(BaseModel):
    """What the planner service answered in one round, kept so that the turn can be replayed."""

    model_config = ConfigDict(frozen=True)

    round: int
    text: str
    calls: tuple[dict[str, Any], ...] = ()


class PendingApproval(BaseModel):
    """An effect that waits for a person: ``digest`` binds everything that was shown."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Literal["launch", "export"]
    digest: str
    summary: str


class ReplyVerdict(BaseModel):
    """The verdict under which a reply left."""

    model_config = ConfigDict(frozen=True)

    decision: Decision
    decision_id: str
    screened_by: str


class Turn(BaseModel):
    """One exchange, as stored: only screened text. Durations in milliseconds, ``cost`` in US dollars."""

    model_config = ConfigDict(frozen=True)

    id: str
    conversation_id: str
    number: int
    started_at: datetime
    duration_ms: float
    user_text: str
    reply: str
    planner: str
    calls: tuple[ToolCall, ...] = ()
    answers: tuple[PlannerAnswer, ...] = ()
    verdict: ReplyVerdict
    artifacts: tuple[Artifact, ...] = ()
    pending_approvals: tuple[PendingApproval, ...] = ()
    stopped: str | None = None
    """Why the turn ended early (a budget, a failure), or None."""
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    cost: float = Field(default=0.0, ge=0)
    prompt_version: str = ""
    opened: dict[str, Any] = {}
    """What the conversation stood on when the turn began (open campaign, its version, notes), for replaying it."""
    understood: dict[str, Any] = {}
    """What the offline planner read in the message: intents and slots."""
