"""The facts table: one row a customer, with every stored and derived field as of the reference date.

Orders on or before the reference date count, later ones do not. An order is a distinct order id; money is summed in
whole minor units (cents). Gross purchases leave return lines out; ``net_minor`` takes them off.
"""

from __future__ import annotations

from datetime import date, timedelta

from plugins.segmentation.dataset import CUSTOMER_COLUMNS, ORDER_COLUMNS, Dataset
from plugins.segmentation.sql import DuckDBDialect, day_literal

GIVEN_COLUMNS = {
    "given_last_purchase_days": "BIGINT",
    "given_last_purchase_date": "DATE",
    "given_orders_count": "BIGINT",
    "given_total_spend": "DECIMAL(18,2)",
}
"""What a table with one row a customer may bring instead of orders."""


def lines_select(dataset: Dataset, source: str) -> str:
    """Return the SELECT that reads order lines with every canonical column and ``minor`` = amount in cents."""
    chosen = [
        f"CAST({_stored(dataset.order_columns, column)} AS {kind}) AS {column}"
        for column, kind in ORDER_COLUMNS.items()
        if column not in ("amount", "is_return")
    ]
    amount = _stored(dataset.order_columns, "amount")
    returned = "coalesce(is_return, FALSE)" if "is_return" in dataset.order_columns else "FALSE"
    chosen += [f"CAST(round({amount} * 100) AS BIGINT) AS minor", f"{returned} AS is_return"]
    return f"SELECT {', '.join(chosen)} FROM {source} WHERE customer_id IS NOT NULL"


def customers_select(dataset: Dataset, source: str) -> str:
    """Return the SELECT that reads customers with every canonical column, NULL where the data have none."""
    columns = {**CUSTOMER_COLUMNS, **GIVEN_COLUMNS}
    chosen = [f"CAST({_stored(dataset.customer_columns, c)} AS {kind}) AS {c}" for c, kind in columns.items()]
    return f"SELECT {', '.join(chosen)} FROM {source}"


def facts_select(dialect: DuckDBDialect, customers: str, lines: str, as_of: date) -> str:
    """Return the SELECT of the facts table over the two tables made by the selects above."""
    end, today = day_literal(as_of + timedelta(days=1)), day_literal(as_of)
    stored = ", ".join(f"c.{column}" for column in CUSTOMER_COLUMNS if column != "customer_id")
    years = f"year({today}) - year(c.birth_date)"
    before_birthday = f"month({today}) * 100 + day({today}) < month(c.birth_date) * 100 + day(c.birth_date)"
    last, first = "CAST(o.last_ordered_at AS DATE)", "CAST(o.first_ordered_at AS DATE)"
    given_days = f"coalesce(c.given_last_purchase_days, {dialect.days_between('c.given_last_purchase_date', today)})"
    bought = "counts AND NOT is_return"
    return f"""
WITH per_order AS (
  SELECT customer_id, order_id, is_return, ordered_at < {end} AS counts, sum(minor) AS minor,
    min(ordered_at) AS first_at, max(ordered_at) AS last_at
  FROM {lines} GROUP BY customer_id, order_id, is_return, ordered_at < {end}),
per_customer AS (
  SELECT customer_id, nullif(count(*) FILTER (WHERE {bought}), 0) AS orders_count,
    CAST(sum(minor) FILTER (WHERE {bought}) AS BIGINT) AS total_minor,
    CAST(sum(minor) FILTER (WHERE counts AND is_return) AS BIGINT) AS returned_minor,
    min(first_at) FILTER (WHERE {bought}) AS first_ordered_at, max(last_at) FILTER (WHERE {bought}) AS last_ordered_at
  FROM per_order GROUP BY customer_id),
by_category AS (
  SELECT customer_id, category, count(*) AS times, sum(spent) AS spent FROM (
    SELECT customer_id, category, order_id, sum(minor) AS spent FROM {lines}
    WHERE NOT is_return AND ordered_at < {end} AND category IS NOT NULL
    GROUP BY customer_id, category, order_id) orders_in GROUP BY customer_id, category),
favourite AS (
  SELECT customer_id, category FROM (
    SELECT customer_id, category,
      row_number() OVER (PARTITION BY customer_id ORDER BY times DESC, spent DESC, category) AS place
    FROM by_category) ranked WHERE place = 1),
everybody AS (SELECT customer_id FROM {customers} UNION SELECT customer_id FROM per_customer),
joined AS (
  SELECT e.customer_id, {stored},
    o.last_ordered_at,
    coalesce({dialect.days_between(last, today)}, {given_days}) AS last_purchase_days,
    {dialect.days_between(first, today)} AS first_purchase_days,
    coalesce(o.orders_count, c.given_orders_count,
      CASE WHEN {given_days} IS NOT NULL THEN 1 ELSE 0 END) AS orders_count,
    coalesce(o.total_minor, CAST(round(c.given_total_spend * 100) AS BIGINT), 0) AS total_minor,
    coalesce(o.total_minor, CAST(round(c.given_total_spend * 100) AS BIGINT), 0)
      + coalesce(o.returned_minor, 0) AS net_minor,
    v.category AS favourite_category,
    {years} - CASE WHEN {before_birthday} THEN 1 ELSE 0 END AS age,
    {dialect.days_between("c.signup_date", today)} AS signup_days,
    {dialect.days_between("CAST(c.last_open_at AS DATE)", today)} AS last_open_days,
    CASE WHEN c.sends_90d > 0 THEN least(1.0, CAST(c.opens_90d AS DOUBLE) / c.sends_90d) END AS email_open_rate
  FROM everybody e
    LEFT JOIN {customers} c ON c.customer_id = e.customer_id
    LEFT JOIN per_customer o ON o.customer_id = e.customer_id
    LEFT JOIN favourite v ON v.customer_id = e.customer_id)
SELECT *, CASE WHEN orders_count > 0
  THEN {dialect.whole_division("(2 * total_minor + orders_count)", "(2 * orders_count)")} END AS avg_minor
FROM joined"""


def gaps_select(dialect: DuckDBDialect, lines: str, as_of: date) -> str:
    """Return the SELECT of one row: median and 90th percentile of the days between a customer's order days."""
    end = day_literal(as_of + timedelta(days=1))
    gap = dialect.days_between("lag(day) OVER (PARTITION BY customer_id ORDER BY day)", "day")
    return f"""
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY gap) AS median_gap,
  percentile_disc(0.9) WITHIN GROUP (ORDER BY gap) AS long_gap
FROM (SELECT {gap} AS gap FROM (
  SELECT DISTINCT customer_id, CAST(ordered_at AS DATE) AS day FROM {lines}
  WHERE NOT is_return AND ordered_at < {end}) days) gaps WHERE gap IS NOT NULL"""


def _stored(columns: frozenset[str], column: str) -> str:
    return column if column in columns else "NULL"
