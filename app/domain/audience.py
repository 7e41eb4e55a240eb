"""Audiences: who is meant, who is left, and why."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Protocol, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.domain.entities import Entity

Channel = Literal["email", "sms", "push"]

FieldName = Literal[
    "lifecycle", "value_tier", "last_purchase_days", "first_purchase_days", "orders_count", "total_spend",
    "avg_order_value", "favourite_category", "country", "city", "language", "age", "gender", "loyalty_tier",
    "signup_days", "consent", "channel_preference", "email_open_rate", "last_open_days", "opens_90d", "clicks_90d",
    "suppressed", "customer_id",
]  # fmt: skip
Operator = Literal[
    "eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte", "between", "contains", "is_null", "top_percent"
]  # fmt: skip
Scalar = str | int | float | bool
FIELD_ALIASES = {
    "recency": "last_purchase_days", "recency_days": "last_purchase_days", "last_order_days": "last_purchase_days",
    "days_since_last_order": "last_purchase_days", "frequency": "orders_count", "order_count": "orders_count",
    "orders": "orders_count", "spend": "total_spend", "monetary": "total_spend", "revenue": "total_spend",
    "aov": "avg_order_value", "average_order_value": "avg_order_value", "favorite_category": "favourite_category",
    "category": "favourite_category", "segment": "lifecycle", "tier": "value_tier", "open_rate": "email_open_rate",
    "preferred_channel": "channel_preference", "tenure_days": "signup_days", "sex": "gender",
}  # fmt: skip
SENSITIVE = frozenset({
    "religion", "faith", "ethnicity", "race", "health", "disability", "pregnancy", "pregnant", "politics",
    "political_party", "sexuality", "sexual_orientation", "trade_union", "biometrics", "genetics", "nationality",
})  # fmt: skip
FORMS = ("field", "bought", "opened", "clicked", "any_of", "all_of", "not", "audience")


class Purchase(BaseModel):
    """What was bought: a category as the data name it, or words of a product's name; neither means anything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str | None = Field(default=None, description="Category as in the data, e.g. shoes")
    product: str | None = Field(default=None, description="Words in the product name, e.g. cakestand")


class Condition(BaseModel):
    """One condition on a customer, in exactly one of these forms.

    ``{"field", "op", "value"}`` | ``{"bought": {"category"}, "within_days", "at_least"}`` |
    ``{"opened": true, "within_days"}`` | ``{"clicked": true}`` | ``{"any_of": [...]}`` | ``{"all_of": [...]}`` |
    ``{"not": {...}}`` | ``{"audience": id}``. A condition on a missing value is false and its negation true; ``ne``
    and ``not_in`` are the negations of ``eq`` and ``in``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    field: FieldName | None = Field(default=None, description="Customer field; use with op and value")
    op: Operator | None = Field(default=None, description="eq when left out; between takes [low, high], both included")
    value: Scalar | list[Scalar] | None = Field(
        default=None, description="ISO 3166 country, lower-case word, number (rates 0-1); a list for in and between"
    )
    bought: Purchase | None = Field(default=None, description="Bought something; {} means anything at all")
    opened: bool | None = Field(default=None, description="true: opened an e-mail, within within_days if given")
    clicked: bool | None = Field(default=None, description="true: clicked in the last 90 days; at_least = clicks")
    within_days: Annotated[int, Field(ge=1, le=36500)] | None = Field(
        default=None, description="Only the last N days before the reference date"
    )
    at_least: Annotated[int, Field(ge=1)] | None = Field(default=None, description="Number of orders or clicks")
    any_of: list[Condition] | None = Field(default=None, description="At least one of these holds")
    all_of: list[Condition] | None = Field(default=None, description="All of these hold")
    not_: Condition | None = Field(default=None, alias="not", description="This does not hold")
    audience: str | None = Field(default=None, description="Id of another audience whose members are meant")

    @field_validator("field", mode="before")
    @classmethod
    def _know_the_field(cls, given: Any) -> Any:
        if not isinstance(given, str):
            return given
        name = given.strip().lower().replace(" ", "_").replace("-", "_")
        if name in SENSITIVE:
            raise ValueError(f"{given!r} is a sensitive attribute: nobody is chosen by it")
        name = FIELD_ALIASES.get(name, name)
        known = get_args(FieldName)
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            nearest = f"; nearest: {', '.join(near)}" if near else ""
            raise ValueError(f"there is no field {given!r}{nearest}; fields: {', '.join(known)}")
        return name

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        given = [form for form in FORMS if getattr(self, "not_" if form == "not" else form) is not None]
        if len(given) != 1:
            found = ", ".join(given) or "none"
            raise ValueError(f"a condition has exactly one of {', '.join(FORMS)}; found {found}")
        if given[0] != "field" and (self.op is not None or self.value is not None):
            raise ValueError(f"op and value go with field, not with {given[0]}")
        if given[0] not in ("bought", "opened", "clicked") and (self.within_days or self.at_least):
            raise ValueError("within_days and at_least go with bought, opened or clicked")
        if given[0] == "field" and self.op != "is_null" and self.value is None:
            raise ValueError(f"{self.field} needs a value")
        return self

    def form(self) -> str:
        """Return which of the forms this is."""
        return next(f for f in FORMS if getattr(self, "not_" if f == "not" else f) is not None)


class ThresholdSettings(BaseModel):
    """What the words mean; None = taken from the shop's own data. Days, shares (0..1) and money in currency units.

    ``high_spend`` and ``low_spend``, when set, win over the percentiles.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    new_days: Annotated[int, Field(ge=1)] | None = None
    active_days: Annotated[int, Field(ge=1)] | None = None
    lapsed_days: Annotated[int, Field(ge=1)] | None = None
    high_percentile: Annotated[float, Field(gt=0, lt=1)] = 0.8
    low_percentile: Annotated[float, Field(gt=0, lt=1)] = 0.4
    high_spend: float | None = None
    low_spend: float | None = None
    net_of_returns: bool = False


