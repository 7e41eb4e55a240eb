"""Conditions into SQL over the facts table ``f``: every leaf is TRUE or FALSE, never NULL.

A condition on a missing value is false; ``not``, ``ne`` and ``not_in`` are negations and therefore true there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.audience import AudienceDefinition, Condition
from plugins.segmentation.engine import Tables
from plugins.segmentation.fields import CHANNELS, FIELDS, FieldSpec
from plugins.segmentation.sql import DuckDBDialect, Sql, day_literal, marks
from plugins.segmentation.thresholds import Thresholds

COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
NESTING = 12


@dataclass(frozen=True)
class Compiler:
    """Compiles checked conditions (conditions.check) for one dataset, date and set of thresholds.

    ``members_of`` gives the SELECT of the member ids of another audience.
    """

    dialect: DuckDBDialect
    tables: Tables
    as_of: date
    thresholds: Thresholds
    members_of: Callable[[str], Sql]

    def members(self, definition: AudienceDefinition) -> Sql:
        """Return the SELECT of the member ids; a limit takes the highest spenders first, then the smaller id."""
        select = Sql.fill(f"SELECT f.customer_id FROM {self.tables.facts} f WHERE {{}}", self.where(definition))
        if definition.limit is None:
            return select
        order = f"ORDER BY f.{self.thresholds.spend_column} DESC, f.customer_id LIMIT {int(definition.limit)}"
        return Sql.fill("SELECT customer_id FROM ({} {}) limited", select, order)

    def where(self, definition: AudienceDefinition) -> Sql:
        """Return the predicate of the definition, without its limit."""
        return self._all(list(definition.all_of))

    def condition(self, condition: Condition) -> Sql:
        """Return the predicate of one condition."""
        form = condition.form()
        if form == "not" and condition.not_ is not None:
            return Sql.fill("(NOT {})", self.condition(condition.not_))
        if form == "any_of":
            return Sql.fill("({})", Sql.join(" OR ", [self.condition(c) for c in condition.any_of or []]))
        if form == "all_of":
            return self._all(condition.all_of or [])
        if form == "audience":
            return Sql.fill("(f.customer_id IN ({}))", self.members_of(condition.audience or ""))
        return self._leaf(condition, form)

    def _all(self, conditions: list[Condition]) -> Sql:
        if not conditions:
            return Sql("TRUE")
        return Sql.fill("({})", Sql.join(" AND ", [self.condition(c) for c in conditions]))

    def _leaf(self, condition: Condition, form: str) -> Sql:
        if form == "bought":
            return self._bought(condition)
        if form == "opened":
            return self._opened(condition)
        if form == "clicked":
            return Sql("coalesce(f.clicks_90d >= ?, FALSE)", (condition.at_least or 1,))
        return self._field(condition)

    def _opened(self, condition: Condition) -> Sql:
        if condition.at_least:
            return Sql("coalesce(f.opens_90d >= ?, FALSE)", (condition.at_least,))
        if condition.within_days:
            return Sql("coalesce(f.last_open_days <= ?, FALSE)", (condition.within_days,))
        return Sql("(f.last_open_days IS NOT NULL)")

    def _bought(self, condition: Condition) -> Sql:
        parts = [Sql("NOT l.is_return"), Sql(f"l.ordered_at < {day_literal(self.as_of + timedelta(days=1))}")]
        if condition.within_days:
            parts.append(Sql(f"l.ordered_at >= {day_literal(self.as_of - timedelta(days=condition.within_days))}"))
        wanted = condition.bought
        if wanted and wanted.category:
            parts.append(Sql("lower(l.category) = ?", (wanted.category.lower(),)))
        if wanted and wanted.product:
            parts += [Sql("contains(lower(l.product), ?)", (word,)) for word in product_words(wanted.product)]
        return Sql.fill(
            f"(f.customer_id IN (SELECT l.customer_id FROM {self.tables.lines} l WHERE {{}} "
            "GROUP BY l.customer_id HAVING count(DISTINCT l.order_id) >= ?{}))",
            Sql.join(" AND ", parts),
            Sql("", (condition.at_least or 1,)),
        )

    def _field(self, condition: Condition) -> Sql:
        spec = FIELDS[condition.field or ""]
        op, value = condition.op or "eq", condition.value
        if op in ("ne", "not_in"):
            positive = condition.model_copy(update={"op": "eq" if op == "ne" else "in"})
            return Sql.fill("(NOT {})", self._field(positive))
        if spec.kind == "consent":
            return _consent(op, value)
        column = self.column(spec)
        if op == "is_null":
            return Sql.fill("({} IS NULL)" if value is not False else "({} IS NOT NULL)", column)
        if op == "top_percent":
            return self._top_percent(column, value)
        return Sql.fill("coalesce({}, FALSE)", _comparison(spec, column, op, value))

    def column(self, spec: FieldSpec) -> Sql:
        """Return the expression that holds a field's value."""
        if spec.name == "lifecycle":
            return Sql.fill("({})", self.thresholds.lifecycle())
        if spec.name == "value_tier":
            return Sql.fill("({})", self.thresholds.value_tier())
        if spec.name == "total_spend":
            return Sql(f"f.{self.thresholds.spend_column}")
        return Sql(f"f.{spec.column}")

    def _top_percent(self, column: Sql, value: Any) -> Sql:
        share = repr(round(1 - float(value) / 100, 6))
        inner = column.text.removeprefix("f.")
        cut = (
            f"(SELECT percentile_disc({share}) WITHIN GROUP (ORDER BY {inner}) "
            f"FROM {self.tables.facts} WHERE orders_count > 0)"
        )
        return Sql(f"coalesce(f.orders_count > 0 AND {column.text} >= {cut}, FALSE)")


def product_words(product: str) -> list[str]:
    """Return the words that a product's name must contain: lower case, plural s taken off."""
    words = product.lower().split()
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words]


def _consent(op: str, value: Any) -> Sql:
    wanted = [str(v) for v in (value if isinstance(value, list) else [value])]
    if op == "is_null":
        unknown = " AND ".join(f"f.consent_{channel} IS NULL" for channel in CHANNELS)
        return Sql(f"({unknown})" if value is not False else f"(NOT ({unknown}))")
    channels = CHANNELS if "any" in wanted else [c for c in CHANNELS if c in wanted]
    return Sql("(" + " OR ".join(f"coalesce(f.consent_{channel}, FALSE)" for channel in channels) + ")")


def _comparison(spec: FieldSpec, column: Sql, op: str, value: Any) -> Sql:
    if spec.kind == "text":
        column = Sql.fill("lower({})", column)
    bound = [_bound(spec, v) for v in (value if isinstance(value, list) else [value])]
    if op == "between":
        return Sql.fill("({} BETWEEN ? AND ?{})", column, Sql("", tuple(bound)))
    if op == "in":
        return Sql.fill("({} IN ({}))", column, Sql(marks(bound), tuple(bound)))
    if op == "contains":
        lowered = column if spec.kind == "text" else Sql.fill("lower({})", column)
        return Sql.fill("contains({}, {})", lowered, Sql("?", (str(bound[0]).lower(),)))
    return Sql.fill("({} {} {})", column, COMPARISONS.get(op, "="), Sql("?", (bound[0],)))


def _bound(spec: FieldSpec, value: Any) -> Any:
    if spec.kind == "money":
        return round(float(value) * 100)
    if spec.kind == "text":
        return str(value).lower()
    return value
