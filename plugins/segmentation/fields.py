"""The fields a condition can name: what they mean, what data they need, and how a value is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["closed", "number", "money", "rate", "text", "country", "flag", "consent", "identifier"]


@dataclass(frozen=True)
class FieldSpec:
    """One field. ``needs`` lists canonical columns, any one group of which suffices (``a+b`` = both).

    ``column`` is where the value lies in the facts table; ``words`` its name in plain words; ``unit`` what a bare
    number counts; ``values`` the closed set, if it is one.
    """

    name: str
    kind: Kind
    words: str
    needs: tuple[str, ...]
    column: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()


LIFECYCLES = ("new", "active", "at_risk", "lapsed", "never_ordered")
VALUE_TIERS = ("low", "mid", "high")
CHANNELS = ("email", "sms", "push")
_ORDERS = ("orders.ordered_at", "given_last_purchase_days", "given_last_purchase_date")
_SPEND = ("orders.amount", "given_total_spend")

FIELDS: dict[str, FieldSpec] = {
    spec.name: spec
    for spec in (
        FieldSpec("lifecycle", "closed", "lifecycle", _ORDERS, values=LIFECYCLES),
        FieldSpec("value_tier", "closed", "value tier", _SPEND, values=VALUE_TIERS),
        FieldSpec("last_purchase_days", "number", "days since last order", _ORDERS, "last_purchase_days", "days"),
        FieldSpec("first_purchase_days", "number", "days since first order", ("orders.ordered_at",),
                  "first_purchase_days", "days"),
        FieldSpec("orders_count", "number", "number of orders", ("orders.customer_id", "given_orders_count"),
                  "orders_count", "orders"),
        FieldSpec("total_spend", "money", "total spend", _SPEND, "total_minor"),
        FieldSpec("avg_order_value", "money", "average order value", _SPEND, "avg_minor"),
        FieldSpec("favourite_category", "text", "favourite category", ("orders.category",), "favourite_category"),
        FieldSpec("country", "country", "country", ("country",), "country"),
        FieldSpec("city", "text", "city", ("city",), "city"),
        FieldSpec("language", "text", "language", ("language",), "language"),
        FieldSpec("age", "number", "age", ("birth_date",), "age", "years"),
        FieldSpec("gender", "closed", "gender", ("gender",), "gender", values=("female", "male", "other")),
        FieldSpec("loyalty_tier", "text", "loyalty tier", ("loyalty_tier",), "loyalty_tier"),
        FieldSpec("signup_days", "number", "days since sign-up", ("signup_date",), "signup_days", "days"),
        FieldSpec("consent", "consent", "consent", ("consent_email", "consent_sms", "consent_push"),
                  values=(*CHANNELS, "any")),
        FieldSpec("channel_preference", "closed", "preferred channel", ("preferred_channel",), "preferred_channel",
                  values=CHANNELS),
        FieldSpec("email_open_rate", "rate", "e-mail open rate", ("opens_90d+sends_90d",), "email_open_rate"),
        FieldSpec("last_open_days", "number", "days since last e-mail open", ("last_open_at",), "last_open_days",
                  "days"),
        FieldSpec("opens_90d", "number", "e-mail opens in 90 days", ("opens_90d",), "opens_90d"),
        FieldSpec("clicks_90d", "number", "clicks in 90 days", ("clicks_90d",), "clicks_90d"),
        FieldSpec("suppressed", "flag", "suppressed", ("suppressed",), "suppressed"),
        FieldSpec("customer_id", "identifier", "customer id", (), "customer_id"),
    )
}  # fmt: skip
NUMERIC_KINDS = ("number", "money", "rate")
RANKED_FIELDS = ("total_spend", "avg_order_value", "orders_count")
"""Fields of which a top percentage can be asked for."""


def available_fields(customer_columns: frozenset[str], order_columns: frozenset[str]) -> dict[str, FieldSpec]:
    """Return the fields that these columns can give."""
    have = customer_columns | {f"orders.{column}" for column in order_columns}
    return {
        name: spec
        for name, spec in FIELDS.items()
        if not spec.needs or any(all(part in have for part in group.split("+")) for group in spec.needs)
    }
