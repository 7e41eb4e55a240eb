"""The users file: names, roles and password hashes, in YAML that a person can read and ``cpo users`` writes."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from app.domain.errors import UserFixable
from app.domain.people import Person, Role, roles_in
from app.identity.passwords import hashed, is_hash
from app.linefiles import whole_file

NAME = re.compile(r"[\w.@+-]{1,100}")
HINT = "users: {NAME: {roles: [marketer, approver, auditor, admin], password: HASH}}; `cpo users add` writes it."


@dataclass(frozen=True)
class User:
    """A line of the file; ``password`` is a hash, or None for somebody who comes by OAuth or a proxy only."""

    name: str
    roles: frozenset[Role]
    password: str | None = None

    def person(self) -> Person:
        """Return the person this user is."""
        return Person(self.name, self.roles)


class UsersFile:
    """Reads the file again whenever it changes: who is taken out is out at once. Names differ in case only never."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], dict[str, User]] | None = None

    def find(self, name: str) -> User | None:
        """Return the user of that name, whatever its case, or None."""
        return self.all().get(name.casefold())

    def all(self) -> dict[str, User]:
        """Return every user by lower-case name; raise ``UserFixable`` for a file that cannot be read."""
        with self._lock:
            try:
                stamp = self._path.stat()
            except FileNotFoundError:
                raise UserFixable(
                    f"There is no users file {self._path.name}.", hint="`cpo users add NAME --role marketer` makes it."
                ) from None
            version = (stamp.st_mtime_ns, stamp.st_size)
            if self._read is None or self._read[0] != version:
                self._read = (version, _users_in(self._path))
            return self._read[1]

    def add(self, name: str, roles: frozenset[Role], password: str | None) -> User:
        """Add a user, or replace one; raise ``UserFixable`` for a name, a role or a password that will not do."""
        if not NAME.fullmatch(name):
            raise UserFixable("This is no name for a user.", hint="Letters, digits and . @ + - _, at most 100.")
        if not roles:
            raise UserFixable("A user needs a role.", hint=f"One of: {', '.join(Role)}.")
        user = User(name, roles, None if password is None else hashed(password))
        users = self._present() | {name.casefold(): user}
        self._write(users)
        return user

    def remove(self, name: str) -> None:
        """Take a user out; raise ``UserFixable`` when there is none."""
        users = self._present()
        if users.pop(name.casefold(), None) is None:
            raise UserFixable("There is no such user.", hint="`cpo users list` names them.")
        self._write(users)

    def _present(self) -> dict[str, User]:
        return dict(self.all()) if self._path.exists() else {}

    def _write(self, users: dict[str, User]) -> None:
        body = {
            user.name: {"roles": sorted(user.roles), **({"password": user.password} if user.password else {})}
            for user in users.values()
        }
        plain = {name: {**entry, "roles": [str(role) for role in entry["roles"]]} for name, entry in body.items()}
        with whole_file(self._path) as file:  # made readable by the owner only
            file.write(yaml.safe_dump({"users": plain}, allow_unicode=True, sort_keys=True))


def _users_in(path: Path) -> dict[str, User]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = cast("dict[str, dict[str, Any]]", raw["users"] or {})
        users = [_user(str(name), entry) for name, entry in entries.items()]
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise UserFixable(f"The users file {path.name} cannot be read.", hint=HINT) from None
    if len({user.name.casefold() for user in users}) != len(users):
        raise UserFixable(f"Two users of {path.name} have the same name.", hint="Names may not differ in case only.")
    return {user.name.casefold(): user for user in users}


def _user(name: str, entry: dict[str, Any]) -> User:
    roles = roles_in(str(role) for role in entry["roles"])
    password = entry.get("password")
    if len(roles) != len(entry["roles"]) or not roles or not NAME.fullmatch(name):
        raise UserFixable("A user of the users file has a wrong name or role.", hint=HINT)
    if password is not None and not is_hash(str(password)):
        raise UserFixable("A password of the users file is no hash.", hint="Set it with `cpo users add`.")
    return User(name, roles, None if password is None else str(password))
