"""Logging in for a program: name and password against a short-lived bearer token."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from app.rest.access import Anyone, address_of_visitor, anybody, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors

router = APIRouter(tags=["session"])
released = APIRouter(route_class=ReleasedRoute, tags=["session"])


class Login(BaseModel):
    """Who wants in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    password: str = Field(max_length=256)


class Token(BaseModel):
    """Send it as ``Authorization: Bearer ...``; ``expires_in`` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int


class Me(BaseModel):
    """Who a token stands for."""

    name: str
    roles: list[str]


@router.post(
    "/token", response_model=Token, responses=errors(409), operation_id="log_in", dependencies=[Depends(anybody)]
)
async def log_in(request: Request, login: Login) -> Response:
    """Return a token. Five wrong tries of a name from one address close the door for a while (429)."""
    people = application_of(request).people
    person = await asyncio.to_thread(people.log_in, login.name, login.password, address_of_visitor())
    application_of(request).record_people("logged-in", person.name, sorted(person.roles))
    token = {"access_token": people.token_for(person), "token_type": "bearer", "expires_in": people.token_seconds}
    return JSONResponse(token, headers={"Cache-Control": "no-store"})  # made here a moment ago: no text of anybody


@released.get("/me", response_model=Me, responses=errors(), operation_id="me")
async def me(request: Request, person: Anyone) -> Response:
    """Say who you are and with which roles."""
    return await answer(request, {"name": person.name, "roles": sorted(person.roles)})
