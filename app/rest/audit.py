"""The audit for those who check: every decision in order, and whether the chain holds."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.rest.access import Auditor, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors

router = APIRouter(route_class=ReleasedRoute, tags=["audit"])


class AuditPage(BaseModel):
    """Rows after ``after``, oldest first; ``next`` is the number to go on after, null at the end."""

    rows: list[dict[str, Any]]
    next: int | None


class AuditState(BaseModel):
    """Whether the chain, its codes and the signed checkpoints hold; ``first_bad`` is the first row that does not."""

    rows: int
    intact: bool
    first_bad: int | None
    problem: str | None


@router.get("/audit", response_model=AuditPage, responses=errors(), operation_id="audit")
async def audit(
    request: Request,
    _person: Auditor,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=50)] = 50,
) -> Response:
    """Return decisions in order. No row holds a text: what was screened stands there as a keyed code."""
    rows = await asyncio.to_thread(application_of(request).store.audit_rows, after, limit)
    return await answer(request, {"rows": rows, "next": rows[-1]["seq"] if len(rows) == limit else None})


@router.get("/audit/verify", response_model=AuditState, responses=errors(), operation_id="verify_audit")
async def verify(request: Request, _person: Auditor) -> Response:
    """Check the whole audit."""
    store = application_of(request).store
    await asyncio.to_thread(store.checkpoint)
    count, bad = await asyncio.to_thread(store.verify_audit)
    state = {
        "rows": count, "intact": bad is None, "first_bad": bad.seq if bad else None,
        "problem": bad.problem if bad else None,
    }  # fmt: skip
    return await answer(request, state)
