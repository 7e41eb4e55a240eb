"""The base of everything that is stored under an id."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict


class Entity(BaseModel):
    """A value with an id, immutable once stored.

    ``kind`` names the class in the store and in artefact lists. A change makes a new entity with a new id;
    only ``Campaign`` is versioned under one id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str]
    id: str
    campaign_id: str | None = None


def canonical_json(value: Any) -> str:
    """Serialise to JSON with sorted keys and no spaces: the form every digest of the product is taken over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def derived_id(prefix: str, inputs: Mapping[str, Any]) -> str:
    """Return an id that the same inputs always give: the call can be repeated without making a second thing."""
    return f"{prefix}-{digest_of(dict(inputs))[:10]}"


def fresh_id(prefix: str) -> str:
    """Return a random id (40 bits), for things that are new each time."""
    return f"{prefix}-{secrets.token_hex(5)}"
