"""The secrets of one installation: one master key, and a key of its own for each purpose.

The master key comes from the settings or from ``<home>/keys/master.key`` (made at first start, readable by the owner
only). It is never stored in the database, so that whoever can write the database cannot recompute its codes.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.errors import UserFixable


class Keys:
    """Derive purpose-bound keys (HMAC-SHA-256 of the purpose under the master key)."""

    def __init__(self, master: bytes) -> None:
        if len(master) < 16:
            raise UserFixable("The secret key is too short.", hint="Use at least 16 characters in CPO_SECRET_KEY.")
        self._master = master

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes that only this installation can compute."""
        return hmac.digest(self._master, purpose.encode(), "sha256")

    def code(self, purpose: str, message: bytes) -> str:
        """Return the HMAC-SHA-256 of ``message`` under the key of ``purpose``, as 64 hex digits."""
        return hmac.digest(self.derive(purpose), message, "sha256").hex()

    def hashed_id(self, identifier: str) -> str:
        """Return the keyed hash under which a customer id may stand in the audit."""
        return self.code("customer-id", identifier.encode())[:32]

    def seal(self, text: str) -> str:
        """Encrypt a text that was not released (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return self._fernet().encrypt(text.encode("utf-8", "surrogatepass")).decode()

    def unseal(self, token: str) -> str:
        """Decrypt what ``seal`` made; raise ``UserFixable`` when it was made under another key or was changed."""
        try:
            return self._fernet().decrypt(token.encode()).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise UserFixable(
                "A sealed text cannot be opened.", hint="It was sealed under another CPO_SECRET_KEY."
            ) from None

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs audit checkpoints."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("checkpoint"))

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.derive("seal")))


def load_keys(home: Path, configured: str | None) -> Keys:
    """Return the installation's keys, making the key file on first use (mode 0600)."""
    if configured is not None:
        return Keys(configured.encode())
    path = home / "keys" / "master.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"master.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), encoding="ascii")
        try:
            path.hardlink_to(fresh)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return Keys(path.read_text(encoding="ascii").strip().encode())
