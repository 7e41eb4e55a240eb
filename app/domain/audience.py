"""Audiences: who is meant, who is left, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from app.domain.entities import Entity

Channel = Literal["email", "sms", "push"]


class FunnelStep(BaseModel):
    """One reason for exclusion: ``removed`` left here, ``remaining`` went on; ``note`` says what is unknown."""

    model_config = ConfigDict(frozen=True)

    reason: str
    words: str
    removed: int
    remaining: int
    note: str = ""


class Sensitivity(BaseModel):
    """How many customers match under another reading of an ambiguous word (``lapsed``, ``high-value``)."""

    model_config = ConfigDict(frozen=True)

    word: str
    reading: str
    matched: int
    chosen: bool = False


class SampleMember(BaseModel):
    """One member with the facts that put them in; an id and facts, never a name or an address."""

    model_config = ConfigDict(frozen=True)

    customer_id: str
    reasons: tuple[str, ...]


class Audience(Entity):
    """An audience that anybody can recompute.

    ``definition`` is the JSON of the condition tree (SEGMENTATION 4) with every threshold resolved; ``ids_sha256``
    is the SHA-256 of the *matched* ids, sorted, joined by newlines. ``matched`` = ``eligible`` + the sum of
    ``removed`` over ``funnel``, always. ``as_of`` is the reference date.
    """

    kind: ClassVar[str] = "audience"

    name: str = ""
    definition: dict[str, Any]
    words: str
    channel: Channel
    as_of: date
    dataset_id: str
    total_customers: int
    matched: int
    eligible: int
    funnel: tuple[FunnelStep, ...]
    thresholds: dict[str, float | int | str] = {}
    sensitivity: tuple[Sensitivity, ...] = ()
    sample: tuple[SampleMember, ...] = ()
    ids_sha256: str
    warnings: tuple[str, ...] = ()
    parent_id: str | None = None


class Shop(Protocol):
    """What the other capabilities may ask about the loaded customers; built by segmentation, handed out by wiring.

    Rows are mappings of canonical column names to plain Python values (``None`` where missing). ``columns`` may name
    stored and derived fields. Every method reads the dataset ``dataset_id`` as of ``as_of``.
    """

    @property
    def dataset_id(self) -> str: ...

    @property
    def as_of(self) -> date: ...

    @property
    def synthetic(self) -> bool: ...

    def columns(self) -> frozenset[str]:
        """Return the fields that can be used with this dataset, derived ones included."""
        ...

    def customer(self, customer_id: str) -> Mapping[str, Any] | None:
        """Return one customer with every stored and derived field, or None."""
        ...

    def eligible_rows(self, audience: Audience, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        """Yield the eligible members (funnel applied), ordered by customer id; exactly ``audience.eligible`` rows."""
        ...

    def count_eligible(self, audience: Audience, condition: Mapping[str, Any]) -> int:
        """Count the eligible members for whom one further condition of the definition language holds."""
        ...

    def people(self) -> Iterator[Mapping[str, Any]]:
        """Yield identifying values of everybody: customer_id, first_name, last_name, email, phone, city."""
        ...

    def baseline(self, metric: str, window_days: int) -> tuple[float, str] | None:
        """Return the shop's own rate for a metric and where it comes from; None when the data cannot tell.

        ``conversion_rate``: share of customers with an order in the last ``window_days``;
        ``revenue_per_recipient``: spend per customer in it.
        """
        ...
