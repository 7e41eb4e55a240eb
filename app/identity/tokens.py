"""Bearer tokens: who, with which roles, until when; signed by this installation, short-lived."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import jwt

from app.domain.people import Person, roles_in

ALGORITHM = "HS256"
ISSUER = AUDIENCE = "cpo"


class Tokens:
    """Signs and reads tokens. ``key`` belongs to nothing else, so that no other signature passes for one of ours."""

    def __init__(self, key: bytes, minutes: float, now: Callable[[], datetime]) -> None:
        self._key = key
        self.minutes = minutes
        self._now = now

    def issue(self, person: Person) -> str:
        """Return a token for a person whose login was checked."""
        at = self._now()
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": person.name, "roles": sorted(str(role) for role in person.roles),
            "iat": at, "exp": at + timedelta(minutes=self.minutes), "jti": secrets.token_hex(8),
        }  # fmt: skip
        return jwt.encode(claims, self._key, algorithm=ALGORITHM)

    def read(self, token: str) -> Person | None:
        """Return who the token names; None when it is forged, expired, of another algorithm or for something else."""
        try:
            claims = jwt.decode(
                token, self._key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "aud", "iss"], "verify_exp": False, "verify_iat": False},
            )  # fmt: skip
            roles, expires = claims["roles"], float(claims["exp"])
        except (jwt.InvalidTokenError, KeyError, TypeError, ValueError):
            return None
        if not isinstance(roles, list) or expires <= self._now().timestamp():
            return None
        return Person(str(claims["sub"]), roles_in(str(role) for role in roles))
