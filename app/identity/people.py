"""Who is at the other end: the one place where a password, a proxy's header or a token becomes a ``Person``.

Without a users file and without a proxy nobody logs in: whoever reaches this machine is ``local`` and has every role,
which is why such an installation listens on the loopback address only.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from app.domain.errors import UserFixable
from app.domain.people import Person, local_person, roles_in
from app.identity.attempts import Attempts
from app.identity.passwords import matches, stand_in
from app.identity.tokens import Tokens
from app.identity.users import NAME, UsersFile

TRIES, TRIES_OF_ADDRESS, WINDOW_MINUTES = 5, 30, 15
Mode = Literal["local", "password", "proxy"]


class LoginRefused(UserFixable):
    """Nobody is logged in, or the login is wrong; which of the two parts was wrong is not said."""

    def __init__(self) -> None:
        super().__init__("You are not logged in.", hint="Log in, or send a valid token.")


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from: ``peer`` holds the connection, ``address`` is whom a trusted proxy says it is for."""

    peer: str
    address: str


visitor: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""Set for each request by the server, because the chat hands its callbacks no request."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that has checked the login: the headers in which it names person and roles, and its addresses."""

    user_header: str
    roles_header: str | None
    addresses: frozenset[str]


class People:
    """Checks logins. One per process."""

    def __init__(self, *, users: UsersFile | None, proxy: Proxy | None, tokens: Tokens) -> None:
        self._users = users
        self._proxy = proxy
        self._tokens = tokens
        self._by_name = Attempts(TRIES, WINDOW_MINUTES)
        self._by_address = Attempts(TRIES_OF_ADDRESS, WINDOW_MINUTES)
        self._two_at_a_time = threading.BoundedSemaphore(2)  # a check takes memory and time on purpose

    @property
    def mode(self) -> Mode:
        """How people come in."""
        if self._proxy is not None:
            return "proxy"
        return "local" if self._users is None else "password"

    @property
    def token_seconds(self) -> int:
        """How long a token holds."""
        return int(self._tokens.minutes * 60)

    def log_in(self, name: str, password: str, address: str) -> Person:
        """Return who has this name and password.

        Raises ``LoginRefused``, and ``TooMany`` after a few failures of one name from one address, or many of either.
        """
        if self._users is None:
            raise UserFixable("Nobody logs in here: this installation is local.", hint="Set CPO_USERS_FILE.")
        known = name.casefold()[:200]
        keys = f"{known}\x00{address}"
        self._by_address.count(address)
        self._by_name.count(keys)
        user = self._users.find(known)
        with self._two_at_a_time:
            right = matches(password, user.password if user and user.password else stand_in())
        if user is None or user.password is None or not right:
            raise LoginRefused
        self._by_name.forget(keys)
        return user.person()

    def from_proxy(self, headers: Mapping[str, str], peer: str) -> Person:
        """Return whom a trusted proxy names; raise ``LoginRefused`` for anybody else's header."""
        proxy = self._proxy
        if proxy is None or peer not in proxy.addresses:
            raise LoginRefused
        name = headers.get(proxy.user_header.lower(), "")
        if not NAME.fullmatch(name):
            raise LoginRefused
        if proxy.roles_header is not None:
            roles = roles_in(headers.get(proxy.roles_header.lower(), "").split(","))
            return Person(name, roles)
        return self.by_name(name)

    def by_name(self, name: str) -> Person:
        """Return the user of a name that OAuth or a proxy has checked; raise ``LoginRefused`` for a stranger."""
        user = self._users.find(name) if self._users is not None else None
        if user is None:
            raise LoginRefused
        return user.person()

    def still(self, name: str, roles: Sequence[str]) -> Person:
        """Return somebody who logged in earlier with the roles that they had then and still have."""
        had = roles_in(roles)
        if self._users is None:
            return Person(name, had)
        return Person(name, had & self.by_name(name).roles)

    def token_for(self, person: Person) -> str:
        """Return a bearer token for somebody who has logged in."""
        return self._tokens.issue(person)

    def from_token(self, token: str) -> Person:
        """Return who a token names, with the roles that they still have; raise ``LoginRefused`` for a wrong one."""
        said = self._tokens.read(token)
        if said is None:
            raise LoginRefused
        return self.still(said.name, sorted(said.roles))

    def at_the_terminal(self, name: str, password: str | None) -> Person:
        """Return who gives a command here: anybody by name without a users file, else a user with their password."""
        if self._users is None:
            return local_person(name)
        return self.log_in(name, password or "", "terminal")
