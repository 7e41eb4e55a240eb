"""What the words lapsed, active, new, high and low mean for one shop, in days and money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.domain.audience import ThresholdSettings
from plugins.segmentation.sql import Sql

NEW_DAYS = 30
LEAST_ACTIVE_DAYS = 30
LEAST_LAPSED_DAYS = 90


@dataclass(frozen=True)
class Thresholds:
    """Resolved thresholds. Money in minor units; None where nobody has bought.

    ``new``: first order within ``new_days``. ``active``: last order within ``active_days``. ``lapsed``: no order in
    the last ``lapsed_days``. ``at_risk``: between the two. High value: spend of at least ``high_minor``; low: under
    ``low_minor``; both by percentile_disc among buyers unless given.
    """

    new_days: int
    active_days: int
    lapsed_days: int
    high_minor: int | None
    low_minor: int | None
    high_percentile: float
    low_percentile: float
    net_of_returns: bool

    @property
    def spend_column(self) -> str:
        """Return the column of the facts table that spend is read from."""
        return "net_minor" if self.net_of_returns else "total_minor"

    def lifecycle(self, alias: str = "f") -> Sql:
        """Return the expression of the lifecycle state."""
        a = alias
        return Sql(
            f"CASE WHEN {a}.orders_count = 0 THEN 'never_ordered' WHEN {a}.first_purchase_days <= ? THEN 'new' "
            f"WHEN {a}.last_purchase_days <= ? THEN 'active' WHEN {a}.last_purchase_days > ? THEN 'lapsed' "
            f"WHEN {a}.last_purchase_days IS NULL THEN NULL ELSE 'at_risk' END",
            (self.new_days, self.active_days, self.lapsed_days),
        )

    def value_tier(self, alias: str = "f") -> Sql:
        """Return the expression of the value tier; NULL for those who never ordered."""
        spend = f"{alias}.{self.spend_column}"
        if self.high_minor is None or self.low_minor is None:
            return Sql("CAST(NULL AS STRING)")
        return Sql(
            f"CASE WHEN {alias}.orders_count = 0 THEN NULL WHEN {spend} >= ? THEN 'high' "
            f"WHEN {spend} < ? THEN 'low' ELSE 'mid' END",
            (self.high_minor, self.low_minor),
        )

    def resolved(self) -> ThresholdSettings:
        """Return the settings that give these thresholds again, whatever the data say later."""
        return ThresholdSettings(
            new_days=self.new_days,
            active_days=self.active_days,
            lapsed_days=self.lapsed_days,
            high_percentile=self.high_percentile,
            low_percentile=self.low_percentile,
            high_spend=_money(self.high_minor),
            low_spend=_money(self.low_minor),
            net_of_returns=self.net_of_returns,
        )

    def as_data(self) -> dict[str, Any]:
        """Return what is printed with an answer."""
        return {
            "new_days": self.new_days,
            "active_days": self.active_days,
            "lapsed_days": self.lapsed_days,
            **({"high_spend": _money(self.high_minor)} if self.high_minor is not None else {}),
            **({"low_spend": _money(self.low_minor)} if self.low_minor is not None else {}),
            "spend": "net of returns" if self.net_of_returns else "gross purchases",
        }

    def words_for(self, lifecycles: set[str], tiers: set[str], currency: str | None) -> str:
        """Return in a sentence what the given lifecycle and tier words mean."""
        money = f" {currency}" if currency else ""
        meaning = {
            "new": f"new = first order in the last {self.new_days} days",
            "active": f"active = ordered in the last {self.active_days} days",
            "at_risk": f"at risk = last order {self.active_days + 1} to {self.lapsed_days} days ago",
            "lapsed": f"lapsed = ordered before, but not in the last {self.lapsed_days} days",
            "never_ordered": "never ordered = no order at all",
        }
        said = [text for word, text in meaning.items() if word in lifecycles]
        if self.high_minor is not None and self.low_minor is not None:
            high, low = f"{self.high_minor / 100:.2f}{money}", f"{self.low_minor / 100:.2f}{money}"
            value = {
                "high": f"high value = total spend of at least {high}",
                "mid": f"mid value = total spend from {low} to under {high}",
                "low": f"low value = total spend under {low}",
            }
            said += [text for word, text in value.items() if word in tiers]
        return "; ".join(said)


def resolve_thresholds(
    settings: ThresholdSettings, gaps: tuple[int | None, int | None], spend: tuple[int | None, int | None]
) -> Thresholds:
    """Combine what was set with the shop's own figures.

    ``gaps`` are the median and 90th percentile of days between orders; ``spend`` the percentiles of the settings in
    minor units.
    """
    lapsed = settings.lapsed_days or max(LEAST_LAPSED_DAYS, gaps[1] or 0)
    active = settings.active_days or max(LEAST_ACTIVE_DAYS, gaps[0] or 0)
    given_high, given_low = settings.high_spend, settings.low_spend
    return Thresholds(
        new_days=settings.new_days or NEW_DAYS,
        active_days=min(active, lapsed),
        lapsed_days=lapsed,
        high_minor=round(given_high * 100) if given_high is not None else spend[0],
        low_minor=round(given_low * 100) if given_low is not None else spend[1],
        high_percentile=settings.high_percentile,
        low_percentile=settings.low_percentile,
        net_of_returns=settings.net_of_returns,
    )


def with_lapsed_days(thresholds: Thresholds, days: int) -> Thresholds:
    """Return the thresholds under another reading of lapsed."""
    return replace(thresholds, lapsed_days=days, active_days=min(thresholds.active_days, days))


def with_high_spend(thresholds: Thresholds, minor: int) -> Thresholds:
    """Return the thresholds under another reading of high value."""
    return replace(thresholds, high_minor=minor, low_minor=min(thresholds.low_minor or 0, minor))


def _money(minor: int | None) -> float | None:
    return None if minor is None else minor / 100
