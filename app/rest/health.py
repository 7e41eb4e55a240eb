"""Whether the dependencies answer, for a load balancer and for the header of the chat."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.diagnosis import health as find_health
from app.diagnosis import services_line
from app.rest.access import anybody, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors

router = APIRouter(route_class=ReleasedRoute, tags=["health"], dependencies=[Depends(anybody)])


class Health(BaseModel):
    """``ok`` or ``unavailable`` for each dependency."""

    ok: bool
    dependencies: dict[str, str]


class Services(BaseModel):
    """The line that says which services are real."""

    line: str


@router.get("/health", response_model=Health, responses={**errors(), 503: {"model": Health}}, operation_id="health")
async def health(request: Request) -> Response:
    """Say for each dependency whether it answers; no secrets, no addresses."""
    state = await asyncio.to_thread(find_health, application_of(request))
    return await answer(request, state, 200 if state["ok"] else 503)


@router.get("/services", response_model=Services, responses=errors(), operation_id="services")
async def services(request: Request) -> Response:
    """Say which services are real and which stand in."""
    return await answer(request, {"line": await asyncio.to_thread(services_line, application_of(request))})
