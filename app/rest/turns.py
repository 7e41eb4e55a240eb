"""Talking to the planner: one message in, one released turn out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.agent import MAX_MESSAGE_CHARS, as_json
from app.domain.conversation import Artifact, PendingApproval, ReplyVerdict
from app.domain.entities import fresh_id
from app.rest.access import Worker, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import Missing, errors

router = APIRouter(route_class=ReleasedRoute, tags=["turns"])


class Message(BaseModel):
    """What a person says."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=MAX_MESSAGE_CHARS)
    conversation: str | None = Field(
        None, pattern=r"^[A-Za-z0-9_-]{1,80}$", description="Go on with this conversation; left out, a new one begins."
    )


class CallMade(BaseModel):
    """One function the planner called, with screened arguments and result."""

    plugin: str
    function: str
    arguments: dict[str, Any]
    ok: bool
    duration_ms: float
    result: dict[str, Any]


class TurnAnswer(BaseModel):
    """The turn; the same JSON as ``cpo ask --json``."""

    conversation: str
    turn: str
    reply: str
    planner: str
    calls: list[CallMade]
    verdict: ReplyVerdict
    artifacts: list[Artifact]
    pending_approvals: list[PendingApproval]
    stopped: str | None


@router.post("/turns", response_model=TurnAnswer, responses=errors(409), operation_id="say")
async def say(request: Request, person: Worker, message: Message) -> Response:
    """Say one thing and get the reply, the calls behind it, and what now waits for approval."""
    conversation = message.conversation or fresh_id("cnv")
    reply = await application_of(request).agent.reply(conversation, message.text, person=person.name)
    return await answer(request, as_json(reply))


@router.get("/turns/{turn_id}", responses=errors(404), response_model=dict[str, Any], operation_id="trace")
async def trace(request: Request, person: Worker, turn_id: str) -> Response:
    """Return a turn of yours as it was stored: every call, its verdict and its milliseconds."""
    store = application_of(request).store
    turn = store.turn(turn_id)
    stored = store.conversation(turn.conversation_id) if turn else None
    if turn is None or stored is None or stored["owner"] != person.name:
        raise Missing("turn")
    return await answer(request, turn.model_dump(mode="json"))
