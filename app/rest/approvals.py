"""What waits for a person's decision. The rules of who may decide are in ``app/effects.py``."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.people import Person, Right
from app.effects import Shown
from app.rest.access import Viewer, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import Missing, errors

router = APIRouter(route_class=ReleasedRoute, tags=["approvals"])


class ApprovalShown(BaseModel):
    """A launch or an export: what it covers in words, and the digest of everything that was shown."""

    id: str
    kind: str
    campaign_id: str
    digest: str
    status: str
    requested_by: str
    expires_at: str
    words: str


class ApprovalList(BaseModel):
    """The approvals that wait."""

    approvals: list[ApprovalShown]


class Decision(BaseModel):
    """A yes to exactly what was shown."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="The digest that was shown to the person who decides.")


class EffectDone(BaseModel):
    """What happened."""

    id: str
    kind: str
    campaign_id: str
    folder: str = Field(description="Folder of the files, under CPO_HOME/exports")
    digest: str
    words: str


class Rejected(BaseModel):
    """Nothing happened, and nothing will."""

    id: str
    status: str


@router.get("/approvals", response_model=ApprovalList, responses=errors(), operation_id="approvals")
async def approvals(request: Request, person: Viewer) -> Response:
    """List what waits: everything for who may decide, else what you asked for."""
    waiting = await asyncio.to_thread(application_of(request).effects.pending, person)
    return await answer(request, {"approvals": [vars(shown) for shown in waiting]})


@router.get("/approvals/{approval_id}", response_model=ApprovalShown, responses=errors(404), operation_id="approval")
async def approval(request: Request, person: Viewer, approval_id: str) -> Response:
    """Return one approval, whatever its status."""
    return await answer(request, vars(await asyncio.to_thread(_seen, request, person, approval_id)))


@router.post(
    "/approvals/{approval_id}/approve", response_model=EffectDone, responses=errors(404, 409), operation_id="approve"
)
async def approve(request: Request, person: Viewer, approval_id: str, decision: Decision) -> Response:
    """Approve and carry out, once. Needs the role approver (or admin); the digest must be that of the approval."""
    await asyncio.to_thread(_seen, request, person, approval_id)
    effects = application_of(request).effects
    done = await asyncio.to_thread(effects.approve, approval_id, person, decision.digest)
    return await answer(request, done.as_json())


@router.post(
    "/approvals/{approval_id}/reject", response_model=Rejected, responses=errors(404, 409), operation_id="reject"
)
async def reject(request: Request, person: Viewer, approval_id: str) -> Response:
    """Reject; who asked for it may take it back."""
    await asyncio.to_thread(_seen, request, person, approval_id)
    await asyncio.to_thread(application_of(request).effects.reject, approval_id, person)
    return await answer(request, {"id": approval_id, "status": "rejected"})


def _seen(request: Request, person: Person, approval_id: str) -> Shown:
    application = application_of(request)
    if application.store.approval(approval_id) is None:
        raise Missing("approval")
    shown = application.effects.show(approval_id)
    if not person.may(Right.DECIDE) and shown.requested_by != person.name:
        raise Missing("approval")
    return shown
