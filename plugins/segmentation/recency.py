"""RFM: recency, frequency and money scored 1..5 (5 best), and the named grid that leaves nobody over.

R and M: equal value, equal score; the cut points are the smallest values whose cumulative share reaches .2 .4 .6 .8
(``percentile_disc``). F, with the default rule ``cut_repeat``: one order scores 1, repeat buyers fall by their own
quartiles into 2..5. ``cut`` treats F like M. ``ntile`` makes five groups of equal size on each, ties by customer id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from plugins.segmentation.segments import Rule, Segmentation, SegmentKey, left_out_reasons, profile_segments
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

TieRule = Literal["cut", "cut_repeat", "ntile"]
FIFTHS = (0.2, 0.4, 0.6, 0.8)
QUARTERS = (0.25, 0.5, 0.75)
# One row for each R from 5 down to 1; one column for each F from 1 to 5.
GRID: dict[int, tuple[str, str, str, str, str]] = {
    5: ("new_customers", "potential_loyalists", "potential_loyalists", "champions", "champions"),
    4: ("promising", "potential_loyalists", "potential_loyalists", "loyal_customers", "loyal_customers"),
    3: ("about_to_sleep", "about_to_sleep", "need_attention", "loyal_customers", "loyal_customers"),
    2: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
    1: ("hibernating", "hibernating", "at_risk", "at_risk", "cant_lose"),
}
SEGMENT_ORDER = tuple(dict.fromkeys(name for row in GRID.values() for name in reversed(row)))


@dataclass(frozen=True)
class Cuts:
    """The cut points: days for R, orders for F, minor units for M; a value above k of them scores k + 1."""

    recency: tuple[int, ...]
    frequency: tuple[int, ...]
    money: tuple[int, ...]


def rfm(
    shop: LoadedShop, *, tie_rule: TieRule = "cut_repeat", within: Sql | None = None, net_of_returns: bool = False
) -> Segmentation:
    """Put every buyer (with spend) into exactly one named segment; ``within`` is a predicate over ``f``."""
    spend = "net_minor" if net_of_returns else "total_minor"
    base = Sql.fill(
        f"SELECT f.customer_id, f.last_purchase_days AS r, f.orders_count AS n, f.{spend} AS m "
        f"FROM {shop.tables().facts} f WHERE f.orders_count > 0 AND f.{spend} <> 0 "
        "AND f.last_purchase_days IS NOT NULL AND {}",
        within or Sql("TRUE"),
    )
    cuts = None if tie_rule == "ntile" else _cuts(shop, base, tie_rule)
    scored = _ntile_scores(base) if cuts is None else _cut_scores(base, cuts, tie_rule)
    named = Sql.fill("SELECT customer_id, {} AS segment FROM ({}) scored", Sql(_grid_case()), scored)
    left_out = left_out_reasons(shop, within or Sql("TRUE"))
    spent: Rule = [{"field": "total_spend", "op": "ne", "value": 0}] if left_out.get("zero_total") else []
    keys = [SegmentKey(name, name, _rule(name, cuts, tie_rule, spent)) for name in SEGMENT_ORDER]
    return profile_segments(
        shop,
        named,
        keys,
        method="rfm",
        within=within,
        definition={
            "tie_rule": tie_rule,
            "scores": "1..5, 5 best; R whole days since the last order, F distinct orders, M total spend",
            "spend": "net of returns" if net_of_returns else "gross purchases",
            "cuts": None if cuts is None else _printed(cuts),
            "grid": {str(r): list(row) for r, row in GRID.items()},
        },
    )


def scores_select(shop: LoadedShop, tie_rule: TieRule) -> Sql:
    """Return the SELECT of (customer_id, r_score, f_score, m_score) for the same customers."""
    base = Sql(
        f"SELECT customer_id, last_purchase_days AS r, orders_count AS n, total_minor AS m "
        f"FROM {shop.tables().facts} WHERE orders_count > 0 AND total_minor <> 0 AND last_purchase_days IS NOT NULL"
    )
    return _ntile_scores(base) if tie_rule == "ntile" else _cut_scores(base, _cuts(shop, base, tie_rule), tie_rule)


def _cuts(shop: LoadedShop, base: Sql, tie_rule: TieRule) -> Cuts:
    repeat = tie_rule == "cut_repeat"
    wanted = [("r", FIFTHS), ("CASE WHEN n > 1 THEN n END" if repeat else "n", QUARTERS if repeat else FIFTHS),
              ("m", FIFTHS)]  # fmt: skip
    chosen = ", ".join(
        f"percentile_disc({share}) WITHIN GROUP (ORDER BY {value})" for value, shares in wanted for share in shares
    )
    row = shop.engine.rows(Sql.fill(f"SELECT {chosen} FROM ({{}}) base", base))[0]
    found = [int(value) if value is not None else 0 for value in row]
    middle = 4 + len(wanted[1][1])
    return Cuts(tuple(found[:4]), tuple(found[4:middle]), tuple(found[middle:]))


def _cut_scores(base: Sql, cuts: Cuts, tie_rule: TieRule) -> Sql:
    recency = " + ".join(f"CASE WHEN r > {cut} THEN 1 ELSE 0 END" for cut in cuts.recency)
    frequency = " + ".join(f"CASE WHEN n > {cut} THEN 1 ELSE 0 END" for cut in cuts.frequency)
    money = " + ".join(f"CASE WHEN m > {cut} THEN 1 ELSE 0 END" for cut in cuts.money)
    if tie_rule == "cut_repeat":
        frequency = f"CASE WHEN n <= 1 THEN 0 ELSE 1 + {frequency} END"
    return Sql.fill(
        f"SELECT customer_id, 5 - ({recency}) AS r_score, 1 + ({frequency}) AS f_score, 1 + ({money}) AS m_score "
        "FROM ({}) base",
        base,
    )


def _ntile_scores(base: Sql) -> Sql:
    return Sql.fill(
        "SELECT customer_id, ntile(5) OVER (ORDER BY r DESC, customer_id) AS r_score, "
        "ntile(5) OVER (ORDER BY n, customer_id) AS f_score, ntile(5) OVER (ORDER BY m, customer_id) AS m_score "
        "FROM ({}) base",
        base,
    )


def _grid_case() -> str:
    cases = [
        f"WHEN r_score = {r} AND f_score = {f} THEN '{name}'"
        for r, row in GRID.items()
        for f, name in enumerate(row, start=1)
    ]
    return f"CASE {' '.join(cases)} END"


def _rule(name: str, cuts: Cuts | None, tie_rule: TieRule, spent: Rule) -> Rule | None:
    """Return the conditions that give exactly this segment: every segment of the grid is a rectangle."""
    if cuts is None:
        return None
    cells = [(r, f) for r, row in GRID.items() for f, cell in enumerate(row, start=1) if cell == name]
    recent, old = max(r for r, _ in cells), min(r for r, _ in cells)
    rule: Rule = list(spent)
    # R = 5 - (number of cuts below the days): R >= k means days <= cuts[5 - k]
    if old > 1:
        rule.append({"field": "last_purchase_days", "op": "lte", "value": cuts.recency[5 - old]})
    if recent < 5:
        rule.append({"field": "last_purchase_days", "op": "gt", "value": cuts.recency[4 - recent]})
    few, many = min(f for _, f in cells), max(f for _, f in cells)
    bounds = (1, *cuts.frequency) if tie_rule == "cut_repeat" else cuts.frequency
    if few > 1:
        rule.append({"field": "orders_count", "op": "gt", "value": bounds[few - 2]})
    else:
        rule.append({"field": "orders_count", "op": "gte", "value": 1})
    if many < 5:
        rule.append({"field": "orders_count", "op": "lte", "value": bounds[many - 1]})
    return rule


def _printed(cuts: Cuts) -> dict[str, Any]:
    return {
        "recency_days": list(cuts.recency),
        "orders": list(cuts.frequency),
        "spend": [minor / 100 for minor in cuts.money],
    }