class AudienceDefinition(BaseModel):
    """Who is meant: a condition tree, optional thresholds, and an optional limit (highest spenders first).

    A bare list of conditions is accepted and means ``all_of``; so is one condition by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    all_of: tuple[Condition, ...] = ()
    limit: Annotated[int, Field(ge=1)] | None = None
    thresholds: ThresholdSettings = ThresholdSettings()

    @model_validator(mode="before")
    @classmethod
    def _accept_flat(cls, given: Any) -> Any:
        if isinstance(given, list | tuple):
            return {"all_of": given}
        if isinstance(given, Mapping) and given and not set(given) & {"all_of", "limit", "thresholds"}:
            return {"all_of": [given]}
        return given

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form: only what was said, ``not`` under its own name."""
        tree = [condition.model_dump(mode="json", by_alias=True, exclude_none=True) for condition in self.all_of]
        thresholds = self.thresholds.model_dump(mode="json", exclude_none=True)
        return {"all_of": tree, "limit": self.limit, "thresholds": thresholds}


class ContactRules(BaseModel):
    """Who may be contacted beyond consent; part of an audience, so that its funnel can be recomputed.

    ``cap`` messages in ``cap_days`` days; ``quiet_hours`` are only noted (the sender keeps them). The global holdout
    keeps ``holdout_share`` of the people out of every campaign, by SHA-256 of ``holdout_salt`` and the customer id.
    ``live_audiences`` are the audiences of campaigns that are running.
    """

    model_config = ConfigDict(frozen=True)

    cap: Annotated[int, Field(ge=1)] = 4
    cap_days: Literal[7] = 7
    quiet_hours: str = "21:00-08:00"
    holdout_share: Annotated[float, Field(ge=0, lt=1)] = 0.0
    holdout_salt: str = "global"
    live_audiences: tuple[str, ...] = ()


class FunnelStep(BaseModel):
    """One reason for exclusion: ``removed`` left here, ``remaining`` went on; ``note`` says what is unknown.

    ``checked`` is false where the data do not hold what would be needed: nobody could be removed.
    """

    model_config = ConfigDict(frozen=True)

    reason: str
    words: str
    removed: int
    remaining: int
    note: str = ""
    checked: bool = True


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
    rules: ContactRules = ContactRules()


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
