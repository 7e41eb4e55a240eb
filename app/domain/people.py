"""Who acts, and what they may do: the one table of roles and rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import UserFixable


class Role(StrEnum):
    """What a person is here to do; a person may have several."""

    MARKETER = "marketer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing a person may be allowed to do. The words of a refusal are made from it."""

    WORK = "work on campaigns"
    """Ask, count, search, write, plan, ask for approvals, hand in results."""
    SEE_APPROVALS = "see approvals"
    DECIDE = "decide on approvals"
    PUBLISH = "load approved content"
    AUDIT = "read the audit"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.MARKETER: frozenset({Right.WORK, Right.SEE_APPROVALS}),
    Role.APPROVER: frozenset({Right.SEE_APPROVALS, Right.DECIDE, Right.PUBLISH}),
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMIN: frozenset(Right),
}


class NotAllowed(UserFixable):
    """A person lacks the right to what they asked for; nothing was done."""


@dataclass(frozen=True)
class Person:
    """Somebody known by name, with the roles they have now. Made where a login was checked, or for a local user."""

    name: str
    roles: frozenset[Role]

    def may(self, right: Right) -> bool:
        """Return whether one of the roles carries the right."""
        return any(right in RIGHTS[role] for role in self.roles)

    def require(self, right: Right) -> None:
        """Raise ``NotAllowed`` unless the person has the right."""
        if not self.may(right):
            needed = ", ".join(role.value for role in Role if right in RIGHTS[role])
            raise NotAllowed(f"You may not {right.value}.", hint=f"This needs one of the roles: {needed}.")


def local_person(name: str = "local") -> Person:
    """Return the person of an installation without a login, who has every role."""
    return Person(name, frozenset(Role))


def roles_in(words: Iterable[str]) -> frozenset[Role]:
    """Return the roles that these words name; what names none is left out."""
    known = {role.value: role for role in Role}
    return frozenset(known[word.strip().lower()] for word in words if word.strip().lower() in known)


def name_to_record(name: str) -> str:
    """Return the name of who decides as it is recorded; raise ``UserFixable`` for what is no name."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 100 or not plain.isprintable():
        raise UserFixable("A person's name is needed to decide.", hint="For example: --as 'Ada Lovelace'")
    return plain
