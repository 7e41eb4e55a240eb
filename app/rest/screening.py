"""Checking a text: the verdict of the gate's own screening, by rule and place, without the text coming back."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.safety import Draft, Finding, Surface
from app.rest.access import Worker, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors

router = APIRouter(route_class=ReleasedRoute, tags=["screening"])


class TextToScreen(BaseModel):
    """A text and where it would go."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=100_000)
    surface: Surface = Surface.COPY


class TextVerdict(BaseModel):
    """The decision on a text; ``start`` and ``end`` of a finding are code points of the text that was sent."""

    decision: str
    findings: list[Finding]
    screened_by: str
    policy_hash: str
    decision_id: str


@router.post("/screening", response_model=TextVerdict, responses=errors(), operation_id="screen")
async def screen(request: Request, _person: Worker, sent: TextToScreen) -> Response:
    """Judge a text by every rule and screener in force. It informs; it releases nothing."""
    return await answer(request, await judged(request, sent.text, sent.surface))


async def judged(request: Request, text: str, surface: Surface) -> dict[str, Any]:
    """Return the verdict on a text as JSON, without the text."""
    draft = Draft(text=text, surface=surface)
    (screened,) = await asyncio.to_thread(application_of(request).gate.screen, [draft])
    verdict = screened.verdict
    return {
        "decision": verdict.decision.value,
        "findings": [finding.model_dump(mode="json") for finding in verdict.findings],
        "screened_by": verdict.screened_by,
        "policy_hash": verdict.policy_hash,
        "decision_id": screened.decision_id,
    }
