"""Segments of customers and their profiles: sizes, spend, recency and what they buy; the sums equal the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

Rule = list[dict[str, Any]]


@dataclass(frozen=True)
class SegmentKey:
    """A segment as the method knows it: ``key`` in the data, ``name`` for people, conditions that describe it."""

    key: str
    name: str
    rule: Rule | None = None
    words: str = ""
    extra: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class SegmentProfile:
    """One segment. Shares are fractions of the segmented customers and of their spend."""

    number: int
    key: str
    name: str
    customers: int
    share: float
    spend: float
    spend_share: float
    median_last_purchase_days: int | None
    avg_orders: float
    avg_spend: float
    top_category: str | None
    rule: Rule | None
    words: str
    extra: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "number": self.number,
            "name": self.name,
            "customers": self.customers,
            "share": round(self.share, 4),
            "spend_share": round(self.spend_share, 4),
            "median_last_purchase_days": self.median_last_purchase_days,
            "avg_orders": round(self.avg_orders, 2),
            "avg_spend": round(self.avg_spend, 2),
            "top_category": self.top_category,
            "rule": self.rule,
            **({"words": self.words} if self.words else {}),
            **self.extra,
        }


@dataclass(frozen=True)
class Segmentation:
    """Everybody in exactly one segment or left out for one reason: the two add up to ``total``."""

    method: str
    total: int
    customers: int
    segments: tuple[SegmentProfile, ...]
    left_out: dict[str, int]
    definition: dict[str, Any]
    members: Sql
    """SELECT of (customer_id, segment key)."""


def profile_segments(
    shop: LoadedShop,
    members: Sql,
    keys: Sequence[SegmentKey],
    *,
    method: str,
    definition: dict[str, Any],
    within: Sql | None = None,
) -> Segmentation:
    """Profile the segments of ``members``, a SELECT of (customer_id, segment)."""
    rows = {row[0]: row for row in shop.engine.rows(_profile_select(shop, members))}
    customers = sum(int(row[1]) for row in rows.values())
    spend = sum(int(row[2]) for row in rows.values())
    profiles: list[SegmentProfile] = []
    for key in keys:
        row = rows.get(key.key)
        if row is None:
            continue
        count, minor = int(row[1]), int(row[2])
        profiles.append(
            SegmentProfile(
                number=len(profiles) + 1,
                key=key.key,
                name=key.name,
                customers=count,
                share=count / customers,
                spend=minor / 100,
                spend_share=minor / spend if spend else 0.0,
                median_last_purchase_days=None if row[3] is None else int(row[3]),
                avg_orders=int(row[4]) / count,
                avg_spend=minor / 100 / count,
                top_category=row[5],
                rule=key.rule,
                words=key.words,
                extra=key.extra,
            )
        )
    left_out = left_out_reasons(shop, within or Sql("TRUE"))
    return Segmentation(
        method=method,
        total=customers + sum(left_out.values()),
        customers=customers,
        segments=tuple(profiles),
        left_out=left_out,
        definition=definition,
        members=members,
    )


def left_out_reasons(shop: LoadedShop, within: Sql) -> dict[str, int]:
    """Count who cannot be segmented by recency, frequency and money, by reason."""
    query = Sql.fill(
        "SELECT sum(CASE WHEN f.orders_count = 0 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN f.orders_count > 0 AND f.total_minor = 0 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN f.orders_count > 0 AND f.total_minor <> 0 AND f.last_purchase_days IS NULL THEN 1 ELSE 0 END) "
        f"FROM {shop.tables().facts} f WHERE {{}}",
        within,
    )
    names = ("never_ordered", "zero_total", "no_order_date")
    row = shop.engine.rows(query)[0]
    return {name: int(n) for name, n in zip(names, row, strict=True) if n}


def _profile_select(shop: LoadedShop, members: Sql) -> Sql:
    facts = shop.tables().facts
    return Sql.fill(
        "WITH members AS ({}), "
        f"joined AS (SELECT m.segment, f.* FROM members m JOIN {facts} f ON f.customer_id = m.customer_id), "
        "tops AS (SELECT segment, favourite_category, row_number() OVER (PARTITION BY segment "
        "ORDER BY count(*) DESC, favourite_category) AS place FROM joined WHERE favourite_category IS NOT NULL "
        "GROUP BY segment, favourite_category) "
        "SELECT j.segment, count(*), sum(j.total_minor), "
        "percentile_disc(0.5) WITHIN GROUP (ORDER BY j.last_purchase_days), sum(j.orders_count), "
        "max(t.favourite_category) FROM joined j LEFT JOIN tops t ON t.segment = j.segment AND t.place = 1 "
        "GROUP BY j.segment",
        members,
    )
