"""Who calls, and whether they may: the dependencies that every route names."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.people import Person, Right, local_person
from app.identity.attempts import Attempts
from app.identity.people import LoginRefused, visitor

if TYPE_CHECKING:
    from app.wiring import Application

BEARER = HTTPBearer(
    auto_error=False, bearerFormat="JWT",
    description="From `POST /api/v1/token` or `cpo users token`. A local installation (loopback only) needs none.",
)  # fmt: skip
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]


def application_of(request: Request) -> Application:
    """Return the application that serves this request."""
    return request.app.state.application


def address_of_visitor() -> str:
    """Return the address this request is for; every request has passed the doorway, which knows it."""
    found = visitor.get()
    return found.address if found else "unknown"


def needs(right: Right) -> Callable[[Request, Credentials], Awaitable[Person]]:
    """Return the dependency that gives the person who calls, or refuses: 401, 403, 429."""

    async def caller(request: Request, credentials: Credentials) -> Person:
        person = await who_calls(request, credentials)
        person.require(right)
        return person

    return caller


async def who_calls(request: Request, credentials: Credentials) -> Person:
    """Return who sent a request: by token, by the proxy's word, or ``local``; counted against the limit."""
    people, limit = application_of(request).people, limit_of(request)
    if people.mode == "local" and credentials is None:
        return local_person()
    try:
        if credentials is not None:
            person = await asyncio.to_thread(people.from_token, credentials.credentials)
        else:
            person = await asyncio.to_thread(people.from_proxy, request.headers, _peer())
    except LoginRefused:
        limit.count(f"address {address_of_visitor()}")
        raise
    limit.count(f"person {person.name}")
    return person


async def anybody(request: Request) -> None:
    """Count a request of somebody who is not known; a local installation does not count."""
    if application_of(request).people.mode != "local":
        limit_of(request).count(f"address {address_of_visitor()}")


def limit_of(request: Request) -> Attempts:
    """Return the counter of this server."""
    return request.app.state.limit


def _peer() -> str:
    found = visitor.get()
    return found.peer if found else ""


Anyone = Annotated[Person, Depends(who_calls)]
Worker = Annotated[Person, Depends(needs(Right.WORK))]
Viewer = Annotated[Person, Depends(needs(Right.SEE_APPROVALS))]
Decider = Annotated[Person, Depends(needs(Right.DECIDE))]
Publisher = Annotated[Person, Depends(needs(Right.PUBLISH))]
Auditor = Annotated[Person, Depends(needs(Right.AUDIT))]
