"""Describes the whole shop or a part of it, in figures that sum to the total."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain.audience import AudienceDefinition, ThresholdSettings
from plugins.segmentation.fields import FIELDS, LIFECYCLES, VALUE_TIERS
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql, day_literal

COUNTRIES_SHOWN = 10
CATEGORIES_SHOWN = 5


def describe(shop: LoadedShop) -> dict[str, Any]:
    """Return the data of ``describe_customers``."""
    thresholds = shop.thresholds(ThresholdSettings())
    tables = shop.tables()
    everybody = Sql(f"SELECT customer_id FROM {tables.facts}")
    orders: list[Any] = [0, None, None, 0]
    if shop.dataset.orders is not None:
        query = (
            "SELECT count(DISTINCT CASE WHEN NOT is_return THEN order_id END), min(ordered_at), max(ordered_at), "
            "count(DISTINCT CASE WHEN is_return THEN order_id END) "
            f"FROM {tables.lines} WHERE ordered_at < {day_literal(shop.as_of + timedelta(days=1))}"
        )
        orders = list(shop.engine.rows(Sql(query))[0])
    known = shop.vocabulary()
    return {
        "customers": shop.total_customers(),
        "orders": int(orders[0]),
        "returns": int(orders[3]),
        "as_of": shop.as_of.isoformat(),
        "first_order": orders[1].date().isoformat() if orders[1] else None,
        "last_order": orders[2].date().isoformat() if orders[2] else None,
        "currency": shop.currency,
        "lifecycle": _split(shop, everybody, thresholds.lifecycle(), LIFECYCLES),
        "value_tier": _split(shop, everybody, thresholds.value_tier(), VALUE_TIERS),
        "countries": _countries(shop, everybody, COUNTRIES_SHOWN),
        "categories": list(known.categories[:20]),
        "consent": _consent(shop),
        "thresholds": thresholds.as_data(),
        "meaning": thresholds.words_for(set(LIFECYCLES), set(VALUE_TIERS), shop.currency),
        "fields": sorted(known.fields),
        "missing_fields": sorted(set(FIELDS) - set(known.fields)),
        "synthetic": shop.synthetic,
        "dataset": shop.dataset.manifest.name,
    }


def profile(shop: LoadedShop, members: Sql, definition: AudienceDefinition) -> dict[str, Any]:
    """Return size, spend, recency, what they buy and who they are, for a SELECT of member ids."""
    thresholds = shop.thresholds(definition.thresholds)
    facts = shop.tables().facts
    spend = thresholds.spend_column
    query = Sql.fill(
        f"SELECT count(*), coalesce(sum(f.{spend}), 0), coalesce(sum(f.orders_count), 0), "
        "percentile_disc(0.5) WITHIN GROUP (ORDER BY f.last_purchase_days), "
        f"(SELECT coalesce(sum({spend}), 0) FROM {facts}) FROM {facts} f WHERE f.customer_id IN ({{}})",
        members,
    )
    customers, minor, orders, recency, all_minor = shop.engine.rows(query)[0]
    total = shop.total_customers()
    return {
        "customers": int(customers),
        "share": round(int(customers) / total, 4) if total else 0.0,
        "spend": int(minor) / 100,
        "spend_share": round(int(minor) / int(all_minor), 4) if all_minor else 0.0,
        "orders": int(orders),
        "avg_order_value": round(int(minor) / 100 / int(orders), 2) if orders else None,
        "median_last_purchase_days": None if recency is None else int(recency),
        "top_categories": _categories(shop, members),
        "countries": _countries(shop, members, 5),
        "value_tier": _split(shop, members, thresholds.value_tier(), VALUE_TIERS),
        "lifecycle": _split(shop, members, thresholds.lifecycle(), LIFECYCLES),
        "currency": shop.currency,
        "as_of": shop.as_of.isoformat(),
    }


def members_of_segment(shop: LoadedShop, segments: Sql, key: str) -> Sql:
    """Return the SELECT of the ids in one segment of a SELECT of (customer_id, segment)."""
    return Sql.fill("SELECT customer_id FROM ({}) segmented WHERE segment = ?{}", segments, Sql("", (key,)))


def _split(shop: LoadedShop, members: Sql, expression: Sql, order: tuple[str, ...]) -> dict[str, int]:
    query = Sql.fill(
        f"SELECT part, count(*) FROM (SELECT {{}} AS part FROM {shop.tables().facts} f "
        "WHERE f.customer_id IN ({})) parts GROUP BY part",
        expression,
        members,
    )
    found = {row[0]: int(row[1]) for row in shop.engine.rows(query)}
    split = {name: found.get(name, 0) for name in order}
    return split | ({"none": found[None]} if found.get(None) else {})


def _countries(shop: LoadedShop, members: Sql, shown: int) -> list[dict[str, Any]]:
    query = Sql.fill(
        f"SELECT f.country, count(*) AS n FROM {shop.tables().facts} f WHERE f.country IS NOT NULL "
        f"AND f.customer_id IN ({{}}) GROUP BY f.country ORDER BY n DESC, f.country LIMIT {shown}",
        members,
    )
    return [{"country": row[0], "customers": int(row[1])} for row in shop.engine.rows(query)]


def _categories(shop: LoadedShop, members: Sql) -> list[dict[str, Any]]:
    if "category" not in shop.dataset.order_columns:
        return []
    query = Sql.fill(
        f"SELECT l.category, count(DISTINCT l.customer_id) AS n, sum(l.minor) FROM {shop.tables().lines} l "
        "WHERE NOT l.is_return AND l.category IS NOT NULL AND l.customer_id IN ({}) "
        f"GROUP BY l.category ORDER BY n DESC, l.category LIMIT {CATEGORIES_SHOWN}",
        members,
    )
    return [
        {"category": row[0], "customers": int(row[1]), "spend": int(row[2]) / 100} for row in shop.engine.rows(query)
    ]


def _consent(shop: LoadedShop) -> dict[str, int | None]:
    have = shop.dataset.customer_columns
    counted: dict[str, int | None] = {}
    for channel in ("email", "sms", "push"):
        column = f"consent_{channel}"
        if column not in have:
            counted[channel] = None
            continue
        query = f"SELECT count(*) FROM {shop.tables().facts} WHERE {column}"
        counted[channel] = int(shop.engine.rows(Sql(query))[0][0])
    return counted
