"""The chat's login: Chainlit's callbacks, answered by ``People``, and who is at the keyboard afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import chainlit as cl
from chainlit.oauth_providers import get_configured_oauth_providers

from app.domain.errors import CpoError
from app.domain.people import Person, Right, local_person
from app.identity.people import LoginRefused, People, visitor
from app.wiring import Application


def install_login(people: People) -> None:
    """Give Chainlit the callbacks for the way people come in; a local installation asks nobody."""
    if people.mode == "local":

        async def by_being_here(_headers: Mapping[str, str]) -> cl.User | None:
            return cl.User(identifier=local_person().name)

        cl.header_auth_callback(by_being_here)
    elif people.mode == "password":

        async def by_password(name: str, password: str) -> cl.User | None:
            return await _user(lambda: people.log_in(name, password, _here().address))

        cl.password_auth_callback(by_password)
    else:

        async def by_proxy(headers: Mapping[str, str]) -> cl.User | None:
            return await _user(lambda: people.from_proxy(headers, _here().peer))

        cl.header_auth_callback(by_proxy)
    if get_configured_oauth_providers():

        async def by_oauth(
            _provider: str, _token: str, _raw: Mapping[str, str], given: cl.User, _id_token: str | None = None
        ) -> cl.User | None:
            return await _user(lambda: people.by_name(given.identifier))

        cl.oauth_callback(by_oauth)  # pyright: ignore[reportArgumentType]


def person_here(application: Application) -> Person:
    """Return who is at the keyboard, with the roles they have now; ``local`` where nobody logs in."""
    if application.people.mode == "local":
        return local_person()
    user: Any = cl.user_session.get("user")
    if user is None:
        raise LoginRefused
    return application.people.still(str(user.identifier), list(user.metadata.get("roles", [])))


def allowed(application: Application, right: Right) -> Person:
    """Return who is at the keyboard; raise ``NotAllowed`` when they lack the right."""
    person = person_here(application)
    person.require(right)
    return person


async def _user(check: Any) -> cl.User | None:
    """Run a check off the event loop (with the visitor of this request); None tells Chainlit to refuse."""
    try:
        person: Person = await asyncio.to_thread(check)
    except CpoError:
        return None
    return cl.User(identifier=person.name, metadata={"roles": sorted(str(role) for role in person.roles)})


def _here() -> Any:
    found = visitor.get()
    if found is None:
        raise LoginRefused
    return found
