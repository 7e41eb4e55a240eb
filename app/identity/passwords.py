"""Password hashes: scrypt with a salt of its own for each, in one line of text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache

from app.domain.errors import UserFixable

MIN_LENGTH, MAX_LENGTH = 12, 256
COST, BLOCK, PARALLEL = 2**15, 8, 3
"""About 32 MiB and a few tenths of a second for each guess."""
MEMORY = 64 * 1024 * 1024


def hashed(password: str) -> str:
    """Return ``scrypt$N$r$p$salt$key``; raise ``UserFixable`` for a password that is too short or too long."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise UserFixable(
            f"The password has {len(password)} characters.", hint=f"Use {MIN_LENGTH} to {MAX_LENGTH} characters."
        )
    salt = secrets.token_bytes(16)
    key = _key(password, salt, COST, BLOCK, PARALLEL)
    return "$".join(["scrypt", str(COST), str(BLOCK), str(PARALLEL), _text(salt), _text(key)])


def is_hash(text: str) -> bool:
    """Return whether a text has the form that ``hashed`` gives, within the costs this module would ever use."""
    try:
        _parts(text)
    except ValueError:
        return False
    return True


def matches(password: str, stored: str) -> bool:
    """Return whether the password is the stored one, in a time that does not depend on where they differ."""
    cost, block, parallel, salt, key = _parts(stored)
    return hmac.compare_digest(_key(password[:MAX_LENGTH], salt, cost, block, parallel), key)


def _parts(text: str) -> tuple[int, int, int, bytes, bytes]:
    name, cost, block, parallel, salt, key = text.split("$")
    found = int(cost), int(block), int(parallel), base64.b64decode(salt), base64.b64decode(key)
    if name != "scrypt" or found[0] > COST * 4 or found[1] > BLOCK or found[2] > PARALLEL * 2 or len(found[4]) != 32:
        raise ValueError("not a hash of ours")
    return found


def _key(password: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=cost, r=block, p=parallel, maxmem=MEMORY * 4, dklen=32)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


@lru_cache(maxsize=1)
def stand_in() -> str:
    """Return what is checked for a name that nobody has, so that it takes as long as for one that somebody has."""
    return hashed(secrets.token_urlsafe(24))
